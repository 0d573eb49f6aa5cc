"""An address that opens something stands in no log; cookies go where they belong, and nowhere else."""

import importlib.util
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from learningcities.operations import request_log
from learningcities.operations.request_log import Formatter, Masked, masked, without_secrets
from learningcities.publishing.models import Preview
from tests.conftest import logged_in
from tests.forms import edit

from .helpers import log_in

TOKEN = "WzEsIjIwMjYtMTEtMzAi"


def addresses(resolver, begin="/"):
    for entry in resolver.url_patterns:
        here = begin + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, here)
        else:
            yield here


def test_every_address_that_holds_a_token_is_known_to_those_who_write_lines():
    with_secret = [address for address in addresses(get_resolver()) if re.search(r"<[^>]*(token|uidb64|key)>", address)]
    assert len(with_secret) == 3
    for address in with_secret:
        text = masked(f"Gone: {re.sub('<[^>]+>', TOKEN, address)}")
        assert TOKEN not in text, address


@pytest.mark.parametrize(
    "path", [f"/admin/invitation/{TOKEN}/", f"/admin/password/MQ/{TOKEN}/", f"/preview/{TOKEN}/fr/"]
)
def test_no_line_of_the_site_says_a_token(db, caplog, path, monkeypatch):
    with caplog.at_level(logging.DEBUG):
        Client().get(path)
        Client().get(path.rstrip("/") + ").")
        Client(enforce_csrf_checks=True).post(path, {})
    written = [Formatter().format(record) for record in caplog.records if record.name != "django.db.backends"]
    assert written
    assert TOKEN not in "".join(written)


def test_an_error_there_says_no_token_in_its_line_nor_in_its_trace(db, caplog, monkeypatch):
    def broken(text):
        raise ValueError(f"/admin/invitation/{text}/ is broken")

    monkeypatch.setattr("learningcities.people.views.invited", broken)
    Client(raise_request_exception=False).get(f"/admin/invitation/{TOKEN}/")
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert TOKEN not in errors[0].getMessage(), "the subject of a mail"
    assert TOKEN not in Formatter().format(errors[0])


def test_sentry_hears_no_token():
    event = {
        "request": {"url": f"https://x/preview/{TOKEN}/fr/", "headers": {"Referer": f"https://x/preview/{TOKEN}/"}}
    }
    assert TOKEN not in str(without_secrets(event, {}))
    assert without_secrets({}, {}) == {}


def test_the_server_and_the_proxy_write_no_address_of_a_page(settings):
    spec = importlib.util.spec_from_file_location("conf", settings.BASE_DIR / "deploy" / "gunicorn.conf.py")
    conf = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conf)
    for told in ("%(r)s", "%(U)s", "%(f)s", "%(q)s"):
        assert told not in conf.access_log_format
    record = logging.LogRecord(
        "gunicorn.error", 40, "", 1, "Error handling request %s", (f"/preview/{TOKEN}/fr/",), None
    )
    assert Masked().filter(record)
    assert TOKEN not in record.getMessage()
    nginx = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    line = nginx[nginx.index("log_format") :].partition(";")[0]
    assert not re.search(r"\$(request|request_uri|http_referer)\b", line)
    shown = re.search(r'"~\^\(\?<begin>(.+)\)"', nginx)[1]
    assert shown == "/(admin/invitation|admin/password|preview)/"
    assert shown in request_log.SECRET.pattern


def test_what_a_page_loads_does_not_hear_of_its_address(db):
    assert Client().get(f"/admin/invitation/{TOKEN}/")["Referrer-Policy"] == "strict-origin"


# Cookies

#: What scripts of the admin read: the token of a form, and which form was saved.
READ_BY_SCRIPTS = {"csrftoken", "saved_form"}


def test_every_cookie_goes_to_the_admin_alone_by_https_and_to_no_script(settings, coordinator, city):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    settings.MEDIA_ROOT = settings.VAR_DIR
    client, cookies = Client(), {}
    log_in(client=client)
    cookies.update(client.cookies)
    client = logged_in(coordinator)
    client.post("/admin/language/", {"language": "fr", "next": "/admin/"})
    edit(client, city, {"summary_fr": "Autre chose"})
    client.get("/admin/")
    cookies.update(client.cookies)
    data = {"first_name": "A", "last_name": "B", "email": "a@ville.example", "role": "editor", "language": "ar"}
    client.post(reverse("admin:people_user_add"), data)
    from learningcities.people.invitation import token
    from learningcities.people.models import User

    guest = Client()
    new = {"new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"}
    address = reverse("invitation", args=[token(User.objects.get(email="a@ville.example"))])
    assert guest.post(address, new).status_code == 302
    cookies.update(guest.cookies)
    assert set(cookies) == {"sessionid", "csrftoken", "django_language", "saved_form", "browser"}
    for name, morsel in cookies.items():
        assert morsel["path"] == "/admin/", name
        assert morsel["secure"], name
        assert morsel["samesite"] == "Lax", name
        assert bool(morsel["httponly"]) == (name not in READ_BY_SCRIPTS), name


def test_a_visitor_gets_no_cookie(city, editor):
    preview = Preview.objects.create(item=city, author=editor, pages={"fr": "x"})
    for address in ("/fr/", city.get_absolute_url(), preview.address("fr"), "/.well-known/security.txt"):
        assert not Client().get(address).cookies, address


# security.txt


def test_security_txt_names_whom_to_tell_and_never_expires(client, settings, db):
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == f"{settings.SITE_ADDRESS}/"
    assert fields["Canonical"] == f"{settings.SITE_ADDRESS}/.well-known/security.txt"
    ends = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=100) < ends - datetime.now(UTC) < timedelta(days=365)
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    assert "Contact: mailto:security@example.org\n" in client.get("/.well-known/security.txt").content.decode()
