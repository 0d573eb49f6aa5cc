"""What exports say of an initiative."""

import pytest

from cities.models import SDG
from initiatives.models import Audience, KeyFeature, Theme
from tests import factories
from tests.conftest import thorough
from tests.readers import body, read_csv, read_json

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def initiative(module_db):
    city = factories.make_city(name_fr="Benguerir", latitude="32.24088", longitude="-7.95397")
    initiative = factories.make_initiative(
        city,
        title_fr="Lire",
        title_en="Reading",
        status="completed",
        status_on="2024-05",
        start="2020-02-03",
        end="2021",
        website="https://example.org/",
        context_fr="<p>Un</p><p>deux</p>",
        themes=Theme.objects.filter(slug="literacy"),
        sdgs=SDG.objects.filter(number__in=[4, 5]),
        audiences=Audience.objects.filter(slug="women"),
        key_features=KeyFeature.objects.filter(slug="workplace-learning"),
    )
    initiative.partners.create(name_fr="Une association", role_fr="Anime", website="https://example.org/a")
    initiative.figures.create(label_fr="Inscrites", value=120, year=2023, source_fr="Commune")
    initiative.updates.create(date="2024-03", title_fr="Une nouvelle")
    initiative.axes.add(city.axes.create(title_fr="Savoirs"))
    initiative.axes.add(factories.make_city(slug="other").axes.create(title_fr="Axe étranger"))
    initiative.places.add(factories.make_place(city))
    initiative.places.add(factories.make_place(city, slug="hidden", name_fr="Lieu secret", public=False))
    return initiative


def exported(client, path="/fr/initiatives/"):
    [result] = read_json(body(client.get(path, {"format": "json"})))["results"]
    return result


@thorough
def test_an_initiative_says_what_its_page_says(initiative, client):
    record = exported(client)
    expected = {
        "title": "Lire",
        "url": "http://testserver/fr/initiatives/an-initiative/",
        "city": "Benguerir",
        "region": "Région",
        "country": "Maroc",
        "status": "achevée",
        "status_on": "2024-05",
        "start": "2020-02-03",
        "end": "2021",
        "themes": ["Alphabétisation"],
        "audiences": ["Femmes"],
        "sdgs": ["4. Éducation de qualité", "5. Égalité entre les sexes"],
        "context": "Un\ndeux",
        "partners": [{"name": "Une association", "role": "Anime", "website": "https://example.org/a"}],
        "updates": [{"date": "2024-03", "title": "Une nouvelle", "text": ""}],
        "website": "https://example.org/",
        "latitude": 32.24088,
        "longitude": -7.95397,
    }
    assert {key: record[key] for key in expected} == expected
    assert record["figures"][0] | {"value": 120, "year": 2023, "source": "Commune"} == record["figures"][0]
    assert len(record["key_features"]) == 1


def test_only_public_places_and_the_citys_own_axes_are_named(initiative, client):
    record = exported(client)
    assert record["places"] == ["Bibliothèque"]
    assert record["axes"] == ["Savoirs"]


def test_texts_are_in_the_readers_language_where_they_are_written_in_it(initiative, client):
    record = exported(client, "/en/initiatives/")
    assert (record["title"], record["summary"]) == ("Reading", "Un projet pour apprendre.")
    assert record["url"] == "http://testserver/en/initiatives/an-initiative/"


def test_several_values_share_a_cell(initiative, client):
    [headings, row] = read_csv(body(client.get("/fr/initiatives/", {"format": "csv"})))
    record = dict(zip(headings, row, strict=True))
    assert record["Objectifs de développement durable"] == "4. Éducation de qualité | 5. Égalité entre les sexes"
    assert record["Contexte"] == "Un\ndeux"
