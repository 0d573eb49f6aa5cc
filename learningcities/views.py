"""The pages that belong to no app: the way in, the home page, the data, staff's pages, pictures."""

from math import ceil

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.filters import CityFilter
from cities.maps import cities_for_map
from cities.models import City, Country, Document, LearningPlace, Photo
from cities.views import CityDetail, CityList
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, InitiativeFigure
from initiatives.views import InitiativeList
from learningcities.facets.facet_index import facet_index
from learningcities.listing.map.markers import map_of
from learningcities.pages.page_meta import PageMeta
from learningcities.pages.site_texts import site_of
from learningcities.publishing.version.content_version import shown_moment
from learningcities.publishing.version.version_cache import cached
from learningcities.web.page_urls import PageUrls

from .api import docs
from .dataset import Dataset, catalogue
from .listing.exports.formats import FORMATS
from .listing.exports.tables import signs
from .listing.views import PublishedDetailView, elided
from .media.serving import served
from .media.share import Card, ShareImage
from .pages import linked_data
from .pages.models import Page

#: What share images are drawn of, besides the pages of the site itself.
SHARED = {"city": City, "initiative": Initiative, "page": Page}
#: On the home page: how many cities, short lines and stars, and among how many initiatives the one told large changes.
CITIES_SHOWN, LINES, CITIES_ON_MAP, TOLD_IN_TURN = 6, 5, 500, 12
FOR_EVER = "public, max-age=31536000, immutable"


def root(request):
    """The home page in the visitor's language."""
    return redirect("home")


def api(request):
    """The API, explained in the visitor's language."""
    return redirect("api-docs")


def home(request):
    text = site_of(request).text
    card = site_cards(request)["home"]
    head = PageMeta(request, text.get("site_name", ""), text.get("home_lead", ""), card, ["site", "home"])
    head.data = [linked_data.document(linked_data.page(head), *linked_data.website(head))]
    shown = cached(("home", get_language()), overview)
    return render(request, "home.html", shown | {"head": head})


def overview(moment):
    """The network at a glance: cities and an initiative of the day, the newest ones, the ways in, the figures."""
    day = localdate(moment).toordinal()
    cities = CityFilter(queryset=City.objects.published()).answer
    ways = InitiativeFilter(queryset=Initiative.objects.published())
    newest = ways.answer[: LINES + 1]
    told = told_on(day, moment) or next(iter(newest), None)
    return {
        "cities": on_day(day, cities, CITIES_SHOWN),
        "map": map_of(cities.fetch(cities_for_map(), 0, CITIES_ON_MAP), ratio=1.9),
        "told": told,
        "initiatives": [initiative for initiative in newest if initiative != told][:LINES],
        "ways": {name: [option.row for option in ways.filters[name].options] for name in ("theme", "sdg", "audience")},
        "counts": {
            "cities": len(cities),
            "initiatives": len(ways.answer),
            "places": len(facet_index(LearningPlace).all),
        },
    }


def told_on(day, moment):
    """One of the newest initiatives that have a figure, another each day, or None; `figure` is what it achieved."""
    counted = InitiativeFigure.objects.filter(initiative=OuterRef("pk"), year__isnull=False)
    initiatives = (
        Initiative.objects.published(moment).filter(Exists(counted)).with_card().order_by("-public_from", "-id")
    )
    if not (choice := list(initiatives[:TOLD_IN_TURN])):
        return None
    told = choice[day % len(choice)]
    told.figure = max(told.figures.filter(year__isnull=False), key=lambda figure: (figure.year, figure.value))
    return told


def on_day(day, rows, number):
    """So many rows, others each day, until all have been shown."""
    turns = max(1, ceil(len(rows) / number))
    start = max(0, min(day % turns * number, len(rows) - number))
    return rows[start : start + number]


def dataset(request):
    """What can be taken away, how fresh it is, and under which licence."""
    datasets = [Dataset(CityList), Dataset(InitiativeList)]
    intro = site_of(request).text.get("dataset_intro", "")
    head = PageMeta(request, _("Data"), intro, site_cards(request)["dataset"], ["site", "dataset"])
    countries = Country.objects.filter(regions__cities__in=City.objects.published()).distinct()
    head.data = [
        linked_data.document(linked_data.page(head)),
        catalogue(head, datasets, [country.name for country in countries]),
    ]
    changed_at = max((dataset.changed_at for dataset in datasets if dataset.changed_at), default=None)
    shown = {"head": head, "datasets": datasets, "changed_at": changed_at, "signs": signs()}
    return render(request, "dataset.html", shown)


def site_cards(request):
    """The share images of the site's own pages, by the slug in their addresses."""
    text = site_of(request).text
    return {
        "home": Card(text.get("home_title", ""), text.get("site_tagline", ""), seed="etoile"),
        "cities": CityList.card(),
        "initiatives": InitiativeList.card(),
        "dataset": Card(_("Data"), seed="dataset"),
        "api": docs.card(),
    }


def share_image(request, kind, slug):
    """The picture that goes with a shared link; an address that names its version never changes."""
    if kind == "site":
        card = site_cards(request).get(slug)
    else:
        card = get_object_or_404(SHARED[kind].objects.published(), slug=slug).card if kind in SHARED else None
    if card is None:
        raise Http404
    image = ShareImage(card, site_of(request).text.get("site_name", ""), get_language())
    response = HttpResponse(image.png(), content_type=image.type)
    is_current = request.GET.get("v") == image.version
    response["Cache-Control"] = FOR_EVER if is_current else "public, max-age=300"
    return response


def robots(request):
    """All but the admin, previews, and the downloads of lists, which are for people and programs that ask for them."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    closed = [f"Disallow: {path}" for path in ("/admin/", "/preview/", "/*?*format=")]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class PageDetail(PublishedDetailView):
    model = Page
    template_name = "pages/page.html"


def media(request, name):
    """A photo or a document, under a name that nobody can guess, unless it was taken off the site."""
    model = Document if name.startswith("documents/") else Photo
    item = get_object_or_404(model.objects.of_file(name))
    if item.is_gone:
        return render(request, "410.html", status=410)
    return served(request, name, item.download_name)


def design(request):
    """Every component in both directions, for those who build the site."""
    cities = City.objects.published().with_card()
    page = Paginator(Initiative.objects.published().with_card(), 4).get_page(2)
    shown = CityDetail(request=request).shown(cities[0]) if cities else {}
    return render(
        request,
        "design.html",
        shown
        | {
            "colours": City.Colour.values,
            "cities": cities[:3],
            "page": page,
            "numbers": list(elided(page)),
            "filter": InitiativeFilter(QueryDict("status=under-way&q=x"), Initiative.objects.published()),
            "addresses": PageUrls(request, languages=[]),
            "formats": FORMATS.values(),
            **overview(shown_moment()),
        },
    )
