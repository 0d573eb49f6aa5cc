"""What is said of an initiative when a list of initiatives is taken away."""

from operator import attrgetter, methodcaller

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cities.columns import figure_entry
from cities.models import City, Country, LearningPlace
from learningcities.dates import exact
from learningcities.listing.exports.columns import ADDRESS, Column, Entry, names, number
from learningcities.richtext import readable

from .models import Initiative


def partners(related):
    return [Entry(name=row.name, role=row.role, website=row.website) for row in related.all()]


def figures(related):
    return [figure_entry(figure, figure.unit) for figure in related.all()]


def updates(related):
    return [Entry(date=row.date, title=row.title, text=row.text) for row in related.all()]


def own_axes(initiative):
    """Those of its own city; an axis stays chosen when an initiative moves to another."""
    return [axis.title for axis in initiative.axes.all() if axis.city_id == initiative.city_id]


COLUMNS = (
    Column.of(Initiative, "title"),
    ADDRESS,
    Column.of(Initiative, "city", attrgetter("name")),
    Column("region", City._meta.get_field("region").verbose_name, attrgetter("city.region.name")),
    Column("country", Country._meta.verbose_name, attrgetter("city.region.country.name")),
    Column.of(Initiative, "summary"),
    Column("status", Initiative._meta.get_field("status").verbose_name, methodcaller("get_status_display")),
    Column.of(Initiative, "status_on", exact),
    Column.of(Initiative, "start", exact),
    Column.of(Initiative, "end", exact),
    Column.of(Initiative, "themes", names, is_category=True),
    Column.of(Initiative, "audiences", names, is_category=True),
    Column.of(Initiative, "sdgs", names, is_category=True),
    Column.of(Initiative, "key_features", names),
    Column("axes", Initiative._meta.get_field("axes").verbose_name, own_axes),
    Column.of(Initiative, "places", names),
    Column.of(Initiative, "partners", partners),
    Column.of(Initiative, "figures", figures),
    *(Column.of(Initiative, name, readable) for name in Initiative.STORY),
    Column.of(Initiative, "updates", updates),
    Column.of(Initiative, "website"),
    Column("latitude", _("latitude of the city"), lambda row: number(row.city.latitude)),
    Column("longitude", _("longitude of the city"), lambda row: number(row.city.longitude)),
    Column.of(Initiative, "checked_on"),
    Column.of(Initiative, "public_from"),
    Column.of(Initiative, "changed_at"),
)


def with_columns(initiatives):
    """With all that the columns say, and nothing that isn't public."""
    return (
        initiatives.select_related("city__region__country")
        .prefetch_related(
            *("themes", "audiences", "sdgs", "key_features", "axes", "partners", "figures", "updates"),
            Prefetch("places", LearningPlace.objects.published()),
        )
        .defer("city__note")
    )
