"""What a form says of the state of its item: whether visitors see it, and what one looks at."""

from dataclasses import replace

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.item import Item
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import CHANGE_STEPS, ITEM_STEPS, prepares
from learningcities.text.dates import format_moment

#: What one looks at: the first sentence that is true.
SHOWN = [
    (lambda now: now.is_binned, _("Visitors don’t see it.")),
    (
        lambda now: now.change and not now.is_live,
        _("You see what was kept while you were writing. It isn't saved yet."),
    ),
    (
        lambda now: now.state == Change.State.REVIEW,
        _("You see the page with your change, which waits for a coordinator. Visitors see the page without it."),
    ),
    (
        lambda now: now.state == Change.State.RETURNED,
        _("You see the page with your change. A coordinator has returned it to you: mend it, then send it again."),
    ),
    (
        lambda now: now.state == Change.State.SCHEDULED,
        _("You see the page with your change. It is approved, and visitors see it from %(moment)s on."),
    ),
    (lambda now: now.change, _("You see the page with your draft. Visitors see the page without it.")),
    (
        lambda now: now.item.public_from and prepares(now),
        _("You see the page as visitors see it. What you save is a draft of yours until you send it for review."),
    ),
    (lambda now: now.item.state == Item.State.PUBLIC, _("You see the page as visitors see it.")),
]
#: What is said below the buttons.
NOTES = [
    (
        lambda now: now.has_asked and prepares(now) and not now.is_live and not now.is_binned,
        _("You have sent it for review. Until a coordinator decides, what you save goes along."),
    ),
    (
        lambda now: now.item.state == Item.State.PUBLIC and prepares(now) and not ITEM_STEPS["bin"].is_offered(now),
        _("The coordinators take a page off the site. Say so in your word to them."),
    ),
]


def shown(situation):
    """A sentence on what one looks at, if there is anything to say."""
    sentence = next((sentence for is_true, sentence in SHOWN if is_true(situation)), "")
    due = situation.change and situation.change.due_at
    return sentence % {"moment": due and format_moment(due)}


def notes(situation):
    return [sentence for is_true, sentence in NOTES if is_true(situation)]


def dates(item):
    """Sentences on when visitors see an item, and how long it can be taken out of the bin."""
    sentences = []
    if item.state == Item.State.LATER:
        sentences.append(_("Visitors see it from %(moment)s on.") % {"moment": format_moment(item.public_from)})
    if item.binned_at:
        date = date_format(localtime(item.kept_until), "DATE_FORMAT")
        sentences.append(_("It can be taken out until %(date)s.") % {"date": date})
    elif item.public_until:
        sentences.append(_("It leaves the site on %(moment)s.") % {"moment": format_moment(item.public_until)})
    return sentences


def discard_step(situation):
    """Giving up one's own change, in the words of the form."""
    label = _("Discard my draft") if situation.state == Change.State.OPEN else _("Discard my change")
    live, other = _("The page is then as visitors see it."), _("What you have written and not saved is then gone.")
    confirm = live if situation.is_live else other
    return replace(CHANGE_STEPS["discard"], label=label, confirm=confirm)
