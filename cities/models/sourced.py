"""Statements of fact: what is said with its source, and, of figures, with its year."""

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.models import PartQuerySet
from learningcities.publishing.version.content_version import moment
from learningcities.text.translation import columns, lacking

UNSOURCED = Q(**dict.fromkeys(columns("source"), ""))


def missing_source(row, name, sentence):
    """{field: sentence} where no language names who says so; it is asked for in that of what the row is called."""
    return {} if row.source else {lacking(row, [name, "source"])[-1]: sentence}


def missing_facts(row, name):
    """The same for a figure, which needs its year as well."""
    missing = {} if row.year else {"year": _("A figure needs its year before it can be published.")}
    return missing | missing_source(row, name, _("A figure needs its source before it can be published."))


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
