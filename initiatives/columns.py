"""What is said of an initiative: in files that leave the site, and in the API."""

from operator import attrgetter

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cities.columns import COVER, EVIDENCE, GALLERY, AxisSerializer, DocumentSerializer
from cities.models import Axis, City, Country, Document, LearningPlace
from learningcities.api.fields import ApiAddress, Reference, TranslatedText, part_column
from learningcities.listing.exports.columns import ADDRESS, Column, columns_of, each, number

from .models import Initiative, InitiativeFigure

PARTNER = ["name", "role", "website"]
FIGURE = [
    Column("name", None, each(attrgetter("name")), TranslatedText("label")),
    *("value", "unit", "year", "source", "source_url", EVIDENCE),
]
UPDATE = ["date", "title", "text"]
COLUMNS = columns_of(
    Initiative,
    "title",
    ADDRESS,
    Column("api_url", None, field=ApiAddress("initiatives")),
    Column.of(Initiative, "city", read=each(attrgetter("city.name"))),
    Column("region", City._meta.get_field("region").verbose_name, each(attrgetter("city.region.name"))),
    Column("country", Country._meta.verbose_name, each(attrgetter("city.region.country.name"))),
    *("summary", "status", "status_on", "start", "end"),
    Column.to_many(Initiative, "themes", is_category=True),
    Column.to_many(Initiative, "audiences", is_category=True),
    Column.to_many(Initiative, "sdgs", is_category=True),
    Column.to_many(Initiative, "key_features"),
    Column.to_many(
        Initiative,
        "axes",
        Axis.objects.prefetch_related("sdgs").all,
        # An axis stays chosen when an initiative moves to another city.
        only=lambda initiative, axis: axis.city_id == initiative.city_id,
        serializer=AxisSerializer,
    ),
    Column.to_many(Initiative, "places", LearningPlace.objects.published, serializer=Reference),
    part_column(Initiative, "partners", PARTNER),
    part_column(Initiative, "figures", FIGURE, InitiativeFigure.objects.select_related("document").all),
    *Initiative.STORY,
    part_column(Initiative, "updates", UPDATE),
    Column.to_many(Initiative, "documents", Document.objects.published, serializer=DocumentSerializer),
    COVER,
    GALLERY,
    "website",
    Column("latitude", _("latitude of the city"), each(lambda initiative: number(initiative.city.latitude))),
    Column("longitude", _("longitude of the city"), each(lambda initiative: number(initiative.city.longitude))),
    *("checked_on", "public_from", "changed_at"),
)


def with_columns(initiatives):
    """With what the columns read of the city, which many have in common."""
    return initiatives.prefetch_related(Prefetch("city", City.objects.select_related("region__country").defer("note")))
