"""Lists, orders and counts against an oracle in plain Python, for random content and random questions."""

import json
import os
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import PurePosixPath
from unittest import mock

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given, note, settings
from hypothesis import strategies as st

from cities.filters import CityFilter
from cities.models import City, Country, Region
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative
from learningcities.facets.facet_index import Order
from learningcities.publishing.version import content_version
from learningcities.text.translation import LANGUAGES
from tests import factories, oracle, worlds
from tests.conftest import THOROUGH
from tests.oracle import offered

#: Random worlds, each with a few questions of both lists; a longer run is asked for by the environment.
EXAMPLES = int(os.environ.get("FACET_EXAMPLES", 25 if THOROUGH else 12))
IS_LONG = EXAMPLES > 60
NOW = timezone.now()
#: The lists by name: the filters, the orders that can be asked for, and what the oracle finds.
LISTS = {
    "initiatives": (InitiativeFilter, Initiative, ("recent", "title", "city"), lambda world: world.found_initiatives),
    "cities": (CityFilter, City, ("name", "recent"), lambda world: world.found_cities),
}
#: What a row without a name is sorted by.
UNNAMED = dict.fromkeys(LANGUAGES, "")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def territory(module_db):
    for slug, code in worlds.REGIONS.items():
        country = factories.make_country(code, name_fr=code, name_ar=code, name_en=code)
        factories.make_region(slug, country=country, name_fr=slug, name_ar=slug, name_en=slug)
    content_version.ContentVersion.lock_writes()


@st.composite
def cases(draw, name):
    """A world, and a few questions about it."""
    world = draw(worlds.worlds())
    return world, draw(st.lists(worlds.questions(world, LISTS[name][2]), min_size=4, max_size=9))


class Case:
    """A list and a question, beside what the oracle finds."""

    def __init__(self, name, world, question):
        self.name, self.world, self.question = name, world, question
        filterset_class, self.model, _sorts, found = LISTS[name]
        self.found = found(world)
        self.filterset = filterset_class(QueryDict(query(question)), self.model.objects.published())
        known = {name: [v for v in values if world.knows(name, v)] for name, values in question.values.items()}
        self.refused = {name for name, values in known.items() if values != question.values[name]}
        self.valid = type(question)(question.language, known, question.words, question.sort)
        self.expected = [row.key for row in self.found(self.valid)]


def query(question):
    parameters = QueryDict(mutable=True)
    for name, values in question.values.items():
        parameters.setlist(name, values)
    parameters["q"], parameters["sort"] = " ".join(question.words).title(), question.sort
    return parameters.urlencode()


def ask(name, world, questions, check):
    """Ask each question in its language at the hour of the world, which is undone afterwards."""
    later = NOW + timedelta(hours=world.hour)
    with transaction.atomic():
        with mock.patch.object(content_version, "moment", return_value=NOW):
            worlds.write(world, NOW)
        with mock.patch.object(content_version, "moment", return_value=later):
            for question in questions:
                with override(question.language):
                    content_version.one_version(lambda _, question=question: check(Case(name, world, question)))(None)
        transaction.set_rollback(True)


def check_rows_and_counts(case):
    check_rows(case)
    check_counts(case)


def check_rows(case):
    filterset, expected = case.filterset, case.expected
    assert set(filterset.errors) == case.refused
    assert len(filterset.answer) == len(expected)
    assert [row.pk for row in filterset.answer[:]] == expected
    for start, stop in combinations(range(len(expected) + 2), 2):
        assert filterset.answer.keys(start, stop) == expected[start:stop]
    assert [row.pk for row in filterset.answer.through(case.model.objects.all(), size=4)] == expected


def check_counts(case):
    filterset, rows = case.filterset, case.found(case.valid)
    for name, choices in names_of_choices(case).items():
        shown = [(option.row.slug, option.count) for option in filterset.filters[name].options]
        assert shown == offered(case.found, case.valid, name, choices), name
        assert [option.row.slug for option in filterset.filters[name].options if option.is_chosen] == [
            slug for slug, _count in shown if slug in case.valid.values.get(name, [])
        ]
        shares = {slug: sum(case.world.has(row, name, slug, case.valid) for row in rows) for slug in choices}
        assert filterset.shares(name) == {slug: number for slug, number in shares.items() if number}, name


def names_of_choices(case):
    """All that could be chosen: {parameter: {value: name in the reader's language}}."""
    years = [*case.world.years(NOW.year), *case.valid.values.get("year", [])]
    return names_of_terms(case.question.language) | {
        "city": {city.slug: city.slug for city in case.world.cities},
        "year": dict.fromkeys(years),
    }


@cache
def names_of_terms(language):
    choices = {
        "country": {row.code: row.name for row in Country.objects.all()},
        "region": {row.slug: row.name for row in Region.objects.all()},
        "status": {value: str(label) for value, label in Initiative.Status.choices},
    }
    for name, (field, _terms) in worlds.TERMS.items():
        vocabulary = Initiative._meta.get_field(field).related_model
        choices[name] = {row.slug: row.name for row in vocabulary.objects.all()}
    return choices


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch):
    """So that a few rows already lie in several blocks."""
    monkeypatch.setattr(Order, "BLOCK", 3)


def check_pages(case):
    """What visitors and programs get: the page, the API and the file."""
    client, query, expected = Client(), case.filterset.query_string, case.expected
    path = translate_url(reverse(f"{case.name}:list"), case.question.language)
    page = client.get(f"{path}?{query}&page=2").context["page"]
    first = 12 if len(expected) > 12 else 0
    assert (page.paginator.count, [row.pk for row in page]) == (len(expected), expected[first : first + 12])
    slugs = [row.slug for row in case.found(case.valid)]
    api = client.get(f"{reverse(f'api:{case.name}-list')}?{query}&lang={case.question.language}&page_size=100").json()
    assert (api["count"], [row["slug"] for row in api["results"]]) == (len(slugs), slugs)
    file = json.loads(client.get(f"{path}?{query}&format=json").getvalue())
    assert (file["count"], [PurePosixPath(row["url"]).name for row in file["results"]]) == (len(slugs), slugs)


def for_random_content(name, check, examples, record_property):
    numbers = []

    @settings(max_examples=examples, deadline=None, database=None, derandomize=not IS_LONG)
    @given(cases(name))
    def holds(case):
        note(str(case))
        numbers.append(len(case[1]))
        ask(name, *case, check)

    holds()
    record_property(f"{check.__name__}, {name}", f"{sum(numbers)} random questions in {len(numbers)} random networks")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("check", "share"), [(check_rows_and_counts, 1), (check_pages, 0.1)])
def test_a_list_is_what_the_oracle_says(name, check, share, record_property):
    for_random_content(name, check, int(EXAMPLES * share), record_property)


def test_of_two_words_one_in_the_title_weighs_more_than_none():
    city = oracle.City(7, "city-7", "north", "ma", oracle.Dates(), UNNAMED, ((), (), ()))
    own = (city, oracle.Dates(), "planned", "", "", dict.fromkeys(worlds.TERMS, ()), UNNAMED)
    texts = {1: (("rimon",), (), ("kafila",)), 2: ((), ("rimon",), ("kafila",)), 3: ((), ("rimon", "kafila"), ())}
    rows = tuple(oracle.Initiative(key, f"initiative-{key}", *own, words) for key, words in texts.items())
    world, question = oracle.World(0, (city,), rows), oracle.Question(words=("rimon", "kafil"))
    assert [row.key for row in world.found_initiatives(question)] == [3, 1, 2]
    ask("initiatives", world, [question], check_rows)
