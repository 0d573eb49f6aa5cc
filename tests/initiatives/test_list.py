"""The list of initiatives: what each parameter means."""

import pytest

from cities.models import SDG, City
from initiatives.models import Audience, KeyFeature, Theme
from tests import factories

LIST = "/fr/initiatives/"


def found(client, **parameters):
    response = client.get(parameters.pop("path", LIST), parameters)
    assert not response.context["filter"].complaints
    return {initiative.slug for initiative in response.context["page"]}


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def three(module_db):
    """Two initiatives of the north, one of the south in another country."""
    north = factories.make_region(slug="north")
    south = factories.make_region(slug="south", country=factories.make_country(code="sn", name_fr="Sénégal"))
    azure = factories.make_city(slug="azure", name_fr="Chefchaouen", name_ar="شفشاون", region=north)
    brick = factories.make_city(slug="brick", name_fr="Dakar", region=south)
    terms = {
        "library": (azure, ["literacy"], [4], ["children"], ["families-and-communities"], "completed", "2012", "2014"),
        "garden": (azure, ["sustainable-development", "literacy"], [11, 13], ["everyone"], [], "under-way", "2020", ""),
        "craft": (brick, ["entrepreneurship"], [4, 8], ["women"], ["workplace-learning"], "planned", "", ""),
    }
    for slug, (city, themes, sdgs, audiences, features, status, start, end) in terms.items():
        factories.make_initiative(
            city,
            slug=slug,
            title_fr={"library": "Une bibliothèque", "garden": "Le jardin d’eau", "craft": "L’artisanat"}[slug],
            status=status,
            start=start,
            end=end,
            themes=Theme.objects.filter(slug__in=themes),
            sdgs=SDG.objects.filter(number__in=sdgs),
            audiences=Audience.objects.filter(slug__in=audiences),
            key_features=KeyFeature.objects.filter(slug__in=features),
        )


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"library", "garden", "craft"}),
        ({"theme": "literacy"}, {"library", "garden"}),
        ({"theme": ["literacy", "entrepreneurship"]}, {"library", "garden", "craft"}),
        ({"theme": "literacy", "sdg": "13"}, {"garden"}),
        ({"sdg": ["4", "13"]}, {"library", "garden", "craft"}),
        ({"sdg": "4", "audience": "women"}, {"craft"}),
        ({"key_feature": "families-and-communities"}, {"library"}),
        ({"status": "completed"}, {"library"}),
        ({"status": ["completed", "planned"]}, {"library", "craft"}),
        ({"country": "ma"}, {"library", "garden"}),
        ({"region": "south"}, {"craft"}),
        ({"region": "north", "city": "brick"}, {"library", "garden", "craft"}),
        ({"country": "sn", "theme": "literacy"}, set()),
        ({"year": "2013"}, {"library"}),
        ({"year": "2015"}, set()),
        ({"year": "2026"}, {"garden"}),
        ({"year": ["2012", "2021"]}, {"library", "garden"}),
        ({"q": "BIBLIOTHEQUE"}, {"library"}),
        ({"q": "شفشاون"}, {"library", "garden"}),
        ({"q": "eau"}, {"garden"}),
        ({"q": "artisanat"}, {"craft"}),
        ({"q": "jardin chefchaouen"}, {"garden"}),
    ],
)
def test_values_of_a_group_mean_or_and_groups_mean_and(three, client, parameters, expected):
    assert found(client, **parameters) == expected


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("recent", ["craft", "garden", "library"]),
        ("title", ["craft", "garden", "library"]),
        ("city", ["garden", "library", "craft"]),
    ],
)
def test_the_visitor_chooses_the_order(three, client, sort, order):
    response = client.get(LIST, {"sort": sort})
    assert [initiative.slug for initiative in response.context["page"]] == order


def test_what_is_not_public_is_neither_listed_nor_offered(three, client):
    hidden = factories.make_city(slug="hidden", name_fr="Cachée", public=False)
    factories.make_initiative(hidden, slug="in-hidden-city", themes=Theme.objects.filter(slug="global-citizenship"))
    factories.make_initiative(
        factories.make_city(slug="empty", name_fr="Vide"),
        slug="draft",
        public=False,
        audiences=Audience.objects.filter(slug="migrants"),
    )
    response = client.get(LIST)
    filters = response.context["filter"].filters
    assert {initiative.slug for initiative in response.context["page"]} == {"library", "garden", "craft"}
    assert "global-citizenship" not in [option.row.slug for option in filters["theme"].options]
    assert "migrants" not in [option.row.slug for option in filters["audience"].options]
    assert [option.row.slug for option in filters["city"].options] == ["azure", "brick"]
    assert "Cachée" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/fr/initiatives/", "en place · 2013"),
        ("/ar/initiatives/", "قائمة · 2013"),
        ("/fr/villes/azure/", "en place · 2013"),
    ],
)
def test_a_list_says_each_status_with_its_year_and_once_what_the_year_means(three, client, path, label):
    city = City.objects.get(slug="azure")
    factories.make_initiative(city, slug="diet", status="established", status_on="2013-12-04")
    page = client.get(path).content.decode()
    assert label in page
    assert page.count("· 20") > 1
    assert page.count('class="status-key"') == 1


def test_years_stand_from_the_newest_and_goals_by_their_number_wherever_most_initiatives_are(three, client):
    city = City.objects.get(slug="azure")
    for number in range(3):
        goals = SDG.objects.filter(number=13)
        factories.make_initiative(city, slug=f"old-{number}", start="2001", end="2001", sdgs=goals)
    for path in (LIST, "/fr/villes/", "/ar/initiatives/"):
        filters = client.get(path).context["filter"].filters
        goals = [int(option.row.slug) for option in filters["sdg"].options]
        years = [int(option.row.slug) for option in filters["year"].options]
        assert goals == sorted(goals)
        assert years == sorted(years, reverse=True)
        assert {13, 4} < set(goals)
        assert 2001 in years
    counts = [option.count for option in client.get(LIST).context["filter"].filters["theme"].options]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(("goals", "is_offered"), [(12, False), (13, True)])
def test_a_field_narrows_more_than_twelve_choices_and_no_fewer(three, client, goals, is_offered):
    factories.make_initiative(
        City.objects.get(slug="azure"), sdgs=SDG.objects.filter(number__in=[13, *range(1, goals)])
    )
    response = client.get(LIST)
    assert len(response.context["filter"].filters["sdg"].options) == goals
    assert ('id="narrow-sdg"' in response.content.decode()) is is_offered


def test_a_hidden_city_is_not_betrayed_by_its_slug(three, client):
    factories.make_city(slug="hidden", name_fr="Cachée", public=False)
    response = client.get(LIST, {"city": "hidden"})
    assert response.context["filter"].complaints
    assert "Cachée" not in response.content.decode()
