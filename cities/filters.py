"""The questions of the list of cities; the one about places serves other lists too."""

from functools import reduce
from itertools import compress
from operator import and_

from django.utils.translation import gettext_lazy as _
from pyroaring import FrozenBitMap

from learningcities.facets.facet_index import facet_index
from learningcities.listing.filter_types import RowChoices, Sort, Words
from learningcities.listing.filters import Group
from learningcities.listing.map.filter import MapFilter
from learningcities.publishing.version.version_cache import cached
from learningcities.web.page_urls import encoded

from .models import City


class PlaceChoices(RowChoices):
    """Countries, regions or cities; a country or region has what its cities have."""

    @property
    def terms(self):
        return cached("places", places)[self.name]


def places(moment):
    """The published cities, their regions and countries, by slug."""
    cities = list(City.objects.published(moment).select_related("region__country"))
    return {
        "country": {city.region.country.slug: city.region.country for city in cities},
        "region": {city.region.slug: city.region for city in cities},
        "city": {city.slug: city for city in cities},
    }


class PlaceFilter(MapFilter):
    """Where: country, region and city are one question, since a region includes its cities."""

    place_group = Group(_("Place"), ("country", "region", "city"), broad=True)
    groups = (place_group,)

    @property
    def landmarks(self):
        return cached("places", places)["city"]

    def in_city(self, slug):
        """The query string of the list that asks the same of one city only."""
        return encoded([*self.without(*self.place_group.names, "view", "at"), ("city", slug)])


class CityFilter(PlaceFilter):
    """What can be asked of a city itself, and of the rows that belong to it (see `ask_of`)."""

    q = Words(label=_("Words"))
    country = PlaceChoices("region__country", label=_("Country"))
    region = PlaceChoices("region", label=_("Region"))
    city = PlaceChoices("id", label=_("City"))
    sort = Sort(
        {"name": (_("by name"), ("sort_{}", "id")), "recent": (_("newest first"), ("-public_from", "-id"))},
        label=_("Order"),
    )

    #: The model of the rows that belong to cities and are asked about.
    owned = None

    @classmethod
    def ask_of(cls, model, filterset):
        """Let the list ask of the rows of a model what their own list asks of them, but for the place.

        All that is asked must hold for one and the same published row of a city.
        """
        groups = [group for group in filterset.groups if group != cls.place_group]
        filters = {name: filterset.base_filters[name] for group in groups for name in group.names}
        cls.owned, cls.groups = model, (*cls.groups, *groups)
        cls.base_filters = PlaceFilter.base_filters | filters | cls.base_filters

    def matching(self, without=None):
        cities = self.with_words
        if without != self.place_group and self.place_group in self.chosen_sets:
            cities &= self.chosen_sets[self.place_group]
        rows = self.owned_rows(without)
        return cities if rows is None else self.owners(rows, cities)

    def owned_rows(self, without=None):
        """The rows for which all holds that is asked of them, but perhaps one group; None if nothing is."""
        used = [keys for group, keys in self.chosen_sets.items() if group not in (without, self.place_group)]
        return reduce(and_, used) if used else None

    def numbers(self, choices, without=None):
        """A value that is asked of rows is had by the cities that have one with it and with all else."""
        if choices.name in self.place_group.names:
            return super().numbers(choices, without)
        cities, rows = self.matching(without), self.owned_rows(without)
        if rows is None:
            return {
                slug: len(cities & self.all_owners(choices.name, slug, keys)) for slug, keys in choices.sets.items()
            }
        own = [keys & rows for keys in self.of_each(cities)]
        return {slug: sum(map(keys.intersect, own)) for slug, keys in choices.sets.items()}

    def of_each(self, cities):
        """The published rows of each of some cities."""
        return map(facet_index(self.owned).having("city").__getitem__, cities)

    def owners(self, rows, cities):
        """Of some cities, those that have one of some rows."""
        return FrozenBitMap(compress(cities, map(rows.intersect, self.of_each(cities))))

    def all_owners(self, name, slug, rows):
        return cached(("owners", name, slug), lambda moment: self.owners(rows, self.facet_index.all))
