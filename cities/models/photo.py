from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import Described, DescribedQuerySet
from learningcities.media.images import PhotoField
from learningcities.publishing.models import Item, ItemQuerySet
from learningcities.translation import REQUIRED, columns, translated


class PhotoQuerySet(ItemQuerySet, DescribedQuerySet):
    pass


class Photo(Described, Item):
    """A photo of the media library, owned by a city or, without one, by the network."""

    city = models.ForeignKey(
        "City",
        models.PROTECT,
        verbose_name=_("city"),
        null=True,
        blank=True,
        related_name="photos",
        help_text=_("The city whose editors look after the photo. Empty: the network's coordinators."),
    )
    file = PhotoField(_("file"), width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    alternative = translated(
        models.CharField(
            _("alternative text"),
            max_length=250,
            help_text=_("What the photo shows, for those who can't see it. One sentence."),
        )
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("The photo says nothing that the text doesn't say already.")
    )
    credit = models.CharField(_("credit"), max_length=160, blank=True, help_text=_("Who took the photo."))
    licence = models.CharField(
        _("licence"), max_length=160, blank=True, help_text=_("The right by which we show it: CC BY 4.0, own work…")
    )
    focus_x = models.PositiveSmallIntegerField(
        _("focal point, across (%)"),
        default=50,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("0 is the left edge, 100 the right one. Crops keep this point."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point, down (%)"),
        default=50,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("0 is the upper edge, 100 the lower one."),
    )

    objects = PhotoQuerySet.as_manager()

    edited_through = "city__editors"

    class Meta(Item.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-id"]
        constraints = [
            *Item.Meta.constraints,
            models.CheckConstraint(
                condition=Q(focus_x__range=(0, 100), focus_y__range=(0, 100)),
                name="photo_focus_inside",
                violation_error_message=_("The focal point lies inside the photo: from 0 to 100."),
            ),
        ]

    def __str__(self):
        return self.alternative or self.credit or f"{_('photo')} {self.pk or ''}".strip()

    def clean(self):
        if self.decorative and any(getattr(self, column) for column in columns("alternative")):
            raise ValidationError(_("A decorative photo has no alternative text: empty it, or untick “decorative”."))

    def missing(self):
        if self.decorative or getattr(self, f"alternative_{REQUIRED}"):
            return {}
        return {
            f"alternative_{REQUIRED}": _("Say what the photo shows, or tick “decorative”."),
        }
