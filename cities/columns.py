"""What is said of a city when a list of cities is taken away."""

from operator import attrgetter

from django.db.models import Count, Prefetch
from django.utils.translation import gettext_lazy as _

from learningcities.listing.exports.columns import ADDRESS, Column, Entry, names, number
from learningcities.publishing.clock import moment
from learningcities.richtext import readable

from .filters import Initiative
from .models import City, CityFigure, Country, LearningPlace


def figure_entry(figure, unit):
    """A figure is never without its year and source."""
    return Entry(
        name=figure.name,
        value=number(figure.value),
        unit=unit,
        year=figure.year,
        source=figure.source,
        source_url=figure.source_url,
    )


def figures(related):
    return [figure_entry(figure, figure.shown_unit) for figure in related.all()]


def recognitions(related):
    return [
        Entry(date=row.date, title=row.title, text=row.text, source=row.source, source_url=row.source_url)
        for row in related.all()
    ]


def newest_population(read):
    """What is read of the newest figure of population."""

    def of(city):
        known = [row for row in city.figures.all() if row.indicator and row.indicator.slug == "population" and row.year]
        return read(max(known, key=attrgetter("year"))) if known else None

    return of


COLUMNS = (
    Column.of(City, "name"),
    ADDRESS,
    Column("other_names", _("names in other languages"), attrgetter("other_names")),
    Column("region", City._meta.get_field("region").verbose_name, attrgetter("region.name")),
    Column.of(City, "province"),
    Column("country", Country._meta.verbose_name, attrgetter("region.country.name")),
    Column.of(City, "latitude", number),
    Column.of(City, "longitude", number),
    Column.of(City, "summary"),
    Column("population", _("number of inhabitants"), newest_population(lambda figure: number(figure.value))),
    Column("population_year", _("year of the number of inhabitants"), newest_population(attrgetter("year"))),
    Column("population_source", _("source of the number of inhabitants"), newest_population(attrgetter("source"))),
    Column("published_initiatives", _("number of initiatives"), attrgetter("published_initiatives")),
    Column.of(City, "recognitions", recognitions),
    Column.of(City, "figures", figures),
    Column.of(City, "motivation", readable),
    Column.of(City, "body", readable),
    Column.of(City, "challenges", readable),
    Column.of(City, "vision_title"),
    Column.of(City, "vision_year"),
    Column.of(City, "vision", readable),
    Column.of(City, "axes", names),
    Column.of(City, "places", names),
    Column.of(City, "website"),
    Column.of(City, "contact_office"),
    Column.of(City, "contact_email"),
    Column.of(City, "contact_phone"),
    Column.of(City, "public_from"),
    Column.of(City, "changed_at"),
)


def with_columns(cities):
    """With all that the columns say, and nothing that isn't public."""
    public = Initiative.public_at(moment(), "initiatives__")
    return (
        cities.select_related("region__country")
        .prefetch_related(
            "recognitions",
            "axes",
            Prefetch("figures", CityFigure.objects.select_related("indicator")),
            Prefetch("places", LearningPlace.objects.published()),
        )
        .annotate(published_initiatives=Count("initiatives", filter=public))
        .defer("note")
    )
