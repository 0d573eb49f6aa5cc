"""Every public address in every language, with its last change and the languages it is written in."""

from datetime import datetime
from typing import NamedTuple

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from .listing.views import languages_of
from .translation import LANGUAGES, REQUIRED, columns


class MultilingualSitemap(Sitemap):
    """One entry a language; alternates name only the languages a page is really written in."""

    i18n = True
    languages = LANGUAGES

    def written_in(self, item):
        return LANGUAGES

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        places = {url["item"]: url["location"] for url in urls}
        for url in urls:
            item, _language = url["item"]
            written = [(code, places[item, code]) for code in self.written_in(item)]
            url["alternates"] = [
                {"lang_code": code, "location": location}
                for code, location in [*written, ("x-default", places[item, REQUIRED])]
            ]
        return urls


class ItemSitemap(MultilingualSitemap):
    def __init__(self, model):
        self.model = model

    def items(self):
        needed = [column for name in self.model.needed for column in columns(name)]
        return self.model.objects.published().only("slug", "changed_at", *needed).order_by("pk")

    def lastmod(self, item):
        return item.changed_at

    def written_in(self, item):
        return languages_of(item)


class SiteSitemap(MultilingualSitemap):
    """The pages of the site itself: url names, each with the models whose newest change it shows."""

    def __init__(self, shown):
        self.shown = shown

    def items(self):
        models = {model for group in self.shown.values() for model in group}
        newest = {model: model.objects.published().aggregate(at=Max("changed_at"))["at"] for model in models}
        return [
            Listed(name, max((newest[model] for model in group if newest[model]), default=None))
            for name, group in self.shown.items()
        ]

    def location(self, item):
        return reverse(item.name)

    def lastmod(self, item):
        return item.changed_at


class Listed(NamedTuple):
    name: str
    changed_at: datetime | None
