"""Statements of fact: what is said with its source, and, of figures, with its year."""

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from learningcities import bounds
from learningcities.publishing.models import PartQuerySet
from learningcities.publishing.version.content_version import moment
from learningcities.text.translation import columns

UNSOURCED = Q(**dict.fromkeys(columns("source"), ""))


def is_old():
    return Q(year__lt=localdate(moment()).year - bounds.FIGURE_YEARS)


class StatementQuerySet(PartQuerySet):
    """Parts of items that say something with its source."""

    def active(self):
        """Those of items that aren't in the bin."""
        return self.filter(**{f"{self.model.part_of}__binned_at": None})

    def unsourced(self):
        """Those of which nobody knows who says so."""
        return self.active().filter(UNSOURCED).order_by(self.model.part_of, "pk")


class FigureQuerySet(StatementQuerySet):
    def outdated(self):
        """Those that are too old, unless the same thing has been counted again since; the oldest first."""
        item = self.model.part_of
        newer = self.model.objects.filter(self.model.same(), **{item: OuterRef(item)}, year__gt=OuterRef("year"))
        return self.active().filter(is_old(), ~Exists(newer)).order_by("year", "pk")
