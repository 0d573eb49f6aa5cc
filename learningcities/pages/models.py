"""What the network says of itself: pages, the site's short texts, its menus."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learningcities.media.share import Card
from learningcities.publishing.items.slugs import PublicSlugField
from learningcities.publishing.models import Item, ItemQuerySet, Tracked
from learningcities.search.indexed import Indexed, IndexedQuerySet
from learningcities.text import links, plain_text
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import columns, translated


class PageQuerySet(ItemQuerySet, IndexedQuerySet):
    def with_card(self):
        """With all that a result of the search shows: its own columns."""
        return self


class Page(Indexed, Item):
    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    slug = PublicSlugField(of="title", help_text=_("Latin letters, digits and hyphens; the address of the page."))
    summary = translated(
        plain_text.TextField(_("summary"), max_length=400, help_text=_("One sentence for search engines."))
    )
    body = translated(RichTextField(_("text")))

    objects = PageQuerySet.as_manager()

    needed = ("title", "body")
    distinct_by = ("title",)
    found_by = {"title": ("title",), "summary": ("summary",), "rest": ("body",)}

    class Meta(Item.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["slug"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])

    @property
    def card(self):
        return Card(self.title, seed=self.slug)


class SiteText(Tracked):
    """A short text of the site itself, such as its name or the welcome on the home page."""

    class Key(models.TextChoices):
        SITE_NAME = "site_name", _("name of the site")
        SITE_TAGLINE = "site_tagline", _("line under the name")
        HOME_TITLE = "home_title", _("home: headline")
        HOME_LEAD = "home_lead", _("home: opening words")
        HOME_WHAT_TITLE = "home_what_title", _("home: heading of the explanation")
        HOME_WHAT = "home_what", _("home: what a learning city is")
        HOME_CITIES_TITLE = "home_cities_title", _("home: heading of the cities")
        HOME_CITIES = "home_cities", _("home: words on the cities")
        HOME_INITIATIVES_TITLE = "home_initiatives_title", _("home: heading of the initiatives")
        HOME_INITIATIVES = "home_initiatives", _("home: words on the initiatives")
        HOME_WAYS_TITLE = "home_ways_title", _("home: heading of the ways in")
        HOME_WAYS = "home_ways", _("home: words on the ways in")
        FOOTER_ABOUT = "footer_about", _("footer: words on the site")
        FOOTER_DISCLAIMER = "footer_disclaimer", _("footer: disclaimer on designations")
        CITIES_INTRO = "cities_intro", _("list of cities: opening words")
        INITIATIVES_INTRO = "initiatives_intro", _("list of initiatives: opening words")
        DATASET_INTRO = "dataset_intro", _("data: opening words")
        DATASET_LICENCE = "dataset_licence", _("data: name of the licence")
        DATASET_LICENCE_URL = "dataset_licence_url", _("data: address of the licence")
        DATASET_ATTRIBUTION = "dataset_attribution", _("data: how to name the source")

    key = models.CharField(_("where it stands"), max_length=40, choices=Key, unique=True)
    value = translated(plain_text.TextField(_("text")))

    class Meta:
        verbose_name = _("text of the site")
        verbose_name_plural = _("texts of the site")
        ordering = ["key"]

    def __str__(self):
        return self.get_key_display()

    def clean(self):
        super().clean()
        if self.key == self.Key.DATASET_LICENCE_URL:
            check_web_addresses(self, columns("value"))


def check_web_addresses(row, names):
    wrong = {}
    for name in names:
        try:
            URLValidator(["http", "https"])(getattr(row, name) or "https://example.org")
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)


class MenuLink(Tracked):
    """A link in the header or the footer: to a list, to a page of the site, or elsewhere."""

    class Place(models.TextChoices):
        HEADER = "header", _("header")
        FOOTER = "footer", _("footer")

    class Target(models.TextChoices):
        CITIES = "cities:list", _("list of cities")
        INITIATIVES = "initiatives:list", _("list of initiatives")
        DATASET = "dataset", _("page on the data")

    place = models.CharField(_("place"), max_length=10, choices=Place)
    label = translated(plain_text.CharField(_("label"), max_length=60), required=True)
    target = models.CharField(_("list"), max_length=40, choices=Target, blank=True)
    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), null=True, blank=True, related_name="links")
    url = links.URLField(_("other address"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link of a menu")
        verbose_name_plural = _("menus")
        ordering = ["place", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(target="") & Q(page=None, url=""))
                | (Q(target="", page__isnull=False, url=""))
                | (Q(target="", page=None) & ~Q(url="")),
                name="menulink_one_destination",
                violation_error_message=_("Choose one destination: a list, a page, or another address."),
            )
        ]

    def __str__(self):
        return self.label

    @property
    def href(self):
        if self.target:
            return reverse(self.target)
        return self.page.get_absolute_url() if self.page else self.url
