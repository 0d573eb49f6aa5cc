"""The list of cities: a question about initiatives means "has a published one with it"."""

import pytest

from cities.models import SDG
from initiatives.models import Theme
from tests import factories
from tests.conftest import thorough

LIST = "/en/cities/"


def found(client, **parameters):
    response = client.get(LIST, parameters)
    assert not response.context["filter"].complaints
    return [city.slug for city in response.context["page"]]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cities(module_db):
    literacy, health = Theme.objects.get(slug="literacy"), Theme.objects.get(slug="health-and-well-being")
    goal = SDG.objects.get(number=5)
    one = factories.make_city(slug="one", name_fr="Émeraude", name_en="Zenith", name_ar="زمرد")
    two = factories.make_city(slug="two", name_fr="Azur", name_en="Azure", name_ar="لازورد")
    factories.make_city(slug="three", name_fr="Laâyoune", name_ar="العيون", also_known_as="El Aaiún")
    factories.make_initiative(one, slug="both", themes=[literacy], sdgs=[goal], start="2019", end="2020")
    factories.make_initiative(two, slug="reading", themes=[literacy], status="planned")
    factories.make_initiative(two, slug="equality", themes=[health], sdgs=[goal])
    factories.make_initiative(two, slug="draft", themes=[literacy], sdgs=[goal], public=False)


@thorough
def test_a_city_answers_for_its_published_initiatives(cities, client):
    assert set(found(client, theme="literacy")) == {"one", "two"}
    assert found(client, status="planned") == ["two"]
    assert found(client, year="2019") == ["one"]
    assert found(client, theme="health-and-well-being") == ["two"]


def test_all_that_is_asked_must_hold_for_one_initiative(cities, client):
    assert found(client, theme="literacy", sdg="5") == ["one"]


def test_a_city_leaves_the_answer_when_its_initiative_does(cities, client):
    from initiatives.models import Initiative

    Initiative.objects.get(slug="both").withdraw()
    assert found(client, theme="literacy") == ["two"]


def test_a_question_about_one_city_leaves_the_others_to_the_next_visitor(cities, client):
    assert [found(client, city=slug) for slug in ("one", "two")] == [["one"], ["two"]]
    assert set(found(client)) == {"one", "two", "three"}


def test_cities_without_initiatives_are_listed_and_offered(cities, client):
    response = client.get(LIST)
    assert len(response.context["page"].object_list) == 3
    assert "three" in [option.row.slug for option in response.context["filter"].filters["city"].options]


@pytest.mark.parametrize("query", ["laayoune", "LAÂYOUNE", "العيون", "aaiun"])
def test_a_city_is_found_in_any_spelling(cities, client, query):
    assert found(client, q=query) == ["three"]


@pytest.mark.parametrize(
    ("path", "order"),
    [("/fr/villes/", ["two", "one", "three"]), ("/en/cities/", ["two", "three", "one"])],
)
def test_cities_stand_in_the_order_of_the_readers_alphabet(cities, client, path, order):
    assert [city.slug for city in client.get(path).context["page"]] == order


def test_the_newest_may_come_first(cities, client):
    assert found(client, sort="recent") == ["three", "two", "one"]
