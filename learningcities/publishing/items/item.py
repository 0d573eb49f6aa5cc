"""An Item: a live row of something public, and the one rule that says who sees it when."""

from datetime import timedelta
from uuid import uuid4

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from learningcities import bounds
from learningcities.publishing.history.tracked_models import Tracked, TrackedQuerySet
from learningcities.publishing.history.tracking import current_author, track_changes
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import DATES, apply_part, save_values, snapshot
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version import content_version
from learningcities.text.translation import LANGUAGES, about, first_of, lacking, language_name, needed

from .redirect import Redirect

NOT_THERE = _("What this change is about is no longer there.")


class ItemQuerySet(TrackedQuerySet):
    def published(self, moment=None):
        """What a visitor may see at a moment (now, unless said otherwise): the only rule of visibility."""
        return self.filter(self.model.public_at(moment or content_version.shown_moment()))

    def edited_by(self, user):
        """What a member of staff looks after: everything for a coordinator."""
        if user.is_coordinator:
            return self
        path = self.model.edited_through
        return self.filter(**{path: user}) if path else self.none()

    def seen_by(self, user):
        return self.edited_by(user)

    def locked(self):
        return self.filter(locks__in=PageLock.objects.active())

    def open_to(self, user):
        """Those that nobody else holds."""
        return self.exclude(locks__in=PageLock.objects.against(user))

    def in_bin(self):
        return self.filter(binned_at__isnull=False)

    def expired(self):
        """What has been in the bin for so long that nobody takes it out again."""
        return self.filter(binned_at__lt=content_version.moment() - timedelta(days=bounds.BIN_DAYS))

    def active(self):
        return self.filter(binned_at__isnull=True)


class Item(Tracked):
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
    changed_at = models.DateTimeField(_("last change"), default=content_version.moment, editable=False)

    locks = GenericRelation(PageLock)

    objects = ItemQuerySet.as_manager()

    #: Relations to the items that must be public for this one to be: an initiative's city.
    public_through = ()
    #: The path to those who edit it; without one, that is for the coordinators alone.
    edited_through = None
    #: Its name, and the relations within which no two are called the same without being asked about.
    distinct_by = ()
    #: Relations to rows that must hang on the same as the item does; `foreign` says which don't.
    own_relations = ()
    #: The translated texts that a public item must have in one and the same language.
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

    @classmethod
    def written_in(cls, language):
        """The rows that are written in a language, as a condition: what is needed for publication is there in it."""
        return Q(**{f"{to_attribute(name, language)}__gt": "" for name in cls.needed})

    @property
    def languages(self):
        """The languages in which it really is written, and not only shown in another one."""
        return [code for code in LANGUAGES if all(getattr(self, to_attribute(name, code)) for name in self.needed)]

    @property
    def read_in(self):
        """What readers call the language that they read it in, where it isn't written in theirs; else nothing."""
        return "" if get_language() in self.languages or not self.languages else language_name(first_of(self.languages))

    def is_public(self, moment=None):
        return type(self).objects.published(moment).filter(pk=self.pk).exists()

    @property
    def keeps_drafts(self):
        return self.public_from is not None

    @property
    def was_public(self):
        return self.public_from is not None and self.public_from <= content_version.moment()

    @property
    def state(self):
        """The item's own state, in one word; `is_public` asks its city as well."""
        now = content_version.moment()
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

    @property
    def kept_until(self):
        return self.binned_at and self.binned_at + timedelta(days=bounds.BIN_DAYS)

    def responsible_staff(self):
        """The members of staff who look after it: its editors or, where it has none, the coordinators."""
        people = get_user_model()
        if self.edited_through:
            editors = type(self).objects.filter(pk=self.pk).values(self.edited_through)
            editors = people.objects.filter(pk__in=editors, is_active=True, is_staff=True)
            if editors.exists():
                return editors
        return people.coordinators()

    def missing(self):
        """What must be mended in the item's own fields before it can be public: {field: sentence}."""
        return {column: needed(column) for column in lacking(self, self.needed)}

    def check_complete(self):
        """Refuse what a public item must not lack, with a sentence for each field of it and of its parts."""
        lacking = dict(self.missing())
        for name in self.parts:
            for part in getattr(self, name).all():
                for field, sentence in part.missing().items():
                    lacking[PatchKey(name, part.pk).of_field(field)] = about(part, sentence)
        if lacking:
            raise ValidationError(lacking)

    def carried(self):
        """The items that go public together with this one, such as its photos."""
        return []

    def publish(self, at=None):
        """Make the item public from now on or from a moment to come, or say in a ValidationError what it lacks."""
        with track_changes(self):
            self.read_again()
            if self.binned_at:
                raise ValidationError(_("An item in the bin can't be published. Take it out of the bin first."))
            self.check_complete()
            at = max(at or content_version.moment(), content_version.moment())
            if not self.was_public:
                self.public_from = at
            if self.public_until and self.public_until <= at:
                self.public_until = None
            self.withdrawn_at = None
            self.save(update_fields=DATES)
            self.publish_carried(at)

    def publish_carried(self, at=None):
        at = at or content_version.moment()
        for item in self.carried():
            if item.state in (self.State.NEVER, self.State.LATER) and not (item.public_from and item.public_from <= at):
                item.publish_or_name(at)

    def publish_or_name(self, at):
        """Publish, or say of which item it is that something lacks."""
        try:
            self.publish(at)
        except ValidationError as error:
            raise ValidationError([about(self, sentence) for sentence in error.messages]) from error

    def withdraw(self):
        """Take the item off the site; its address then says that it is gone."""
        with track_changes(self):
            self.read_again(DATES)
            self.set_dates(withdrawn_at=self.withdrawn_at or content_version.moment())

    def move_to_bin(self):
        with track_changes(self):
            self.read_again(DATES)
            self.set_dates(binned_at=self.binned_at or content_version.moment())

    def take_out_of_bin(self):
        """Bring the item back as it was, but never straight onto the site."""
        with track_changes(self):
            self.read_again(DATES)
            withdrawn_at = self.withdrawn_at or (self.binned_at if self.public_from else None)
            self.set_dates(binned_at=None, withdrawn_at=withdrawn_at)

    def set_dates(self, **dates):
        """Write these dates and nothing else, so that a row read a while ago undoes nobody's words."""
        for name, value in dates.items():
            setattr(self, name, value)
        self.save(update_fields=list(dates))

    def read_again(self, fields=None):
        """The row as it is now, for whoever has locked all writes; ValidationError if it is gone."""
        try:
            self.refresh_from_db(fields=fields)
        except type(self).DoesNotExist:
            raise ValidationError(NOT_THERE) from None

    def copy(self, **words):
        """A new item that says the same as this one, except for these words, and a sentence about what it can't say.

        It was never public.
        """
        new = type(self)()
        wanted = {key: [None, value] for key, value in snapshot(self).items()}
        patch, refused = allowed_part(current_author(), new, wanted, {})
        values = {key: value for key, (_none, value) in patch.items()}
        own = {key: value for key, value in values.items() if not isinstance(value, dict)}
        own |= dict.fromkeys(DATES)
        with track_changes(new):
            save_values(new, own | words, validate=False)
            for key, row in values.items():
                if isinstance(row, dict):
                    apply_part(new, PatchKey.parse(key).part, uuid4(), row, validate=False)
        return new, refused

    def follow_change(self, patch):
        """A change has a date."""
        super().follow_change(patch)
        type(self)._base_manager.filter(pk=self.pk).update(changed_at=content_version.moment())

    def make_way(self):
        """The bin said where it is used: that the rows lose it now is a change of each of them."""
        for relation in self._meta.related_objects:
            if relation.many_to_many:
                getattr(self, relation.get_accessor_name()).clear()

    def clean(self):
        super().clean()
        if (slug := getattr(self, "slug", None)) and Redirect.is_taken(self, slug):
            raise ValidationError({"slug": _("This was the address of another page, and still leads to it.")})


def item_kinds():
    """The models of all that can be public."""
    return [model for model in apps.get_models() if issubclass(model, Item)]


def owner_path(model):
    """The way from an item to the one whose editors look after it: "city", or "" for that one itself; else None."""
    path = getattr(model, "edited_through", None)
    return path.rpartition("__")[0] if path else None


def owner_of(row):
    """The item whose editors look after a row, which may be the row itself; None where nobody's do."""
    path = owner_path(type(row))
    return getattr(row, path) if path else (row if path == "" else None)


def owner_model():
    """The model of the items that have editors of their own."""
    return next(model for model in item_kinds() if owner_path(model) == "")


def about_items(rows):
    """The condition that a row points at one of these items; `rows` says for each kind which."""
    theirs = Q(pk__in=[])
    for kind in item_kinds():
        theirs |= Q(content_type=ContentType.objects.get_for_model(kind), object_id__in=rows(kind).values("pk"))
    return theirs
