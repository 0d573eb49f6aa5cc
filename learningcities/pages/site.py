"""What every public page shows around its own content: texts of the site, menus, languages."""

from django.db.models import Q
from django.utils.functional import cached_property

from learningcities.publishing.clock import moment

from .models import MenuLink, Page, SiteText


class Site:
    """The site's own words, read from the database once a page and only if the page asks."""

    @cached_property
    def text(self):
        return {text.key: text.value for text in SiteText.objects.all()}

    @cached_property
    def links(self):
        rows = MenuLink.objects.select_related("page")
        return list(rows.filter(Q(page=None) | Page.public_at(moment(), "page__")))

    @cached_property
    def header(self):
        return [link for link in self.links if link.place == MenuLink.Place.HEADER]

    @cached_property
    def footer(self):
        return [link for link in self.links if link.place == MenuLink.Place.FOOTER]


def site_of(request):
    """The same for the view and for its templates."""
    if not hasattr(request, "site"):
        request.site = Site()
    return request.site


def site(request):
    return {"site": site_of(request)}
