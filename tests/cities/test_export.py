"""What exports say of a city."""

import pytest

from cities.models import Indicator
from tests import factories
from tests.conftest import thorough
from tests.readers import body, read_csv, read_json

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(module_db):
    population = Indicator.objects.get(slug="population")
    city = factories.make_city(
        name_fr="Chefchaouen",
        name_ar="شفشاون",
        province_fr="Chefchaouen",
        latitude="35.16878",
        longitude="-5.26360",
        motivation_fr="<p>Pour <em>tous</em>.</p>",
        contact_phone="+212 5 39 00 00 00",
        note="Note des éditeurs",
        also_known_as="Xauen",
    )
    for year, value in ((2024, 46168), (2014, 42786)):
        factories.make_figure(city, indicator=population, year=year, value=value, source_fr=f"HCP, {year}", label_fr="")
    factories.make_figure(city, label_fr="Mosquées", value="12.5", year=2000)
    city.recognitions.create(
        kind="member", date="2020-09", title_fr="Membre", source_fr="Article, 2020", source_url="https://example.org/"
    )
    city.axes.create(title_fr="Climat")
    factories.make_place(city, name_fr="Bibliothèque")
    factories.make_place(city, slug="secret", name_fr="Lieu secret", public=False)
    factories.make_initiative(city)
    factories.make_initiative(city, slug="draft", public=False)
    return city


def exported(client, path="/fr/villes/"):
    [result] = read_json(body(client.get(path, {"format": "json"})))["results"]
    return result


@thorough
def test_a_city_says_its_names_and_where_it_is(city, client):
    record = exported(client)
    assert record["url"] == "http://testserver/fr/villes/a-city/"
    assert (record["name"], record["other_names"]) == ("Chefchaouen", ["شفشاون"])
    assert (record["region"], record["province"], record["country"]) == ("Région", "Chefchaouen", "Maroc")
    assert (record["latitude"], record["longitude"]) == (35.16878, -5.2636)
    assert exported(client, "/ar/cities/")["name"] == "شفشاون"


def test_the_number_of_inhabitants_is_the_newest_with_its_year_and_source(city, client):
    record = exported(client)
    assert (record["population"], record["population_year"], record["population_source"]) == (46168, 2024, "HCP, 2024")


def test_every_figure_has_its_year_and_source(city, client):
    figures = exported(client)["figures"]
    assert len(figures) == 3
    assert all(figure["year"] and figure["source"] for figure in figures)
    assert {"name": "Mosquées", "value": 12.5, "unit": "", "year": 2000, "source": "HCP", "source_url": ""} in figures


def test_a_cell_says_the_parts_of_a_value_on_one_line(city, client):
    [headings, row] = read_csv(body(client.get("/fr/villes/", {"format": "csv"})))
    record = dict(zip(headings, row, strict=True))
    assert record["Reconnaissances"] == "2020-09, Membre, Article, 2020, https://example.org/"
    assert record["Chiffres"].count(" | ") == 2
    assert record["Téléphone"] == "'+212 5 39 00 00 00"


def test_only_what_is_public_counts(city, client):
    record = exported(client)
    assert record["published_initiatives"] == 1
    assert record["places"] == ["Bibliothèque"]
    for name in ("csv", "json"):
        for secret in ("secret", "Note des éditeurs", "Xauen"):
            assert secret not in body(client.get("/fr/villes/", {"format": name})).decode()


def test_rich_text_leaves_as_plain_text(city, client):
    assert exported(client)["motivation"] == "Pour tous."
