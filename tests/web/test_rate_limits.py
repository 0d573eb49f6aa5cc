"""What costs most is answered only so often to one address; a page that is only read is never counted."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db
COUNTED = {
    "search": ["/ar/بحث/", "/fr/recherche/?q=ville", "/fr/recherche/propositions/?q=vil"],
    "exports": ["/fr/villes/?format=csv", "/ar/initiatives/?format=atom"],
    "api": ["/api/v1/cities/", "/api/v1/cities/own-city/", "/api/v1/cities/?lang=ar", "/api/v1/openapi.json"],
}


@pytest.fixture(autouse=True)
def _at_rest(settings, monkeypatch):
    """Nothing is counted yet, no minute ends during a test, and three times are too many."""
    cache.clear()
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0 + 15)
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (2, 60))
    yield
    cache.clear()


def addresses(name):
    with override("ar"):
        return [address.replace("/ar/بحث/", reverse("search")) for address in COUNTED[name]]


@pytest.mark.parametrize("name", COUNTED)
def test_whoever_asks_too_often_is_told_when_to_come_back(client, city, name):
    asked, *others = addresses(name)
    assert [client.get(asked).status_code for _number in range(2)] == [200, 200]
    for address in [asked, *others]:
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (429, "45"), address
    assert client.get(asked, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_refusal_is_a_page_in_ones_language_and_json_for_a_program(client, city):
    for address in addresses("search")[:1] * 3:
        page = client.get(address)
    assert '<html lang="ar"' in page.content.decode()
    assert 'class="site-footer"' in page.content.decode()
    for _number in range(3):
        refused = client.get("/api/v1/cities/?lang=en")
    assert "Retry-After" in refused.json()["detail"]
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert refused["Content-Language"] == "en"


@thorough
def test_pages_that_are_only_read_are_never_counted(client, city):
    factories.make_initiative(city)
    for address in ("/fr/", "/fr/villes/", "/fr/villes/own-city/", "/fr/initiatives/?q=projet", "/fr/donnees/"):
        assert [client.get(address).status_code for _number in range(4)] == [200] * 4, address


def test_counting_asks_nothing_of_the_database(client, city, django_assert_num_queries):
    for _number in range(3):
        client.get("/api/v1/cities/")
    with django_assert_num_queries(0):
        assert client.get("/api/v1/cities/").status_code == 429
