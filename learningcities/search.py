"""One spelling for every spelling: French and Arabic folded alike in what is stored and what is asked."""

import re
import unicodedata

from django.apps import apps
from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import override

from .translation import LANGUAGES, columns

ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "ł": "l", "đ": "d"})
SEPARATORS = re.compile(r"[\W_]+")


def fold(text):
    """Lower case, without accents, tashkīl and tatweel, letters of one sound as one, words apart by one space.

    >>> fold("L’École à Laâyoune")
    'l ecole a laayoune'
    >>> fold("مدينة التعلّم")
    'مدينه التعلم'
    """
    text = text.translate(ARABIC).casefold().translate(LIGATURES)
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return SEPARATORS.sub(" ", text.translate(ARABIC)).strip()


class IndexedQuerySet(models.QuerySet):
    def matching(self, query):
        """The rows in which every word of the query occurs, in any language and spelling."""
        rows = self
        for word in fold(query).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class Indexed(models.Model):
    """A model that is found by its words: its own, and those of the rows it names.

    `indexed_fields` are its own texts, `indexed_paths` the relations whose rows
    are found as well, by the fields in their `named_by`; a row that is renamed
    renews every text it occurs in.
    """

    search_text = models.TextField(editable=False, default="")
    sort_fr = models.CharField(max_length=200, editable=False, default="")
    sort_ar = models.CharField(max_length=200, editable=False, default="")
    sort_en = models.CharField(max_length=200, editable=False, default="")

    indexed_fields = ()
    indexed_paths = ()

    class Meta:
        abstract = True

    def index_words(self):
        """The row's own texts, in all languages."""
        return [getattr(self, column) for name in self.indexed_fields for column in columns(name)]

    def index(self):
        """Write the folded columns anew, without touching anything else."""
        words = self.index_words()
        for path in self.indexed_paths:
            for row in related_rows(self, path):
                words += [getattr(row, name) for name in row.named_by]
        keys = {"search_text": fold(strip_tags(" ".join(filter(None, words))))}
        for language in LANGUAGES:
            keys[f"sort_{language}"] = fold(self.sort_words(language))[:200]
        if any(getattr(self, name) != value for name, value in keys.items()):
            type(self)._base_manager.filter(pk=self.pk).update(**keys)
            vars(self).update(keys)

    def sort_words(self, language):
        """What the row is sorted by for a reader of a language."""
        with override(language):
            return str(self)


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
    for model in apps.get_models():
        for path in getattr(model, "indexed_paths", ()):
            if end_of(model, path) is type(named):
                yield from model._base_manager.filter(**{path: named})


def reindex(changed, fields):
    """Renew what is found by the words of a row whose fields have changed: itself, and all that names it."""
    if isinstance(changed, Indexed):
        type(changed)._base_manager.get(pk=changed.pk).index()
    if not set(fields).isdisjoint(getattr(changed, "named_by", ())):
        for row in rows_naming(changed):
            row.index()


def end_of(model, path):
    """The model at the end of a path of relations."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
