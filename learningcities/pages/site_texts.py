"""What every public page shows around its own content: texts of the site, menus, languages."""

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language

from learningcities.publishing.version.version_cache import cached

from .models import MenuLink, Page, SiteText


class Site:
    """The site's own words in the reader's language, around the page at a path."""

    def __init__(self, path=""):
        self.path = path

    @cached_property
    def text(self):
        rows = cached("texts of the site", lambda moment: list(SiteText.objects.all()))
        return cached(("texts", get_language()), lambda moment: {text.key: text.value for text in rows})

    @cached_property
    def links(self):
        return cached("menus", menus)

    @cached_property
    def here(self):
        """The address of the page, if a menu leads to it."""
        addresses = cached(("menu", get_language()), lambda moment: {link.href for link in self.links})
        return self.path if self.path in addresses else ""

    @cached_property
    def header(self):
        return [link for link in self.links if link.place == MenuLink.Place.HEADER]

    @cached_property
    def footer(self):
        return [link for link in self.links if link.place == MenuLink.Place.FOOTER]


def menus(moment):
    rows = MenuLink.objects.select_related("page")
    return list(rows.filter(Q(page=None) | Page.public_at(moment, "page__")))


def site_of(request):
    """The same for the view and for its templates."""
    if not hasattr(request, "site"):
        request.site = Site(request.path)
    return request.site


def site(request):
    return {"site": site_of(request)}
