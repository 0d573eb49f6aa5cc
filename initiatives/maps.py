"""The initiatives of a list on its map: a star for each city that has some."""

from itertools import islice

from django.urls import reverse
from django.utils.translation import get_language, ngettext

from cities.maps import cities_for_map, city_place, map_of_cities
from learningcities.listing.map.places import Link
from learningcities.text.translation import columns

from .models import Initiative

#: Up to so many cities, and for the one that the map is zoomed to, the first initiatives are named,
#: as far as they are among the first of the list.
CITIES, NAMED, FIRST = 12, 3, 500


def map_of_initiatives(filterset):
    """The cities with most of them first; the initiatives in the list's own order."""
    counts = filterset.shares("city")
    cities = cities_for_map().filter(slug__in=counts).order_by(f"sort_{get_language()}", "id")
    cities = sorted(cities, key=lambda city: -counts[city.slug])
    named = {city.pk for city in cities if len(cities) <= CITIES or city.slug == filterset.at_slug}
    links = first_of_each(filterset, named) if named else {}
    places = [
        city_place(
            city,
            number=counts[city.slug],
            links=links.get(city.pk, []),
            more=all_of(filterset, city.slug, counts[city.slug]),
        )
        for city in cities
    ]
    return map_of_cities(places, filterset.at_slug)


def first_of_each(filterset, cities):
    """A few links for each of these cities: {key: [Link, ...]}."""
    links = {city: [] for city in cities}
    light = Initiative.objects.published().only("slug", "city", *columns("title"))
    for initiative in islice(filterset.answer.through(light, FIRST), FIRST):
        of_city = links.get(initiative.city_id, [])
        if len(of_city) < NAMED:
            of_city.append(Link(initiative.get_absolute_url(), initiative.title))
    return links


def all_of(filterset, slug, number):
    """The link to the list of one city's initiatives."""
    sentence = ngettext("%(number)s initiative", "All %(number)s initiatives", number)
    return Link(f"{reverse('initiatives:list')}?{filterset.in_city(slug)}", sentence % {"number": number})
