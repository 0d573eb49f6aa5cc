"""The state of an item in a few words, and the star that stands before them: static/css/desk-frame.css draws it."""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learningcities.publishing.items.item import Item
from learningcities.publishing.workflow.change import Change
from learningcities.text.dates import format_moment

#: The looks of the states of an item.
LOOKS = {Item.State.PUBLIC: "public", Item.State.LATER: "later", Item.State.BINNED: "bin"}


class Pill(NamedTuple):
    look: str
    words: str


def pill_of(item, change=None):
    """What has become of someone's change, or else of the item; nothing of rows that have no state."""
    if change and change.is_unfinished and (pill := pill_of_change(item, change)):
        return pill
    if not isinstance(item, Item):
        return None
    if item.state == Item.State.PUBLIC and any(owner.state != Item.State.PUBLIC for owner in shown_through(item)):
        return Pill("later", _("not public yet: its city isn’t"))
    return Pill(look_of(item), str(item.state.label))


def look_of(item):
    """The look of its own state, whatever is asked for it."""
    return LOOKS.get(item.state, "never")


def pill_of_change(item, change):
    if change.state == Change.State.RETURNED:
        return Pill("returned", _("returned to you"))
    if change.state == Change.State.REVIEW:
        return Pill("waiting", _("waits for review"))
    if change.state == Change.State.SCHEDULED:
        return Pill("later", _("scheduled: %(moment)s") % {"moment": format_moment(change.due_at)})
    if not isinstance(item, Item) or item.state != Item.State.PUBLIC:
        return None
    number = len(change.patch)
    text = ngettext("public, %(count)d change not published yet", "public, %(count)d changes not published yet", number)
    return Pill("changed", text % {"count": number})


def shown_through(item):
    """The items that must be public for this one to be."""
    return [owner for name in item.public_through if (owner := getattr(item, name))]


def pill(look, words):
    """A state as a label; `look` is one of public, changed, later, never, waiting, returned, browser and bin."""
    return format_html('<span class="pill pill--{}">{}</span>', look, words)
