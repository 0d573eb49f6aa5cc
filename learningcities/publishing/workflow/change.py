"""A Change: what someone wants of an item, and what became of it. The record is all applied Changes."""

import logging
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from learningcities.publishing.history.signals import recorded
from learningcities.publishing.history.tracking import acting, current_author, dry_run, is_dry_run, track_changes
from learningcities.publishing.items.item import NOT_THERE
from learningcities.publishing.patches.patch_display import register_names_of_deleted
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import (
    DATES,
    conflicts,
    is_of_lost_row,
    refuse_unknown,
    restore_removed_rows,
    snapshot,
    unknown,
)
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion, apply_before_reading, moment
from learningcities.text.translation import about, lasting_name
from learningcities.web.errors import is_outage

from . import mail
from .composing import composed

logger = logging.getLogger(__name__)

EPOCH = datetime.fromtimestamp(0, UTC)
STALE = _("This change is no longer as you saw it. Look at it again, then decide.")
NOT_APPROVED = _("It is no longer approved.")
UNDIVIDED = _("A part of a change is published where some of it is agreed, and some is to be looked at again.")


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
        """Apply what is due, in order: whoever asks first does it, and nobody twice. What was decided is given back;
        what could not even be decided stays scheduled, and with it what comes after it on the same pages."""
        if is_dry_run():
            return []
        decided, kept_back = [], set()
        for due in self.due_together(moment()):
            pages = {(change.content_type_id, change.object_id) for change in due}
            try:
                changes = None if pages & kept_back else apply_or_return(due)
            except Exception:
                logger.exception("The scheduled changes %s wait for another try", [change.pk for change in due])
                changes = None
            if changes is None:
                kept_back |= pages
            else:
                decided += changes
        return decided

    def due_together(self, at):
        """What is due, in order, in lists: all of a scheduled batch in one, and everything else by itself."""
        lists = {}
        for change in self.due(at).select_related("batch"):
            key = ("batch", change.batch_id) if change.scheduled_batch else ("change", change.pk)
            lists.setdefault(key, []).append(change)
        return list(lists.values())

    def happened(self):
        """What became of the item, the last first."""
        at = Coalesce("decided_at", "created_at")
        last_first = F("sequence").desc(nulls_first=True), "-happened_at", "-id"
        return self.filter(state=Change.State.APPLIED).annotate(happened_at=at).order_by(*last_first)

    def beginning(self):
        """The act that brought the item into being, before which there was nothing; None where it isn't on record."""
        first = self.happened().last()
        return first if first and all(before is None for before, _after in first.patch.values()) else None

    def since(self, sequence):
        """What has happened after the act with this number, the last first. What has no number is newer than all."""
        return self.happened().filter(Q(sequence__gt=sequence) | Q(sequence=None))

    def last_sequence(self):
        """The number of the last act, for whoever has locked all writes."""
        last = self.aggregate(last=Max("sequence"))["last"] or 0
        # What a release before has written while this one was put in its place.
        for change in self.filter(sequence=None, state=Change.State.APPLIED).happened().reverse().only("pk"):
            last += 1
            self.filter(pk=change.pk).update(sequence=last)
        return last

    def add_applied(self, row, key, **values):
        """What the current author has done, as the last act of all: for whoever has locked all writes."""
        return self.create(
            content_type=ContentType.objects.get_for_model(row),
            object_id=key,
            author=current_author(),
            state=Change.State.APPLIED,
            sequence=self.last_sequence() + 1,
            **values,
        )

    def mark(self):
        """Names the last of these acts, so that a form or a file can say later what it knows of: by its number and,
        since a backup may bring back another record, by its moment."""
        last = self.happened().exclude(sequence=None).first()
        return f"n{last.sequence}.{microseconds(last.happened_at)}" if last else "n0.0"

    def numbers(self, marks):
        """The number of the last of these acts that each mark knows of, without what is no mark: {mark: number}.

        What is a moment, as in the release before, or names an act of another record, is compared by its moment.
        """
        named = {mark: parsed for mark in marks if (parsed := read_mark(mark))}
        acts = self.happened().filter(sequence__in={number for number, _at in named.values()})
        moments = {0: EPOCH} | dict(acts.values_list("sequence", "happened_at"))
        numbers = {mark: number for mark, (number, at) in named.items() if moments.get(number) == at}
        if by_moment := {mark: at for mark, (_number, at) in named.items() if mark not in numbers}:
            last = self.aggregate(last=Max("sequence"))["last"] or 0
            acts = self.happened().filter(happened_at__gt=min(by_moment.values())).exclude(sequence=None)
            later = list(acts.values_list("sequence", "happened_at"))
            for mark, at in by_moment.items():
                numbers[mark] = min((number for number, when in later if when > at), default=last + 1) - 1
        return numbers

    def lost_row(self, item, key, live):
        """What the row of a part said before it was removed, where a key names such a row or a field of it."""
        row = PatchKey.parse(key).row
        act = self.of(item).happened().filter(patch__has_key=row).first() if row and row not in live else None
        return act.patch[row][0] if act else None

    def titles_of(self, model, keys):
        """What rows were called the last time that they were changed: {key: title}."""
        return dict(self.of_kind(model).filter(object_id__in=keys).order_by("id").values_list("object_id", "title"))

    def seen_by(self, user):
        """An author's own and, for coordinators, all but the drafts of others."""
        own = Q(author=user)
        return self.filter(own | ~Q(state=Change.State.OPEN) if user.has_perm("publishing.decide_change") else own)


class Change(models.Model):
    """What someone wants of an item, and what became of it: the draft, the review and the history."""

    class State(models.TextChoices):
        OPEN = "open", _("draft")
        REVIEW = "review", _("waits for review")
        RETURNED = "returned", _("returned for correction")
        SCHEDULED = "scheduled", _("scheduled")
        APPLIED = "applied", _("published")
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
    #: When its author would like visitors to see it; until when, the patch says.
    wanted_at = models.DateTimeField(_("asked for from"), null=True)
    due_at = models.DateTimeField(_("scheduled for"), null=True, db_index=True)
    #: When the page leaves the site again, as it was decided together with the change.
    ends_at = models.DateTimeField(_("until"), null=True)
    #: Of what was applied: its place among all acts, in the order in which they were committed.
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    batch = models.ForeignKey(
        "Batch", models.PROTECT, verbose_name=_("batch"), null=True, editable=False, related_name="changes"
    )

    #: The columns that hold keys of patches: what a renamed field or part is renamed in.
    key_columns = ("patch",)

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
    def is_request(self):
        """Whether it asks for a first publication, and for nothing but dates."""
        return "public_from" in self.patch and self.patch.keys() <= set(DATES)

    @property
    def scheduled_batch(self):
        """The batch that it is scheduled with, to go live as a whole; None where it is scheduled by itself."""
        return self.batch if self.batch and self.due_at and self.batch.due_at == self.due_at else None

    @property
    def is_in_hand(self):
        """Whether it is its author's to go on with: nobody else waits for it or has approved it."""
        return self.state in (self.State.OPEN, self.State.RETURNED)

    def as_patch(self, live, patch):
        """The change, or a part of it, as far as the site has such texts; where it edits a row that has been removed
        since, with that row as it was."""
        patch = {key: sides for key, sides in patch.items() if key not in unknown(type(self.item), patch)}
        lost = {PatchKey.parse(key).row for key in patch if is_of_lost_row(key, live)}
        removed = Change.objects.of(self.item).happened()
        rows = {row: removed.filter(patch__has_key=row).first() for row in lost}
        return restore_removed_rows(patch, live, {row: change.patch[row][0] for row, change in rows.items() if change})

    def conflicts(self):
        """The keys of the patch that someone else has changed in the meantime."""
        return conflicts(self.patch, snapshot(self.item)) if self.is_unfinished and self.item else []

    @property
    def version(self):
        """What someone has seen of it when they decide: one that differs is another question."""
        return f"{self.state} {self.author_id} {self.created_at.isoformat()}"

    def lock(self, seen=None):
        """Keep everyone else from it until the transaction ends, all writes first, as everywhere; ValidationError if it
        isn't as it was seen or, unless that is said, as it was read."""
        ContentVersion.lock_writes()
        seen, fields = seen or self.version, [field.name for field in self._meta.concrete_fields]
        self.refresh_from_db(fields=fields, from_queryset=Change.objects.select_for_update())
        if not self.is_unfinished:
            raise ValidationError(_("Someone has already decided about this change."))
        if self.version != seen:
            raise ValidationError(STALE)

    # What its author does

    @classmethod
    def save_draft(cls, item, author, patch, decided=(), batch=None):
        """Save what an author wants of an item as their one draft of it, as often as they like.

        `decided` are the keys of which they have seen what stands there now, and want theirs nevertheless.
        """
        with transaction.atomic():
            ContentVersion.lock_writes()
            if not type(item)._base_manager.filter(pk=item.pk).exists():
                raise ValidationError(NOT_THERE)
            if refused := allowed_part(author, item, patch)[1]:
                raise PermissionDenied(refused)
            PageLock.objects.check_free(item, author)
            mine = cls.objects.select_for_update().mine(item, author)
            change = mine or cls(item=item, author=author, state=cls.State.OPEN, batch=batch)
            if mine and mine.patch == patch:
                return mine
            for key in mine.conflicts() if mine else []:
                if key in patch and key not in decided and patch[key][1] == change.patch[key][1]:
                    # This text of the draft is older than the live one: what its author saw then stays its "before".
                    patch[key][0] = change.patch[key][0]
            # What was approved were other words.
            state = cls.State.REVIEW if change.state == cls.State.SCHEDULED else change.state
            change.transition(state, title=lasting_name(item)[:200], patch=patch, created_at=moment())
            return change

    @classmethod
    def put(cls, item, author, key, value):
        """Put one text, or one row of a part, into an author's draft of an item, whatever others have changed since;
        nothing else is touched. The draft is returned, None where none is left: the page says so already."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            mine, live = cls.objects.mine(item, author), snapshot(item)
            lost = cls.objects.lost_row(item, key, live)
            patch = composed(mine.patch if mine else {}, live, key, value, lost)
            if patch:
                return cls.save_draft(item, author, patch) if not mine or patch != mine.patch else mine
            if mine:
                PageLock.objects.check_free(item, author)
                mine.discard(author)
            return None

    def send(self, comment="", wanted_at=None):
        """Put the draft before the coordinators, or say in a ValidationError what it still lacks: then it stays one.

        `wanted_at` is when visitors are to see it, if its author has a wish.
        """
        wrong = None
        with transaction.atomic():
            self.lock()
            if self.item:
                PageLock.objects.check_free(self.item, self.author)
            try:
                self.check_fits()
            except ValidationError as error:
                wrong = error
                if self.state == self.State.REVIEW:
                    self.transition(self.State.OPEN)
            else:
                undecided = {"decided_by": None, "decided_at": None}
                undecided["wanted_at"] = wanted_at
                self.transition(self.State.REVIEW, comment=comment, created_at=moment(), **undecided)
        if wrong:
            raise wrong

    @classmethod
    def propose(cls, item, author, patch, comment="", **wish):
        """Keep a draft and send it at once."""
        with transaction.atomic():
            change = cls.save_draft(item, author, patch)
            change.send(comment, **wish)
            return change

    def discard(self, by):
        with transaction.atomic():
            self.lock()
            self.decide(self.State.DISCARDED, by)

    # What a coordinator decides

    def apply(self, by, at_its_time=False, comment=""):
        """Lay the change over the live item, in its author's name; ValidationError if it no longer fits.

        What was approved before someone held the item comes at its time nevertheless.
        """
        with transaction.atomic():
            self.lock()
            self.make_live(by, at_its_time, comment)

    def make_live(self, by, at_its_time=False, comment=""):
        """Apply it, for whoever has locked all writes."""
        item = self.current_item()
        if not at_its_time:
            PageLock.objects.check_free(item, by)
        with acting(self.author), track_changes(item, change=self) as live:
            self.refuse_conflicts(live or snapshot(item))
            self.apply_to(item)
            self.decide(self.State.APPLIED, by, comment)

    def apply_part(self, by, agreed_keys, words, comment="", seen=None):
        """Apply what is agreed, and return the rest to its author, as one act; ValidationError if that doesn't fit.

        `words` say what is to be looked at again, in pairs with what each is about; `comment` goes with what is agreed.
        """
        with transaction.atomic():
            self.lock(seen)
            agreed = {key: sides for key, sides in self.patch.items() if key in agreed_keys}
            rest = {key: sides for key, sides in self.patch.items() if key not in agreed_keys}
            if not agreed or not rest:
                raise ValidationError(UNDIVIDED)
            part = self.part(agreed)
            part.is_told = self.is_told = True
            part.make_live(by, comment=comment)
            self.decide(self.State.RETURNED, by, self.in_words_of_author(words), patch=rest)
            transaction.on_commit(lambda: mail.tell_part(part, self), robust=True)

    def part(self, patch):
        """A part of it as a change of its own, which isn't stored yet."""
        kept = ["content_type", "object_id", "title", "author", "created_at", "begun_by", "handed_over_by", "batch"]
        return Change(patch=patch, **{name: getattr(self, name) for name in [*kept, "ends_at"]})

    def in_words_of_author(self, words):
        """What is to be looked at again: a line for each, in the author's language."""
        with override(language_of(self.author)):
            return "\n".join(str(about(subject, word)) for subject, word in words)

    def decide_end(self, until):
        """Let the page leave the site at this moment, or not at all, and take no moment from what its author has asked
        for; for whoever has locked it."""
        self.ends_at = until
        self.patch = {key: sides for key, sides in self.patch.items() if key != "public_until"}
        if "public_from" in self.patch:
            self.patch["public_from"] = [self.patch["public_from"][0], moment().isoformat()]
        self.save(update_fields=["ends_at", "patch"])

    def schedule(self, due_at, by, comment=""):
        """Approve the change for a moment to come; ValidationError if it doesn't fit now."""
        with transaction.atomic():
            self.lock()
            PageLock.objects.check_free(self.current_item(), by)
            self.refuse_conflicts(snapshot(self.current_item()))
            self.check_fits()
            self.decide(self.State.SCHEDULED, by, comment, due_at=due_at)

    def return_to_author(self, by, comment):
        """Return the change to its author, with a word on why."""
        with transaction.atomic():
            self.lock()
            self.decide(self.State.RETURNED, by, comment)

    def decide(self, state, by, comment="", **values):
        self.transition(state, by=by, comment=comment, decided_by=by, decided_at=moment(), **values)

    def transition(self, state, by=None, comment="", **values):
        """Take a step (its author's, unless said otherwise), keep it, and tell those concerned: for whoever has read
        the change under the lock of all writes.

        What is due, and when, is part of the timeline of the content version.
        """
        with transaction.atomic():
            ContentVersion.lock_writes()
            before = self.state if self.pk else None
            values["state"] = state
            if state == self.State.APPLIED:
                values["sequence"] = Change.objects.last_sequence() + 1
            elif state != self.State.SCHEDULED:
                values |= {"due_at": None, "ends_at": None}
            for name, value in values.items():
                setattr(self, name, value)
            self.save(update_fields=values.keys() if before else None)
            if state != before or comment not in ("", self.comment):
                self.trail.create(state=state, by=by or self.author, comment=comment)
            if self.State.SCHEDULED in (before, state):
                ContentVersion.bump()
            if state != before and not self.is_told:
                transaction.on_commit(lambda: mail.tell(self, before, state), robust=True)

    # What it would do

    def current_item(self):
        if self.item is None:
            raise ValidationError(NOT_THERE)
        return type(self.item)._base_manager.get(pk=self.object_id)

    def refuse_conflicts(self, live):
        refuse_unknown(type(self.item), self.patch)
        if refused := allowed_part(self.author, self.item, self.patch, live)[1]:
            raise ValidationError(refused)
        if conflicts(self.patch, live):
            raise ValidationError(_("Someone else has changed the same texts since. Return the change for correction."))

    def check_fits(self):
        """Refuse, with a sentence for each field, what couldn't be public once it were applied."""
        with dry_run():
            self.apply_to(self.current_item())

    def apply_to(self, item):
        item.apply_patch(self.now_public())
        if getattr(item, "public_from", None):
            item.check_complete()
            if item.state == item.State.PUBLIC:
                item.publish_carried()

    def now_public(self):
        """The patch with the end that was decided; where it asks for a first publication, this moment is its date."""
        patch = self.patch | ({"public_until": [None, self.ends_at.isoformat()]} if self.ends_at else {})
        before, after = patch.get("public_from", (None, None))
        if after and datetime.fromisoformat(after) < moment():
            patch["public_from"] = [before, moment().isoformat()]
        return patch


def microseconds(at):
    return (at - EPOCH) // timedelta(microseconds=1)


def read_mark(text):
    """The number, or none, and the moment of a mark; nothing if it is no mark."""
    if parsed := re.fullmatch(r"(?:n(\d{1,18})\.)?(\d{1,17})", text, re.ASCII):
        number, at = parsed.groups()
        return number and int(number), EPOCH + timedelta(microseconds=int(at))
    return None


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


def apply_or_return(due):
    """What no longer fits at its time goes back to its author with the reason, in their language, and the live page
    stays; of a scheduled batch all of it goes back. An outage is no reason: it is raised. What comes back are the
    changes as they are now, without what isn't due any more."""
    batch, stopped = due[0].scheduled_batch, None
    try:
        with transaction.atomic():
            changes = lock_due(due)
            if batch and changes and (stopped := batch.changes.exclude(state="scheduled").unfinished().first()):
                raise ValidationError(NOT_APPROVED)
            for stopped in changes:
                with override(language_of(stopped.author)):
                    stopped.is_told = batch is not None
                    stopped.apply(by=stopped.decided_by, at_its_time=True)
            if batch and changes:
                transaction.on_commit(lambda: mail.tell_batch(batch, changes), robust=True)
            return changes
    except Exception as error:
        # A file that is gone is away for good.
        if is_outage(error) and not isinstance(error, FileNotFoundError):
            raise
        stopped = stopped or due[0]
        logger.warning("The scheduled change %s could not be applied", stopped.pk, exc_info=True)
        with override(language_of(stopped.author)):
            reasons = reasons_in(error)
    with transaction.atomic():
        changes = lock_due(due)
        for change in changes:
            with override(language_of(change.author)):
                change.is_told = batch is not None
                change.return_to_author(change.decided_by, why_returned(change, stopped, reasons, batch))
        if batch and changes:
            transaction.on_commit(lambda: mail.tell_batch(batch, changes, stopped=stopped), robust=True)
        return changes


def why_returned(change, stopped, reasons, batch):
    if change == stopped:
        return str(_("It could not be published at its time. %s")) % reasons
    words = _("Nothing of the batch “%(batch)s” was published at its time: “%(change)s” stopped it.")
    return words % {"batch": batch, "change": stopped}


def language_of(author):
    return getattr(author, "language", settings.LANGUAGE_CODE)


def lock_due(due):
    """Those of some changes that are due still, in their order, kept from everyone else."""
    ContentVersion.lock_writes()
    return list(Change.objects.due(moment()).select_for_update().filter(pk__in=[change.pk for change in due]))


def reasons_in(error):
    """What an author can do something about, in sentences; a mistake of ours is for the log."""
    if isinstance(error, ValidationError):
        return " ".join(map(str, error.messages))
    if isinstance(error, PermissionDenied) and error.args:
        return str(error)
    if isinstance(error, (DatabaseError, LookupError, ValueError)):
        return str(_("The page has changed too much since."))
    return str(_("The mistake is ours, and it is in the log. Tell whoever runs the site, or send the change again."))


@receiver(recorded)
def answer_requests(row, patch, change, **_):
    """Whoever asked for the publication of an item that is public now has been heard."""
    if "public_from" not in patch and "withdrawn_at" not in patch:
        return
    if not (row.public_from and not row.withdrawn_at):
        return
    others = Change.objects.of(row).unfinished().exclude(pk=change and change.pk)
    for request in others.select_for_update():
        if request.is_request:
            request.decide(Change.State.APPLIED, current_author())


@receiver(recorded)
def ask_again(row, patch, **_):
    """Who decides about a first publication decides about the words as they are: changed ones are asked about again."""
    author = current_author()
    if getattr(row, "public_from", True) or not patch.keys() - set(DATES):
        return
    if author is None or author.has_perm("publishing.decide_change"):
        return
    asked = [Change.State.REVIEW, Change.State.SCHEDULED]
    for request in Change.objects.of(row).filter(state__in=asked).select_for_update():
        if "public_from" in request.patch:
            request.transition(Change.State.REVIEW, created_at=moment(), decided_by=None, decided_at=None)


@receiver(recorded)
def write_applied(row, key, patch, change, **_):
    """What was recorded is an applied Change: a new one or, with what really happened, the one being applied."""
    values = {"title": lasting_name(row)[:200], "patch": patch}
    if change:
        vars(change).update(values)
        change.save(update_fields=values)
    else:
        Change.objects.add_applied(row, key, **values)


def scheduled_dates():
    return Change.objects.filter(state=Change.State.SCHEDULED).values_list("due_at")


apply_before_reading(scheduled_dates, Change.objects.apply_due)
register_names_of_deleted(Change.objects.titles_of)
