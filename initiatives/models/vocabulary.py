from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Term


class Theme(Term):
    """A thematic cluster of the UNESCO Global Network of Learning Cities."""

    class Meta(Term.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class KeyFeature(Term):
    """A focal area of the Key Features of Learning Cities."""

    class Area(models.TextChoices):
        WIDER_BENEFITS = "wider-benefits", _("wider benefits of building a learning city")
        BUILDING_BLOCKS = "building-blocks", _("major building blocks of a learning city")
        FUNDAMENTAL_CONDITIONS = "fundamental-conditions", _("fundamental conditions for building a learning city")

    area = models.CharField(_("area"), max_length=30, choices=Area)

    class Meta(Term.Meta):
        verbose_name = _("key feature")
        verbose_name_plural = _("key features")


class Audience(Term):
    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
