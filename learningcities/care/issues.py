"""What content may need: each app declares in its `issues.py` the types of issues, and which rows have one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learningcities.publishing.models import Part
from learningcities.publishing.patches.patch_key import PatchKey

from .models import Mention


@dataclass(frozen=True, eq=False)
class IssueType:
    """What the staff are told of a type of issue, and where it is mended. The lowest urgency is listed first."""

    urgency: int
    name: str
    label: str
    advice: str
    #: What is wrong with a row, in a few words.
    describe: Callable[[models.Model], str]
    #: The same of several rows, in a sentence with their number, and what is to be done about them.
    counted: str = "%(count)d"
    verb: str = ""
    #: The place on the form of the item; for a link or a row of a part, it follows from the row.
    anchor: Callable[[models.Model], str] | None = None
    #: The step of the item's admin that resolves it with one click.
    step: str = ""

    def __str__(self):
        return self.name

    def querysets(self):
        """All that have it, model by model."""
        return [find() for find in FINDERS[self]]


#: For each type, the functions that give the rows, each of one model.
FINDERS: dict[IssueType, list[Callable[[], models.QuerySet]]] = {}


def declare(issue_type, *finders):
    FINDERS.setdefault(issue_type, []).extend(finders)


def issue_types():
    return sorted(FINDERS, key=lambda issue_type: issue_type.urgency)


BROKEN = IssueType(
    20,
    "broken",
    _("broken links"),
    _("Follow the link. If the page has moved, write its new address; if it is gone, remove it."),
    describe=lambda mention: f"{mention.link} – {mention.link.get_reason_display()}",
    counted=ngettext_lazy("%(count)d link leads nowhere", "%(count)d links lead nowhere", "count"),
    verb=_("Mend"),
)
INCOMPLETE = IssueType(
    80,
    "incomplete",
    _("pages that lack something"),
    _("Add what is missing whenever you have it: every line makes the page more useful."),
    describe=lambda item: item.said_count,
    counted=ngettext_lazy("%(count)d page still lacks something", "%(count)d pages still lack something", "count"),
    verb=_("Complete"),
    anchor=lambda item: "completeness",
)
declare(BROKEN, Mention.objects.broken)


@dataclass
class Issue:
    """A row with an issue: what is to be said of it, and where to mend it."""

    type: IssueType
    row: models.Model

    @property
    def item(self):
        return self.row.tracked_row

    @property
    def description(self):
        return self.type.describe(self.row)

    @property
    def anchor(self):
        """The place on the item's form: a field, the rows of a part, or what is missing."""
        if isinstance(self.row, Mention):
            key = PatchKey.parse(self.row.key)
            return f"{key.part}-group" if key.part else f"id_{key.field}"
        if isinstance(self.row, Part):
            return f"{type(self.row)._meta.get_field(self.row.part_of).remote_field.related_name}-group"
        return self.type.anchor(self.row)

    @property
    def part(self):
        """The key of the row of a part that is to be mended, or nothing."""
        if isinstance(self.row, Mention):
            return PatchKey.parse(self.row.key).uuid
        return str(self.row.pk) if isinstance(self.row, Part) else ""

    def address(self, admin_site):
        """Where the field is edited; of what is missing on a page, the page itself."""
        if self.type is INCOMPLETE:
            return f"{admin_site.form_address(self.item)}#{self.anchor}"
        return admin_site.field_address(self.item, self.key)

    @property
    def key(self):
        """What is to be mended, as the key of a patch."""
        if isinstance(self.row, Mention):
            return self.row.key
        if isinstance(self.row, Part):
            name = type(self.row)._meta.get_field(self.row.part_of).remote_field.related_name
            return str(PatchKey(name, self.row.pk))
        return self.anchor.removeprefix("id_")


def issues_of(item):
    """The issues of one item and its parts, besides what is missing on its page."""
    return [
        Issue(issue_type, row)
        for issue_type in issue_types()
        if issue_type is not INCOMPLETE
        for rows in issue_type.querysets()
        for row in rows_of_item(rows, item)
    ]


def rows_of_item(rows, item):
    if rows.model is Mention:
        return rows.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)
    if issubclass(rows.model, Part) and rows.model.part_of == item._meta.model_name:
        return rows.filter(**{rows.model.part_of: item})
    return rows.filter(pk=item.pk) if isinstance(item, rows.model) else []
