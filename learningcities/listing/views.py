"""The two shapes of public page: a list that can be asked, and one item of it."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic.base import TemplateResponseMixin, View
from translated_fields import to_attribute

from learningcities.publishing.redirect import is_gone, successor
from learningcities.translation import LANGUAGES

from .filters import encoded, kept


class FilteredListView(TemplateResponseMixin, View):
    """Published rows, filtered by the address, a page at a time."""

    model = None
    filterset_class = None
    page_size = 12

    def get(self, request):
        filterset = self.filterset_class(request.GET, self.model.objects.published())
        pages = Paginator(filterset.answer, self.page_size)
        page = pages.get_page(request.GET.get("page"))
        here = [*filterset.asked, ("page", page.number)] if page.number > 1 else filterset.asked
        return self.render_to_response(
            {
                "filter": filterset,
                "page": page,
                "numbers": pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
                "kept": encoded(here),
            }
        )


class PublishedDetailView(TemplateResponseMixin, View):
    """A published item; for what isn't there, the best answer that can be given."""

    model = None
    #: The name of the list the item belongs to, and its filters, for the way back.
    list_name = None
    filterset_class = None

    def get(self, request, slug):
        if item := self.get_queryset().filter(slug=slug).first():
            return self.render_to_response(self.get_context_data(item))
        return self.elsewhere(slug)

    def get_queryset(self):
        return self.model.objects.published()

    def get_context_data(self, item):
        context = {"item": item, "languages": languages_of(item)}
        if self.list_name:
            context["kept"] = kept(self.request.GET, self.filterset_class)
            context["back"] = reverse(self.list_name) + (f"?{context['kept']}" if context["kept"] else "")
        return context

    def elsewhere(self, slug):
        """301 to where the item is now, 410 for what was public once, 404 for the rest."""
        if item := successor(self.model, slug):
            return redirect(item, permanent=True)
        if is_gone(self.model, slug):
            return render(self.request, "410.html", status=410)
        raise Http404


def languages_of(item):
    """The languages in which an item really is written, and not only shown in another one."""
    return [code for code in LANGUAGES if all(getattr(item, to_attribute(name, code)) for name in item.needed)]
