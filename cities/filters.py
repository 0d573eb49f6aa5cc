"""The questions of the list of cities, of which those about places and about initiatives serve the initiatives too."""

from functools import cached_property, reduce
from operator import or_

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from learningcities.listing.filters import Choices, Group, ListFilter, Option, Sort, Words
from learningcities.search import end_of
from learningcities.translation import Text  # noqa: F401

from .models import City

INITIATIVE = City._meta.get_field("initiatives")


class PlaceChoices(Choices):
    """Countries, regions or cities; all three from one query."""

    @cached_property
    def options(self):
        return self.parent.places[self.parent.name_of(self)]


class Terms(Choices):
    """The rows of a vocabulary, by the slug or number that addresses say."""

    @cached_property
    def options(self):
        path, key = self.field_name.rsplit("__", 1)
        initiatives = self.parent.initiatives.filter(**{path: OuterRef("pk")})
        rows = end_of(initiatives.model, path).objects.annotate(offered=Exists(initiatives))
        return [
            Option(str(getattr(row, key)), row.name, row.offered, mark=getattr(row, "colour", "")) for row in rows
        ]
