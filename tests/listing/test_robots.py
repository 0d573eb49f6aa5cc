"""What search engines may read, and which of a list's countless addresses they are told of."""

import re

import pytest

from cities.models import SDG
from initiatives.models import Theme
from learningcities.sitemaps import MultilingualSitemap
from tests import factories

CANONICAL = re.compile(r'<link rel="canonical" href="http://testserver([^"]+)">')
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([a-z-]+)" href="http://testserver([^"]+)">')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def many(module_db):
    city = factories.make_city(slug="fes", name_fr="Fès")
    terms = {"themes": Theme.objects.filter(slug="literacy"), "sdgs": SDG.objects.filter(number=4)}
    factories.make_many(city, range(1, 31), start="2019", **terms)


@pytest.fixture
def read(many, client):
    return lambda query: client.get(f"/fr/initiatives/{query}").content.decode()


def test_robots_may_read_everything_but_the_admin_previews_and_downloads(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert closed == ["/admin/", "/preview/", "/*?*format="]
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert not response.cookies


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("?page=2", "?page=2"),
        ("?page=1", ""),
        ("?page=99", "?page=3"),
        ("?theme=literacy", "?theme=literacy"),
        ("?theme=literacy&page=2", "?theme=literacy&amp;page=2"),
        ("?city=fes", "?city=fes"),
        ("?utm_source=x&theme=literacy", "?theme=literacy"),
        ("?theme=literacy&theme=nonsense", "?theme=literacy"),
    ],
)
def test_a_list_and_the_list_of_one_choice_are_indexed_page_by_page(read, query, canonical):
    html = read(query)
    assert CANONICAL.search(html)[1] == f"/fr/initiatives/{canonical}"
    assert '<meta name="robots"' not in html


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?q=ecole", "?q=ecole"),
        ("?year=2019", "?year=2019"),
        ("?sort=title", ""),
        ("?theme=literacy&sort=title&page=2", "?theme=literacy&amp;page=2"),
        ("?view=map", ""),
        ("?theme=literacy&view=map", "?theme=literacy"),
        ("?theme=literacy&sdg=4", "?theme=literacy&amp;sdg=4"),
        ("?sdg=4&theme=literacy", "?theme=literacy&amp;sdg=4"),
        ("?sdg=4&sdg=5", "?sdg=4&amp;sdg=5"),
        ("?theme=equity-and-inclusion", "?theme=equity-and-inclusion"),
    ],
)
def test_any_other_question_is_followed_but_not_indexed(read, query, canonical):
    html = read(query)
    assert CANONICAL.search(html)[1] == f"/fr/initiatives/{canonical}"
    assert html.count('<meta name="robots" content="noindex, follow">') == 1


def test_the_other_languages_of_a_filtered_list_are_filtered_too(read):
    found = dict(ALTERNATE.findall(read("?theme=literacy&page=2")))
    assert found["ar"] == "/ar/initiatives/?theme=literacy&amp;page=2"
    assert found["x-default"] == "/fr/initiatives/?theme=literacy&amp;page=2"


def test_a_page_of_an_item_is_its_own_whatever_list_led_to_it(many, client):
    html = client.get("/fr/initiatives/n-18/?theme=literacy&page=2").content.decode()
    assert CANONICAL.search(html)[1] == "/fr/initiatives/n-18/"
    assert '<meta name="robots"' not in html


def test_no_two_indexed_addresses_share_a_title_or_a_description(read):
    queries = ["", "?page=2", "?page=3", "?theme=literacy", "?theme=literacy&page=2", "?city=fes", "?sdg=4"]
    pages = [read(query) for query in queries]
    assert len({TITLE.search(html)[1] for html in pages}) == len(queries)
    assert len({DESCRIPTION.search(html)[1] for html in pages}) == len(queries)
    assert TITLE.search(pages[4])[1].startswith("Initiatives – Alphabétisation – page 2")


def test_the_sitemap_says_when_a_list_last_changed(many, client):
    text = client.get("/sitemap.xml").content.decode()
    entries = re.findall(r"<loc>http://testserver([^<]+)</loc>(<lastmod>[\d-]+</lastmod>)?", text)
    assert len(entries) > 30
    assert all(changed for _address, changed in entries)


def test_a_long_sitemap_is_an_index_of_files_that_have_each_address_once(many, client, monkeypatch):
    whole = re.findall("<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    monkeypatch.setattr(MultilingualSitemap, "limit", 4 * 3)
    index = client.get("/sitemap.xml").content.decode()
    assert "<sitemapindex" in index
    files = re.findall("<loc>http://testserver([^<]+)</loc>", index)
    assert len(files) == 2 + 1 + 8 + 1
    found = [one for file in files for one in re.findall("<loc>([^<]+)</loc>", client.get(file).content.decode())]
    assert sorted(found) == sorted(whole)
    assert client.get("/sitemap-cities.xml?p=9").status_code == 404


def test_the_sitemap_of_an_empty_site_has_no_dates(db, client):
    text = client.get("/sitemap.xml").content.decode()
    assert text.count("<loc>") >= 9


@pytest.mark.parametrize("path", ["/fr/initiatives/", "/fr/initiatives/n-18/", "/fr/", "/robots.txt"])
def test_a_request_for_the_headers_alone_is_answered(many, client, path):
    assert client.head(path).status_code == 200
