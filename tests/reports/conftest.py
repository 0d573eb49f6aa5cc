import time

import pytest
from django.core.signing import b62_encode
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from learningcities.reports import mail, token


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """What is done in the background is done at once, in the test's own transaction."""
    monkeypatch.setattr(mail, "send_soon", mail.send_waiting)


@pytest.fixture
def token_aged(monkeypatch):
    """A token of the site's own that is so many seconds old."""

    def make(seconds):
        with monkeypatch.context() as patch:
            patch.setattr(token.signer, "timestamp", lambda: b62_encode(int(time.time()) - seconds))
            return token.issue()

    return make


@pytest.fixture
def send(client, token_aged, django_capture_on_commit_callbacks):
    """Send the form about a page as a person would, with some fields changed; None leaves a field out."""

    def post(page="/fr/", language="fr", headers=None, **changes):
        fields = {"message": "La population est de 2014.", "token": token_aged(30)} | changes
        data = {name: value for name, value in fields.items() if value is not None}
        with override(language):
            address = f"{reverse('reports:report')}?{urlencode({'page': page})}"
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data, headers=headers)

    return post
