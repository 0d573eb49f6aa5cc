from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Located(models.Model):
    """A row that can be shown on a map, once both coordinates are known."""

    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=_("Degrees north: 35.16878.")
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=_("Degrees east: -5.26360.")
    )

    #: A file may say more decimals of them than are kept, which are a metre.
    rounded = ("latitude", "longitude")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    # A check that is neither true nor false passes: both are asked for by name.
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="%(class)s_coordinates_on_earth",
                violation_error_message=_(
                    "Give both coordinates in degrees: latitude -90 to 90, longitude -180 to 180."
                ),
            )
        ]

    @property
    def is_located(self):
        return self.latitude is not None and self.longitude is not None
