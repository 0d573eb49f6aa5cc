"""What is said of a city: in files that leave the site, and in the API."""

from operator import attrgetter

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from learningcities.listing.exports.columns import ADDRESS, Column, columns_of, each, number, related_rows, values_of

from .models import City, CityFigure, Country, LearningPlace, Recognition

FIGURES = CityFigure.objects.select_related("indicator")


def newest_population(value):
    """A value of each city's newest figure of population."""
    dated = FIGURES.filter(indicator__slug="population", year__isnull=False)

    def read(cities):
        figures = related_rows(cities, dated, "city")
        newest = [max(figures[city.pk], key=attrgetter("year"), default=None) for city in cities]
        return [figure and value(figure) for figure in newest]

    return read


def published_initiatives(cities):
    public = City.initiatives.rel.related_model.objects.published().order_by().filter(city__in=cities)
    counts = dict(public.values_list("city").annotate(Count("pk")))
    return [counts.get(city.pk, 0) for city in cities]


RECOGNITION = columns_of(Recognition, "date", "title", "text", "source", "source_url")
#: A figure is never without its year and source.
FIGURE = columns_of(
    CityFigure,
    Column("name", None, each(attrgetter("name"))),
    "value",
    Column.of(CityFigure, "unit", read=each(attrgetter("shown_unit"))),
    "year",
    "source",
    "source_url",
)
COLUMNS = columns_of(
    City,
    "name",
    ADDRESS,
    Column("other_names", _("names in other languages"), each(attrgetter("other_names"))),
    Column.of(City, "region", read=each(attrgetter("region.name")), is_category=True),
    "province",
    Column("country", Country._meta.verbose_name, each(attrgetter("region.country.name")), is_category=True),
    "latitude",
    "longitude",
    "summary",
    Column("population", _("number of inhabitants"), newest_population(lambda figure: number(figure.value))),
    Column("population_year", _("year of the number of inhabitants"), newest_population(attrgetter("year"))),
    Column("population_source", _("source of the number of inhabitants"), newest_population(attrgetter("source"))),
    Column("published_initiatives", _("number of initiatives"), published_initiatives),
    Column.to_many(City, "recognitions", say=values_of(RECOGNITION)),
    Column.to_many(City, "figures", FIGURES.all, say=values_of(FIGURE)),
    *("motivation", "body", "challenges", "vision_title", "vision_year", "vision"),
    Column.to_many(City, "axes"),
    Column.to_many(City, "places", LearningPlace.objects.published),
    *("website", "contact_office", "contact_email", "contact_phone", "public_from", "changed_at"),
)


def with_columns(cities):
    """With what the columns read of a city itself, and not what is for staff only."""
    return cities.select_related("region__country").defer("note")
