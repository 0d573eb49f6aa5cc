"""What an answer of the API costs: the same however many rows there are."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from cities.models import SDG
from initiatives.models import Audience, KeyFeature, Theme
from tests import factories
from tests.conftest import thorough

CITIES, INITIATIVES = "/api/v1/cities/", "/api/v1/initiatives/"
QUERIES = [
    {},
    {"theme": "equity-and-inclusion", "year": "2020", "q": "ecole"},
    {"country": "ma", "sdg": "1", "lang": "ar"},
]


@thorough
@pytest.mark.parametrize(
    ("path", "query"),
    [
        *product([CITIES, INITIATIVES], QUERIES),
        *product(["/api/v1/places/"], [{}, {"lang": "ar"}]),  # which no parameter filters
    ],
)
def test_a_list_costs_the_same_with_three_rows_and_with_sixty(db, client, path, query, django_assert_num_queries):
    terms = {"themes": Theme.objects.all()[:3], "sdgs": SDG.objects.all()[:3]}
    address = f"{path}?{urlencode(query)}&page_size=100"
    for number in range(3):
        city = factories.make_city(slug=f"c-{number}", also_known_as="École")
        factories.make_place(city, slug=f"p-{number}")
        factories.make_many(city, [number], start="2019", **terms)
    client.get(address)  # what is cached for this version of the content is made once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).json()["count"] == 3
    few = len(captured)
    factories.make_many(city, range(3, 60), start="2019", **terms)
    factories.make_many_cities(range(1000, 1060))
    for number in range(30):
        factories.make_place(city, slug=f"q-{number}")
    client.get(address)
    with django_assert_num_queries(few):
        assert client.get(address).json()["count"] >= 3
    assert 0 < few <= 12


def test_no_question_costs_more_than_twelve_queries(db, client, django_assert_max_num_queries):
    query = "theme=literacy&sdg=4&audience=women&key_feature=culture-of-learning&country=ma&status=planned&year=2020"
    factories.make_initiative()
    assert Audience.objects.filter(slug="women").exists()
    assert KeyFeature.objects.filter(slug="culture-of-learning").exists()
    client.get(f"{INITIATIVES}?{query}&q=ecole")  # what is cached for this version of the content is made once
    with django_assert_max_num_queries(12):
        assert client.get(f"{INITIATIVES}?{query}&q=ecole").status_code == 200
