"""What is public, what waits, what happened: Item, Change, and the Clock beside them."""

from contextlib import ExitStack
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learningcities.search import rows_naming
from learningcities.translation import REQUIRED, columns

from . import clock, record
from .clock import Clock

__all__ = ["Change", "Clock", "Item", "ItemQuerySet", "Part", "Recorded", "Redirect"]


class RecordedQuerySet(models.QuerySet):
    """Writes to many rows at once are on record like any other."""

    def update(self, **values):
        with ExitStack() as stack:
            for row in self:
                stack.enter_context(record.recording(row.recorded))
            return super().update(**values)

    def delete(self):
        return sum(row.delete()[0] for row in self), {}


class Recorded(models.Model):
    """Content: every write of the row, or of one of its parts, becomes a Change."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = RecordedQuerySet.as_manager()

    #: The related names of the parts that are edited with the row.
    parts = ()
    #: The fields that are no content, such as who may edit.
    unrecorded = ()

    class Meta:
        abstract = True

    @property
    def recorded(self):
        """The row whose record this one belongs to."""
        return self

    def save(self, *args, **kwargs):
        record.unify_newlines(self)
        with record.recording(self):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with record.recording(self):
            naming = list(rows_naming(self))
            deleted = super().delete(*args, **kwargs)
            for row in naming:
                row.index()
            return deleted


class Part(models.Model):
    """A row that belongs to one item, is edited with it and recorded as part of it."""

    # The primary key, so that a form, a patch and the database name a row alike, before and after it is stored.
    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    objects = RecordedQuerySet.as_manager()

    #: The name of the foreign key to the item.
    part_of = None

    class Meta:
        abstract = True

    @property
    def recorded(self):
        return getattr(self, self.part_of)

    def missing(self):
        """What must be mended before the item can be public: {field: sentence}."""
        return {}

    def save(self, *args, **kwargs):
        record.unify_newlines(self)
        with record.recording(self.recorded):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with record.recording(self.recorded):
            return super().delete(*args, **kwargs)


class ItemQuerySet(RecordedQuerySet):
    def published(self, moment=None):
        """What a visitor may see at a moment (now, unless said otherwise): the only rule of visibility."""
        return self.filter(self.model.public_at(moment or clock.moment()))

    def in_bin(self):
        return self.filter(binned_at__isnull=False)

    def kept(self):
        return self.filter(binned_at__isnull=True)


class Item(Recorded):
    """Anything that can be public. It carries dates and no state: the dates are the state."""

    class State(models.TextChoices):
        NEVER = "never", _("never published")
        LATER = "later", _("public later")
        PUBLIC = "public", _("public")
        ENDED = "ended", _("no longer public")
        WITHDRAWN = "withdrawn", _("withdrawn")
        BINNED = "binned", _("in the bin")

    public_from = models.DateTimeField(_("public from"), null=True, blank=True, db_index=True)
    public_until = models.DateTimeField(_("public until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    binned_at = models.DateTimeField(_("moved to the bin on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = ItemQuerySet.as_manager()

    #: Relations to the items that must be public for this one to be: an initiative's city.
    public_through = ()
    #: The translated texts that a public item can't lack in the site's first language.
    needed = ()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(public_until__isnull=True)
                | Q(public_from__isnull=True)
                | Q(public_until__gt=F("public_from")),
                name="%(class)s_public_until_after_from",
                violation_error_message=_("“Public until” must come after “public from”."),
            )
        ]

    @classmethod
    def public_at(cls, moment, prefix=""):
        """The rule as a condition on this model, or, with a prefix, on a model related to it."""
        rule = Q(
            Q(**{f"{prefix}public_until__isnull": True}) | Q(**{f"{prefix}public_until__gt": moment}),
            **{
                f"{prefix}public_from__lte": moment,
                f"{prefix}withdrawn_at__isnull": True,
                f"{prefix}binned_at__isnull": True,
            },
        )
        for name in cls.public_through:
            rule &= cls._meta.get_field(name).related_model.public_at(moment, f"{prefix}{name}__")
        return rule

    def is_public(self, moment=None):
        return type(self).objects.published(moment).filter(pk=self.pk).exists()

    @property
    def was_public(self):
        return self.public_from is not None and self.public_from <= clock.moment()

    @property
    def state(self):
        """The item's own state, in one word; `is_public` asks its city as well."""
        now = clock.moment()
        if self.binned_at:
            return self.State.BINNED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if not self.public_from:
            return self.State.NEVER
        if self.public_from > now:
            return self.State.LATER
        if self.public_until and self.public_until <= now:
            return self.State.ENDED
        return self.State.PUBLIC

    def missing(self):
        """What must be mended in the item's own fields before it can be public: {field: sentence}."""
        return {
            column: _("This text is needed before the page can be published.")
            for name in self.needed
            for column in columns(name)
            if column.endswith(f"_{REQUIRED}") and not getattr(self, column)
        }

    def check_complete(self):
        """Refuse what a public item must not lack, with a sentence for each field and part."""
        lacking = dict(self.missing())
        for name in self.parts:
            for part in getattr(self, name).all():
                if sentences := part.missing():
                    lacking[f"{name}:{part.pk}"] = [f"{part}: {sentence}" for sentence in sentences.values()]
        if lacking:
            raise ValidationError(lacking)

    def carried(self):
        """The items that go public together with this one, such as its photos."""
        return []

    def publish(self):
        """Make the item public from now on, or say in a ValidationError what it lacks."""
        if self.binned_at:
            raise ValidationError(_("An item in the bin can't be published. Take it out of the bin first."))
        self.check_complete()
        now = clock.moment()
        with record.recording(self):
            if self.public_from is None or self.public_from > now:
                self.public_from = now
            if self.public_until and self.public_until <= now:
                self.public_until = None
            self.withdrawn_at = None
            self.save()
            self.publish_carried()

    def publish_carried(self):
        for item in self.carried():
            if item.state == self.State.NEVER:
                item.publish()

    def withdraw(self):
        """Take the item off the site; its address then says that it is gone."""
        self.withdrawn_at = self.withdrawn_at or clock.moment()
        self.save()

    def move_to_bin(self):
        self.binned_at = self.binned_at or clock.moment()
        self.save()

    def take_out_of_bin(self):
        """Bring the item back as it was, but never straight onto the site."""
        if self.public_from and not self.withdrawn_at:
            self.withdrawn_at = self.binned_at
        self.binned_at = None
        self.save()

    def save(self, *args, **kwargs):
        with record.recording(self):
            self.keep_old_address()
            super().save(*args, **kwargs)

    def keep_old_address(self):
        """Once public, an address works for ever: a changed slug leaves a redirect."""
        if self.pk and self.was_public and (slug := getattr(self, "slug", None)):
            old = type(self)._base_manager.values_list("slug", flat=True).filter(pk=self.pk).first()
            if old and old != slug:
                Redirect.remember(self, old)


class Redirect(models.Model):
    """A slug that an item once had in public."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=80)
    item_uuid = models.UUIDField()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="redirect_once_per_slug")]

    def __str__(self):
        return self.slug

    @classmethod
    def remember(cls, item, slug):
        cls.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(item), slug=slug, defaults={"item_uuid": item.uuid}
        )

    @classmethod
    def target(cls, model, slug):
        """The item that once had this slug, or None."""
        found = cls.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=slug).first()
        return found and model.objects.filter(uuid=found.item_uuid).first()


class ChangeQuerySet(models.QuerySet):
    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

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
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("author"), null=True, related_name="changes"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, db_index=True)
    patch = models.JSONField(_("changes"), default=dict)
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("made on"), default=clock.moment, db_index=True)
    decided_at = models.DateTimeField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="decisions"
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
        change, _created = (
            cls.objects.of(item)
            .waiting()
            .get_or_create(
                author=author,
                defaults={"item": item, "title": str(item)[:200], "state": cls.State.REVIEW, "patch": patch},
            )
        )
        change.patch, change.state, change.created_at = patch, cls.State.REVIEW, clock.moment()
        change.save()
        return change

    def conflicts(self):
        """The keys of the patch that someone else has changed in the meantime."""
        return record.conflicts(self.patch, record.snapshot(self.item)) if self.is_waiting else []

    def apply(self, by):
        """Lay the change over the live item, in its author's name; ValidationError if it no longer fits."""
        if self.conflicts():
            raise ValidationError(_("Someone else has changed the same texts since. Return the change to its author."))
        item = self.item
        with record.recording(item, change=self):
            record.lay(item, self.now_public())
            if item.public_from:
                item.check_complete()
                item.publish_carried()
            self.decide(self.State.APPLIED, by)

    def now_public(self):
        """The patch; where it asks for a first publication, this moment is its date."""
        patch = dict(self.patch)
        before, after = patch.get("public_from", (None, None))
        if after and datetime.fromisoformat(after) < clock.moment():
            patch["public_from"] = [before, clock.moment().isoformat()]
        return patch

    def give_back(self, by, comment):
        """Return the change to its author, with a word on why."""
        self.comment = comment
        self.decide(self.State.RETURNED, by)

    def discard(self, by):
        self.decide(self.State.DISCARDED, by)

    def decide(self, state, by):
        self.state, self.decided_by, self.decided_at = state, by, clock.moment()
        self.save()
