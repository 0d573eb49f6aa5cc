"""Linked data, Open Graph and feed links: what machines are told is what people are shown."""

import re
import warnings

import pytest
from rdflib import RDF, Literal, URIRef

from cities.models import SDG
from initiatives.models import Audience, Theme
from learningcities.pages.models import SiteText
from tests import factories
from tests.conftest import thorough
from tests.linked_data import SCHEMA, graph_of, only, shown, value, values

SITE = "http://testserver"
ADDRESS = re.compile(r"<loc>http://testserver([^<]+)</loc>")
META = re.compile(r'<meta (?:property|name)="((?:og|twitter|robots)[^"]*)" content="([^"]*)">')

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    SiteText.objects.create(key="site_name", value_fr="Villes apprenantes", value_ar="مدن التعلّم")
    SiteText.objects.create(key="site_tagline", value_fr="On apprend à tout âge")
    SiteText.objects.create(key="home_lead", value_fr="Une ville qui apprend.")
    SiteText.objects.create(key="cities_intro", value_fr="Les villes du réseau.")
    city = factories.make_city(
        slug="chefchaouen",
        name_fr="Chefchaouen",
        name_ar="شفشاون",
        also_known_as="Chaouen, Xauen",
        province_fr="Province",
        website="https://chefchaouen.example/",
        latitude="35.16878",
        longitude="-5.26360",
    )
    city.recognitions.create(
        kind="award", date="2017", title_fr="Prix", source_fr="Annonce", source_url="https://example.org/"
    )
    place = factories.make_place(city, website="https://example.org/bib")
    factories.make_place(city, slug="hidden", name_fr="Lieu caché", public=False)
    initiative = factories.make_initiative(
        city,
        title_fr="Apprendre à lire",
        start="2019-09",
        end="2024",
        website="https://example.org/lire",
        themes=Theme.objects.filter(slug="literacy"),
        sdgs=SDG.objects.filter(number=4),
        audiences=Audience.objects.filter(slug="women"),
    )
    initiative.places.add(place)
    initiative.partners.create(name_fr="Une association", website="https://association.example/")
    factories.make_initiative(city, slug="draft", title_fr="Brouillon secret", public=False)
    factories.make_page(slug="about", title_fr="À propos")


@pytest.fixture
def read(content, client):
    return lambda path: client.get(path).content.decode()


@thorough
def test_every_address_parses_and_names_only_what_the_page_shows(read):
    addresses = ADDRESS.findall(read("/sitemap.xml"))
    assert len(addresses) == 3 * (5 + 1 + 1 + 1)
    for address in addresses:
        html = read(address)
        graph, words = graph_of(html), shown(html)
        assert (URIRef(SITE + address), SCHEMA.url, URIRef(SITE + address)) in graph, address
        names = [str(name) for name in graph.objects(None, SCHEMA.name)]
        assert names, address
        assert not [name for name in names if re.sub(r"\s+", " ", name) not in words], address


@thorough
def test_nothing_unpublished_is_named(read):
    for address in ADDRESS.findall(read("/sitemap.xml")):
        html = read(address)
        assert "Lieu caché" not in html
        assert "Brouillon secret" not in html


def test_a_photo_that_is_not_public_is_not_named(content, client):
    hidden = factories.make_photo(public=False)
    city = factories.make_city(slug="with-photo", cover=None)
    city.cover = hidden
    city.save()
    html = client.get("/fr/villes/with-photo/").content.decode()
    assert hidden.file.url not in html
    assert "/share/city/with-photo.png" in value(graph_of(html), only(graph_of(html), "City"), "image")
    hidden.publish()
    html = client.get("/fr/villes/with-photo/").content.decode()
    assert value(graph_of(html), only(graph_of(html), "City"), "image") == URIRef(SITE + hidden.file.url)


def test_a_city_has_its_names_its_place_and_its_recognitions(read):
    graph = graph_of(read("/fr/villes/chefchaouen/"))
    city = only(graph, "City")
    assert value(graph, city, "name") == Literal("Chefchaouen")
    assert values(graph, city, "alternateName") == {
        Literal("شفشاون", lang="ar"),
        Literal("Chaouen"),
        Literal("Xauen"),
    }
    assert float(value(graph, city, "geo", "latitude")) == 35.16878
    assert value(graph, city, "containedInPlace", "name") == Literal("Province")
    assert value(graph, city, "containedInPlace", "containedInPlace", "name") == Literal("Région")
    assert value(graph, city, "containedInPlace", "containedInPlace", "containedInPlace", "name") == Literal("Maroc")
    assert value(graph, city, "sameAs") == URIRef("https://chefchaouen.example/")
    assert value(graph, city, "containsPlace", "name") == Literal("Bibliothèque")
    assert value(graph, city, "subjectOf", "temporalCoverage") == Literal("2017")
    assert value(graph, city, "subjectOf", "appearance", "url") == URIRef("https://example.org/")


def test_an_initiative_is_a_project_with_its_city_partners_terms_and_dates(read):
    graph = graph_of(read("/fr/initiatives/an-initiative/"))
    project = only(graph, "Project")
    assert value(graph, project, "name") == Literal("Apprendre à lire")
    assert value(graph, project, "foundingDate") == Literal("2019-09")
    assert value(graph, project, "dissolutionDate") == Literal("2024")
    assert value(graph, project, "areaServed") == URIRef(f"{SITE}/fr/villes/chefchaouen/#city")
    assert value(graph, project, "location", "name") == Literal("Bibliothèque")
    assert value(graph, project, "member", "url") == URIRef("https://association.example/")
    codes = {str(value(graph, term, "termCode")) for term in values(graph, project, "keywords")}
    assert codes == {"literacy", "4", "women"}


def test_a_thing_is_called_the_same_in_every_language(read):
    paths = {"fr": "/fr/villes/chefchaouen/", "ar": "/ar/cities/chefchaouen/", "en": "/en/cities/chefchaouen/"}
    assert {only(graph_of(read(path)), "City") for path in paths.values()} == {
        URIRef(f"{SITE}/fr/villes/chefchaouen/#city")
    }


def test_a_text_in_another_language_than_the_page_says_which(read):
    graph = graph_of(read("/ar/initiatives/an-initiative/"))
    assert value(graph, only(graph, "Project"), "name") == Literal("Apprendre à lire", lang="fr")
    assert value(graph, only(graph, "WebPage"), "inLanguage") == Literal("ar")


def test_the_way_back_leads_from_the_list_over_the_city(read):
    graph = graph_of(read("/fr/initiatives/an-initiative/"))
    steps = {
        int(value(graph, step, "position")): str(value(graph, step, "item")).removeprefix(SITE)
        for step in values(graph, only(graph, "BreadcrumbList"), "itemListElement")
    }
    assert steps == {1: "/fr/initiatives/", 2: "/fr/villes/chefchaouen/", 3: "/fr/initiatives/an-initiative/"}


def test_a_list_names_the_items_of_its_page_by_their_place_in_the_list(content, client):
    factories.make_many(factories.make_city(slug="many"), range(1, 31), themes=Theme.objects.filter(slug="literacy"))
    html = client.get("/fr/initiatives/?theme=literacy&page=3").content.decode()
    graph = graph_of(html)
    item_list = only(graph, "ItemList")
    assert value(graph, item_list, "numberOfItems") == Literal(31)
    positions = {int(value(graph, item, "position")) for item in values(graph, item_list, "itemListElement")}
    assert positions == set(range(25, 32))


def test_the_home_page_names_the_network_and_its_site(read):
    graph = graph_of(read("/ar/"))
    assert value(graph, only(graph, "Organization"), "name") == Literal("مدن التعلّم")
    assert value(graph, only(graph, "WebSite"), "publisher") == only(graph, "Organization")


def test_the_search_is_offered_to_machines(content, client):
    graph = graph_of(client.get("/fr/").content.decode())
    (entry,) = graph.subjects(RDF.type, SCHEMA.EntryPoint)
    (template,) = graph.objects(entry, SCHEMA.urlTemplate)
    assert str(template) == f"{SITE}/fr/recherche/?q={{search_term_string}}"


@pytest.mark.parametrize("path", ["/fr/", "/ar/cities/", "/fr/villes/chefchaouen/", "/fr/donnees/", "/en/api/v1/"])
def test_what_a_program_reads_it_can_also_write_down(read, path):
    graph = graph_of(read(path))
    assert graph
    with warnings.catch_warnings(action="error"):
        assert graph.serialize(format="nt")


def test_no_title_can_end_the_data_it_stands_in(content, client):
    title = '</script><script src="x">&"<!--'
    factories.make_initiative(factories.make_city(slug="sly"), slug="sly", title_fr=title)
    for path in ("/fr/initiatives/sly/", "/fr/initiatives/", "/fr/villes/sly/"):
        html = client.get(path).content.decode()
        assert 'src="x"' not in html
        assert "<!--" not in html
        assert Literal(title) in set(graph_of(html).objects(None, SCHEMA.name)), path


@thorough
def test_every_address_has_a_card_for_those_who_share_it(read):
    for address in ADDRESS.findall(read("/sitemap.xml")):
        html = read(address)
        tags = dict(META.findall(html))
        assert tags["og:url"] == SITE + address
        assert tags["og:title"], address
        assert tags["og:type"] in ("website", "article")
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert tags["og:image"].startswith(f"{SITE}/{address.split('/')[1]}/share/")
        assert tags["og:image:alt"]
        assert tags["twitter:card"] == "summary_large_image"
        assert "robots" not in tags, address


def test_the_languages_of_a_card_are_those_the_page_is_written_in(read):
    tags = META.findall(read("/fr/initiatives/an-initiative/"))
    assert [text for name, text in tags if name.startswith("og:locale")] == ["fr_FR"]
    tags = META.findall(read("/fr/"))
    assert [text for name, text in tags if name.startswith("og:locale")] == ["fr_FR", "ar_AR", "en_GB"]


def test_what_is_not_there_has_no_card(read):
    html = read("/fr/nothing/")
    assert dict(META.findall(html)) == {"robots": "noindex"}
    assert "ld+json" not in html


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/fr/", "/fr/initiatives/?format=atom"),
        ("/ar/", "/ar/initiatives/?format=atom"),
        ("/fr/villes/chefchaouen/", "/fr/initiatives/?city=chefchaouen&amp;format=atom"),
    ],
)
def test_the_home_page_and_a_city_name_their_feed(read, path, feed):
    link = rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{re.escape(feed)}">'
    assert re.search(link, read(path))
