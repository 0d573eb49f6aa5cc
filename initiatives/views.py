from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models import shown_photos
from learningcities.listing.filter_types import Choice
from learningcities.listing.views import FilteredListView, PublishedDetailView
from learningcities.text.translation import columns

from . import linked_data
from .columns import COLUMNS, with_columns
from .filters import InitiativeFilter
from .maps import map_of_initiatives
from .models import Initiative, Theme


class InitiativeList(FilteredListView):
    model = Initiative
    filterset_class = InitiativeFilter
    template_name = "initiatives/initiative_list.html"
    name, title, intro = "initiatives", _("Initiatives"), "initiatives_intro"
    columns, with_columns = COLUMNS, staticmethod(with_columns)
    formats = ("xlsx", "csv", "ics", "geojson", "atom", "json")

    def map(self, filterset):
        return map_of_initiatives(filterset)


class InitiativeDetail(PublishedDetailView):
    model = Initiative
    list_name = "initiatives:list"
    template_name = "initiatives/initiative_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("city__region__country", "cover")

    def shown(self, initiative):
        terms = terms_of(initiative)
        return super().shown(initiative) | {
            "story": story(initiative),
            "axes": terms.pop("axes", []),
            "terms": terms,
            "partners": list(initiative.partners.all()),
            "places": list(initiative.places.published().select_related("city")),
            "figures": (figures := list(initiative.figures.select_related("document"))),
            "common_source": common_source(figures),
            "updates": list(initiative.updates.all()),
            "documents": list(initiative.documents.published()),
            "gallery": shown_photos(initiative),
            "related": list(related(initiative)[:4]),
        }

    def linked_data(self, head, context):
        return linked_data.initiative_page(head, context, reverse(self.list_name))


def common_source(figures):
    """One of the figures, if all have its source: then it is said once."""
    sources = {(figure.source, figure.source_url, figure.document_id) for figure in figures}
    return figures[0] if len(sources) == 1 and len(figures) > 1 else None


def story(initiative):
    """The parts of the case study that are written: (name, heading, text)."""
    heading = {name: initiative._meta.get_field(columns(name)[0]).verbose_name for name in initiative.STORY}
    return [(name, heading[name], text) for name in initiative.STORY if (text := getattr(initiative, name))]


def terms_of(initiative):
    """Its rows of the four vocabularies, and its axes, in one query: {"themes": [Choice, ...], ...}."""
    names = columns("name")

    def rows(vocabulary, slug="slug", place="position", colour=None):
        terms = getattr(initiative, vocabulary).order_by()
        return terms.values_list(Value(vocabulary), Cast(slug, CharField()), colour or Value(""), F(place), *names)

    own_axes = initiative.axes.filter(city=initiative.city_id).order_by()
    axes = own_axes.values_list(Value("axes"), Cast("pk", CharField()), Value(""), F("position"), *columns("title"))
    goals = rows("sdgs", "number", "number", F("colour"))
    choices = rows("themes").union(rows("audiences"), rows("key_features"), goals, axes)
    terms = {}
    for vocabulary, slug, colour, _place, *words in sorted(choices, key=lambda row: row[3]):
        name = Theme(**dict(zip(names, words, strict=True))).name
        terms.setdefault(vocabulary, []).append(Choice(slug, name, colour))
    return terms


def related(initiative):
    """Others of the same city, then others with a theme in common."""
    near = Q(city=initiative.city) | Q(themes__in=initiative.themes.values("pk"))
    similar = Initiative.objects.filter(near).exclude(pk=initiative.pk).values("pk")
    same_city_first = Case(When(city=initiative.city, then=0), default=1)
    return (
        Initiative.objects.published()
        .filter(pk__in=similar)
        .order_by(same_city_first, "-public_from", "-id")
        .select_related("city__region", "cover")
    )
