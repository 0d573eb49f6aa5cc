"""The questions of the list of initiatives, which the list of cities asks too: of the initiatives of each city."""

from functools import reduce
from operator import or_

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cities.filters import CityFilter, PlaceChoices, PlaceFilter
from learningcities.facets.facet_index import NOTHING, facet_index
from learningcities.listing.filter_types import Choice, Choices, RowChoices, Sort, Words
from learningcities.listing.filters import Group
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.version.version_cache import cached

from .models import Initiative


class OfInitiatives(Choices):
    """Choices among initiatives, on whichever list."""

    @property
    def index(self):
        return facet_index(Initiative)


class Terms(OfInitiatives, RowChoices):
    """The rows of a vocabulary, by the slug or number that addresses say."""

    @property
    def terms(self):
        model = Initiative._meta.get_field(self.field_name).related_model
        return cached(("terms", model), lambda moment: {row.slug: row for row in model.objects.all()})


class Goals(Terms):
    """The Sustainable Development Goals by their number."""

    is_ordered = True

    @property
    def in_order(self):
        return list(self.terms)


class Statuses(OfInitiatives):
    terms = {value: Choice(value, label) for value, label in Initiative.Status.choices}


class Years(OfInitiatives):
    """The years that initiatives touch, the newest first; any year may be asked for."""

    indexed = False
    is_ordered = True

    @property
    def spans(self):
        return cached("spans", lambda moment: Spans(self.index))

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


class Spans:
    """Which initiatives touch which year: begun by its end, and not over before it."""

    def __init__(self, index):
        starts, ends = index.having("start"), index.having("end")
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


class InitiativeFilter(PlaceFilter):
    theme = Terms("themes", label=_("Theme"))
    audience = Terms("audiences", label=_("Audience"))
    sdg = Goals("sdgs", label=_("Sustainable Development Goal"))
    key_feature = Terms("key_features", label=_("Key feature"))
    status = Statuses("status", label=_("Status"))
    year = Years(label=_("Year"))
    q = Words(label=_("Words"))
    country = PlaceChoices("city__region__country", label=_("Country"))
    region = PlaceChoices("city__region", label=_("Region"))
    city = PlaceChoices("city", label=_("City"))
    sort = Sort(
        {
            "recent": (_("newest first"), ("-public_from", "-id")),
            "title": (_("by title"), ("sort_{}", "id")),
            "city": (_("by city"), ("city__sort_{}", "city_id", "sort_{}", "id")),
        },
        label=_("Order"),
    )

    groups = (
        *PlaceFilter.groups,
        Group(_("Theme"), ("theme",), broad=True),
        Group(_("Audience"), ("audience",), broad=True),
        Group(_("Sustainable Development Goal"), ("sdg",)),
        Group(_("Key feature"), ("key_feature",)),
        Group(_("Status"), ("status",)),
        Group(_("Year"), ("year",)),
    )


CityFilter.ask_of(Initiative, InitiativeFilter)
