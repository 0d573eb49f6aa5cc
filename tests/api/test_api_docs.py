"""The page that explains the API to people."""

import re

import pytest

from initiatives.models import Theme
from learningcities.text.translation import LANGUAGES
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    city = factories.make_city(slug="benguerir", name_fr="Benguerir")
    factories.make_initiative(city, themes=Theme.objects.filter(slug="literacy"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_page_of_the_site_in_every_language(content, client, language):
    html = client.get(f"/{language}/api/v1/").content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert html.count("<h1") == 1
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\s(?:src=|type=.application/ld.json.))", html)
    assert set(re.findall(r'(?:src|href)="https?://([^/"]+)', html)) == {"testserver"}


def test_the_root_of_the_api_leads_there_in_the_language_of_the_browser(content, client):
    response = client.get("/api/v1/", headers={"accept-language": "ar"})
    assert response["Location"] == "/ar/api/v1/"
    assert not response.cookies


def test_every_address_on_it_answers(content, client):
    html = client.get("/en/api/v1/").content.decode()
    addresses = set(re.findall(r'href="(/api/[^"]+)"', html))
    assert len(addresses) == 13
    for address in addresses:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_it_shows_what_the_api_answers_now_and_the_values_it_takes(content, client):
    html = client.get("/en/api/v1/").content.decode()
    assert "&quot;slug&quot;: &quot;benguerir&quot;" in html
    assert "<code>literacy</code>" in html
    assert "<code>key_feature</code>" in html
    assert "<code>under-way</code>" in html
    assert re.search(r"<code>recent</code></dt>\s*<dd>newest first\s*</dd>", html)


def test_it_costs_no_more_than_any_other_page(content, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get("/fr/api/v1/")
