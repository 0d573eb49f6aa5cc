"""The kinds of care that content needs: each is a method of the querysets of the models that it is about."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from learningcities.publishing.history.patch_key import PatchKey
from learningcities.publishing.models import Part
from learningcities.text.dates import display
from learningcities.text.translation import REQUIRED, about, language_of

from .models import Mention


class IssueType(models.TextChoices):
    """The value is the name of the method; the most urgent kind comes first."""

    DOUBTFUL = "doubtful", gettext_lazy("documents that would not be taken today")
    BROKEN = "broken", gettext_lazy("broken links")
    OVERDUE = "overdue", gettext_lazy("initiatives that have ended, still “under way”")
    UNSOURCED = "unsourced", gettext_lazy("statements without a source")
    UNDESCRIBED = "undescribed", gettext_lazy("photos without alternative text")
    UNCHECKED = "unchecked", gettext_lazy("initiatives not checked for a year")
    OUTDATED = "outdated", gettext_lazy("figures older than five years")
    INCOMPLETE = "incomplete", gettext_lazy("pages that lack something")

    @property
    def advice(self):
        return ADVICE[self]

    def querysets(self):
        """All that needs this care, model by model."""
        managers = (model._default_manager for model in apps.get_models())
        return [getattr(manager, self.value)() for manager in managers if hasattr(manager, self.value)]


ADVICE = {
    IssueType.DOUBTFUL: gettext_lazy(
        "Send the file anew in the way that is said beside it; until then, it can be withdrawn."
    ),
    IssueType.BROKEN: gettext_lazy(
        "Follow the link. If the page has moved, write its new address; if it is gone, remove it."
    ),
    IssueType.OVERDUE: gettext_lazy("Say that it is completed, and what came of it; or correct its end."),
    IssueType.UNSOURCED: gettext_lazy("Say who says so, where and when."),
    IssueType.UNDESCRIBED: gettext_lazy("Say in one sentence what the photo shows, or tick “decorative”."),
    IssueType.UNCHECKED: gettext_lazy("Read the page. If all of it is still true, say that you have checked it."),
    IssueType.OUTDATED: gettext_lazy("Add a newer figure beside it, with its year and source."),
    IssueType.INCOMPLETE: gettext_lazy(
        "Add what is missing whenever you have it: every line makes the page more useful."
    ),
}


@dataclass
class Issue:
    """A row that needs care: what is to be said of it, and the field to mend."""

    kind: IssueType
    row: models.Model

    @property
    def item(self):
        return self.row.tracked_row

    @property
    def is_part(self):
        return isinstance(self.row, Part)

    @property
    def said(self):
        """What is wrong, in a few words."""
        return getattr(self, f"say_{self.kind.value}")()

    @property
    def anchor(self):
        """The place on the item's form: a field, the rows of a part, or what is missing."""
        if self.kind == IssueType.INCOMPLETE:
            return "completeness"
        if isinstance(self.row, Mention):
            key = PatchKey.parse(self.row.key)
            return f"{key.part}-group" if key.part else f"id_{key.field}"
        if self.is_part:
            return f"{type(self.row)._meta.get_field(self.row.part_of).remote_field.related_name}-group"
        return f"id_{self.field}"

    @property
    def part(self):
        """The key of the row of a part that is to be mended, or nothing."""
        if isinstance(self.row, Mention):
            return PatchKey.parse(self.row.key).uuid
        return str(self.row.pk) if self.is_part else ""

    @property
    def field(self):
        if self.kind == IssueType.UNDESCRIBED:
            return self.row.undescribed_in()[0]
        fields = {"doubtful": "file", "overdue": "status", "unchecked": "checked_on", "outdated": "year"}
        return fields.get(self.kind, f"source_{REQUIRED}")

    def address(self, admin_site):
        """The form of the item, at the field; a row of a part is named, so that it can be shown."""
        row = f"?row={self.part}" if self.part else ""
        return f"{admin_site.form_address(self.item)}{row}#{self.anchor}"

    # What is said of each kind

    def say_doubtful(self):
        return str(self.row.doubt_shown)

    def say_broken(self):
        return f"{self.row.link} – {self.row.link.get_reason_display()}"

    def say_overdue(self):
        return _("ended: %(date)s") % {"date": display(self.row.end)}

    def say_unsourced(self):
        return str(self.row)

    def say_undescribed(self):
        names = [
            get_language_info(language_of(self.row._meta.get_field(column)))["name_local"]
            for column in self.row.undescribed_in()
        ]
        return ", ".join(names)

    def say_unchecked(self):
        if self.row.checked_on is None:
            return _("never checked")
        return _("last checked on %(date)s") % {"date": date_format(self.row.checked_on)}

    def say_outdated(self):
        return about(self.row, self.row.year) if self.is_part else str(self.row.year)

    def say_incomplete(self):
        return self.row.said_count


def issues_of(item):
    """What needs care on one item."""
    found = []
    for kind in IssueType:
        if kind == IssueType.INCOMPLETE:
            continue
        for rows in kind.querysets():
            if (own := of_item(rows, item)) is not None:
                found += [Issue(kind, row) for row in own]
    return found


def of_item(rows, item):
    if rows.model is Mention:
        return rows.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)
    if issubclass(rows.model, Part) and rows.model.part_of == item._meta.model_name:
        return rows.filter(**{rows.model.part_of: item})
    return rows.filter(pk=item.pk) if isinstance(item, rows.model) else None
