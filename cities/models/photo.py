from copy import copy

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.care.completeness import Picture, PictureQuerySet
from learningcities.media.image_hash import are_alike, fingerprint
from learningcities.media.images import ENDINGS, PhotoField
from learningcities.publishing.models import Part
from learningcities.publishing.version.content_version import moment
from learningcities.templatetags.learningcities import if_public
from learningcities.text import plain_text
from learningcities.text.translation import columns, lacking, language_name, language_of, translated

from .media import Media, MediaQuerySet


class PhotoQuerySet(MediaQuerySet, PictureQuerySet):
    def alike(self, photo):
        """Those that seem to show the same."""
        others = self.active().exclude(pk=photo.pk).exclude(fingerprint="").values_list("pk", "fingerprint")
        return self.filter(pk__in=[pk for pk, other in others if are_alike(photo.fingerprint, other)])

    def without_alternative(self, language):
        return self.filter(**{"decorative": False, f"alternative_{language}": ""})

    def consent_ending(self):
        """Those that may be shown, although the consent of whom they show has run out or soon will; the first first."""
        soon = localdate(moment()) + bounds.CONSENT_NOTICE
        shown = self.active().filter(Q(public_until=None) | Q(public_until__gt=moment()), withdrawn_at=None)
        return shown.filter(consent_until__lte=soon).order_by("consent_until", "pk")


class Photo(Picture, Media):
    """A photo of the media library."""

    file = PhotoField(_("file"), width_field="width", height_field="height", unique=True)
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    fingerprint = models.CharField(max_length=16, editable=False, default="")
    alternative = translated(
        plain_text.CharField(
            _("alternative text"),
            max_length=250,
            help_text=_("What the photo shows, for those who can't see it. One sentence."),
        )
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("The photo says nothing that the text doesn't say already.")
    )
    credit = plain_text.CharField(_("credit"), max_length=160, blank=True, help_text=_("Who took the photo."))
    licence = plain_text.CharField(
        _("licence"), max_length=160, blank=True, help_text=_("The right by which we show it: CC BY 4.0, own work…")
    )
    # For staff only
    consent = plain_text.TextField(
        _("consent"),
        blank=True,
        help_text=_("Whom the photo shows, what they agreed to, and where that is written. Visitors never see it."),
    )
    consent_until = models.DateField(
        _("consent until"),
        null=True,
        blank=True,
        help_text=_("The last day of the consent. Empty: it has no end. You are told a month before."),
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

    ENDINGS = ENDINGS

    class Meta(Media.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            *Media.Meta.constraints,
            models.CheckConstraint(
                condition=Q(focus_x__range=(0, 100), focus_y__range=(0, 100)),
                name="photo_focus_inside",
                violation_error_message=_("The focal point lies inside the photo: from 0 to 100."),
            ),
        ]

    def __str__(self):
        return self.alternative or f"{_('photo')} {self.pk or ''}".strip()

    def clean(self):
        super().clean()
        if self.decorative and any(getattr(self, column) for column in columns("alternative")):
            raise ValidationError(_("A decorative photo has no alternative text: empty it, or untick “decorative”."))

    def missing(self):
        missing = {}
        for column in [] if self.decorative else lacking(self, ["alternative"]):
            text = _("Say in %(language)s what the photo shows, or tick “decorative”.")
            missing[column] = text % {"language": language_name(language_of(self._meta.get_field(column)))}
        if not self.credit:
            missing["credit"] = _("Say who took the photo, before it is published.")
        if not self.licence:
            missing["licence"] = _("Say by which right we show the photo, before it is published.")
        return missing

    def texts(self):
        return [*(getattr(self, column) for column in columns("alternative")), self.credit, self.licence]

    def follow_change(self, patch):
        super().follow_change(patch)
        if "file" in patch:
            self.store_derived(fingerprint=fingerprint(self.file))
        if {"file", "focus_x", "focus_y"} & patch.keys():
            self.file.save_all()


def alternative_here(verbose_name):
    """The text alternative of a photo in one place that shows it; where it is empty, the photo's own stands."""
    return translated(
        plain_text.CharField(
            verbose_name,
            max_length=250,
            help_text=_("Only where it has something else to say here than in the library."),
        )
    )


def described(photo, place, name):
    """The photo with what a place says that it shows, language by language, instead of what the library says."""
    texts = zip(columns("alternative"), columns(name), strict=True)
    if own := {column: text for column, here in texts if (text := getattr(place, here))}:
        photo = copy(photo)
        vars(photo).update(own, decorative=False)
    return photo


class Covered(models.Model):
    """An item with a `cover`, and what that photo shows here (`cover_alternative`)."""

    #: How visitors see a cover: the shape of a rendition, what it is drawn in, and where that is.
    crops = ()

    class Meta:
        abstract = True

    @property
    def shown_cover(self):
        """The cover as visitors see it here, or None."""
        photo = if_public(self.cover)
        return photo and described(photo, self, "cover_alternative")


class GalleryPhoto(Part):
    """A photo in the gallery of an item."""

    photo = models.ForeignKey(Photo, models.CASCADE, verbose_name=_("photo"), related_name="+")
    caption = translated(
        plain_text.CharField(_("caption"), max_length=250, help_text=_("A sentence below the photo, if it needs one."))
    )
    alternative = alternative_here(_("what the photo shows here"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    crops = (("3/2", "picture", _("the gallery")),)

    class Meta:
        abstract = True
        verbose_name = _("photo of the gallery")
        verbose_name_plural = _("gallery")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.photo)


def once_in_gallery(item):
    """The constraint that an item shows a photo once in its gallery."""
    return models.UniqueConstraint(
        fields=[item, "photo"],
        name="%(class)s_once",
        violation_error_message=_("This photo is in the gallery already."),
    )


def shown_photos(item):
    """The photos of an item's gallery that visitors may see, each as its `row` of the gallery describes it."""
    photos = []
    for row in item.gallery.select_related("photo"):
        if photo := if_public(row.photo):
            photos.append(described(photo, row, "alternative"))
            photos[-1].row = row
    return photos
