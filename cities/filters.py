"""The questions of the list of cities; those about places and about initiatives serve the other list too."""

from functools import reduce
from itertools import compress
from operator import and_, or_
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from pyroaring import FrozenBitMap

from learningcities.facets.index import NOTHING, FacetSets, facet_index
from learningcities.listing.filter_types import Choices, RowChoices, Sort, Words
from learningcities.listing.filters import Group
from learningcities.listing.map.filter import MapFilter
from learningcities.publishing.version.cache import cached
from learningcities.publishing.version.content_version import moment
from learningcities.search.indexed import end_of
from learningcities.web.page_urls import encoded

from .models import City

#: A city reaches its initiatives by the relation; this app doesn't know the other.
Initiative = City._meta.get_field("initiatives").related_model


class Choice(NamedTuple):
    """Shaped like the row of a vocabulary, where there is none: a status, a year, rows from several tables."""

    slug: str
    name: str
    colour: str = ""


class PlaceChoices(RowChoices):
    """Countries, regions or cities; a country or region has what its cities have."""

    @property
    def terms(self):
        return cached("places", places)[self.name]

    @property
    def sets(self):
        return cached(("places", self.parent.queryset.model, self.name), lambda moment: self.build())

    def build(self):
        of_city, sets = self.parent.of_cities(), FacetSets()
        for city in cached("places", places)["city"].values():
            place = {"country": city.region.country, "region": city.region, "city": city}[self.name]
            sets[place.slug] |= of_city[city.pk]
        return sets


def places(moment):
    """The published cities, their regions and countries, by slug."""
    cities = list(City.objects.published(moment).select_related("region__country"))
    return {
        "country": {city.region.country.slug: city.region.country for city in cities},
        "region": {city.region.slug: city.region for city in cities},
        "city": {city.slug: city for city in cities},
    }


class Terms(RowChoices):
    """The rows of a vocabulary, by the slug or number that addresses say."""

    @property
    def vocabulary(self):
        return self.field_name.split("__")[0]

    @property
    def terms(self):
        model = end_of(Initiative, self.vocabulary)
        return cached(("terms", model), lambda moment: {row.slug: row for row in model.objects.all()})

    @property
    def sets(self):
        having = facet_index(Initiative).having(self.vocabulary)
        return {slug: having[row.pk] for slug, row in self.terms.items()}


class Statuses(Choices):
    terms = {value: Choice(value, label) for value, label in Initiative.Status.choices}

    @property
    def sets(self):
        having = facet_index(Initiative).having("status")
        return {status: having[status] for status in self.terms}


class Years(Choices):
    """The years that initiatives touch, of two that lead equally far the newer first; any year may be asked for."""

    indexed = False

    @property
    def spans(self):
        return cached("spans", lambda moment: Spans(facet_index(Initiative)))

    @cached_property
    def terms(self):
        last = max(self.spans.last, timezone.localtime(moment()).year)
        years = {*range(self.spans.first, last + 1), *map(int, self.chosen)}
        return {str(year): Choice(str(year), str(year)) for year in sorted(years, reverse=True)}

    @property
    def sets(self):
        return {year: self.spans.during(int(year)) for year in self.terms}

    @property
    def in_order(self):
        return list(self.terms)

    def knows(self, value):
        return len(value) == 4 and value.isascii() and value.isdigit() and 1900 <= int(value) <= 2200

    def rows(self, model, values):
        return reduce(or_, [model._default_manager.during(value) for value in values])


class Spans:
    """Which initiatives touch which year: begun by its end, and not over before it."""

    def __init__(self, known):
        starts, ends = known.having("start"), known.having("end")
        years = [int(date[:4]) for date in (*starts, *ends)]
        self.first, self.last = (min(years), max(years)) if years else (9999, 0)
        begun, over, self.touching = NOTHING, NOTHING, {}
        for year in range(self.first, self.last + 1):
            begun = reduce(or_, (keys for date, keys in starts.items() if date[:4] == str(year)), begun)
            self.touching[year] = begun - over
            over = reduce(or_, (keys for date, keys in ends.items() if date[:4] == str(year)), over)
        self.going_on = begun - over

    def during(self, year):
        return self.going_on if year > self.last else self.touching.get(year, NOTHING)


class InitiativeQuestions(MapFilter):
    """What can be asked of an initiative, and of a city in the sense of "has a published initiative with it"."""

    theme = Terms(field_name="themes__slug", lookup_expr="in", label=_("Theme"))
    audience = Terms(field_name="audiences__slug", lookup_expr="in", label=_("Audience"))
    sdg = Terms(field_name="sdgs__number", lookup_expr="in", label=_("Sustainable Development Goal"))
    key_feature = Terms(field_name="key_features__slug", lookup_expr="in", label=_("Key feature"))
    status = Statuses(field_name="status", lookup_expr="in", label=_("Status"))
    year = Years(field_name="start", label=_("Year"))

    initiative_groups = (
        Group(_("Theme"), ("theme",), broad=True),
        Group(_("Audience"), ("audience",), broad=True),
        Group(_("Sustainable Development Goal"), ("sdg",)),
        Group(_("Key feature"), ("key_feature",)),
        Group(_("Status"), ("status",)),
        Group(_("Year"), ("year",)),
    )
    place_group = Group(_("Place"), ("country", "region", "city"), broad=True)
    #: Country, region and city are one question, since a region includes its cities.
    groups = (place_group, *initiative_groups)

    @property
    def landmarks(self):
        return cached("places", places)["city"]

    def in_city(self, slug):
        """The query string of the list that asks the same of one city only."""
        return encoded([*self.without(*self.place_group.names, "view", "at"), ("city", slug)])


class CityFilter(InitiativeQuestions):
    q = Words(label=_("Words"))
    country = PlaceChoices(field_name="region__country__code", lookup_expr="in", label=_("Country"))
    region = PlaceChoices(field_name="region__slug", lookup_expr="in", label=_("Region"))
    city = PlaceChoices(field_name="slug", lookup_expr="in", label=_("City"))
    sort = Sort(
        {"name": (_("by name"), ("sort_{}", "id")), "recent": (_("newest first"), ("-public_from", "-id"))},
        label=_("Order"),
    )

    def narrow(self, cities, groups):
        """All that is asked of initiatives must hold for one and the same published initiative."""
        every = Initiative.objects.published().order_by()
        having = super().narrow(every, self.initiative_groups)
        if having is not every:
            cities = cities.filter(pk__in=having.values("city"))
        return super().narrow(cities, [self.place_group])

    def of_cities(self):
        return {key: FrozenBitMap([key]) for key in self.facet_index.all}

    def found(self, without=None):
        cities = self.said
        if without != self.place_group and self.place_group in self.chosen_sets:
            cities &= self.chosen_sets[self.place_group]
        asked = self.initiatives(without)
        return cities if asked is None else owners(asked, cities)

    def initiatives(self, without=None):
        """The initiatives for which all holds that is asked of them, but perhaps one group; None if nothing is."""
        used = [keys for group, keys in self.chosen_sets.items() if group not in (without, self.place_group)]
        return reduce(and_, used) if used else None

    def numbers(self, choices, without=None):
        """A value that is asked of initiatives is had by the cities that have one with it and with all else."""
        if choices.name in self.place_group.names:
            return super().numbers(choices, without)
        cities, asked = self.found(without), self.initiatives(without)
        if asked is None:
            return {slug: len(cities & all_owners(choices.name, slug, keys)) for slug, keys in choices.sets.items()}
        own = [keys & asked for keys in of_each(cities)]
        return {slug: sum(map(keys.intersect, own)) for slug, keys in choices.sets.items()}


def of_each(cities):
    """The published initiatives of each of some cities."""
    return map(facet_index(Initiative).having("city").__getitem__, cities)


def owners(initiatives, cities):
    """Of some cities, those that have one of some initiatives."""
    return FrozenBitMap(compress(cities, map(initiatives.intersect, of_each(cities))))


def all_owners(name, slug, initiatives):
    return cached(("owners", name, slug), lambda moment: owners(initiatives, facet_index(City).all))
