"""The two shapes of public page: a list that can be asked, and one item of it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin, View

from learningcities import bounds
from learningcities.media.share import Card
from learningcities.pages import linked_data
from learningcities.pages.page_meta import PageMeta
from learningcities.pages.site_texts import site_of
from learningcities.publishing.items.redirect import is_gone, successor
from learningcities.publishing.version.version_cache import BoundedCache, cached
from learningcities.web.page_urls import PageUrls, encoded

from .exports.export import Export
from .exports.formats import FORMATS, export_response
from .robots import canonical, is_indexed


class FilteredListView(TemplateResponseMixin, View):
    """Published rows, filtered by the address: a page at a time, or all of them in another format."""

    model = None
    filterset_class = None
    page_size = bounds.PAGE_CARDS
    #: What the list is called, in addresses and in words, and the text of the site that introduces it.
    name = title = intro = None
    #: What is said of each row that is taken away, how a queryset fetches it, and the formats there are.
    columns = ()
    with_columns = None
    formats = ("xlsx", "csv", "geojson", "atom", "json")

    def get(self, request):
        published = cached(("published", self.model), self.model.objects.published)
        filterset = self.filterset_class(request.GET, published.all())
        if name := request.GET.get("format"):
            return export_response(Export(request, filterset, self.columns, self.with_columns), name, self.formats)
        return self.show(filterset)

    def show(self, filterset):
        pages = Paginator(filterset.answer, self.page_size)
        page = pages.get_page(self.request.GET.get("page"))
        pairs = [*filterset.parameters, *([("page", page.number)] if page.number > 1 else [])]
        addresses = PageUrls(self.request, encoded(pairs), canonical_query=canonical(filterset, page))
        shown = self.on_map(filterset) if filterset.is_map else {"page": page, "numbers": elided(page)}
        response = self.render_to_response(
            {
                "filter": filterset,
                "addresses": addresses,
                "head": self.get_head(filterset, page, addresses),
                "title": self.title,
                "intro": site_of(self.request).text.get(self.intro, ""),
                "formats": [FORMATS[name] for name in self.formats],
                **shown,
            }
        )
        response.canonical_query = encoded(pairs)
        # What the browser shows as its address where a script has put in the answer.
        response["HX-Push-Url"] = f"{self.request.path}?{encoded(pairs)}" if pairs else self.request.path
        return response

    def on_map(self, filterset):
        tiles = {"url": settings.MAP_TILE_URL, "attribution": settings.MAP_TILE_ATTRIBUTION}
        return {"map": self.map(filterset), "tiles": tiles}

    def map(self, filterset):
        """All results on a map: see list_map."""
        raise NotImplementedError

    @classmethod
    def card(cls):
        return Card(str(cls.title), seed=cls.name)

    def get_head(self, filterset, page, addresses):
        title, intro = titled(self.title, filterset, page), site_of(self.request).text.get(self.intro, "")
        rows = [] if filterset.is_map else page.object_list
        names = " · ".join(item.heading for item in rows)
        description = intro if title == self.title or not names else Truncator(f"{title} · {names}").chars(200)
        head = PageMeta(self.request, title, description, self.card(), ["site", self.name], addresses)
        head.indexed = is_indexed(filterset, page, self.request.GET)
        head.data = [linked_data.document(linked_data.collection(head, page, rows))]
        return head


def elided(page):
    """The numbers of the pages that a pager names."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


def titled(title, filterset, page):
    """The title of a list, of what is asked of it, and of the page: no two addresses that are indexed share one."""
    parts = [title, *(chip.label for chip in filterset.chips[:3])]
    if page.number > 1:
        parts.append(_("page %(number)s") % {"number": page.number})
    return " – ".join(map(str, parts))


class PublishedDetailView(TemplateResponseMixin, View):
    """A published item; for what isn't there, the best answer that can be given."""

    model = None
    #: The name of the list the item belongs to, for the way back.
    list_name = None

    def get(self, request, slug):
        items = cached(("items", self.model, get_language()), lambda moment: BoundedCache(bounds.CACHED_ITEMS))
        shown = items.get(slug)
        if shown is None and (item := self.get_queryset().filter(slug=slug).first()):
            shown = items.store(slug, self.shown(item))
        if shown:
            context = self.get_context_data(shown)
            response = self.render_to_response(context | {"head": self.get_head(context)})
            response.canonical_query = ""
            return response
        return self.elsewhere(slug)

    def get_queryset(self):
        return self.model.objects.published()

    def shown(self, item):
        """All that the page shows of the item, read once for each version of the content."""
        return {"item": item}

    def get_context_data(self, shown):
        context, item = dict(shown), shown["item"]
        if self.list_name:
            context["back"] = reverse(self.list_name)
        return context | {"addresses": PageUrls(self.request, languages=item.languages)}

    def get_head(self, context):
        item = context["item"]
        drawn = [item._meta.model_name, item.slug]
        head = PageMeta(self.request, item.card.title, item.summary, item.card, drawn, context["addresses"])
        head.type, head.changed_at = "article", item.changed_at
        head.data = [self.linked_data(head, context)]
        return head

    def linked_data(self, head, context):
        way = linked_data.breadcrumb(head, (head.site_name, reverse("home")))
        return linked_data.document(linked_data.page(head, breadcrumb=way))

    def elsewhere(self, slug):
        """301 to where the item is now, 410 for what was public once, 404 for the rest."""
        if item := successor(self.model, slug):
            return redirect(item, permanent=True)
        if is_gone(self.model, slug):
            return render(self.request, "410.html", status=410)
        raise Http404
