"""Rows that are found by their words: their own, and those of the rows they name."""

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import override
from translated_fields import TranslatedField, to_attribute

from learningcities.text.folding import fold
from learningcities.text.richtext import plain
from learningcities.text.translation import LANGUAGES

from .entry import Entry
from .proper_names import names_for_entry
from .query import parse_query


class IndexedQuerySet(models.QuerySet):
    def matching(self, text):
        """The rows in which every word of a search occurs, in any language and spelling."""
        query = parse_query(text)
        entries = Entry.objects.of_kind(self.model).matching(query)
        return self.filter(pk__in=entries.values("object_id")) if query else self

    def exact_first(self, text):
        """In the order that there is, but first the rows whose title is what was typed."""
        exact = Entry.objects.of_kind(self.model).titled(fold(text)).filter(object_id=OuterRef("pk"))
        return self.order_by(Exists(exact).desc(), *self.query.order_by)


class Indexed(models.Model):
    """A model that is found by its words.

    `found_by` names its own texts by their weight, `indexed_paths` the relations whose rows it is found by as well,
    by the fields in their `named_by`; a row that is renamed renews every entry it occurs in.
    """

    sort_fr = models.CharField(max_length=200, editable=False, default="")
    sort_ar = models.CharField(max_length=200, editable=False, default="")
    sort_en = models.CharField(max_length=200, editable=False, default="")
    entries = GenericRelation(Entry)

    found_by = {"title": (), "summary": (), "rest": ()}
    indexed_paths = ()
    #: The address of the list of all rows, where there is one.
    list_name = ""

    class Meta:
        abstract = True

    def words(self, weight, languages=LANGUAGES):
        """The row's own texts of a weight, in these languages; what has none is in all."""
        names = text_columns(type(self), self.found_by[weight], languages)
        return [plain(text) for name in names if (text := getattr(self, name))]

    def texts(self, languages=LANGUAGES):
        """The row's own texts without markup, as (language, text)."""
        return (
            (language, text)
            for language in languages
            for weight in self.found_by
            for text in self.words(weight, [language])
        )

    @property
    def heading(self):
        """What the row is called in the reader's language."""
        return getattr(self, self.found_by["title"][0])

    @property
    def kind_shown(self):
        return self._meta.verbose_name

    @property
    def summary_shown(self):
        """What lists say of the row in the reader's language."""
        return getattr(self, self.found_by["summary"][0])

    def index(self):
        """Write the entry and the sort keys anew, without touching anything else."""
        named = [row for path in self.indexed_paths for row in related_rows(self, path)]
        texts = {weight: self.words(weight) for weight in self.found_by}
        texts["rest"] += [getattr(row, name) for row in named for name in row.named_by]
        new = Entry.of(self, **texts)
        new.title += names_for_entry(self)
        new.rest += "".join(map(names_for_entry, named))
        values = {name: getattr(new, name) for name in ("title", "summary", "rest")}
        Entry.objects.update_or_create(content_type=new.content_type, object_id=self.pk, defaults=values)
        self.write_sort_keys()

    def write_sort_keys(self):
        keys = {f"sort_{language}": fold(self.sort_words(language))[:200] for language in LANGUAGES}
        if any(getattr(self, name) != value for name, value in keys.items()):
            type(self)._base_manager.filter(pk=self.pk).update(**keys)
            vars(self).update(keys)

    def sort_words(self, language):
        """What the row is sorted by for a reader of a language."""
        with override(language):
            return str(self)


def text_columns(model, names, languages):
    """The columns of these fields, of a translated one those of some languages."""
    for name in names:
        is_translated = isinstance(getattr(model, name, None), TranslatedField)
        yield from [to_attribute(name, language) for language in languages] if is_translated else [name]


def related_rows(row, path):
    """The rows at the end of a path such as city__region, through single and many relations."""
    rows = [row]
    for name in path.split("__"):
        rows = [
            target
            for origin in rows
            for value in [getattr(origin, name)]
            for target in (value.all() if isinstance(value, models.Manager) else [value] if value else [])
        ]
    return rows


def rows_naming(named):
    """The indexed rows that are found by the words of this row."""
    for model in indexed_models():
        for path in model.indexed_paths:
            if end_of(model, path) is type(named):
                yield from model._base_manager.filter(**{path: named})


def reindex(changed, fields):
    """Renew what is found by the words of a row whose fields have changed: itself, and all that names it."""
    if isinstance(changed, Indexed):
        type(changed)._base_manager.get(pk=changed.pk).index()
    if not set(fields).isdisjoint(getattr(changed, "named_by", ())):
        for row in rows_naming(changed):
            row.index()


def index_missing():
    """Write the entry of each row that has none, as after an upgrade."""
    for model in indexed_models():
        for row in model._base_manager.exclude(pk__in=Entry.objects.of_kind(model).values("object_id")).iterator():
            row.index()


def indexed_models():
    return [model for model in apps.get_models() if issubclass(model, Indexed)]


def end_of(model, path):
    """The model at the end of a path of relations."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
