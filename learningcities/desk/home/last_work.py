"""Where someone left off: the last rows that they worked on, each with the field they were in."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from learningcities import bounds
from learningcities.desk.pill import pill_of
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import DATES
from learningcities.publishing.workflow.change import Change
from learningcities.text.richtext import plain
from learningcities.text.translation import Text

from .look import Shown, with_items


@dataclass
class Work(Shown):
    """A row, and someone's last change of it."""

    change: Change
    #: Where the row is edited, and the place there at which they left off.
    form: str
    address: str

    @property
    def at(self):
        return self.change.created_at

    @property
    def key(self):
        return last_key(self.change)

    @property
    def where(self):
        """What an editor calls the field that they were in."""
        return label(type(self.row), self.key) if self.key else ""

    @property
    def words(self):
        """The beginning of what they wrote there."""
        if not self.key:
            return ""
        after, language = self.change.patch[self.key][1], PatchKey.parse(self.key).language(type(self.row))
        is_text = isinstance(after, str) and language and after != str(self.row)
        return Text(Truncator(plain(after)).chars(bounds.DESK_WORDS), language) if is_text else ""

    @property
    def verb(self):
        return _("Look at the page") if getattr(self.row, "binned_at", None) else _("Continue")

    @property
    def pill(self):
        return pill_of(self.row, self.change)


def last_key(change):
    """The last text of a change, where one goes on writing, or else the last key that a form shows."""
    keys = [key for key in reversed(change.patch) if key not in DATES]
    model = type(change.item)
    return next((key for key in keys if is_text(PatchKey.parse(key), model)), keys[0] if keys else "")


def is_text(key, model):
    return bool(key.owner(model) and key.language(model))


def last_works(site, request):
    """The rows that someone worked on last, each once."""
    changes = Change.objects.filter(author=request.user).exclude(state=Change.State.DISCARDED)
    last = with_items(changes.select_related("content_type"))[: bounds.DESK_CHANGES_READ]
    works = {}
    for change in last:
        if change.item and site.may_see(request, change.item):
            works.setdefault((change.content_type_id, change.object_id), work_of(site, change))
    return list(works.values())[: bounds.DESK_WORKS]


def work_of(site, change):
    key, form = last_key(change), site.form_address(change.item)
    if getattr(change.item, "binned_at", None):
        key = ""
    return Work(change.item, change, form, site.field_address(change.item, key) if key else form)
