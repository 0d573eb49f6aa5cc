"""A Change: what someone wants of an item, and what became of it. The record is all applied Changes."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .clock import Clock, moment, trying
from .snapshot import conflicts, difference, snapshot


class ChangeQuerySet(models.QuerySet):
    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def newest(self, item, reader):
        """When something last happened to the item as its reader sees it (in microseconds), or 0."""
        seen = self.of(item).filter(Q(state=Change.State.APPLIED) | Q(author=reader))
        moments = seen.aggregate(made=models.Max("created_at"), decided=models.Max("decided_at")).values()
        return max((int(one.timestamp() * 1_000_000) for one in moments if one), default=0)

    def of(self, item):
        return self.of_kind(item).filter(object_id=item.pk)

    def waiting(self):
        """Wished for, and neither applied nor given up."""
        return self.filter(state__in=[Change.State.REVIEW, Change.State.RETURNED])


class Change(models.Model):
    """What someone wants of an item, and what became of it: the draft, the review and the history."""

    class State(models.TextChoices):
        REVIEW = "review", _("waits for review")
        RETURNED = "returned", _("returned to its author")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    title = models.CharField(_("title"), max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), null=True, related_name="changes"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, db_index=True)
    patch = models.JSONField(_("changes"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("made on"), default=moment, db_index=True)
    decided_at = models.DateTimeField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="decisions"
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-created_at"], name="change_of_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "author"],
                condition=Q(state__in=["review", "returned"]),
                name="change_one_waiting_each",
                violation_error_message=_("You already have a change of this page that waits."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["review", "returned", "applied", "discarded"]), name="change_state_known"
            ),
        ]

    def __str__(self):
        """The item's name in the reader's language; the stored one once the item is gone."""
        return str(self.item or self.title)

    @property
    def is_waiting(self):
        return self.state in (self.State.REVIEW, self.State.RETURNED)

    @classmethod
    def propose(cls, item, author, patch):
        """Put an editor's wish before the coordinators; one wish for each editor and item."""
        with transaction.atomic():
            Clock.hold()
            change = cls.objects.of(item).waiting().filter(author=author).first() or cls(item=item, author=author)
            for key in change.conflicts():
                if key in patch and patch[key][1] == change.patch[key][1]:
                    # The wish is older than the live text: what its author saw then stays on it.
                    patch[key][0] = change.patch[key][0]
            change.title, change.patch = str(item)[:200], patch
            change.state, change.created_at = cls.State.REVIEW, moment()
            change.decided_by = change.decided_at = None
            change.save()
            return change

    def conflicts(self):
        """The keys of the patch that someone else has changed in the meantime."""
        return conflicts(self.patch, snapshot(self.item)) if self.is_waiting and self.item else []

    def apply(self, by):
        """Lay the change over the live item, in its author's name; ValidationError if it no longer fits."""
        item = self.item
        if item is None:
            raise ValidationError(_("What this change is about is no longer there."))
        with recording(item, change=self):
            if self.conflicts():
                text = _("Someone else has changed the same texts since. Return the change to its author.")
                raise ValidationError(text)
            item.lay(self.now_public())
            if item.public_from:
                item.check_complete()
            if item.state == item.State.PUBLIC:
                item.publish_carried()
            self.decide(self.State.APPLIED, by)

    def now_public(self):
        """The patch; where it asks for a first publication, this moment is its date."""
        patch = dict(self.patch)
        before, after = patch.get("public_from", (None, None))
        if after and datetime.fromisoformat(after) < moment():
            patch["public_from"] = [before, moment().isoformat()]
        return patch

    def give_back(self, by, comment):
        """Return the change to its author, with a word on why."""
        self.comment = comment
        self.decide(self.State.RETURNED, by)

    def discard(self, by):
        self.decide(self.State.DISCARDED, by)

    def decide(self, state, by):
        self.state, self.decided_by, self.decided_at = state, by, moment()
        self.save()


# The record

_author = ContextVar("author", default=None)
_open = ContextVar("open", default=frozenset())


@contextmanager
def acting(author):
    """Everything recorded inside the block is the work of this member of staff."""
    token = _author.set(author)
    try:
        yield
    finally:
        _author.reset(token)


@contextmanager
def recording(item, change=None):
    """Put on record, as one applied Change, whatever the block does to the item.

    Reentrant: the saves of an item's own rows inside the block belong to the same Change.
    With `change`, the Change that is being applied is that record; its patch becomes what really happened.
    """
    if is_open(item):
        yield
        return
    token = _open.set(_open.get() | {item.uuid})
    try:
        with transaction.atomic():
            Clock.hold()
            before, key = snapshot(item), item.pk
            yield
            close(item, before, key, change)
    finally:
        _open.reset(token)


def is_open(item):
    return item.uuid in _open.get()


def close(item, before, key, change=None):
    """Write down what differs from `before`, unless it is only tried, then all that follows, the Clock last."""
    if trying.get():
        return
    after = snapshot(item)
    if patch := difference(before, after):
        write(item, key or item.pk, patch, change)
        if after:
            item.written(patch)
        Clock.renew()


def write(item, key, patch, change):
    change = change or Change(
        content_type=ContentType.objects.get_for_model(item),
        object_id=key,
        author=_author.get(),
        state=Change.State.APPLIED,
    )
    change.title, change.patch = str(item)[:200], patch
    change.save()


def answer_requests(item):
    """Whoever asked for the publication of an item that is public now has been heard."""
    for change in Change.objects.of(item).waiting():
        if set(change.patch) == {"public_from"}:
            change.decide(Change.State.APPLIED, _author.get())


@contextmanager
def as_if():
    """Whatever is written inside the block is undone at its end, as if it had never been."""
    token = trying.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        trying.reset(token)
