"""Completeness: what a page still misses to be really good, beyond what its publication demands."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Replace
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from translated_fields import TranslatedField, to_attribute

from learningcities.publishing.history.where_used import relations_to
from learningcities.text.translation import LANGUAGES, columns, language_of


@dataclass
class Gap:
    """A missing aspect of a page, and the fields that are empty.

    `row` is the item to be mended where it is another one: a photo that isn't described in a language.
    """

    aspect: str
    label: str
    fields: list
    row: models.Model | None = None

    @property
    def languages(self):
        """The empty fields of a text, each with the name of its language; nothing where there is one field only."""
        model = type(self.row)
        return [
            (name, get_language_info(language)["name_local"])
            for name in self.fields
            if (language := language_of(model._meta.get_field(name)))
        ]


class CompletenessQuerySet(models.QuerySet):
    def incomplete(self):
        """Those with missing aspects, the emptiest first; what lies in the bin needs nothing."""
        return self.active().filter(missing_aspects__gt="").order_by(missing_count().desc(), "pk")

    def without(self, aspect):
        return self.filter(missing_aspects__contains=f"[{aspect}]")


def missing_count():
    """The number of a row's missing aspects, in SQL."""
    return Length("missing_aspects") - Length(Replace("missing_aspects", models.Value("["), models.Value("")))


class HasCompleteness(models.Model):
    """An item whose missing aspects are stored, and measured again whenever something of it is written.

    They depend on nothing but what is written; what grows old by itself is a matter of the care list.
    """

    #: As in "[cover][themes]"; NULL until they are measured. Whoever changes the aspects of a model empties this
    #: column in a migration: after each one, `measure_missing` writes it anew.
    missing_aspects = models.TextField(  # noqa: DJ001 - unknown is not the same as nothing
        editable=False, null=True, db_column="lacks"
    )

    #: What a really good page has: fields, a translated text in each language, relations with at least one row.
    #: Of several in a tuple one is enough.
    aspects = ()

    class Meta:
        abstract = True

    @classmethod
    def aspect_fields(cls):
        """The fields of each aspect, by its name, which is that of the first."""
        named = [aspect if isinstance(aspect, tuple) else (aspect,) for aspect in cls.aspects]
        return {names[0]: names for names in named}

    @classmethod
    def aspect_label(cls, aspect):
        return capfirst(" / ".join(str(called(cls, name)) for name in cls.aspect_fields()[aspect]))

    def missing_labels(self):
        """What staff call its missing aspects, inside a sentence."""
        names = [name for name in self.aspect_fields() if f"[{name}]" in (self.missing_aspects or "")]
        return [str(called(type(self), name)) for name in names]

    @property
    def has_count(self):
        """How many aspects it has; nothing until they are measured."""
        return None if self.missing_aspects is None else len(self.aspects) - self.missing_aspects.count("[")

    @property
    def said_count(self):
        """The same in words."""
        if self.missing_aspects is None:
            return "–"
        return _("%(count)d of %(all)d") % {"count": self.has_count, "all": len(self.aspects)}

    def gaps(self):
        """Its missing aspects as it is now."""
        gaps = {aspect: self.gap(names) for aspect, names in self.aspect_fields().items()}
        return [Gap(aspect, self.aspect_label(aspect), *gap) for aspect, gap in gaps.items() if gap]

    def empty_aspects(self):
        """Those of its missing aspects of which nothing is there, in any language: known without a question."""
        missing = re.findall(r"\[(\w+)\]", self.missing_aspects or "")
        return [aspect for aspect in self.aspect_fields() if aspect in missing and self.is_empty(aspect)]

    def is_empty(self, aspect):
        if is_text(type(self), aspect):
            return not any(getattr(self, column) for column in columns(aspect))
        field = type(self)._meta.get_field(aspect)
        return field.auto_created or getattr(self, field.attname) in (None, "")

    def gap(self, names):
        """The empty fields of an aspect and the row they are of, or nothing."""
        empty = [name for name in names if not self.has(name)]
        if len(empty) < len(names):
            return None
        if is_text(type(self), name := names[0]):
            return [column for column in columns(name) if not getattr(self, column)], self
        row = getattr(self, name)
        if isinstance(row, Picture) and not row.binned_at:
            return self.undescribed(name), row
        return [name], self

    def undescribed(self, name):
        """The columns of a picture that lack its alternative text, in the languages in which the page says none."""
        own = alternative_beside(type(self), name)
        said = [code for code in LANGUAGES if own and getattr(self, to_attribute(own, code))]
        return getattr(self, name).undescribed_in([code for code in self.languages if code not in said])

    def has(self, name):
        if is_text(type(self), name):
            return all(getattr(self, column) for column in columns(name))
        value = getattr(self, name)
        if isinstance(value, models.Manager):
            return value.exists()
        if isinstance(value, Picture):
            return not value.binned_at and not self.undescribed(name)
        return value not in (None, "")

    def measure(self):
        """Store its missing aspects, without touching anything else."""
        missing = "".join(f"[{gap.aspect}]" for gap in self.gaps())
        if missing != self.missing_aspects:
            type(self)._base_manager.filter(pk=self.pk).update(missing_aspects=missing)
            self.missing_aspects = missing


class PictureQuerySet(models.QuerySet):
    def undescribed(self):
        """Those that say nothing at all, or nothing in a language in which visitors read a page that shows them.

        `lacks_fr`, `lacks_ar`, `lacks_en` say in which.
        """
        empty = {language: Q(**{to_attribute("alternative", language): ""}) for language in LANGUAGES}
        silent = reduce(and_, empty.values())
        lacks = {
            f"lacks_{language}": is_empty & (silent | shown_in(self.model, language))
            for language, is_empty in empty.items()
        }
        rows = self.active().filter(decorative=False).annotate(**lacks)
        return rows.filter(reduce(or_, (Q(**{name: True}) for name in lacks)))


def shown_in(picture_model, language):
    """Whether a public page that is written in a language shows a picture, and says nothing of it, as a condition."""
    shown = Q()
    for relation in relations_to(picture_model):
        rows, name = relation.related_model, relation.field.name
        is_part = hasattr(rows, "part_of")
        item = rows._meta.get_field(rows.part_of).related_model if is_part else rows
        pages = item.objects.published().filter(item.written_in(language))
        path = f"{rows.part_of}__in" if is_part else "pk__in"
        own = {to_attribute(text, language): "" for text in filter(None, [alternative_beside(rows, name)])}
        shown |= Q(Exists(rows._base_manager.filter(**{name: OuterRef("pk"), path: pages, **own})))
    return shown


def alternative_beside(model, name):
    """The text in which a row says itself what the picture of a relation shows there; nothing if it has none."""
    text = "alternative" if hasattr(model, "part_of") else f"{name}_alternative"
    return text if is_text(model, text) else ""


class Picture(models.Model):
    """A picture, which says in `alternative` what it shows, or is decorative."""

    class Meta:
        abstract = True

    def undescribed_in(self, languages):
        """The columns of these languages that lack the alternative text."""
        names = [] if self.decorative else [to_attribute("alternative", language) for language in languages]
        return [name for name in names if not getattr(self, name)]


def is_text(model, name):
    return isinstance(getattr(model, name, None), TranslatedField)


def called(model, name):
    """What editors call a field, a text or the rows of a relation."""
    field = model._meta.get_field(columns(name)[0] if is_text(model, name) else name)
    return field.related_model._meta.verbose_name_plural if field.auto_created else field.verbose_name


def measure(changed):
    """Measure again what depends on a row that has changed: itself, and what it is a picture of."""
    if isinstance(changed, HasCompleteness):
        type(changed)._base_manager.get(pk=changed.pk).measure()
    if isinstance(changed, Picture):
        for model, name in pictures_of(type(changed)):
            for row in model._base_manager.filter(**{name: changed}):
                row.measure()


def pictures_of(picture_model):
    """The models for which such a picture is an aspect, each with the name of that aspect."""
    for model in models_with_completeness():
        for names in model.aspect_fields().values():
            if not is_text(model, names[0]) and model._meta.get_field(names[0]).related_model is picture_model:
                yield model, names[0]


def measure_missing(**_signal):
    """Measure the rows that were never measured."""
    for model in models_with_completeness():
        try:
            with transaction.atomic():
                rows = list(model._base_manager.filter(missing_aspects=None))
        except DatabaseError:
            continue  # its column isn't there, since not all migrations were asked for
        with transaction.atomic():
            for row in rows:
                row.measure()


def models_with_completeness():
    return [model for model in apps.get_models() if issubclass(model, HasCompleteness)]
