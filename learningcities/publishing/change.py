"""A Change: what someone wants of an item, and what became of it. The record is all applied Changes."""

import logging
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from learningcities.translation import lasting_name

from . import mail
from .clock import Clock, moment
from .hold import Hold
from .record import acting, as_if, current_author, is_trying, recording
from .rights import split
from .snapshot import conflicts, is_of_lost_row, snapshot, whole

logger = logging.getLogger(__name__)


class ChangeQuerySet(models.QuerySet):
    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def of(self, item):
        return self.of_kind(item).filter(object_id=item.pk)

    def mine(self, item, author):
        """The one unfinished change that an author has of an item, or None."""
        return self.of(item).unfinished().filter(author=author).first()

    def unfinished(self):
        """Wished for, and neither applied nor given up."""
        return self.filter(state__in=Change.UNFINISHED)

    def waiting(self):
        """What a coordinator must decide about."""
        return self.filter(state=Change.State.REVIEW)

    def next_for(self, user, change):
        """Another one that a coordinator must decide about, the longest waiting first; None for who decides nothing."""
        if not user.has_perm("publishing.decide_change"):
            return None
        return self.waiting().filter(batch=None).exclude(pk=change.pk).order_by("created_at", "pk").first()

    def due(self, at):
        """Approved for a moment that has come, in that order."""
        return self.filter(state=Change.State.SCHEDULED, due_at__lte=at).order_by("due_at", "id")

    def apply_due(self):
        """Apply what is due, in order: whoever asks first does it, and nobody twice."""
        if is_trying():
            return []
        with transaction.atomic():
            Clock.hold()
            changes = list(self.due(moment()))
            for change in changes:
                apply_or_return(change)
            return changes

    def happened(self):
        """What became of the item, the last first."""
        at = Coalesce("decided_at", "created_at")
        return self.filter(state=Change.State.APPLIED).annotate(happened_at=at).order_by("-happened_at", "-id")

    def seen_by(self, user):
        """An author's own and, for coordinators, all but the drafts of others."""
        own = Q(author=user)
        return self.filter(own | ~Q(state=Change.State.OPEN) if user.has_perm("publishing.decide_change") else own)


class Change(models.Model):
    """What someone wants of an item, and what became of it: the draft, the review and the history."""

    class State(models.TextChoices):
        OPEN = "open", _("draft")
        REVIEW = "review", _("waits for review")
        RETURNED = "returned", _("returned to its author")
        SCHEDULED = "scheduled", _("scheduled")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    UNFINISHED = ["open", "review", "returned", "scheduled"]

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
    created_at = models.DateTimeField(_("made on"), default=moment, db_index=True)
    decided_at = models.DateTimeField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="decisions"
    )
    # Of what was handed over: by whom it was begun, and who gave it to its author.
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("begun by"), null=True, related_name="+"
    )
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("handed over by"), null=True, related_name="+"
    )
    due_at = models.DateTimeField(_("scheduled for"), null=True, db_index=True)
    batch = models.ForeignKey(
        "Batch", models.PROTECT, verbose_name=_("batch"), null=True, editable=False, related_name="changes"
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
                condition=Q(state__in=["open", "review", "returned", "scheduled"]),
                name="change_one_unfinished_each",
                violation_error_message=_("You already have a draft of this page."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "review", "returned", "scheduled", "applied", "discarded"]),
                name="change_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(due_at__isnull=False, decided_by__isnull=False),
                name="change_scheduled_by_someone_for_a_moment",
            ),
        ]

    #: Set on a row by whoever tells of many steps in one message.
    is_told = False

    def __str__(self):
        """The item's name in the reader's language; the stored one once the item is gone."""
        return str(self.item or self.title)

    @property
    @admin.display(description=_("state"), ordering="state")
    def state_word(self):
        """Its state, in a word that doesn't say of what visitors never saw that it was applied."""
        if self.state == self.State.APPLIED and hasattr(self.item, "public_from"):
            began = self.item.public_from
            if began is None or began > (self.decided_at or self.created_at):
                return _("saved")
        return self.get_state_display()

    @property
    def comment(self):
        """The word that came with its last step."""
        step = self.trail.last()
        return step.comment if step else ""

    @property
    def is_unfinished(self):
        return self.state in self.UNFINISHED

    @property
    def is_in_hand(self):
        """Whether it is its author's to go on with: nobody else waits for it or has approved it."""
        return self.state in (self.State.OPEN, self.State.RETURNED)

    def wish(self, live, patch):
        """The change, or a part of it; where it edits a row that has been removed since, with that row as it was."""
        lost = {key.rpartition(":")[0] for key in patch if is_of_lost_row(key, live)}
        removed = Change.objects.of(self.item).happened()
        rows = {row: removed.filter(patch__has_key=row).first() for row in lost}
        return whole(patch, live, {row: change.patch[row][0] for row, change in rows.items() if change})

    def conflicts(self):
        """The keys of the patch that someone else has changed in the meantime."""
        return conflicts(self.patch, snapshot(self.item)) if self.is_unfinished and self.item else []

    def steps(self, user):
        """What a member of staff can do with the change as it is now."""
        if not self.is_unfinished:
            return set()
        mine, decides = self.author == user, user.has_perm("publishing.decide_change")
        asked = self.state in (self.State.REVIEW, self.State.SCHEDULED)
        steps = {"discard"} if mine or decides else set()
        if decides and (mine or asked):
            steps |= {"apply", "schedule"}
        if decides and asked:
            steps |= {"return"}
        return steps

    # What its author does

    @classmethod
    def keep(cls, item, author, patch, decided=(), batch=None):
        """Keep what an author wants of an item: one draft for both, as often as they like.

        `decided` are the keys of which they have seen what stands there now, and want theirs nevertheless.
        """
        with transaction.atomic():
            Clock.hold()
            if refused := split(author, item, patch)[1]:
                raise PermissionDenied(refused)
            Hold.objects.refuse(item, author)
            mine = cls.objects.mine(item, author)
            change = mine or cls(item=item, author=author, state=cls.State.OPEN, batch=batch)
            if mine and mine.patch == patch:
                return mine
            for key in mine.conflicts() if mine else []:
                if key in patch and key not in decided and patch[key][1] == change.patch[key][1]:
                    # The wish is older than the live text: what its author saw then stays on it.
                    patch[key][0] = change.patch[key][0]
            change.title, change.patch, change.created_at = lasting_name(item)[:200], patch, moment()
            # What was approved were other words.
            scheduled = change.state == cls.State.SCHEDULED
            change.become(cls.State.REVIEW if scheduled else change.state)
            return change

    def send(self, comment=""):
        """Put the draft before the coordinators, or say in a ValidationError what it still lacks: then it stays one."""
        if self.item:
            Hold.objects.refuse(self.item, self.author)
        try:
            self.check_fits()
        except ValidationError:
            if self.state == self.State.REVIEW:
                self.become(self.State.OPEN)
            raise
        self.become(self.State.REVIEW, comment=comment, created_at=moment(), decided_by=None, decided_at=None)

    @classmethod
    def propose(cls, item, author, patch, comment=""):
        """Keep a draft and send it at once."""
        with transaction.atomic():
            change = cls.keep(item, author, patch)
            change.send(comment)
            return change

    def discard(self, by):
        self.decide(self.State.DISCARDED, by)

    # What a coordinator decides

    def apply(self, by, at_its_time=False):
        """Lay the change over the live item, in its author's name; ValidationError if it no longer fits.

        What was approved before someone held the item comes at its time nevertheless.
        """
        item = self.there()
        if not at_its_time:
            Hold.objects.refuse(item, by)
        with acting(self.author), recording(item, change=self) as live:
            self.refuse_conflicts(live or snapshot(item))
            self.lay_over(item)
            self.decide(self.State.APPLIED, by)

    def schedule(self, due_at, by):
        """Approve the change for a moment to come; ValidationError if it doesn't fit now."""
        with transaction.atomic():
            Clock.hold()
            Hold.objects.refuse(self.there(), by)
            self.refuse_conflicts(snapshot(self.there()))
            self.check_fits()
            self.decide(self.State.SCHEDULED, by, due_at=due_at)

    def give_back(self, by, comment):
        """Return the change to its author, with a word on why."""
        self.decide(self.State.RETURNED, by, comment)

    def decide(self, state, by, comment="", **values):
        self.become(state, by=by, comment=comment, decided_by=by, decided_at=moment(), **values)

    def become(self, state, by=None, comment="", **values):
        """Take a step (its author's, unless said otherwise), keep it, and tell those concerned.

        What is due, and when, is part of what the Clock tells.
        """
        with transaction.atomic():
            before = self.state if self.pk else None
            is_clocked = self.State.SCHEDULED in (self.state, state)
            if state not in (self.State.SCHEDULED, self.State.APPLIED):
                self.due_at = None
            for name, value in {"state": state, **values}.items():
                setattr(self, name, value)
            self.save()
            if state != before or comment not in ("", self.comment):
                self.trail.create(state=state, by=by or self.author, comment=comment)
            if is_clocked:
                Clock.hold()
                Clock.renew()
            if state != before and not self.is_told:
                transaction.on_commit(lambda: mail.tell(self, before, state), robust=True)

    # What it would do

    def there(self):
        if self.item is None:
            raise ValidationError(_("What this change is about is no longer there."))
        return type(self.item)._base_manager.get(pk=self.object_id)

    def refuse_conflicts(self, live):
        if refused := split(self.author, self.item, self.patch, live)[1]:
            raise ValidationError(refused)
        if conflicts(self.patch, live):
            raise ValidationError(_("Someone else has changed the same texts since. Return the change to its author."))

    def check_fits(self):
        """Refuse, with a sentence for each field, what couldn't be public once it were applied."""
        with as_if():
            self.lay_over(self.there())

    def lay_over(self, item):
        item.lay(self.now_public())
        if getattr(item, "public_from", None):
            item.check_complete()
            if item.state == item.State.PUBLIC:
                item.publish_carried()

    def now_public(self):
        """The patch; where it asks for a first publication, this moment is its date."""
        patch = dict(self.patch)
        before, after = patch.get("public_from", (None, None))
        if after and datetime.fromisoformat(after) < moment():
            patch["public_from"] = [before, moment().isoformat()]
        return patch


class Step(models.Model):
    """A step of a Change: who brought it to which state when, and with what word to the other."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="trail")
    state = models.CharField(max_length=20, choices=Change.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=moment)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.get_state_display()


def apply_or_return(change):
    """What no longer fits at its time goes back to its author with the reason; the live page stays."""
    approver = change.decided_by
    try:
        with transaction.atomic():
            change.apply(by=approver, at_its_time=True)
    except (DatabaseError, LookupError, ValidationError, ValueError) as error:
        # A visitor's page must come whatever is wrong with a draft.
        logger.warning("The scheduled change %s could not be applied", change.pk, exc_info=True)
        change = Change.objects.get(pk=change.pk)
        with override(settings.LANGUAGE_CODE):
            reasons = getattr(error, "messages", [_("The page has changed too much since.")])
            change.give_back(approver, str(_("It could not be applied at its time. %s")) % " ".join(map(str, reasons)))


def answer_requests(item):
    """Whoever asked for the publication of an item that is public now has been heard."""
    for change in Change.objects.of(item).unfinished():
        if set(change.patch) == {"public_from"}:
            change.decide(Change.State.APPLIED, current_author())
