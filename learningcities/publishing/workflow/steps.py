"""What may be done with an item, a change or a batch: each step once, with its label, who may take it and what it does.

Forms, pages, lists and the desk offer what these tables offer, in their order; who may is asked again by `take`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.translator_rights import forbidden_keys, refusal
from learningcities.text.dates import format_moment

from .change import Change
from .comment import Comment


@dataclass(frozen=True)
class Situation:
    """Who is at which item, or at which change of it; on the form of an item the change is their own draft."""

    user: object
    item: object = None
    change: Change | None = None
    #: Whether a save of the form is a draft.
    is_drafting: bool = False
    #: Whether their request to publish the item waits for a coordinator.
    has_asked: bool = False

    def permits(self, action):
        """The permission of the model for this item, or for any while it is being added."""
        opts, row = self.item._meta, self.item if self.item.pk and action != "add" else None
        return self.user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", row)

    @property
    def is_live(self):
        """Whether the buttons are those of an item that visitors know: what is saved doesn't reach them by itself."""
        return self.item.was_public or self.is_drafting

    @property
    def is_binned(self):
        return self.item.binned_at is not None

    @property
    def state(self):
        """The state of the change, if there is one."""
        return self.change.state if self.change else ""

    @cached_property
    def lock(self):
        return PageLock.objects.of(self.item).active().select_related("by").first()


@dataclass(frozen=True)
class StepRule:
    """One step. Its functions are asked with a Situation; `act` also takes what the step needs."""

    name: str
    label: str
    may: Callable
    #: Whether it is offered as things are now to those who may.
    when: Callable = lambda situation: True
    #: What it does, where it is done here; False where there was nothing to do.
    act: Callable | None = None
    #: What goes along: "comment", "due", or the "reading" of a change section by section.
    needs: str = ""
    #: A sentence below the button, and one to read before pressing it.
    help: str = ""
    confirm: str = ""
    #: What is said once it is done, and where it can't be.
    done: str | Callable = ""
    failed: str = "%s"
    #: Why it is refused, where a word on it helps.
    why_not: Callable | None = None
    #: Steps of one line stand beside each other.
    line: str = ""

    def is_offered(self, situation):
        return self.may(situation) and self.when(situation)

    def take(self, situation, **data):
        """Do it and return what is to be said, or refuse whoever may not."""
        if not self.may(situation):
            raise PermissionDenied(*([self.why_not(situation)] if self.why_not else []))
        if self.act(situation, **data) is False:
            return ""
        text = self.done(situation) if callable(self.done) else self.done
        return text % {"item": situation.item, "moment": data.get("due") and format_moment(data["due"])}


def by_name(*steps):
    return {step.name: step for step in steps}


# Who may


def permission(action):
    return lambda situation: situation.permits(action)


edits, adds, bins = permission("change"), permission("add"), permission("delete")


def publishes(situation):
    return situation.user.has_perm("publishing.publish")


def prepares(situation):
    """What an editor saves of a live item waits for a coordinator."""
    return not publishes(situation)


def decides(situation):
    return situation.user.has_perm("publishing.decide_change")


def sees(situation):
    return situation.permits("view") or edits(situation)


def copies(situation):
    return adds(situation) and edits(situation)


def asks(situation):
    return not forbidden_keys(situation.user, type(situation.item), ["public_from"])


def is_author(situation):
    return situation.change.author_id == situation.user.pk


def gives_up(situation):
    return is_author(situation) or decides(situation)


def releases(situation):
    return situation.lock is None or situation.lock.may_release(situation.user)


# As things are


def is_in_hand(situation):
    return situation.change.is_in_hand


def is_before_coordinators(situation):
    return situation.state in (Change.State.REVIEW, Change.State.SCHEDULED)


def can_go_live(situation):
    """A coordinator's own draft needs no review."""
    return situation.change.is_unfinished and (is_author(situation) or is_before_coordinators(situation))


def is_open_page(situation):
    """An item that visitors know and that isn't in the bin."""
    return situation.is_live and not situation.is_binned


def is_shown(situation):
    return situation.item.state == situation.item.State.PUBLIC


def is_hidden(situation):
    """Visitors knew it, and don't see it now."""
    return is_open_page(situation) and not is_shown(situation)


def is_binned(situation):
    return situation.is_binned


# What it does


def publish(situation, due=None):
    with acting(situation.user), transaction.atomic():
        situation.item.publish(due)


def publish_later(situation, due):
    """A date for the first publication; what was public already is changed by a scheduled Change instead."""
    return publish(situation, due) if not situation.item.was_public else False


def withdraw(situation):
    with acting(situation.user):
        situation.item.withdraw()


def move_to_bin(situation):
    with acting(situation.user):
        situation.item.move_to_bin()


def take_out_of_bin(situation):
    with acting(situation.user):
        situation.item.take_out_of_bin()


def lock_page(situation, reason=""):
    with transaction.atomic():
        PageLock.acquire(situation.item, situation.user, reason)
        Comment.note(situation.item, situation.user, Comment.Kind.LOCK, reason)


def release_page(situation):
    if situation.lock:
        with transaction.atomic():
            situation.lock.release(situation.user)
            Comment.note(situation.item, situation.user, Comment.Kind.RELEASE)


def ask_to_publish(situation, comment, end=None, **wish):
    """A first publication is asked for by a Change like any other, of its date and, where one is wished, of its end."""
    item = situation.item
    if item.public_from:
        return False
    patch = {"public_from": [None, item.changed_at.isoformat()], **(end or {})}
    return Change.propose(item, situation.user, patch, comment, **wish)


def give_up(situation):
    """Give up a draft; what it has added, and nobody has seen, goes to the bin."""
    change = situation.change
    change.discard(situation.user)
    if change.is_request and change.item and change.item.public_from is None:
        move_to_bin(replace(situation, item=change.item))


def out_of_bin(situation):
    if situation.item.state == situation.item.State.WITHDRAWN:
        return _("“%(item)s” is out of the bin. Visitors see it when it is published again.")
    return _("“%(item)s” is out of the bin.")


INCOMPLETE = _("“%(item)s” is saved but can't be published yet. This is missing:")
PUBLIC = _("“%(item)s” is public.")
PUBLIC_LATER = _("“%(item)s” will be public from %(moment)s on.")

#: What may be done with an item, on its form, on the pages beside it and in lists.
ITEM_STEPS = by_name(
    StepRule("publish", _("Publish the page again"), publishes, is_hidden, publish, done=PUBLIC, failed=INCOMPLETE),
    StepRule(
        "withdraw",
        _("Take off the site"),
        publishes,
        is_shown,
        withdraw,
        help=_("Its address then says that the page is gone."),
        done=_("“%(item)s” is off the site. Its address says that it is gone."),
    ),
    StepRule(
        "schedule",
        _("Publish at this time"),
        publishes,
        lambda now: now.item.public_from is None,
        publish_later,
        needs="due",
        done=PUBLIC_LATER,
        failed=INCOMPLETE,
    ),
    StepRule(
        "ask",
        _("Send for review"),
        asks,
        lambda now: now.item.public_from is None and prepares(now),
        ask_to_publish,
        needs="comment",
        done=_("“%(item)s” is sent for review."),
        failed=INCOMPLETE,
        why_not=lambda now: refusal(now.user, type(now.item), ["public_from"]),
    ),
    StepRule("restore", _("Take out of the bin"), bins, is_binned, take_out_of_bin, done=out_of_bin),
    StepRule(
        "ask_out",
        _("Ask a coordinator"),
        lambda now: edits(now) and not bins(now),
        is_binned,
        lambda now: bool(Comment.ask_out_of_bin(now.item, now.user)),
        done=_("The coordinators are told, and see it on their desk."),
    ),
    StepRule("preview", _("Save and preview"), edits, lambda now: not now.is_binned),
    StepRule("bin", _("Move to the bin"), bins, lambda now: now.item.pk and not now.is_binned, move_to_bin),
    StepRule("duplicate", _("Duplicate"), copies),
    StepRule(
        "comment",
        _("Send the remark"),
        sees,
        help=_("Those who look after the page, and whoever has written here, are told by e-mail."),
    ),
    StepRule("resolve", _("Settled"), sees),
    StepRule("reopen", _("Open again"), sees),
    StepRule(
        "lock",
        _("Keep this page for myself"),
        edits,
        lambda now: not now.lock,
        lock_page,
        done=_("You have reserved this page: nobody else changes it now."),
    ),
    StepRule(
        "release",
        _("Release the page"),
        releases,
        lambda now: now.lock,
        release_page,
        done=_("Whoever looks after the page can change it again."),
    ),
)

#: What may be done with a row at an act of its record.
HISTORY_STEPS = by_name(
    StepRule("take", _("Take this wording"), edits),
    StepRule("undo", _("Undo only these changes"), edits, help=_("What came later stays.")),
    StepRule(
        "restore",
        _("Go back to the page before these changes"),
        edits,
        help=_("Whatever came later goes as well."),
    ),
)

#: What its author and the coordinators do with a change. A draft is sent from the form of its item.
CHANGE_STEPS = by_name(
    StepRule(
        "send",
        _("Go on with it, or send it for review"),
        is_author,
        is_in_hand,
        lambda now, comment="", **wish: now.change.send(comment, **wish),
        needs="comment",
    ),
    StepRule(
        "apply",
        _("Publish now"),
        decides,
        can_go_live,
        lambda now, comment="": now.change.apply(by=now.user, comment=comment),
        done=_("The change is published: visitors see it now."),
        failed=_("The change can't be published. %s"),
    ),
    StepRule(
        "publish",
        _("Publish what is agreed"),
        decides,
        is_before_coordinators,
        lambda now, agreed, words, comment="": now.change.apply_part(now.user, agreed, words, comment),
        needs="reading",
        done=_("What is agreed is published: visitors see it now. The rest is returned to its author."),
        failed=_("What is agreed can't be published, and nothing is returned. %s"),
    ),
    StepRule(
        "schedule",
        _("Publish at this time"),
        decides,
        can_go_live,
        lambda now, due, comment="": now.change.schedule(due, by=now.user, comment=comment),
        needs="due",
        done=_("The change is scheduled: visitors see it from %(moment)s on."),
        failed=_("The change can't be scheduled. %s"),
    ),
    StepRule(
        "return",
        _("Return for correction"),
        decides,
        is_before_coordinators,
        lambda now, comment: now.change.return_to_author(now.user, comment),
        needs="comment",
        done=_("The change is returned for correction."),
    ),
    StepRule(
        "discard",
        _("Discard"),
        gives_up,
        lambda now: now.change.is_unfinished,
        lambda now: now.change.discard(now.user),
        confirm=_("The change is discarded, and the page stays as it is."),
        done=_("The change is discarded. The page stays as it is."),
    ),
)
#: Those that are taken on the page of a change.
DECISIONS = {name: step for name, step in CHANGE_STEPS.items() if name != "send"}

#: What is done with all changes of a batch that it can be done with.
BATCH_STEPS = by_name(
    replace(
        CHANGE_STEPS["apply"],
        label=_("Publish all"),
        done=_("The batch is published: visitors see it now."),
    ),
    replace(
        CHANGE_STEPS["schedule"],
        label=_("Publish all at this time"),
        help=_("At its time all of it goes live, or nothing: then all of it goes back to its authors."),
        done=_("The batch is scheduled: visitors see it from %(moment)s on."),
    ),
    StepRule(
        "undo",
        _("Undo this batch"),
        lambda now: True,
        lambda now: now.state == Change.State.APPLIED,
        help=_("You get drafts of how it was before, to look at first."),
    ),
    replace(
        CHANGE_STEPS["send"],
        label=_("Send all for review"),
        done=_("The batch is sent for review. Visitors see the pages as they were until it is published."),
        line="word",
    ),
    replace(
        CHANGE_STEPS["return"],
        label=_("Return all for correction"),
        done=_("The batch is returned for correction."),
        line="word",
    ),
    replace(
        CHANGE_STEPS["discard"],
        label=_("Discard all"),
        act=give_up,
        confirm=_("The drafts are discarded, and the pages stay as they are. New rows go to the bin."),
        done=_("The batch is discarded. The pages stay as they are."),
    ),
)
