"""What htmx gets of a list is what stands on the full page."""

import re

import pytest

from cities.models import SDG
from initiatives.models import Theme
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def content(module_db):
    city = factories.make_city(slug="azrou", name_fr="Azrou", latitude="33.4", longitude="-5.2")
    factories.make_many(city, range(1, 31), themes=Theme.objects.all()[:2], sdgs=SDG.objects.all()[:3])


def block(html):
    """The inside of the element that htmx replaces."""
    start = re.search(r'<div class="list" id="list"[^>]*>', html)
    return html[start.end() : html.index('<p class="visually-hidden" id="found"')].rpartition("</div>")[0].strip()


def title(html):
    return re.search("<title>(.*?)</title>", html)[1].strip()


@pytest.mark.parametrize(
    "address",
    [
        "/fr/initiatives/",
        "/fr/initiatives/?theme=literacy&page=2",
        "/ar/initiatives/?q=ecole&sort=title&sdg=4&utm_source=x",
        "/en/initiatives/?q=nothing+of+the+kind&city=azrou",
        "/fr/initiatives/?q=ecolle",
        "/ar/initiatives/?view=map&at=azrou",
        "/fr/villes/?country=ma&theme=nonsense",
        "/en/cities/?view=map",
    ],
)
def test_the_fragment_is_the_block_of_the_full_page(content, client, address):
    full, part = client.get(address), client.get(address, headers=HTMX)
    assert "<html" in full.content.decode()
    html = part.content.decode()
    assert "<html" not in html
    answer = html[html.index("</title>") + len("</title>") : html.rindex("<nav")].strip()
    assert answer == block(full.content.decode())
    assert title(html) == title(full.content.decode())
    for response in (full, part):
        assert "HX-Request" in response["Vary"]


def test_the_fragment_brings_the_language_links_that_stand_outside_the_list(content, client):
    html = client.get("/fr/initiatives/?q=ecole&utm_source=x", headers=HTMX).content.decode()
    assert 'href="/ar/initiatives/?q=ecole"' in html
    assert "hx-swap-oob" in html


def test_the_address_that_is_pushed_has_the_valid_parameters_only(content, client):
    response = client.get("/fr/initiatives/?theme=literacy&theme=x&q=&sort=&utm_source=x&page=2", headers=HTMX)
    assert response["HX-Push-Url"] in ("/fr/initiatives/?theme=literacy&page=2", "/fr/initiatives/?theme=literacy")
    assert client.get("/fr/initiatives/?q=", headers=HTMX)["HX-Push-Url"] == "/fr/initiatives/"
    assert "HX-Push-Url" not in client.get("/fr/initiatives/?theme=literacy")


def test_a_browser_that_goes_back_gets_the_whole_page(content, client):
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert client.get("/fr/initiatives/?q=ecole", headers=headers).content.startswith(b"<!DOCTYPE html>")
