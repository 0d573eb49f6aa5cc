"""The pages that belong to no app: the way in, the home page, staff's pages, photos."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.static import serve

from cities.models import City, LearningPlace
from cities.views import CityDetail
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative

from .listing.markers import map_of
from .listing.views import PublishedDetailView
from .pages.models import Page

PHOTO_TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png"}


def root(request):
    """The home page in the visitor's language."""
    return redirect("home")


def api(request):
    """The API, explained in the visitor's language."""
    return redirect("api-docs")


def home(request):
    return render(request, "home.html", overview())


def overview():
    """The network at a glance: cities, the newest initiatives, the ways in, the figures."""
    cities = City.objects.published().with_card().order_by(f"sort_{get_language()}", "id")
    shown = list(cities[:12])
    initiatives = Initiative.objects.published()
    ways = InitiativeFilter(queryset=initiatives)
    return {
        "cities": shown,
        "map": map_of(shown, ratio=0.9),
        "initiatives": initiatives.with_card()[:6],
        "ways": {name: ways.filters[name].shown for name in ("theme", "sdg", "audience")},
        "counts": {
            "cities": cities.count(),
            "initiatives": initiatives.count(),
            "places": LearningPlace.objects.published().count(),
        },
    }


class PageDetail(PublishedDetailView):
    model = Page
    template_name = "pages/page.html"


def media(request, name):
    """A photo on this machine's disk: nothing but photos, under names that nobody can guess."""
    kind = PHOTO_TYPES.get(PurePosixPath(name).suffix)
    if kind is None or len(name) > 100:
        raise Http404
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    response["Content-Type"] = kind
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def design(request):
    """Every component in both directions, for those who build the site."""
    cities = City.objects.published().with_card()
    page = Paginator(Initiative.objects.published().with_card(), 4).get_page(2)
    shown = CityDetail(request=request).get_context_data(cities[0]) if cities else {}
    return render(
        request,
        "design.html",
        shown
        | {
            "colours": City.Colour.values,
            "cities": cities[:3],
            "page": page,
            "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
            "filter": InitiativeFilter(QueryDict("status=under-way&q=x"), Initiative.objects.published()),
            "languages": [],
            **overview(),
        },
    )
