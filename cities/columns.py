"""What is said of cities and of what belongs to them: in files that leave the site, and in the API."""

from operator import attrgetter

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import ChoiceField

from learningcities.api.fields import ApiAddress, PublicOnly, Reference, TranslatedText, part_column, serializer_factory
from learningcities.listing.exports.columns import ADDRESS, Column, columns_of, each, number, related_rows
from learningcities.media.documents import KINDS

from .models import (
    Axis,
    City,
    CityFigure,
    CityPhoto,
    Country,
    Document,
    LearningPlace,
    Photo,
    Recognition,
    shown_photos,
)


def newest_population(value):
    """A value of each city's newest figure of population."""
    dated = CityFigure.objects.filter(indicator__slug="population", year__isnull=False)

    def read(cities):
        figures = related_rows(cities, dated, "city")
        newest = [max(figures[city.pk], key=attrgetter("year"), default=None) for city in cities]
        return [figure and value(figure) for figure in newest]

    return read


def published_initiatives(cities):
    public = City.initiatives.rel.related_model.objects.published().order_by().filter(city__in=cities)
    counts = dict(public.values_list("city").annotate(Count("pk")))
    return [counts.get(city.pk, 0) for city in cities]


# Photos and documents
PHOTO = ["file", "width", "height", "alternative", "decorative", "credit", "licence"]
CoverSerializer = serializer_factory(Photo, PHOTO, "Cover", PublicOnly)
COVER = Column.of(
    City, "cover", read=None, field=CoverSerializer(source="shown_cover", read_only=True, allow_null=True)
)
CAPTION = Column.of(CityPhoto, "caption", read=None, field=TranslatedText("row__caption"))
GALLERY = Column.of(
    City,
    "gallery",
    read=None,
    related=each(shown_photos),
    serializer=serializer_factory(Photo, [*PHOTO, CAPTION], "GalleryPhoto"),
)
FORMAT = Column("format", None, field=ChoiceField(list(KINDS), source="kind", read_only=True))
DOCUMENT = ["title", "file", FORMAT, "size"]
DocumentSerializer = serializer_factory(Document, DOCUMENT)
EvidenceSerializer = serializer_factory(Document, DOCUMENT, "Evidence", PublicOnly)
EVIDENCE = Column.of(CityFigure, "document", read=None, field=EvidenceSerializer(read_only=True, allow_null=True))

# Parts of a city, and its places
RECOGNITION = [Column.of(Recognition, "kind", read=None), "date", "title", "text", "source", "source_url"]
AxisSerializer = serializer_factory(Axis, ["title", "text", "sdgs"])
#: A figure is never without its year and source.
FIGURE = [
    Column.of(CityFigure, "indicator", read=None),
    Column("name", None, each(attrgetter("name")), TranslatedText("label", "indicator__name")),
    "value",
    Column.of(CityFigure, "unit", read=each(attrgetter("shown_unit")), field=TranslatedText("unit", "indicator__unit")),
    *("year", "source", "source_url", EVIDENCE),
]
PLACE = [
    *("slug", ADDRESS, Column("api_url", None, field=ApiAddress("places")), "name", "kind", "text", "opened"),
    *("capacity", "year", "source", "website", "latitude", "longitude", "changed_at"),
]

COLUMNS = columns_of(
    City,
    "name",
    ADDRESS,
    Column("api_url", None, field=ApiAddress("cities")),
    Column("other_names", _("names in other languages"), each(attrgetter("other_names"))),
    Column.of(City, "region", read=each(attrgetter("region.name")), is_category=True),
    "province",
    Column(
        "country",
        Country._meta.verbose_name,
        each(attrgetter("region.country.name")),
        Reference(read_only=True, source="region.country"),
        is_category=True,
    ),
    "latitude",
    "longitude",
    COVER,
    "summary",
    Column("population", _("number of inhabitants"), newest_population(lambda figure: number(figure.value))),
    Column("population_year", _("year of the number of inhabitants"), newest_population(attrgetter("year"))),
    Column("population_source", _("source of the number of inhabitants"), newest_population(attrgetter("source"))),
    Column("published_initiatives", _("number of initiatives"), published_initiatives),
    # In the API, as on the page, those of a whole year come after those of its months.
    part_column(City, "recognitions", RECOGNITION)._replace(related=each(City.recognitions_by_date)),
    part_column(City, "figures", FIGURE, CityFigure.objects.select_related("indicator", "document").all),
    *("motivation", "body", "challenges", "vision_title", "vision_year", "vision"),
    Column.to_many(City, "axes", Axis.objects.prefetch_related("sdgs").all, serializer=AxisSerializer),
    Column.to_many(
        City,
        "places",
        lambda: LearningPlace.objects.published().with_card(),
        serializer=serializer_factory(LearningPlace, PLACE, "PlaceOfCity"),
    ),
    GALLERY,
    *("website", "contact_office", "contact_email", "contact_phone", "public_from", "changed_at"),
)


def with_columns(cities):
    """With what the columns read of a city itself, and not what is for staff only."""
    return cities.select_related("region__country").defer("note")
