"""What the API says of cities and learning places: all that their pages show, and nothing else."""

from learningcities.api.fields import Reference, serializer_factory
from learningcities.api.views import ItemViewSet, RowViewSet
from learningcities.listing.exports.columns import Column, named

from .columns import COLUMNS, PLACE
from .filters import CityFilter
from .models import SDG, City, Country, Indicator, LearningPlace, PlaceKind, Region

#: The names and their order are a promise to programs.
CITY = [
    *("slug", "url", "api_url", "name", "also_known_as", "summary", "country", "region", "province"),
    *("latitude", "longitude", "colour", "cover", "public_from", "changed_at"),
]
WHOLE_CITY = [
    *(*CITY, "motivation", "body", "challenges", "vision_title", "vision_year", "vision"),
    *("website", "contact_office", "contact_email", "contact_phone"),
    *("recognitions", "axes", "figures", "places", "gallery"),
]


class CityViewSet(ItemViewSet):
    model = City
    filterset_class = CityFilter
    serializer_class = serializer_factory(City, named(COLUMNS, *CITY))
    detail_serializer_class = serializer_factory(City, named(COLUMNS, *WHOLE_CITY), "CityDetail")

    def get_queryset(self):
        return super().get_queryset().with_card()


class LearningPlaceViewSet(ItemViewSet):
    model = LearningPlace
    serializer_class = serializer_factory(LearningPlace, ["city", *PLACE])

    def get_queryset(self):
        return super().get_queryset().with_card()


class SDGViewSet(RowViewSet):
    queryset = SDG.objects.all()
    serializer_class = serializer_factory(SDG, ["slug", "name", "colour"])
    lookup_field = "number"


class PlaceKindViewSet(RowViewSet):
    queryset = PlaceKind.objects.all()
    serializer_class = Reference


class IndicatorViewSet(RowViewSet):
    queryset = Indicator.objects.all()
    serializer_class = serializer_factory(Indicator, ["slug", "name", "unit"])


class CountryViewSet(RowViewSet):
    """The countries that have a city on the site: those that can be asked for."""

    serializer_class = serializer_factory(Country, ["slug", "name", "unesco_region"])
    lookup_field = "code"

    def get_queryset(self):
        return Country.objects.filter(pk__in=City.objects.published().values("region__country"))


class RegionViewSet(RowViewSet):
    """The regions that have a city on the site."""

    serializer_class = serializer_factory(Region, ["slug", "name", Column.of(Region, "country", field=Reference())])

    def get_queryset(self):
        having = City.objects.published().values("region")
        return Region.objects.filter(pk__in=having).select_related("country")
