"""What the API says of initiatives: all that their pages show, and nothing else."""

from cities.api import AxisSerializer, CoverSerializer, DocumentSerializer, EvidenceSerializer, PhotoSerializer
from cities.views import shown_photos
from learningcities.api.fields import ApiAddress, Number, PublicAddress, Record, Reference, Rows, TranslatedText
from learningcities.api.views import ItemViewSet, RowViewSet

from .filters import InitiativeFilter
from .models import Audience, Initiative, InitiativeFigure, KeyFeature, Partner, Theme, Update


class KeyFeatureSerializer(Record):
    class Meta:
        model = KeyFeature
        fields = ["slug", "name", "area"]


class PartnerSerializer(Record):
    class Meta:
        model = Partner
        fields = ["name", "role", "website"]


class InitiativeFigureSerializer(Record):
    name = TranslatedText("label")
    value = Number(read_only=True)
    document = EvidenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = InitiativeFigure
        fields = ["name", "value", "unit", "year", "source", "source_url", "document"]


class UpdateSerializer(Record):
    class Meta:
        model = Update
        fields = ["date", "title", "text"]


class InitiativeSerializer(Record):
    url = PublicAddress()
    api_url = ApiAddress("initiatives")
    city = Reference(read_only=True)
    themes = Reference(many=True, read_only=True)
    sdgs = Reference(many=True, read_only=True)
    key_features = Reference(many=True, read_only=True)
    audiences = Reference(many=True, read_only=True)
    cover = CoverSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Initiative
        fields = [
            *("slug", "url", "api_url", "title", "summary", "city", "status", "status_on", "start", "end"),
            *("themes", "sdgs", "key_features", "audiences", "website", "checked_on"),
            *("cover", "public_from", "changed_at"),
        ]


class InitiativeDetailSerializer(InitiativeSerializer):
    axes = Rows(
        AxisSerializer, lambda initiative: initiative.axes.filter(city=initiative.city_id).prefetch_related("sdgs")
    )
    places = Rows(Reference, lambda initiative: initiative.places.published())
    partners = Rows(PartnerSerializer, lambda initiative: initiative.partners.all())
    figures = Rows(InitiativeFigureSerializer, lambda initiative: initiative.figures.select_related("document"))
    updates = Rows(UpdateSerializer, lambda initiative: initiative.updates.all())
    documents = Rows(DocumentSerializer, lambda initiative: initiative.documents.published())
    gallery = Rows(PhotoSerializer, lambda initiative: shown_photos(initiative.gallery.select_related("photo")))

    class Meta(InitiativeSerializer.Meta):
        fields = [
            *InitiativeSerializer.Meta.fields,
            *Initiative.STORY,
            *("axes", "places", "partners", "figures", "updates", "documents", "gallery"),
        ]


class InitiativeViewSet(ItemViewSet):
    model = Initiative
    filterset_class = InitiativeFilter
    serializer_class = InitiativeSerializer
    detail_serializer_class = InitiativeDetailSerializer

    def get_queryset(self):
        related = super().get_queryset().select_related("city", "cover")
        return related.prefetch_related("themes", "sdgs", "key_features", "audiences")


class ThemeViewSet(RowViewSet):
    queryset = Theme.objects.all()
    serializer_class = Reference


class KeyFeatureViewSet(RowViewSet):
    queryset = KeyFeature.objects.all()
    serializer_class = KeyFeatureSerializer


class AudienceViewSet(RowViewSet):
    queryset = Audience.objects.all()
    serializer_class = Reference
