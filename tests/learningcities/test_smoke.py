"""Every public address, in every language."""

import re

import pytest
from django.test import Client

from cities.models import SDG
from initiatives.models import Audience, Theme
from learningcities.pages.models import SiteText
from learningcities.publishing.version import content_version, version_cache
from learningcities.text.translation import LANGUAGES
from tests import factories

#: A script element may name a file or hold linked data, which no browser runs.
INLINE = re.compile(r'<style|\sstyle=|\son[a-z]+=|<script(?! type="application/ld\+json">)(?![^>]*\ssrc=)')
ADDRESS = re.compile(r"<loc>http://testserver([^<]+)</loc>")


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    """A little of everything that has a page."""
    SiteText.objects.create(key="site_name", value_fr="Villes apprenantes")
    SiteText.objects.create(key="site_tagline", value_fr="On apprend à tout âge")
    city = factories.make_city(slug="chefchaouen", latitude="35.16878", longitude="-5.26360", vision_fr="<p>Loin.</p>")
    factories.make_place(city)
    for year in (2004, 2014):
        factories.make_figure(city, year=year)
    city.axes.create(title_fr="Climat").sdgs.set(SDG.objects.filter(number=13))
    city.recognitions.create(kind="member", date="2020", title_fr="Membre", source_fr="Article, 2020")
    initiative = factories.make_initiative(
        city,
        themes=Theme.objects.filter(slug="literacy"),
        sdgs=SDG.objects.filter(number=4),
        audiences=Audience.objects.filter(slug="women"),
        context_fr="<p>Pourquoi.</p>",
    )
    initiative.partners.create(name_fr="Une association", website="https://example.org/")
    initiative.updates.create(date="2024-03", title_fr="Une nouvelle")
    factories.make_initiative(city, slug="another")
    factories.make_page(slug="about")


@pytest.fixture
def addresses(content, client):
    addresses = ADDRESS.findall(client.get("/sitemap.xml").content.decode())
    assert len(addresses) == 3 * (5 + 1 + 2 + 1)
    return addresses


def test_every_address_answers_with_one_heading_in_its_language_and_direction(addresses, client):
    for address in addresses:
        response = client.get(address)
        html = response.content.decode()
        language = address.split("/")[1]
        assert response.status_code == 200, address
        assert html.count("<h1") == 1, address
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html, address
        assert re.search(r"<title>\s*\S.*·.*</title>", html, re.DOTALL), address
        assert '<meta name="description" content="' in html, address
        assert f'<link rel="canonical" href="http://testserver{address}">' in html, address


def test_no_visitor_gets_a_cookie_and_no_page_depends_on_one(addresses):
    for address in [*addresses, "/", "/fr/nothing/", "/sitemap.xml"]:
        response = Client().get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


def test_no_page_has_an_inline_style_or_script_but_data(addresses, client):
    for address in addresses:
        html = client.get(address).content.decode()
        assert not INLINE.search(html), address


def test_ids_are_unique_and_every_fragment_has_its_target(addresses, client):
    for address in addresses:
        html = client.get(address).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), address
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids), address


def test_a_first_view_is_light(addresses, client, settings):
    names = re.findall(r"css/\w+\.css", (settings.BASE_DIR / "templates/components/styles.html").read_text())
    styles = sum((settings.BASE_DIR / "static" / name).stat().st_size for name in names)
    for address in addresses:
        assert len(client.get(address).content) + styles / 3 < 60_000, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_design_guide_shows_both_directions(content, client, language):
    html = client.get(f"/{language}/design/").content.decode()
    assert 'lang="fr" dir="ltr"' in html
    assert 'lang="ar" dir="rtl"' in html


def test_no_page_asks_the_database_more_than_twelve_times(addresses, client, django_assert_max_num_queries):
    client.get("/fr/initiatives/")
    for address in addresses:
        forget_pages()
        with django_assert_max_num_queries(12):
            client.get(address)


def forget_pages():
    """All that is kept of what pages show; sets of keys and vocabularies are read once for all of them."""
    store = version_cache.cache_of(content_version.ContentVersion.current())
    for name in [name for name in store if name[0] in ("items", "pieces", "rows", "home")]:
        del store[name]
