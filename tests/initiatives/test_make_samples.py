"""Invented content for trials: new cities with initiatives, or initiatives of the cities that are there."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from cities.models import City
from initiatives.models import Initiative
from tests import factories


def make_samples(**options):
    call_command("make_samples", verbosity=0, **options)


def test_without_new_cities_those_that_are_public_get_the_initiatives(city):
    factories.make_city("hidden", public=False)
    make_samples(cities=0, initiatives=3)
    assert City.objects.count() == 2
    assert {one.city for one in Initiative.objects.published()} == {city}
    assert Initiative.objects.count() == 3


def test_new_cities_get_the_initiatives_when_there_are_some(city):
    make_samples(cities=2, initiatives=3)
    assert City.objects.count() == 3
    assert not city.initiatives.exists()


def test_sixty_new_cities_wear_all_colours_alike_and_the_least_used_first(city):
    factories.make_city("other", colour="olive")
    make_samples(cities=60, initiatives=0)
    made = Counter(City.objects.filter(slug__startswith="sample").values_list("colour", flat=True))
    assert made == dict.fromkeys(City.Colour.values, 6)
    make_samples(cities=1, initiatives=0, seed=2)
    assert City.objects.get(slug="sample-2-0").colour not in (city.colour, "olive")


def test_nothing_at_all_is_no_mistake(db):
    make_samples(cities=0, initiatives=0)
    assert not City.objects.exists()


def test_initiatives_without_any_city_are_refused_with_a_sentence(db):
    with pytest.raises(CommandError, match="--cities"):
        make_samples(cities=0, initiatives=1)


def test_the_same_seed_twice_is_refused_with_a_sentence_and_another_one_adds(city):
    make_samples(cities=0, initiatives=2)
    with pytest.raises(CommandError, match="--seed"):
        make_samples(cities=0, initiatives=2)
    make_samples(cities=0, initiatives=2, seed=2)
    assert Initiative.objects.count() == 4


@pytest.mark.parametrize("option", ["--cities=-1", "--initiatives=-3", "--cities=many"])
def test_a_number_of_rows_is_0_or_more(db, option):
    with pytest.raises(CommandError):
        call_command("make_samples", option)
