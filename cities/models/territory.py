from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.slugs import SlugField
from learningcities.text.translation import ShownText

from .vocabulary import Vocabulary


class Country(Vocabulary):
    class UnescoRegion(models.TextChoices):
        AFRICA = "africa", _("Africa")
        ARAB_STATES = "arab-states", _("Arab States")
        ASIA_PACIFIC = "asia-pacific", _("Asia and the Pacific")
        EUROPE_NORTH_AMERICA = "europe-north-america", _("Europe and North America")
        LATIN_AMERICA_CARIBBEAN = "latin-america-caribbean", _("Latin America and the Caribbean")

    code = models.CharField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[a-z]{2}$")],
        help_text=_("The two letters of ISO 3166, in lower case: ma."),
    )
    unesco_region = models.CharField(_("UNESCO region"), max_length=30, choices=UnescoRegion)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = [ShownText("name").asc(), "code"]

    @property
    def slug(self):
        return self.code


class Region(Vocabulary):
    """The largest division of a country that the network uses."""

    has_proper_name = True

    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="regions")
    slug = SlugField(_("short name in addresses"), max_length=60, unique=True, of="name")

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = [ShownText("name").asc(), "slug"]
