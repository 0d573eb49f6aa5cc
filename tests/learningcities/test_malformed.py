"""Whatever the host, the path or the query string of a request is: it is answered, and never by an error of ours."""

import pytest
from django.test import Client

from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db

PATHS = ["/fr/", "/ar/cities/", "/fr/villes/azrou/", "/api/", "/api/v1/", "/api/v1/cities/", "/api/v1/nothing/"]
PATHS += ["/fr/api/v1/", "/sitemap.xml", "/robots.txt", "/service-worker.js", "/icons/star-192.png", "/media/x.jpg"]
PATHS += ["/fr/share/site/home.png", "/fr/signaler/?page=/fr/", "/fr/recherche/?q=x", "/admin/", "/admin/login/"]
PATHS += ["/preview/x/fr/", "/fr/donnees/", "/fr/villes/?format=csv", "/fr/manifest.webmanifest", "/fr/nothing"]
HOSTS = ["elsewhere.example", "", "a b", "[::1", "x" * 300, "localhost:abc", "a,b", "..", "<b>"]
HOSTS += ["user@localhost", "évil", "localhost\x00"]
BROKEN = [
    "%00",
    "%ff",
    "%ff%fe",
    "%2e%2e/%2e%2e/etc/passwd",
    "%0d%0aX:y",
    "%E2%80%AE",
    "a/" * 500,
    "/evil.example",
    "%",
]
QUERIES = [
    "%00=%00",
    "a%ff=%ff",
    "q=%00",
    "page=%00",
    "page=" + "9" * 30,
    "format=%00",
    "lang=%00",
    "page_size=-1",
    ";&==",
]
QUERIES += [
    "year=%D9%A2%D9%A0%D9%A2%D9%A4",
    "&".join(f"a{number}" for number in range(11_000)),
    "q=" + "x" * 9000,
    "v=%00",
]


@pytest.fixture
def visit():
    client = Client(raise_request_exception=False)

    def ask(path, method="get", **headers):
        response = getattr(client, method)(path, **headers)
        response.getvalue()
        return response

    factories.make_city(slug="azrou", name_fr="Azrou")
    return ask


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused_at_every_address_as_a_bad_request(visit, host):
    for path in PATHS:
        for headers in ({}, {"HTTP_COOKIE": "csrftoken=x"}):
            response = visit(path, HTTP_HOST=host, **headers)
            assert response.status_code == 400, (path, headers)
            kind = "application/json" if path.startswith("/api/") else "text/html"
            assert response["Content-Type"].startswith(kind), path
    assert visit("/fr/signaler/?page=/fr/", "post", HTTP_HOST=host).status_code == 400


def test_who_came_with_another_host_is_told_so_in_the_language_of_the_address_or_the_browser(visit):
    visit("/ar/")
    wrong = {"HTTP_HOST": "elsewhere.example", "HTTP_ACCEPT_LANGUAGE": "en"}
    assert b'<html lang="fr"' in visit("/fr/", **wrong).content
    assert visit("/api/v1/cities/", **wrong)["Content-Language"] == "en"
    assert visit("/api/v1/cities/?lang=ar", **wrong)["Content-Language"] == "ar"


@thorough
def test_a_malformed_path_is_not_found_or_a_bad_request(visit):
    for start in ("/", "/fr/", "/fr/villes/", "/api/", "/api/v1/cities/", "/media/", "/icons/", "/preview/", "/admin/"):
        for broken in BROKEN:
            for end in ("", "/", ".png"):
                status = visit(f"{start}{broken}{end}").status_code
                assert status in (301, 302, 400, 404, 410), (start, broken, end)


@thorough
def test_a_malformed_query_is_ignored_or_refused(visit):
    for path in [path for path in PATHS if "?" not in path] + [
        "/fr/villes/",
        "/fr/initiatives/",
        "/sitemap-cities.xml",
    ]:
        for query in QUERIES:
            assert visit(f"{path}?{query}").status_code < 500, (path, query[:40])
