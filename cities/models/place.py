from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.slugs import SlugField
from learningcities.publishing.models import Item, ItemQuerySet
from learningcities.search.indexed import Indexed, IndexedQuerySet
from learningcities.text import links, plain_text
from learningcities.text.dates import PartialDateField
from learningcities.text.translation import columns, translated

from .coordinates import Located
from .sourced import UNSOURCED, is_old, missing_facts
from .vocabulary import Term


class PlaceKind(Term):
    class Meta(Term.Meta):
        verbose_name = _("kind of learning place")
        verbose_name_plural = _("kinds of learning place")


class LearningPlaceQuerySet(ItemQuerySet, IndexedQuerySet):
    def with_card(self):
        """With all that a result of the search shows."""
        return self.select_related("kind", "city")

    def outdated(self):
        """Those whose capacity is too old a figure, the oldest first."""
        return self.active().filter(is_old(), capacity__isnull=False).order_by("year", "pk")

    def unsourced(self):
        """Those whose capacity has no source."""
        return self.active().filter(UNSOURCED, capacity__isnull=False).order_by("pk")


class LearningPlace(Located, Indexed, Item):
    """Somewhere in a city where people learn: a university, a library, a workshop."""

    city = models.ForeignKey("City", models.PROTECT, verbose_name=_("city"), related_name="places")
    slug = SlugField(_("short name in addresses"), max_length=80, unique=True, of="name")
    kind = models.ForeignKey(PlaceKind, models.PROTECT, verbose_name=_("kind"), related_name="places")
    name = translated(plain_text.CharField(_("name"), max_length=160), required=True)
    text = translated(plain_text.TextField(_("description"), help_text=_("What one learns here, and who may come.")))
    capacity = models.PositiveIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("How many people at once.")
    )
    opened = PartialDateField(_("opened"), blank=True, help_text=_("A year, a month or a day: 2013, 10/2013."))
    year = models.PositiveSmallIntegerField(
        _("year of this information"), null=True, blank=True, help_text=_("So that readers know how old it is.")
    )
    source = translated(plain_text.CharField(_("source"), max_length=250))
    website = links.URLField(_("website"), blank=True)

    objects = LearningPlaceQuerySet.as_manager()

    public_through = ("city",)
    edited_through = "city__editors"
    distinct_by = ("name", "city")
    needed = ("name",)
    has_proper_name = True
    found_by = {"title": ("name",), "summary": ("text",), "rest": ()}
    indexed_paths = ("city", "kind")

    class Meta(Item.Meta):
        verbose_name = _("learning place")
        verbose_name_plural = _("learning places")
        ordering = ["sort_fr", "id"]
        constraints = [*Item.Meta.constraints, *Located.Meta.constraints]

    def __str__(self):
        return self.name

    @property
    def named_by(self):
        return columns("name")

    def get_absolute_url(self):
        return f"{self.city.get_absolute_url()}#place-{self.slug}"

    def missing(self):
        return super().missing() | ({} if self.capacity is None else missing_facts(self, "name"))
