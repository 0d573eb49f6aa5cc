"""What the API says of cities and their places."""

import json

import pytest

from cities.models import SDG, Indicator
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(module_db):
    return factories.make_city(
        slug="benguerir",
        name_fr="Benguerir",
        note="Jamais en public",
        vision_fr="<p>Loin.</p>",
        vision_year=2030,
        contact_email="mairie@example.org",
        latitude="32.24088",
        longitude="-7.95397",
    )


@pytest.fixture
def answer(city, client):
    return lambda path="cities/benguerir": client.get(f"/api/v1/{path}/").json()


def test_all_that_the_page_shows_is_there(answer):
    row = answer()
    assert row["vision"]["fr"] == "<p>Loin.</p>"
    assert row["vision_year"] == 2030
    assert row["contact_email"] == "mairie@example.org"
    assert (row["latitude"], row["longitude"]) == (32.24088, -7.95397)
    assert row["country"] == {"slug": "ma", "name": {"fr": "Maroc", "ar": "المغرب", "en": "Morocco"}}
    assert row["website"] is None
    assert row["public_from"] < row["changed_at"]


def test_what_is_for_the_staff_is_nowhere(answer):
    assert "Jamais" not in json.dumps(answer())
    assert not {"id", "uuid", "note", "editors", "search_text", "withdrawn_at", "binned_at"} & set(answer())


def test_a_figure_has_its_year_and_source_and_the_name_of_its_indicator(city, answer):
    indicator = Indicator.objects.create(slug="people", name_fr="Population", unit_fr="habitants")
    factories.make_figure(city, label_fr="", indicator=indicator, value=114_872)
    factories.make_figure(city, label_fr="Taux", value="12.50", year=2014, source_url="https://example.org/")
    rows = {figure["value"]: figure for figure in answer()["figures"]}
    assert rows[114_872]["indicator"]["slug"] == "people"
    assert rows[114_872]["name"]["fr"] == "Population"
    assert rows[114_872]["unit"]["fr"] == "habitants"
    assert rows[12.5]["name"]["fr"] == "Taux"
    assert (rows[12.5]["year"], rows[12.5]["source"]["fr"]) == (2014, "HCP")
    assert rows[12.5]["source_url"] == "https://example.org/"


def test_recognitions_follow_each_other_as_on_the_page(city, answer):
    city.recognitions.create(kind="member", date="2020", title_fr="Membre", source_fr="Article")
    city.recognitions.create(kind="announced", date="2020-09", title_fr="Annonce", source_fr="Article")
    assert [(row["date"], row["source"]["fr"]) for row in answer()["recognitions"]] == [
        ("2020-09", "Article"),
        ("2020", "Article"),
    ]


def test_axes_name_their_goals(city, answer):
    city.axes.create(title_fr="Climat").sdgs.set(SDG.objects.filter(number=13))
    (axis,) = answer()["axes"]
    assert axis["title"]["fr"] == "Climat"
    assert [goal["slug"] for goal in axis["sdgs"]] == ["13"]


def test_public_places_are_there_and_others_are_not(city, answer):
    factories.make_place(city, slug="um6p", capacity=200, year=2024, source_fr="UM6P")
    factories.make_place(city, slug="secret", public=False)
    assert [place["slug"] for place in answer()["places"]] == ["um6p"]
    place = answer("places/um6p")
    assert (place["capacity"], place["year"], place["source"]["fr"]) == (200, 2024, "UM6P")
    assert place["city"]["slug"] == "benguerir"
    assert place["url"]["fr"].endswith("/fr/villes/benguerir/#place-um6p")


def test_a_photo_comes_with_its_credit_and_licence_and_only_while_it_is_public(city, answer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, credit="A. Photographe", licence="CC BY 4.0")
    city.cover = photo
    city.save()
    city.gallery.create(photo=photo)
    for row in (answer()["cover"], *answer()["gallery"]):
        assert row["file"].startswith("http://testserver/media/")
        assert row["alternative"]["fr"] == "Une cour d’école"
        assert (row["credit"], row["licence"]) == ("A. Photographe", "CC BY 4.0")
        assert (row["width"], row["height"]) == (60, 40)
    photo.withdraw()
    assert answer()["cover"] is None
    assert answer()["gallery"] == []
    assert answer("cities")["results"][0]["cover"] is None


def test_a_full_row_costs_no_more_than_its_page(city, client, django_assert_max_num_queries):
    for number in range(4):
        factories.make_place(city, slug=f"place-{number}")
        city.axes.create(title_fr=f"Axe {number}").sdgs.set(SDG.objects.all()[:3])
    with django_assert_max_num_queries(12):
        client.get("/api/v1/cities/benguerir/")
