"""What is said of an initiative: in files that leave the site, and in the API."""

from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cities.models import City, Country, Document, LearningPlace
from learningcities.listing.exports.columns import ADDRESS, Column, columns_of, each, number, values_of

from .models import Initiative, InitiativeFigure, Partner, Update

PARTNER = columns_of(Partner, "name", "role", "website")
FIGURE = columns_of(
    InitiativeFigure,
    Column("name", None, each(attrgetter("name"))),
    *("value", "unit", "year", "source", "source_url"),
)
UPDATE = columns_of(Update, "date", "title", "text")
COLUMNS = columns_of(
    Initiative,
    "title",
    ADDRESS,
    Column.of(Initiative, "city", read=each(attrgetter("city.name"))),
    Column("region", City._meta.get_field("region").verbose_name, each(attrgetter("city.region.name"))),
    Column("country", Country._meta.verbose_name, each(attrgetter("city.region.country.name"))),
    *("summary", "status", "status_on", "start", "end"),
    Column.to_many(Initiative, "themes", is_category=True),
    Column.to_many(Initiative, "audiences", is_category=True),
    Column.to_many(Initiative, "sdgs", is_category=True),
    Column.to_many(Initiative, "key_features"),
    # An axis stays chosen when an initiative moves to another city.
    Column.to_many(Initiative, "axes", only=lambda initiative, axis: axis.city_id == initiative.city_id),
    Column.to_many(Initiative, "places", LearningPlace.objects.published),
    Column.to_many(Initiative, "partners", say=values_of(PARTNER)),
    Column.to_many(Initiative, "figures", say=values_of(FIGURE)),
    *Initiative.STORY,
    Column.to_many(Initiative, "updates", say=values_of(UPDATE)),
    Column.to_many(Initiative, "documents", Document.objects.published),
    "website",
    Column("latitude", _("latitude of the city"), each(lambda initiative: number(initiative.city.latitude))),
    Column("longitude", _("longitude of the city"), each(lambda initiative: number(initiative.city.longitude))),
    *("checked_on", "public_from", "changed_at"),
)


def with_columns(initiatives):
    """With what the columns read of the city, which many have in common."""
    return initiatives.prefetch_related(Prefetch("city", City.objects.select_related("region__country").defer("note")))
