"""A slug that was renamed goes on working wherever an address says it, as the page's own address does."""

import pytest

from cities.models import Region
from initiatives.models import Initiative, Theme
from tests import factories
from tests.conftest import thorough
from tests.readers import READERS, body

pytestmark = pytest.mark.django_db
INITIATIVES = "/fr/initiatives/"


@pytest.fixture
def content():
    city = factories.make_city(slug="tinghir", name_fr="Tinghir", latitude="31.5", longitude="-5.5")
    other = factories.make_city(slug="azrou", name_fr="Azrou")
    theme = Theme.objects.get(slug="literacy")
    days = {"start": "2020-02-03", "end": "2020-02-04"}  # a calendar has nothing else
    factories.make_initiative(city, slug="lire", title_fr="Lire", themes=[theme], **days)
    factories.make_initiative(other, slug="compter", title_fr="Compter", start="2020")
    for row, slug in ((city, "tinerhir"), (theme, "reading"), (Region.objects.get(pk=city.region_id), "draa")):
        row.slug = slug
        row.save()


@thorough
@pytest.mark.parametrize("asked", ["city=tinghir", "theme=literacy", "city=tinghir&theme=literacy&theme=reading"])
def test_a_list_its_map_its_files_and_the_api_understand_an_old_slug(content, client, asked):
    page = client.get(f"{INITIATIVES}?{asked}")
    assert [row.slug for row in page.context["page"]] == ["lire"]
    assert not page.context["filter"].complaints
    assert "tinghir" not in page["HX-Push-Url"]
    assert "literacy" not in page["HX-Push-Url"]
    for name, read in READERS.items():
        taken = client.get(f"{INITIATIVES}?{asked}&format={name}")
        assert read(body(taken)) == [f"http://testserver{INITIATIVES}lire/"]
    assert client.get(f"/api/v1/initiatives/?{asked}").json()["count"] == 1
    assert [row.slug for row in client.get(f"/fr/villes/?{asked}").context["page"]] == ["tinerhir"]


@thorough
def test_so_does_a_region_and_the_zoom_of_a_map(content, client):
    found = client.get(f"{INITIATIVES}?region=a-region").context["page"]
    assert {row.slug for row in found} == {row.slug for row in Initiative.objects.filter(city__region__slug="draa")}
    assert client.get("/fr/villes/?view=map&at=tinghir").context["filter"].at_slug == "tinerhir"


def test_a_slug_that_never_was_public_is_refused_and_one_that_is_there_means_what_has_it_now(content, client):
    assert client.get(f"{INITIATIVES}?city=nowhere&format=json").status_code == 400
    assert client.get(f"{INITIATIVES}?city=nowhere").context["filter"].complaints
    new = Theme(slug="literacy", name_fr="Une autre")
    new.save()
    assert not client.get(f"{INITIATIVES}?theme=literacy").context["page"].object_list


def test_a_city_that_is_not_public_any_more_is_not_found_by_its_old_slug(content, client):
    Initiative.objects.get(slug="lire").city.withdraw()
    assert client.get(f"{INITIATIVES}?city=tinghir&format=json").status_code == 400


def test_an_old_slug_costs_one_question_for_all_visits(content, client, django_assert_max_num_queries):
    client.get(f"{INITIATIVES}?city=tinerhir")
    client.get(f"{INITIATIVES}?city=azrou")
    with django_assert_max_num_queries(4):
        client.get(f"{INITIATIVES}?city=tinghir&q=")
