"""What the API says of cities and learning places: all that their pages show, and nothing else."""

from rest_framework import serializers

from learningcities.api.fields import (
    ApiAddress,
    Number,
    PublicAddress,
    Record,
    Reference,
    Rows,
    TranslatedText,
)
from learningcities.api.views import ItemViewSet, RowViewSet
from learningcities.media.documents import KINDS
from learningcities.templatetags.learningcities import if_public

from .filters import CityFilter
from .models import (
    SDG,
    Axis,
    City,
    CityFigure,
    Country,
    Document,
    Indicator,
    LearningPlace,
    Photo,
    PlaceKind,
    Recognition,
    Region,
)
from .views import precise_first, shown_photos


class SDGSerializer(Record):
    slug = serializers.CharField(read_only=True)

    class Meta:
        model = SDG
        fields = ["slug", "name", "colour"]


class CountrySerializer(Record):
    slug = serializers.CharField(read_only=True)

    class Meta:
        model = Country
        fields = ["slug", "name", "unesco_region"]


class RegionSerializer(Record):
    country = Reference()

    class Meta:
        model = Region
        fields = ["slug", "name", "country"]


class IndicatorSerializer(Record):
    class Meta:
        model = Indicator
        fields = ["slug", "name", "unit"]


class PhotoSerializer(Record):
    file = serializers.FileField(read_only=True)

    class Meta:
        model = Photo
        fields = ["file", "width", "height", "alternative", "decorative", "credit", "licence"]


class PublicMedia:
    """For a photo or a document that a row names: nothing, unless it is public itself."""

    def get_attribute(self, row):
        return if_public(super().get_attribute(row))


class CoverSerializer(PublicMedia, PhotoSerializer):
    """The cover, if it is public itself."""


class DocumentSerializer(Record):
    file = serializers.FileField(read_only=True)
    format = serializers.ChoiceField(list(KINDS), source="kind", read_only=True)

    class Meta:
        model = Document
        fields = ["title", "file", "format", "size"]


class EvidenceSerializer(PublicMedia, DocumentSerializer):
    """The document that a figure rests on, if it is public itself."""


class RecognitionSerializer(Record):
    class Meta:
        model = Recognition
        fields = ["kind", "date", "title", "text", "source", "source_url"]


class AxisSerializer(Record):
    sdgs = Reference(many=True, read_only=True)

    class Meta:
        model = Axis
        fields = ["title", "text", "sdgs"]


class CityFigureSerializer(Record):
    indicator = Reference(read_only=True, allow_null=True)
    name = TranslatedText("label", "indicator__name")
    value = Number(read_only=True)
    unit = TranslatedText("unit", "indicator__unit")
    document = EvidenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CityFigure
        fields = ["indicator", "name", "value", "unit", "year", "source", "source_url", "document"]


class PlaceOfCitySerializer(Record):
    url = PublicAddress()
    api_url = ApiAddress("places")
    kind = Reference(read_only=True)

    class Meta:
        model = LearningPlace
        fields = [
            *("slug", "url", "api_url", "name", "kind", "text", "opened", "capacity", "year", "source", "website"),
            *("latitude", "longitude", "changed_at"),
        ]


class LearningPlaceSerializer(PlaceOfCitySerializer):
    city = Reference(read_only=True)

    class Meta(PlaceOfCitySerializer.Meta):
        fields = ["city", *PlaceOfCitySerializer.Meta.fields]


class CitySerializer(Record):
    url = PublicAddress()
    api_url = ApiAddress("cities")
    region = Reference(read_only=True)
    country = Reference(read_only=True, source="region.country", label=Country._meta.verbose_name)
    cover = CoverSerializer(read_only=True, allow_null=True)

    class Meta:
        model = City
        fields = [
            *("slug", "url", "api_url", "name", "also_known_as", "summary", "country", "region", "province"),
            *("latitude", "longitude", "colour", "cover", "public_from", "changed_at"),
        ]


class CityDetailSerializer(CitySerializer):
    recognitions = Rows(RecognitionSerializer, lambda city: sorted(city.recognitions.all(), key=precise_first))
    axes = Rows(AxisSerializer, lambda city: city.axes.prefetch_related("sdgs"))
    figures = Rows(CityFigureSerializer, lambda city: city.figures.select_related("indicator", "document"))
    places = Rows(PlaceOfCitySerializer, lambda city: city.places.published().select_related("city", "kind"))
    gallery = Rows(PhotoSerializer, lambda city: shown_photos(city.gallery.select_related("photo")))

    class Meta(CitySerializer.Meta):
        fields = [
            *CitySerializer.Meta.fields,
            *("motivation", "body", "challenges", "vision_title", "vision_year", "vision"),
            *("website", "contact_office", "contact_email", "contact_phone"),
            *("recognitions", "axes", "figures", "places", "gallery"),
        ]


class CityViewSet(ItemViewSet):
    model = City
    filterset_class = CityFilter
    serializer_class = CitySerializer
    detail_serializer_class = CityDetailSerializer

    def get_queryset(self):
        return super().get_queryset().with_card()


class LearningPlaceViewSet(ItemViewSet):
    model = LearningPlace
    serializer_class = LearningPlaceSerializer

    def get_queryset(self):
        return super().get_queryset().select_related("city", "kind")


class SDGViewSet(RowViewSet):
    queryset = SDG.objects.all()
    serializer_class = SDGSerializer
    lookup_field = "number"


class PlaceKindViewSet(RowViewSet):
    queryset = PlaceKind.objects.all()
    serializer_class = Reference


class IndicatorViewSet(RowViewSet):
    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer


class CountryViewSet(RowViewSet):
    """The countries that have a city on the site: those that can be asked for."""

    serializer_class = CountrySerializer
    lookup_field = "code"

    def get_queryset(self):
        return Country.objects.filter(pk__in=City.objects.published().values("region__country"))


class RegionViewSet(RowViewSet):
    """The regions that have a city on the site."""

    serializer_class = RegionSerializer

    def get_queryset(self):
        having = City.objects.published().values("region")
        return Region.objects.filter(pk__in=having).select_related("country")
