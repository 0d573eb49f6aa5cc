"""What a search asks of the database: the same for three rows and for three hundred."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db
QUESTIONS = ["ecole", "ecole ville", "écolle", "ecolle vilel zzzzzz", "أكادير", "ecole " * 12, "école primaire"]


def addresses(words):
    query = urlencode({"q": words})
    with override("fr"):
        return [
            f"{reverse('search')}?{query}",
            f"{reverse('search')}?{query}&kind=initiative&page=2",
            f"{reverse('proposals')}?{query}",
            f"/fr/initiatives/?{query}",
            f"/fr/villes/?{query}",
        ]


def queries(client, address):
    client.get(address)  # what is cached for this version of the content is made once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@thorough
@pytest.mark.parametrize("words", QUESTIONS)
def test_a_search_costs_the_same_with_three_rows_and_with_sixty(db, client, words):
    Synonym.objects.create(words="école, school, مدرسة")
    city = factories.make_city(slug="agadir", name_fr="Agadir", summary_fr="École en ville")
    factories.make_many(city, range(3))
    factories.make_many_cities(range(3))
    for number in range(3):
        factories.make_place(city, f"place-{number}", name_fr="École")
        factories.make_page(f"page-{number}", title_fr="École")
    few = [queries(client, address) for address in addresses(words)]
    factories.make_many(city, range(3, 60))
    factories.make_many_cities(range(3, 60))
    many = [queries(client, address) for address in addresses(words)]
    assert many == few
    assert max(many) <= 12
