"""The page on the data: what can be downloaded, for people and for catalogues of data."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override
from rdflib import DCTERMS, RDF, XSD, Literal, URIRef

from cities.models import City
from learningcities.pages.models import MenuLink, SiteText
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.conftest import thorough
from tests.linked_data import DCAT, graph_of
from tests.readers import body

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    SiteText.objects.create(key="site_name", value_fr="Villes apprenantes")
    SiteText.objects.create(key="dataset_licence", value_fr="CC BY 4.0")
    SiteText.objects.create(key="dataset_licence_url", value_fr=LICENCE)
    SiteText.objects.create(key="dataset_attribution", value_fr="Citez la source.")
    factories.make_initiative()
    factories.make_city(slug="draft", public=False)


def address(language="fr"):
    with override(language):
        return reverse("dataset")


@pytest.fixture
def read(content, client):
    return lambda language="fr": client.get(address(language)).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_links_every_format_of_both_lists_in_its_language(read, language):
    html = read(language)
    for name, formats in {"cities": 5, "initiatives": 6}.items():
        with override(language):
            path = reverse(f"{name}:list")
        assert len(set(re.findall(rf'href="{path}\?format=(\w+)"', html))) == formats
    assert f'href="/{language}/api/v1/"' in html
    assert 'href="/api/v1/openapi.json"' in html


@pytest.mark.parametrize("name", ["cities", "initiatives"])
def test_it_names_every_column_of_the_files_and_no_other(content, client, name):
    [dataset] = [dataset for dataset in client.get(address()).context["datasets"] if dataset.name == name]
    heading = body(client.get(dataset.path, {"format": "csv"})).decode("utf-8-sig").splitlines()[0]
    assert heading.split(";") == dataset.fields
    html = client.get(address()).content.decode()
    assert all(f"<li>{field}</li>" in html for field in dataset.fields)


@thorough
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_it_leads_somewhere_and_to_the_type_it_names(read, client, language):
    main = read(language).partition("<main")[2].partition("</main>")[0]
    links = [(unescape(link[1]), link[2]) for link in re.finditer(r'<a href="(/[^"]*)"(?: type="([^"]+)")?', main)]
    assert len([kind for _path, kind in links if kind]) == 12
    for path, kind in links:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response["Content-Type"].startswith(kind or "text/"), path
        assert response.getvalue()


def test_it_says_what_a_row_holds_how_many_there_are_and_the_licence(read):
    html = read()
    for words in ("Thèmes", "Latitude", "Citez la source."):
        assert words in html
    assert f'<a rel="license" href="{LICENCE}">CC BY 4.0</a>' in html


def test_a_catalogue_of_data_can_read_it(read):
    graph = graph_of(read())
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    datasets = set(graph.objects(catalogue, DCAT.dataset))
    assert len(datasets) == 2
    for dataset in datasets:
        assert (dataset, RDF.type, DCAT.Dataset) in graph
        for name in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.spatial, DCAT.keyword):
            assert graph.value(dataset, name) or set(graph.objects(dataset, name)), name
        assert graph.value(dataset, DCTERMS.license) == URIRef(LICENCE)
        assert graph.value(dataset, DCTERMS.modified).datatype == XSD.dateTime
        assert len(set(graph.objects(dataset, DCTERMS.language))) == len(LANGUAGES)


@thorough
def test_every_distribution_can_be_downloaded_in_a_known_type_and_licence(read, client):
    graph = graph_of(read("ar"))
    distributions = set(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 11
    for distribution in distributions:
        assert str(graph.value(distribution, DCAT.downloadURL)).startswith("http://testserver/ar/")
        assert graph.value(distribution, DCAT.accessURL) == URIRef("http://testserver" + address("ar"))
        answer = client.get(str(graph.value(distribution, DCAT.downloadURL)))
        kind = str(graph.value(distribution, DCAT.mediaType)).partition("/assignments/media-types/")[2]
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, kind)
        assert answer.getvalue()
        assert graph.value(distribution, DCTERMS.license) == URIRef(LICENCE)
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    for name, kind in ((DCAT.endpointURL, "text/html"), (DCAT.endpointDescription, "application/json")):
        answer = client.get(str(graph.value(service, name)), follow=True)
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, kind)


def test_it_counts_only_what_is_public(read, client):
    datasets = client.get(address()).context["datasets"]
    assert [dataset.count for dataset in datasets] == [1, 1]


def test_a_site_without_its_texts_and_without_content_has_the_page_too(content, client):
    SiteText.objects.all().delete()
    City.objects.get(slug="a-city").withdraw()
    response = client.get(address())
    assert response.status_code == 200
    html = response.content.decode()
    assert 'rel="license"' not in html
    graph = graph_of(html)
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    assert not set(graph.objects(None, DCTERMS.license))


def test_a_licence_without_an_address_is_named(content, client):
    SiteText.objects.filter(key="dataset_licence_url").delete()
    SiteText.objects.filter(key="dataset_licence").update(value_fr="Domaine public")
    html = client.get(address()).content.decode()
    assert Literal("Domaine public", lang="fr") in set(graph_of(html).objects())
    assert "<p>Domaine public</p>" in html


@pytest.mark.parametrize("value", ["javascript:alert(1)", "CC BY", "ftp://example.org/"])
def test_the_address_of_the_licence_must_be_one(db, value):
    text = SiteText(key="dataset_licence_url", value_fr=LICENCE, value_ar=value)
    with pytest.raises(ValidationError) as refused:
        text.clean()
    assert list(refused.value.message_dict) == ["value_ar"]
    SiteText(key="dataset_licence_url", value_fr=LICENCE).clean()
    SiteText(key="dataset_licence", value_fr=value).clean()


def test_a_menu_can_lead_to_it(content, client):
    MenuLink.objects.create(place="footer", label_fr="Données", target="dataset")
    assert f'<a href="{address()}">Données</a>' in client.get("/fr/").content.decode()


def test_its_address_and_the_apis_are_in_the_sitemap(content, client):
    text = client.get("/sitemap.xml").content.decode()
    for language in LANGUAGES:
        assert f"<loc>http://testserver{address(language)}</loc>" in text
        assert f"<loc>http://testserver/{language}/api/v1/</loc>" in text


@pytest.mark.parametrize(("language", "delimiter", "decimal"), [("fr", ";", ","), ("ar", ";", ","), ("en", ",", ".")])
def test_the_page_says_how_to_read_the_table_of_its_language(client, db, language, delimiter, decimal):
    factories.make_city("located", latitude="35.16878", longitude="-5.26360")
    page = client.get(address(language))
    section = page.content.decode().partition('id="csv"')[2].partition("</section>")[0]
    table = b"".join(client.get(page.context["datasets"][0].path, {"format": "csv"}).streaming_content)
    assert table.startswith("\ufeff".encode())
    assert f"35{decimal}16878" in table.decode()
    for word in ("UTF-8", "Excel", "65001", f"{delimiter}", f"{decimal}"):
        assert word in section
