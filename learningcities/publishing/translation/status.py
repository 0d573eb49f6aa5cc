"""How far a row is translated: which texts are missing, and which say what their source said before."""

from functools import cache

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, transaction
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from learningcities.publishing.history.signals import recorded
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import inverse, patched, snapshot
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.text.translation import LANGUAGES, language_of, lasting_name


class TranslationsQuerySet(models.QuerySet):
    def of(self, row):
        """What is known of a row; never stored for one that has no history yet."""
        place = self.place(row, row.pk)
        return self.filter(**place).first() or self.model(**place)

    def place(self, row, key):
        return {"content_type": ContentType.objects.get_for_model(row), "object_id": key}

    def follow(self, row, key, patch, state):
        """Take in a change of a row, which says this after it; a row that is gone says nothing."""
        if not column_languages(type(row)):
            return
        if not state:
            self.filter(**self.place(row, key)).delete()
        elif any(column.rpartition("_")[2] in LANGUAGES for column in by_field(patch)):
            known = self.of(row)
            known.follow(patch, state)
            known.save()

    def add_missing(self):
        """Work out from the history what is not known of a row: as after an upgrade."""
        for content_type in ContentType.objects.get_for_models(*translated_models()).values():
            known = self.filter(content_type=content_type).values("object_id")
            for row in content_type.model_class()._base_manager.exclude(pk__in=known):
                self.from_record(row).save()

    def new(self, row):
        """What is known of a row without parts and without a history, from what it says itself."""
        known = self.model(**self.place(row, row.pk))
        known.follow({}, vars(row))
        return known

    def from_record(self, row):
        """Follow all applied changes of a row, the first one first, through what it said after each."""
        known, state, steps = self.model(**self.place(row, row.pk)), snapshot(row), []
        for change in Change.objects.of(row).happened():
            steps.append((change.patch, state))
            state = patched(state, inverse(change.patch))
        for patch, state_then in [*steps, ({}, state)][::-1]:
            known.follow(patch, state_then)
        return known


class Translations(models.Model):
    """The translations of one row. Which language a text comes from: the one that had it first.

    Texts are named as in a patch: "summary", "axes:<uuid>:title"; with the language, "summary_ar".
    All of it follows from the row and its history; it is stored so that lists can ask for it.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    #: The language that each text is translated from.
    sources = models.JSONField(default=dict)
    #: The translations that don't exist.
    missing = models.JSONField(default=list)
    #: The translations that are behind, each with the words of the source that it was made from.
    stale = models.JSONField(default=dict)
    missing_number = TranslatedField(models.PositiveSmallIntegerField(default=0))
    stale_number = TranslatedField(models.PositiveSmallIntegerField(default=0))

    key_columns = ("sources", "missing", "stale")

    objects = TranslationsQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the translations")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="translations_once_each")]

    def __str__(self):
        return str(self.item)

    def follow(self, patch, state):
        """Take in a change after which the row says this. A source that says again what it said undoes the delay."""
        written, sources, stale = by_field(patch), self.sources, self.stale
        self.sources, self.missing, self.stale = {}, [], {}
        for text, words in texts(self.content_type.model_class(), state).items():
            has_source = sources.get(text) in words
            source = sources[text] if has_source else next(code for code in LANGUAGES if code in words)
            self.sources[text] = source
            before = written.get(f"{text}_{source}", [None])[0]
            for column in (f"{text}_{code}" for code in LANGUAGES if code not in (*words, source)):
                self.missing.append(column)
            for column in (f"{text}_{code}" for code in words if code != source):
                made_from = stale.get(column, before)
                if has_source and column not in written and made_from and made_from != words[source]:
                    self.stale[column] = made_from
        for code in LANGUAGES:
            setattr(self, f"missing_number_{code}", len(in_language(self.missing, code)))
            setattr(self, f"stale_number_{code}", len(in_language(self.stale, code)))

    def source_of(self, column):
        """The language that a translation comes from."""
        return self.sources[column.rpartition("_")[0]]

    def confirm(self, column):
        """Someone has read a translation that is behind and left it: a change on record that changes no word."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            self.refresh_from_db()
            state = snapshot(self.item)
            words = texts(type(self.item), state)[column.rpartition("_")[0]][column.rpartition("_")[2]]
            patch = {column: [words, words]}
            Change.objects.add_applied(self.item, self.object_id, title=lasting_name(self.item)[:200], patch=patch)
            self.follow(patch, state)
            self.save()


@receiver(recorded)
def follow_translations(row, key, patch, snapshot, **_):
    Translations.objects.follow(row, key, patch, snapshot)


def know_translations(using="default", **_options):
    if Translations._meta.db_table in connections[using].introspection.table_names():
        Translations.objects.add_missing()


def in_language(columns, language):
    return [column for column in columns if column.endswith(f"_{language}")]


def translated_models():
    """The models that have a history and texts in several languages."""
    return [model for model in apps.get_models() if hasattr(model, "untracked") and column_languages(model)]


@cache
def column_languages(model):
    """The translated columns of a model: {column: (field, language)}."""
    languages = {field.name: language_of(field) for field in model._meta.concrete_fields}
    return {name: (name.removesuffix(f"_{code}"), code) for name, code in languages.items() if code}


def texts(model, state):
    """The texts of a snapshot, by language: {"summary": {"fr": …}, "axes:<uuid>:title": {…}}."""
    rows = [(PatchKey(), state), *((PatchKey.parse(key), row) for key, row in state.items() if isinstance(row, dict))]
    # A part that a release has removed is nobody's text any more.
    known = [(key, row) for key, row in rows if key.owner(model)]
    texts = {}
    for key, row in known:
        for column, (name, language) in column_languages(key.owner(model)).items():
            if row.get(column):
                texts.setdefault(key.of_field(name), {})[language] = row[column]
    return texts


def by_field(patch):
    """A patch in which rows that come and go are said field by field."""
    fields = {}
    for key, (before, after) in patch.items():
        if isinstance(before, dict) or isinstance(after, dict):
            before, after = before or {}, after or {}
            row = PatchKey.parse(key)
            fields |= {row.of_field(name): [before.get(name), after.get(name)] for name in before | after}
        else:
            fields[key] = [before, after]
    return fields
