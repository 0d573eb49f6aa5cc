"""With a script a list puts in parts of the very page that everybody gets: there is one answer for each address."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
SCRIPT = [{"HX-Request": "true"}, {"HX-Request": "TRUE"}, {"HX-Request": "true", "HX-History-Restore-Request": "true"}]


@pytest.fixture(scope="module")
def content(module_db):
    factories.make_many(factories.make_city(slug="azrou", name_fr="Azrou"), range(1, 31))


@pytest.mark.parametrize("headers", SCRIPT)
@pytest.mark.parametrize("address", ["/fr/initiatives/?q=ecole&page=2", "/ar/cities/?view=map"])
def test_no_header_of_a_script_changes_an_answer_so_that_any_cache_may_keep_it(content, client, address, headers):
    usual, asked = client.get(address), client.get(address, headers=headers)
    assert asked.content == usual.content
    assert asked.content.startswith(b"<!DOCTYPE html>")
    assert "HX" not in asked["Vary"].upper()


@pytest.mark.parametrize("address", ["/fr/initiatives/", "/en/initiatives/?q=nothing+of+the+kind", "/fr/villes/"])
def test_what_a_script_puts_in_is_named_on_the_page_and_is_there(content, client, address):
    html = client.get(address).content.decode()
    assert html.count('data-hx-select="#list &gt; *"') == html.count('data-hx-select-oob="#languages"') == 2
    assert html.count('id="list"') == html.count('id="languages"') == 1
    listed = html[html.index('id="list"') : html.index('id="found"')]
    assert 'class="results"' in listed
    assert 'id="filters"' not in listed


def test_the_address_that_is_shown_has_the_valid_parameters_only(content, client):
    response = client.get("/fr/initiatives/?theme=literacy&theme=x&q=&sort=&utm_source=x&page=2")
    assert response["HX-Push-Url"] == "/fr/initiatives/?theme=literacy"
    assert client.get("/fr/initiatives/?page=2&x=1")["HX-Push-Url"] == "/fr/initiatives/?page=2"
    assert client.get("/fr/initiatives/?q=")["HX-Push-Url"] == "/fr/initiatives/"


def test_the_language_links_that_stand_outside_the_list_keep_what_is_asked(content, client):
    html = client.get("/fr/initiatives/?q=ecole&utm_source=x").content.decode()
    languages = re.search(r'id="languages".*?</nav>', html, re.DOTALL)[0]
    assert 'href="/ar/initiatives/?q=ecole"' in languages
