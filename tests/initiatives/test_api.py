"""What the API says of initiatives and their vocabularies."""

import pytest

from cities.models import SDG
from initiatives.models import Audience, KeyFeature, Theme
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def initiative(module_db):
    city = factories.make_city(slug="benguerir", name_fr="Benguerir")
    initiative = factories.make_initiative(
        city,
        slug="library",
        context_fr="<p>Pourquoi.</p>",
        start="2019-05",
        themes=Theme.objects.filter(slug="literacy"),
        sdgs=SDG.objects.filter(number=4),
        audiences=Audience.objects.filter(slug="women"),
        key_features=KeyFeature.objects.filter(slug="culture-of-learning"),
    )
    initiative.partners.create(name_fr="Une association", role_fr="Animation", website="https://example.org/")
    initiative.updates.create(date="2024-03", title_fr="Une nouvelle")
    initiative.figures.create(label_fr="Livres", value=120, year=2024, source_fr="La ville")
    return initiative


@pytest.fixture
def answer(initiative, client):
    return lambda: client.get("/api/v1/initiatives/library/").json()


def test_all_that_the_page_shows_is_there(answer):
    row = answer()
    assert row["context"]["fr"] == "<p>Pourquoi.</p>"
    assert (row["status"], row["status_on"], row["start"], row["end"]) == ("under-way", "2024", "2019-05", None)
    assert row["city"]["slug"] == "benguerir"
    assert row["partners"][0]["role"]["fr"] == "Animation"
    assert row["updates"][0]["date"] == "2024-03"
    figure = row["figures"][0]
    assert (figure["value"], figure["year"], figure["source"]["fr"]) == (120, 2024, "La ville")


def test_what_stands_is_established_and_the_list_finds_it_by_that(initiative, client):
    factories.make_initiative(initiative.city, slug="university", status="established")
    rows = client.get("/api/v1/initiatives/", {"status": "established"}).json()["results"]
    assert [(row["slug"], row["status"]) for row in rows] == [("university", "established")]
    assert client.get("/api/v1/initiatives/", {"status": "in place"}).status_code == 400
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["StatusEnum"]["enum"] == ["planned", "under-way", "established", "completed"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("themes", "literacy"), ("sdgs", "4"), ("audiences", "women"), ("key_features", "culture-of-learning")],
)
def test_its_terms_lead_to_their_vocabulary_and_to_the_filter(answer, client, name, slug):
    (term,) = answer()[name]
    assert term["slug"] == slug
    listed = client.get(f"/api/v1/{name.replace('_', '-')}/{slug}/").json()
    assert listed.items() >= term.items()
    assert client.get("/api/v1/initiatives/", {name.removesuffix("s"): slug}).json()["count"] == 1


def test_axes_and_places_are_those_of_its_city_that_are_public(initiative, answer):
    axis = initiative.city.axes.create(title_fr="Lecture")
    initiative.axes.add(axis)
    initiative.places.add(factories.make_place(initiative.city, slug="open"))
    initiative.places.add(factories.make_place(initiative.city, slug="secret", public=False))
    row = answer()
    assert [axis["title"]["fr"] for axis in row["axes"]] == ["Lecture"]
    assert [place["slug"] for place in row["places"]] == ["open"]


def test_what_is_for_the_machine_alone_is_nowhere(answer):
    assert not {"id", "uuid", "search_text", "sort_fr", "withdrawn_at", "binned_at"} & set(answer())


def test_a_full_row_costs_at_most_thirteen_queries(initiative, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        client.get("/api/v1/initiatives/library/")
