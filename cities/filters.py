"""The questions of the list of cities; those about places and about initiatives serve the other list too."""

from functools import cached_property, reduce
from operator import or_

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learningcities.listing.filters import Choices, Group, ListFilter, Option, Sort, Words, encoded
from learningcities.listing.mapped import MappedFilter
from learningcities.publishing.clock import moment
from learningcities.search import end_of, fold

from .models import City

#: A city reaches its initiatives by the relation; this app doesn't know the other.
Initiative = City._meta.get_field("initiatives").related_model


class PlaceChoices(Choices):
    @cached_property
    def options(self):
        return self.parent.places[self.name]


class Terms(Choices):
    """The rows of a vocabulary, by the slug or number that addresses say."""

    @cached_property
    def options(self):
        path = self.field_name.split("__")[0]
        having = self.parent.initiatives.filter(**{path: OuterRef("pk")})
        rows = end_of(Initiative, path).objects.annotate(offered=Exists(having))
        return [Option(row.slug, row.name, row.offered, getattr(row, "colour", "")) for row in rows]


class Statuses(Choices):
    @cached_property
    def options(self):
        occurring = {row["status"] for row in self.parent.spans}
        return [Option(value, label, value in occurring) for value, label in Initiative.Status.choices]


class Years(Choices):
    """The years that initiatives touch; any year may be asked for."""

    @cached_property
    def options(self):
        dates = [date for row in self.parent.spans for key, date in row.items() if key != "status" and date]
        years = [int(date[:4]) for date in dates]
        if any(row["going_on"] for row in self.parent.spans):
            years.append(timezone.localtime(moment()).year)
        offered = range(max(years), min(years) - 1, -1) if years else []
        return [Option(str(year), str(year)) for year in offered]

    def knows(self, value):
        return len(value) == 4 and value.isascii() and value.isdigit() and 1900 <= int(value) <= 2200

    def rows(self, model, values):
        return reduce(or_, [model._default_manager.during(value) for value in values])


class InitiativeQuestions(ListFilter):
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

    @cached_property
    def initiatives(self):
        return Initiative.objects.published().order_by()

    @cached_property
    def spans(self):
        """For each status that occurs, the first and last dates of its initiatives, and a start without an end."""
        dated = Q(start__gt="")
        return list(
            self.initiatives.values("status").annotate(
                first=Min("start", filter=dated),
                last=Max("end", filter=dated),
                going_on=Max("start", filter=dated & Q(end="")),
            )
        )


class PlaceQuestions(MappedFilter):
    """Country, region and city: one question, since a region includes its cities."""

    place_group = Group(_("Place"), ("country", "region", "city"), broad=True)

    @property
    def landmarks(self):
        return self.places["city"]

    def in_city(self, slug):
        """The query string of the list that asks the same of one city only."""
        return encoded([*self.without(*self.place_group.names, "view", "at"), ("city", slug)])

    @cached_property
    def places(self):
        """The options of all three parameters, from one query."""
        found = {"country": {}, "region": {}, "city": {}}
        having = self.initiatives.filter(city=OuterRef("pk"))
        cities = City.objects.published().select_related("region__country").annotate(offered=Exists(having))
        for city in cities:
            offered = city.offered or self.queryset.model is City
            for name, row in (("country", city.region.country), ("region", city.region), ("city", city)):
                before = found[name].get(row.slug)
                found[name][row.slug] = Option(row.slug, row.name, offered or bool(before and before.offered))
        return {name: sorted(options.values(), key=lambda o: fold(o.name)) for name, options in found.items()}


class CityFilter(PlaceQuestions, InitiativeQuestions):
    q = Words(label=_("Words"))
    country = PlaceChoices(field_name="region__country__code", lookup_expr="in", label=_("Country"))
    region = PlaceChoices(field_name="region__slug", lookup_expr="in", label=_("Region"))
    city = PlaceChoices(field_name="slug", lookup_expr="in", label=_("City"))
    sort = Sort(
        {"name": (_("by name"), ("sort_{}", "id")), "recent": (_("newest first"), ("-public_from", "-id"))},
        label=_("Order"),
    )

    groups = (PlaceQuestions.place_group, *InitiativeQuestions.initiative_groups)

    def narrow(self, cities, groups):
        """All that is asked of initiatives must hold for one and the same published initiative."""
        having = super().narrow(self.initiatives, self.initiative_groups)
        if having is not self.initiatives:
            cities = cities.filter(pk__in=having.values("city"))
        return super().narrow(cities, [self.place_group])
