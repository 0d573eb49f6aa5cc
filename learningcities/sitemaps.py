"""Every public address in every language, with its last change and the languages it is written in."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse

from learningcities.facets.facet_index import facet_index
from learningcities.publishing.version.version_cache import cached
from learningcities.text.translation import LANGUAGES, columns, first_of


def sitemap(request, sitemaps):
    """All addresses in one file or, where there are too many, an index of the files that have them."""
    is_long = any(pages.paginator.num_pages > 1 for pages in sitemaps.values())
    return views.index(request, sitemaps, sitemap_url_name="addresses") if is_long else views.sitemap(request, sitemaps)


class MultilingualSitemap(Sitemap):
    """One entry a language; alternates name only the languages a page is really written in."""

    i18n = True
    languages = LANGUAGES
    #: Of addresses in one file; an item has all of its own in the same one.
    limit = 3000 * len(LANGUAGES)

    def written_in(self, item):
        return LANGUAGES

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        places = {url["item"]: url["location"] for url in urls}
        for url in urls:
            item, _language = url["item"]
            languages = self.written_in(item)
            written = [(code, places[item, code]) for code in languages]
            url["alternates"] = [
                {"lang_code": code, "location": location}
                for code, location in [*written, ("x-default", places[item, first_of(languages)])]
            ]
        return urls


class ItemSitemap(MultilingualSitemap):
    def __init__(self, model):
        self.model = model

    @property
    def paginator(self):
        return Paginator(Everywhere(self.model), self.limit)

    def lastmod(self, item):
        return item.changed_at

    def get_latest_lastmod(self):
        return newest(self.model)

    def written_in(self, item):
        return item.languages


class Everywhere:
    """Each published row in each language, for a Paginator: it reads the rows of a page, however many there are."""

    def __init__(self, model):
        self.model, self.keys = model, facet_index(model).all

    def __len__(self):
        return len(self.keys) * len(LANGUAGES)

    def __getitem__(self, window):
        keys = self.keys[window.start // len(LANGUAGES) : window.stop // len(LANGUAGES)]
        needed = [column for name in self.model.needed for column in columns(name)]
        rows = self.model.objects.published().only("slug", "changed_at", *needed).order_by("pk")
        # A page has most rows between its first one and its last.
        chosen = rows.filter(pk__range=(keys.min(), keys.max())) if keys else []
        return [(row, language) for row in chosen for language in LANGUAGES]


def newest(model):
    """When something public of a model last changed."""

    def build(moment):
        return model.objects.published(moment).aggregate(at=Max("changed_at"))["at"]

    return cached(("newest", model), build)


class SiteSitemap(MultilingualSitemap):
    """The pages of the site itself: url names, each with the models whose newest change it shows."""

    def __init__(self, shown):
        self.shown = shown

    def items(self):
        models = {model for group in self.shown.values() for model in group}
        changed = {model: newest(model) for model in models}
        return [
            SitemapEntry(name, max((changed[model] for model in group if changed[model]), default=None))
            for name, group in self.shown.items()
        ]

    def location(self, item):
        return reverse(item.name)

    def lastmod(self, item):
        return item.changed_at


class SitemapEntry(NamedTuple):
    name: str
    changed_at: datetime | None
