"""What a page says of itself in its head: to search engines, and to those who show a link to it."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from learningcities.media.share import ShareImage
from learningcities.web.page_urls import PageUrls

from .site_texts import site_of

#: The languages as Open Graph names them.
LOCALES = {"fr": "fr_FR", "ar": "ar_AR", "en": "en_GB"}


class Picture(NamedTuple):
    url: str
    width: int
    height: int
    alt: str


class PageMeta:
    """The title, description and share image of a page, where it is, and its linked data.

    `drawn` names its share image: the kind of the page and its slug.
    """

    type = "website"
    changed_at = None
    indexed = True
    #: The JSON-LD documents of the page.
    data = ()

    def __init__(self, request, title, description, card, drawn, addresses=None):
        self.title, self.description, self.card, self.drawn = title, description, card, drawn
        self.addresses = addresses or PageUrls(request)
        self.site = site_of(request)

    @property
    def url(self):
        return self.addresses.canonical

    @property
    def site_name(self):
        return self.site.text.get("site_name", "")

    @property
    def locale(self):
        return LOCALES[get_language()]

    @property
    def other_locales(self):
        return [LOCALES[code] for code in self.addresses.languages if code != get_language()]

    @cached_property
    def image(self):
        drawing = ShareImage(self.card, self.site_name, get_language())
        path = f"{reverse('share', args=self.drawn)}?v={drawing.version}"
        alt = _("Zellige tiles in a doorway, beside the words “%(title)s”") % {"title": self.card.title}
        return Picture(self.addresses.absolute(path), drawing.width, drawing.height, alt)
