"""A page that is kept is the page that would be made now, for everyone and in every process."""

import gzip
import json
import re
import subprocess
import sys
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connections, transaction
from django.test import RequestFactory
from django.urls import clear_script_prefix
from django.utils import timezone
from django.utils.http import http_date

from cities.models import City
from initiatives.models import Theme
from learningcities import bounds
from learningcities.pages.models import MenuLink
from learningcities.publishing.history.tracking import dry_run
from learningcities.publishing.version import content_version, page_cache, version_cache
from learningcities.publishing.version.cdn_purge import EVERYTHING
from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/fr/villes/"


@pytest.fixture
def city(vocabularies_after, db):
    return factories.make_city(slug="tinghir", name_fr="Tinghir")


@pytest.fixture
def seen(client, city):
    """What the list says, and the number of pages that were really made."""
    made = []

    def get(path=LIST, **headers):
        response = client.get(path, **headers)
        made.append(response.context is not None)
        return response

    get.made = made
    return get


def test_the_second_visitor_gets_the_bytes_of_the_first_and_asks_the_database_once(seen, django_assert_num_queries):
    first = seen()
    with django_assert_num_queries(1):
        second = seen()
    assert seen.made == [True, False]
    assert second.content == first.content
    assert second.headers.items() ^ first.headers.items() <= {
        ("X-Request-ID", r["X-Request-ID"]) for r in (first, second)
    }
    assert {"ETag", "Content-Security-Policy"} <= set(second.headers)
    assert "Set-Cookie" not in second.headers


def test_that_question_tries_the_connection_too_and_one_that_was_lost_is_made_anew(seen, monkeypatch):
    seen()
    connection = connections["default"]
    tried, answers = [], [OperationalError("server closed the connection unexpectedly")]
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "is_usable", lambda: bool(tried.append(connection.connection)))
    connection.health_check_done = False
    seen()
    assert tried == []

    asked, lost = content_version.query_row, connection.connection
    monkeypatch.setattr(content_version, "query_row", lambda: asked() if not answers else fail(answers))
    assert seen().status_code == 200
    assert tried == [lost]
    assert connection.connection is not lost
    assert seen.made == [True, False, False]


def fail(errors):
    raise errors.pop()


@pytest.mark.parametrize(
    ("asked", "sent"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)]
)
def test_it_comes_in_the_smallest_encoding_that_the_browser_understands(seen, asked, sent):
    plain = seen().content
    response = seen(HTTP_ACCEPT_ENCODING=asked)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
    assert response.headers.get("Content-Encoding") == sent
    assert unpack(response.content) == plain
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert "Accept-Encoding" in response.headers["Vary"]


@thorough
@pytest.mark.parametrize(
    "path", [LIST, "/fr/", "/fr/villes/tinghir/", "/sitemap.xml", "/fr/villes/?format=csv", "/api/v1/cities/"]
)
def test_who_has_it_already_is_told_so_without_a_page(seen, path):
    response = seen(path)
    by_tag = {"HTTP_IF_NONE_MATCH": response.headers["ETag"]}
    again = seen(path, **by_tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == response.headers["ETag"]
    assert {name.strip() for name in again.headers["Vary"].split(",")} <= set(response.headers["Vary"].split(", "))
    City.objects.get().withdraw()
    assert seen(path, **by_tag).status_code in (200, 410)


def test_a_date_proves_nothing_and_a_tag_not_what_another_release_or_address_was(seen, monkeypatch):
    for path in (LIST, "/fr/nowhere/", "/fr/villes/nowhere/"):
        dated = seen(path, HTTP_IF_MODIFIED_SINCE=http_date(time.time() + 3600))
        assert dated.status_code == (200 if path == LIST else 404)
    assert "Last-Modified" not in dated.headers
    tag = seen().headers["ETag"]
    assert seen(HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert seen("/fr/nowhere/", HTTP_IF_NONE_MATCH=tag).status_code == 404
    monkeypatch.setattr(page_cache, "release", lambda: "another")
    version_cache._caches.clear()
    assert seen(HTTP_IF_NONE_MATCH=tag).status_code == 200


@pytest.mark.parametrize("act", ["withdrawing", "renaming", "a vocabulary", "a menu", "another row"])
def test_whatever_changes_what_is_public_makes_every_page_new_at_once(seen, city, act):
    theme = Theme(slug="reading", name_fr="Lecture")
    theme.save()
    before = seen("/fr/").headers["ETag"], seen().headers["ETag"]
    if act == "withdrawing":
        city.withdraw()
    elif act == "renaming":
        city.name_fr = "Tinerhir"
        city.save()
    elif act == "a vocabulary":
        theme.name_fr = "Savoirs de base"
        theme.save()
    elif act == "a menu":
        MenuLink(place="header", label_fr="Villes", target="cities:list").save()
    else:
        factories.make_initiative(city)
    after = seen("/fr/").headers["ETag"], seen().headers["ETag"]
    assert not set(before) & set(after)
    assert seen.made[-2:] == [True, True]


def test_a_minute_that_was_scheduled_makes_pages_new_and_outer_caches_know_of_it(seen, city, monkeypatch):
    city.set_dates(public_until=timezone.now() + timedelta(seconds=30))
    before = seen()
    assert "Tinghir" in before.content.decode()
    lifetime = int(before.headers["Cache-Control"].rpartition("=")[2])
    assert 20 <= lifetime <= 30
    later = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr(content_version, "moment", lambda: later)
    after = seen(HTTP_IF_NONE_MATCH=before.headers["ETag"])
    assert after.status_code == 200
    assert "Tinghir" not in after.content.decode()


def test_a_new_day_makes_pages_new(seen, monkeypatch):
    before = seen().headers["ETag"]
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(content_version, "moment", lambda: tomorrow)
    assert seen().headers["ETag"] != before


@thorough
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (LIST, {"HTTP_COOKIE": "sessionid=x"}),
        (LIST, {"HTTP_AUTHORIZATION": "Basic x"}),
        (f"{LIST}?utm_source=x", {}),
        (f"{LIST}?sort=&q=", {}),
        (f"{LIST}?page=99", {}),
        ("/fr/villes/tinghir/?nothing=x", {}),
        ("/fr/nowhere/", {}),
        ("/fr/signaler/", {}),
        ("/admin/login/", {}),
        (f"{LIST}?format=csv", {}),
    ],
)
def test_what_is_for_one_visitor_or_has_another_address_is_not_kept(seen, path, headers):
    seen()
    kept = set(page_cache.cached_pages())
    for _ in range(2):
        seen(path, **headers)
    assert set(page_cache.cached_pages()) == kept


def test_what_is_given_to_staff_has_no_name_and_no_lifetime(as_editor, seen):
    seen()
    response = as_editor.get(LIST)
    assert "ETag" not in response.headers
    assert "Cache-Control" not in response.headers


OWN = {"HTTP_HOST": "localhost:8111", "SCRIPT_NAME": "//evil.example", "HTTP_SCRIPT_NAME": "//evil.example"}
OWN |= {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PREFIX": "//evil.example", "HTTP_REFERER": "//evil"}
OWN |= {"HTTP_USER_AGENT": "evil", "HTTP_ACCEPT": "evil/evil", "HTTP_HX_CURRENT_URL": "//evil", "HTTP_ORIGIN": "//evil"}
PAGES = ["/fr/", LIST, f"{LIST}?view=map", "/fr/villes/tinghir/", "/ar/initiatives/", "/fr/api/v1/", "/fr/donnees/"]
PAGES += ["/fr/recherche/?q=tinghir", "/sitemap.xml", "/api/v1/cities/", "/fr/villes/?format=atom"]
PAGES += ["/fr/manifest.webmanifest", "/fr/signaler/?page=/fr/", "/robots.txt", "/fr/nowhere/"]


@pytest.fixture
def served(city):
    """As a server asks the site, which tells it more of a request than the client of tests."""
    site = get_wsgi_application()

    def ask(path, **environ):
        answer = site(RequestFactory().get(path, **environ).environ, lambda status, headers: None)
        body = b"".join(answer)
        answer.close()
        return body

    yield ask
    clear_script_prefix()


@thorough
def test_what_one_request_says_of_itself_is_on_no_page_of_another(served):
    """Not in whole pages, nor in the pieces, rows and texts of which the next one is made."""
    for path in PAGES:
        assert b"evil" not in served(path, **OWN), path
    for path in PAGES:
        assert not re.search(b"evil|8111", served(path)), path
        assert not re.search(b"evil|8111", served(path, HTTP_COOKIE="of=another")), path


def test_a_host_and_a_language_have_pages_of_their_own(seen):
    assert b"http://localhost/fr/" in seen(HTTP_HOST="localhost").content
    assert b'lang="ar"' in seen("/ar/cities/").content
    assert seen(HTTP_HOST="elsewhere.example").status_code == 400


def test_a_kept_page_is_answered_without_its_body_where_only_headers_are_asked_for(seen, client):
    whole = seen()
    head = client.head(LIST)
    assert (head.content, head.headers["Content-Length"]) == (b"", whole.headers["Content-Length"])


@thorough
def test_however_many_addresses_are_asked_for_what_is_kept_stays_small(seen, monkeypatch):
    monkeypatch.setattr(bounds, "CACHED_PAGE_BYTES", 60_000)
    for word in range(30):
        seen(f"{LIST}?q=mot{word}")
    kept = page_cache.cached_pages()
    assert 0 < len(kept) < 30
    assert sum(map(page_cache.weight, kept.values())) == kept.weight <= 60_000
    assert (*next(reversed(kept))[0][2:4],) == (LIST, "q=mot29")


@thorough
def test_what_a_transaction_sees_or_only_tries_is_never_kept(seen, city, client):
    with transaction.atomic():
        city.withdraw()
        assert "ETag" not in client.get(LIST).headers
        transaction.set_rollback(True)
    with dry_run():
        city.withdraw()
        client.get(LIST)
    assert not page_cache.cached_pages()
    assert "Tinghir" in seen().content.decode()


def test_a_stream_is_of_the_state_at_which_it_began(city, client):
    response = client.get(f"{LIST}?format=json")
    factories.make_city(slug="later", name_fr="Plus tard")
    told = json.loads(response.getvalue())
    assert told["count"] == len(told["results"]) == 1


@thorough
def test_the_release_is_the_same_in_every_process():
    release = "from learningcities.publishing.version.page_cache import release"
    ask = f"import django; django.setup(); {release}; print(release())"
    environment = {"DJANGO_SETTINGS_MODULE": "learningcities.settings", "MODE": "test", "PATH": ""}
    told = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.strip() == page_cache.release()


class Outer(BaseHTTPRequestHandler):
    asked = []

    def do_POST(self):
        self.asked.append((self.headers["Authorization"], self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(500 if "broken" in self.path else 200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def outer(settings):
    Outer.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Outer)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.PURGE_URL, settings.PURGE_TOKEN = f"http://127.0.0.1:{server.server_port}/", "secret"
    yield Outer
    server.shutdown()
    server.server_close()


@thorough
def test_an_outer_cache_hears_of_a_change_once_and_only_after_it_is_sure(outer, city):
    Outer.asked.clear()
    with transaction.atomic():
        city.withdraw()
        city.publish()
        assert not Outer.asked
    assert Outer.asked == [("Bearer secret", EVERYTHING)]


@thorough
@pytest.mark.parametrize("path", ["broken", None])
def test_an_outer_cache_that_does_not_answer_is_logged_and_hurts_no_save(outer, city, settings, caplog, path):
    settings.PURGE_URL = f"{settings.PURGE_URL}{path}" if path else "http://127.0.0.1:9/"
    city.withdraw()
    assert City.objects.get().withdrawn_at
    assert "could not be purged" in caplog.text
