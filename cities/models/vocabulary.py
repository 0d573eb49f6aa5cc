from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.slugs import SlugField
from learningcities.publishing.models import Tracked
from learningcities.text import plain_text
from learningcities.text.translation import columns, translated


class Vocabulary(Tracked):
    """A row with a name in each language, by which others are found and sorted."""

    name = translated(plain_text.CharField(_("name"), max_length=160), required=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def named_by(self):
        return columns("name")


class Term(Vocabulary):
    """A row of a vocabulary that staff can edit; its slug is what addresses say."""

    slug = SlugField(
        _("short name in addresses"),
        max_length=60,
        unique=True,
        of="name",
        help_text=_("Latin letters, digits and hyphens. Links to lists carry it, so it shouldn't change."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))

    class Meta:
        abstract = True
        ordering = ["position", "slug"]


class SDG(Vocabulary):
    """A Sustainable Development Goal of the United Nations' Agenda 2030."""

    number = models.PositiveSmallIntegerField(
        _("number"), unique=True, validators=[MinValueValidator(1), MaxValueValidator(17)]
    )
    colour = models.CharField(
        _("official colour"), max_length=7, validators=[RegexValidator(r"^#[0-9A-F]{6}$")], help_text="#C5192D"
    )

    class Meta:
        verbose_name = _("sustainable development goal")
        verbose_name_plural = _("sustainable development goals")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 17)),
                name="sdg_number_1_to_17",
                violation_error_message=_("The goals are numbered from 1 to 17."),
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.name}"

    @property
    def slug(self):
        return str(self.number)
