"""What the API says of initiatives: all that their pages show, and nothing else."""

from learningcities.api.fields import Reference, serializer_factory
from learningcities.api.views import ItemViewSet, RowViewSet
from learningcities.listing.exports.columns import named

from .columns import COLUMNS
from .filters import InitiativeFilter
from .models import Audience, Initiative, KeyFeature, Theme

#: The names and their order are a promise to programs.
INITIATIVE = [
    *("slug", "url", "api_url", "title", "summary", "city", "status", "status_on", "start", "end"),
    *("themes", "sdgs", "key_features", "audiences", "website", "checked_on", "cover", "public_from", "changed_at"),
]
WHOLE_INITIATIVE = [
    *(*INITIATIVE, *Initiative.STORY),
    *("axes", "places", "partners", "figures", "updates", "documents", "gallery"),
]


class InitiativeViewSet(ItemViewSet):
    model = Initiative
    filterset_class = InitiativeFilter
    serializer_class = serializer_factory(Initiative, named(COLUMNS, *INITIATIVE))
    detail_serializer_class = serializer_factory(Initiative, named(COLUMNS, *WHOLE_INITIATIVE), "InitiativeDetail")

    def get_queryset(self):
        related = super().get_queryset().select_related("city", "cover")
        return related.prefetch_related("themes", "sdgs", "key_features", "audiences")


class ThemeViewSet(RowViewSet):
    queryset = Theme.objects.all()
    serializer_class = Reference


class KeyFeatureViewSet(RowViewSet):
    queryset = KeyFeature.objects.all()
    serializer_class = serializer_factory(KeyFeature, ["slug", "name", "area"])


class AudienceViewSet(RowViewSet):
    queryset = Audience.objects.all()
    serializer_class = Reference
