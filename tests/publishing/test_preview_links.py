"""The link of a preview opens it, and stands in no database."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from learningcities.publishing.models import Preview
from learningcities.text.translation import LANGUAGES
from tests.conftest import thorough


@pytest.fixture
def screen(city):
    return reverse("admin:cities_city_preview", args=[city.pk])


@pytest.fixture
def preview(as_editor, screen):
    as_editor.post(screen, {"make": "1"})
    return Preview.objects.get()


def test_a_link_is_long_follows_from_the_sites_key_and_stands_in_no_database(as_editor, screen, preview, settings):
    token = preview.link_token
    assert re.fullmatch(r"[\w-]{22}", token)
    assert Client().get(preview.address("fr")).status_code == 200
    as_editor.post(screen, {"make": "1"})
    assert len({one.link_token for one in Preview.objects.all()}) == 2
    assert token not in str(list(Preview.objects.values()))
    assert Client().get(reverse("preview", args=[preview.token, "fr"])).status_code == 404, "what a thief would read"
    settings.SECRET_KEY = "another key"
    assert Preview.objects.get(pk=preview.pk).link_token != token


@thorough
def test_a_link_from_before_still_opens_its_pages_and_can_not_be_shown_again(as_editor, screen, preview):
    old = "Ab-_" * 5 + "cd"
    Preview.objects.update(token=old, pages={"fr": f'<h1>Avant</h1><a href="/preview/{old}/ar/" target="_self">'})
    import_module("learningcities.publishing.migrations.0013_hashed_links").hash_links(apps, None)
    assert old not in str(list(Preview.objects.values()))
    found = Client().get(f"/preview/{old}/fr/").content.decode()
    assert found == '<h1>Avant</h1><a href="../ar/" target="_self">'
    html = as_editor.get(screen).content.decode()
    assert "<iframe" not in html
    assert 'name="make"' in html, "a new one is offered"
    as_editor.post(screen, {"make": "1"})
    assert "<iframe" in as_editor.get(screen).content.decode()


def test_the_other_languages_are_reached_from_the_page(preview):
    html = Client().get(preview.address("fr")).content.decode()
    for language in LANGUAGES:
        assert f'href="../{language}/"' in html
        assert Client().get(preview.address(language)).status_code == 200
