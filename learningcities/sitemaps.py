"""Every public address in every language, with its last change and the languages it is written in."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import override

from .listing.views import languages_of
from .translation import LANGUAGES, REQUIRED


class MultilingualSitemap(Sitemap):
    """One entry a language; alternates name only the languages a page is really written in."""

    i18n = True
    languages = LANGUAGES

    def written_in(self, item):
        return LANGUAGES

    def get_urls(self, page=1, site=None, protocol=None):
        origin = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            item, _language = url["item"]
            written = [(code, origin + self.path(item, code)) for code in self.written_in(item)]
            url["alternates"] = [
                {"lang_code": code, "location": location}
                for code, location in [*written, ("x-default", origin + self.path(item, REQUIRED))]
            ]
        return urls

    def path(self, item, language):
        with override(language):
            return self.location(item)


class ItemSitemap(MultilingualSitemap):
    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().order_by("pk")

    def lastmod(self, item):
        return item.changed_at

    def written_in(self, item):
        return languages_of(item)


class ListSitemap(MultilingualSitemap):
    """The home page and the lists."""

    def items(self):
        return ["home", "cities:list", "initiatives:list"]

    def location(self, name):
        return reverse(name)
