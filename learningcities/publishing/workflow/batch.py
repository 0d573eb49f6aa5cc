"""A Batch: drafts that belong together, such as those of one file, and take each step together."""

from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from learningcities import bounds
from learningcities.publishing.patches.patch_display import sentences_of
from learningcities.publishing.patches.snapshot import DATES, conflicts, inverse, snapshot
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.text import plain_text
from learningcities.text.translation import FIRST_LANGUAGE, about

from . import mail
from .change import Change
from .steps import BATCH_STEPS, Situation

STALE = _("The changes of this batch are no longer as you saw them. Look at them again, then decide.")
NOTHING_LEFT = _("There is nothing left in this batch to do that with.")
NOT_SENT = _("It is with its author. Wait until it is sent, or take it out of the batch.")

#: The steps by which all of a batch goes live, or nothing.
DECIDE_WHOLE = {"apply", "schedule"}


class BatchQuerySet(models.QuerySet):
    def made(self):
        """Those that have drafts; the others are files that nobody has decided about yet."""
        return self.filter(file=None)

    def open(self):
        """Those with changes that are neither published nor given up."""
        return self.filter(pk__in=Change.objects.unfinished().filter(batch__isnull=False).values("batch"))

    def seen_by(self, user):
        """Those with changes that a member of staff sees."""
        return self.filter(pk__in=Change.objects.seen_by(user).filter(batch__isnull=False).values("batch"))


class Batch(models.Model):
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), related_name="batches"
    )
    created_at = models.DateTimeField(_("made on"), default=moment)
    name = plain_text.CharField(_("name"), max_length=250)
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    #: The file as it was sent, until its drafts are made.
    file = models.BinaryField(null=True)
    #: Of a scheduled batch: when all of it goes live, or comes back.
    due_at = models.DateTimeField(_("scheduled for"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of changes")
        verbose_name_plural = _("batches of changes")
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.name

    @classmethod
    def gather(cls, changes, by, name):
        """A batch of changes that were made one by one; ValidationError where one of them can't be in it."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            changes = list(changes.select_related("content_type", "batch"))
            if len(changes) < 2:
                raise ValidationError(_("Choose at least two changes."))
            if len(changes) > bounds.BATCH_CHANGES:
                raise ValidationError(_("Choose at most %(count)s changes.") % {"count": bounds.BATCH_CHANGES})
            for change in changes:
                if change.batch or not BATCH_STEPS["apply"].is_offered(Situation(by, change.item, change)):
                    raise ValidationError(about(change, _("It can’t be published, or it is in a batch already.")))
            batch = cls.objects.create(author=by, name=name, content_type=changes[0].content_type)
            Change.objects.filter(pk__in=[change.pk for change in changes]).update(batch=batch)
        return batch

    def leave_out(self, change):
        """Take an unfinished change out of it, which then stands for itself; what is scheduled keeps its moment."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            if not self.changes.unfinished().filter(pk=change.pk).update(batch=None):
                raise ValidationError(STALE)

    def open_to(self, step, user):
        """The changes that a member of staff can take a step with."""
        changes = self.changes.select_related("author").prefetch_related("item").order_by("id")
        return [change for change in changes if step.is_offered(Situation(user, change=change))]

    @property
    def version(self):
        """What someone has seen of its changes when they decide."""
        seen = "\n".join(change.version for change in self.changes.order_by("id"))
        return sha256(seen.encode()).hexdigest()[:16]

    def steps(self, user):
        """What a member of staff can do with some of its changes."""
        return self.steps_that("is_offered", user)

    def permitted(self, user):
        """What they may do with some of its changes, if not as these are now."""
        return self.steps_that("may", user)

    def steps_that(self, question, user):
        situations = [Situation(user, change=change) for change in self.changes.only("state", "author")]
        return {name: step for name, step in BATCH_STEPS.items() if any(map(getattr(step, question), situations))}

    def take(self, name, by, seen=None, **data):
        """Take a step with all changes that are open to it, or with none: a ValidationError names those that resist.
        `seen` is the version that was looked at."""
        step, resisting = BATCH_STEPS[name], []
        with transaction.atomic():
            ContentVersion.lock_writes()
            if seen and seen != self.version:
                raise ValidationError(STALE)
            changes = self.open_to(step, by)
            if not changes:
                raise ValidationError(NOTHING_LEFT)
            if name in DECIDE_WHOLE:
                left = self.changes.unfinished().exclude(pk__in=[change.pk for change in changes])
                resisting = [about(change, NOT_SENT) for change in left]
            for change in changes:
                change.is_told = True
                try:
                    step.take(Situation(by, change.item, change), **data)
                except ValidationError as error:
                    resisting.append(about(change, " ".join(sentences_of(change.content_type.model_class(), error))))
            if resisting:
                raise ValidationError(resisting)
            if name in DECIDE_WHOLE:
                self.due_at = data.get("due")
                self.save(update_fields=["due_at"])
            transaction.on_commit(lambda: mail.tell_batch(self, changes, by), robust=True)
        return len(changes)

    def hidden(self):
        """What of it is applied and visitors don't see, each with the reason."""
        changes = self.changes.filter(state=Change.State.APPLIED).prefetch_related("item")
        return hidden(change.item for change in changes if hasattr(change.item, "public_from"))

    def undo(self, by, may):
        """A batch of drafts that take this one back, and sentences about what is left as it is.

        `may(item)` says whether `by` may change an item.
        """
        with transaction.atomic():
            ContentVersion.lock_writes()
            with override(FIRST_LANGUAGE):
                name = (_("Undo: %s") % self.name)[:250]
            undoing = Batch.objects.create(author=by, name=name, content_type=self.content_type)
            whys = [(change, undoing.keep_inverse(change, may)) for change in self.open_to(BATCH_STEPS["undo"], by)]
            if not undoing.changes.exists():
                undoing.delete()
                undoing = None
        return undoing, [about(change, why) for change, why in whys if why]

    def keep_inverse(self, change, may):
        """Keep the draft that takes a change back; what keeps it from that is said."""
        item = change.item
        if item is None or not may(item):
            return _("It is no longer there, or you may not change it.")
        if Change.objects.mine(item, self.author):
            return _("You already have a draft of this page. Send it or discard it first.")
        # Publishing has its own buttons: this brings words back, and no dates but that of a first publication.
        patch = {key: sides for key, sides in inverse(change.patch).items() if key not in DATES}
        live = snapshot(item)
        clashing = conflicts(patch, live)
        patch = {key: sides for key, sides in patch.items() if key not in clashing}
        if change.patch.get("public_from", [True])[0] is None and item.withdrawn_at is None:
            patch["withdrawn_at"] = [None, moment().isoformat()]
        patch, refused = allowed_part(self.author, item, patch, live)
        if patch:
            try:
                Change.save_draft(item, self.author, patch, batch=self)
            except ValidationError as error:
                return " ".join(error.messages)
        changed = _("Some of it has been changed since, and stays as it is.") if clashing else ""
        return f"{refused} {changed}".strip()


def hidden(items):
    """Why visitors don't see these items, with a sentence for each: itself or its city isn't public."""
    sentences, seen = [], {}
    for item in items:
        if item.state != item.State.PUBLIC:
            sentences.append(about(item, item.State(item.state).label))
            continue
        for other in (getattr(item, name) for name in item.public_through):
            if other not in seen:
                seen[other] = other.is_public()
            if not seen[other]:
                sentences.append(about(item, _("“%(item)s” must be published first.") % {"item": other}))
    return sentences
