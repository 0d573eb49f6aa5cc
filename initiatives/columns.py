"""What is said of an initiative when a list of initiatives is taken away."""

from operator import attrgetter, methodcaller

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cities.columns import figure_entry
from cities.models import Axis, City, Country, Document, LearningPlace
from learningcities.listing.exports.columns import ADDRESS, Column, RowValues, each, number, related
from learningcities.text.dates import exact
from learningcities.text.richtext import readable

from .models import Initiative


def partner(row):
    return RowValues(name=row.name, role=row.role, website=row.website)


def update(row):
    return RowValues(date=row.date, title=row.title, text=row.text)


def own_axes(initiatives):
    """Those of its own city; an axis stays chosen when an initiative moves to another."""
    chosen = related(initiatives, Axis.objects.all(), "initiatives", lambda axis: (axis.city_id, axis.title))
    return [[title for city, title in chosen[row.pk] if city == row.city_id] for row in initiatives]


COLUMNS = (
    Column.of(Initiative, "title"),
    ADDRESS,
    Column.of(Initiative, "city", attrgetter("name")),
    Column("region", City._meta.get_field("region").verbose_name, each(attrgetter("city.region.name"))),
    Column("country", Country._meta.verbose_name, each(attrgetter("city.region.country.name"))),
    Column.of(Initiative, "summary"),
    Column("status", Initiative._meta.get_field("status").verbose_name, each(methodcaller("get_status_display"))),
    Column.of(Initiative, "status_on", exact),
    Column.of(Initiative, "start", exact),
    Column.of(Initiative, "end", exact),
    Column.related(Initiative, "themes", is_category=True),
    Column.related(Initiative, "audiences", is_category=True),
    Column.related(Initiative, "sdgs", is_category=True),
    Column.related(Initiative, "key_features"),
    Column("axes", Initiative._meta.get_field("axes").verbose_name, own_axes),
    Column.related(Initiative, "places", among=LearningPlace.objects.published),
    Column.related(Initiative, "partners", partner),
    Column.related(Initiative, "figures", lambda figure: figure_entry(figure, figure.unit)),
    *(Column.of(Initiative, name, readable) for name in Initiative.STORY),
    Column.related(Initiative, "updates", update),
    Column.related(Initiative, "documents", among=Document.objects.published),
    Column.of(Initiative, "website"),
    Column("latitude", _("latitude of the city"), each(lambda row: number(row.city.latitude))),
    Column("longitude", _("longitude of the city"), each(lambda row: number(row.city.longitude))),
    Column.of(Initiative, "checked_on"),
    Column.of(Initiative, "public_from"),
    Column.of(Initiative, "changed_at"),
)


def with_columns(initiatives):
    """With what the columns read of the city, which many have in common."""
    return initiatives.prefetch_related(Prefetch("city", City.objects.select_related("region__country").defer("note")))
