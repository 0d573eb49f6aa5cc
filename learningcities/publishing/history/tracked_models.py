"""Content: rows whose every write is tracked, whoever makes it."""

from contextlib import ExitStack
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from learningcities.publishing.patches import snapshot
from learningcities.text.translation import columns, fallback

from .tracking import track_changes
from .where_used import refuse_while_used


class TrackedQuerySet(models.QuerySet):
    """Writes to many rows at once are tracked like any other."""

    def update(self, **values):
        with ExitStack() as stack:
            for row in self:
                stack.enter_context(track_changes(row.tracked_row))
            return super().update(**values)

    def delete(self):
        return sum(row.delete()[0] for row in self), {}

    delete.queryset_only = True

    def seen_by(self, user):
        """Those that a member of staff works with, and may choose where something relates to them: everyone's."""
        return self


class PartQuerySet(TrackedQuerySet):
    def seen_by(self, user):
        """Those of the items that they work with."""
        items = self.model._meta.get_field(self.model.part_of).related_model
        return self.filter(**{f"{self.model.part_of}__in": items._default_manager.seen_by(user)})


class InAnyLanguage(models.Model):
    """A row whose texts may be written in any one language."""

    #: The translated texts without which it says nothing: its title, say.
    required_texts = ()

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        errors, excluded = {}, exclude or ()
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
        for name in self.required_texts:
            names = columns(name, fallback(get_language()))
            asked = [column for column in names if column not in excluded]
            if asked and not any(getattr(self, column) for column in names):
                errors.setdefault(asked[0], ValidationError(_("This text is needed in one language at least.")))
        if errors:
            raise ValidationError(errors)


class Tracked(InAnyLanguage):
    """Content: every write of the row, or of one of its parts, becomes a Change."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = TrackedQuerySet.as_manager()

    #: The related names of the parts that are edited with the row.
    parts = ()
    #: The fields that are no content, such as who may edit.
    untracked = ()
    #: Whether visitors ever saw it; what has no dates, such as a row of a vocabulary, is public from the first.
    was_public = True
    #: Whether what is written waits in a draft until it is published.
    keeps_drafts = False
    #: When it was moved to the bin, which only items have.
    binned_at = None

    class Meta:
        abstract = True

    @property
    def tracked_row(self):
        """The row whose changes those of this one belong to."""
        return self

    def save(self, *args, **kwargs):
        snapshot.unify_newlines(self)
        with track_changes(self):
            super().save(*args, **kwargs)

    def make_way(self):
        """Before the row is deleted: nothing may use it."""
        refuse_while_used(self)

    def delete(self, *args, **kwargs):
        with track_changes(self):
            self.make_way()
            return super().delete(*args, **kwargs)

    def follow_change(self, patch):
        """Write what the row keeps besides its content and follows from a change of that, in the same transaction."""

    def apply_patch(self, patch, validate=True):
        """Write a patch over the row and its parts, as one Change; ValidationError if it no longer fits."""
        with track_changes(self):
            snapshot.apply_patch(self, patch, validate)


class Part(InAnyLanguage):
    """A row that belongs to one item, is edited with it and recorded as part of it."""

    # The primary key, so that a form, a patch and the database name a row alike, before and after it is stored.
    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    objects = PartQuerySet.as_manager()

    #: The name of the foreign key to the item.
    part_of = None

    class Meta:
        abstract = True

    @property
    def tracked_row(self):
        return getattr(self, self.part_of)

    def missing(self):
        """What must be mended before the item can be public: {field: sentence}."""
        return {}

    def save(self, *args, **kwargs):
        snapshot.unify_newlines(self)
        with track_changes(self.tracked_row):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with track_changes(self.tracked_row):
            refuse_while_used(self)
            return super().delete(*args, **kwargs)
