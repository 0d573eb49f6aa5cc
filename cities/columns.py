"""What is said of a city when a list of cities is taken away."""

from operator import attrgetter

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from learningcities.listing.exports.columns import ADDRESS, Column, RowValues, each, number, related
from learningcities.text.richtext import readable

from .filters import Initiative
from .models import City, CityFigure, Country, LearningPlace

FIGURES = CityFigure.objects.select_related("indicator")


def figure_entry(figure, unit):
    """A figure is never without its year and source."""
    return RowValues(
        name=figure.name,
        value=number(figure.value),
        unit=unit,
        year=figure.year,
        source=figure.source,
        source_url=figure.source_url,
    )


def recognition(row):
    return RowValues(date=row.date, title=row.title, text=row.text, source=row.source, source_url=row.source_url)


def newest_population(say):
    """What is said of each city's newest figure of population."""
    dated = FIGURES.filter(indicator__slug="population", year__isnull=False)

    def read(cities):
        found = related(cities, dated, "city", lambda figure: (figure.year, say(figure)))
        return [max(found[city.pk], default=(None, None))[1] for city in cities]

    return read


def published_initiatives(cities):
    public = Initiative.objects.published().order_by().filter(city__in=cities)
    counts = dict(public.values_list("city").annotate(Count("pk")))
    return [counts.get(city.pk, 0) for city in cities]


COLUMNS = (
    Column.of(City, "name"),
    ADDRESS,
    Column("other_names", _("names in other languages"), each(attrgetter("other_names"))),
    Column("region", City._meta.get_field("region").verbose_name, each(attrgetter("region.name")), is_category=True),
    Column.of(City, "province"),
    Column("country", Country._meta.verbose_name, each(attrgetter("region.country.name")), is_category=True),
    Column.of(City, "latitude", number),
    Column.of(City, "longitude", number),
    Column.of(City, "summary"),
    Column("population", _("number of inhabitants"), newest_population(lambda figure: number(figure.value))),
    Column("population_year", _("year of the number of inhabitants"), newest_population(attrgetter("year"))),
    Column("population_source", _("source of the number of inhabitants"), newest_population(attrgetter("source"))),
    Column("published_initiatives", _("number of initiatives"), published_initiatives),
    Column.related(City, "recognitions", recognition),
    Column.related(City, "figures", lambda figure: figure_entry(figure, figure.shown_unit), FIGURES.all),
    Column.of(City, "motivation", readable),
    Column.of(City, "body", readable),
    Column.of(City, "challenges", readable),
    Column.of(City, "vision_title"),
    Column.of(City, "vision_year"),
    Column.of(City, "vision", readable),
    Column.related(City, "axes"),
    Column.related(City, "places", among=LearningPlace.objects.published),
    Column.of(City, "website"),
    Column.of(City, "contact_office"),
    Column.of(City, "contact_email"),
    Column.of(City, "contact_phone"),
    Column.of(City, "public_from"),
    Column.of(City, "changed_at"),
)


def with_columns(cities):
    """With what the columns read of a city itself, and not what is for staff only."""
    return cities.select_related("region__country").defer("note")
