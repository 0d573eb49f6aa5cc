"""The index: for each row that can be found, its words apart by weight, folded, all languages together."""

from functools import reduce
from operator import and_, or_

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Q, Value, When

from learningcities.text.folding import searchable

from .database import index_conditions

#: The columns from the weightiest to the lightest.
WEIGHTS = ("title", "summary", "rest")
#: The weights of an entry that matches, the heaviest first: the title is what was typed, has its words as they are
#: typed, begins with it, has all that counts for them; title and summary have; the title has a part; the rest has all.
EXACT, WORDS, BEGINS, TITLE, SUMMARY, PART, REST = range(7)
LIGHTEST = REST


class EntryQuerySet(models.QuerySet):
    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def titled(self, folded):
        """The entries of which a title, in some language, is this folded text."""
        return self.filter(is_titled(folded))

    def matching(self, query):
        """The entries in which every word of the query occurs, in any language, spelling and number."""
        return self.filter(self.condition(query, WEIGHTS))

    def weighed(self, query):
        """With `weight`, by which what is spelled as it was typed comes before what only counts for it."""
        conditions = {
            EXACT: is_titled(query.folded),
            WORDS: all_of(Q(title__contains=f" {word} ") for word in query.words),
            TITLE: self.condition(query, WEIGHTS[:1]),
            SUMMARY: self.condition(query, WEIGHTS[:2]),
        }
        if len(query.units) > 1:
            conditions[PART] = self.condition(query, WEIGHTS[:1], some=True)
        return self.with_weight(conditions)

    def proposed(self, query):
        """Those whose title has what was typed so far, with `weight`: first the titles that begin with it."""
        conditions = {
            EXACT: is_titled(query.folded),
            BEGINS: Q(title__contains=f" | {query.folded}"),
        }
        return self.filter(self.condition(query, WEIGHTS[:1])).with_weight(conditions, TITLE)

    def with_weight(self, conditions, default=LIGHTEST):
        whens = [When(condition, then=Value(weight)) for weight, condition in conditions.items()]
        return self.annotate(weight=Case(*whens, default=Value(default)))

    def condition(self, query, columns, some=False):
        """The condition that the columns have every unit of the query, or some."""
        conditions, units = index_conditions(query, columns, some, self.db)
        return (any_of if some else all_of)([*conditions, *(unit_in(columns, unit) for unit in units)])


def is_titled(folded):
    return Q(title__contains=f" | {folded} | ")


def unit_in(columns, unit):
    """The condition that the columns have all words of one alternative of a unit."""
    return any_of(all_of(word_in(columns, word) for word in words) for words in unit)


def word_in(columns, word):
    """The condition that one of a word's needles stands in one of the columns."""
    return any_of(Q(**{f"{column}__contains": needle}) for column in columns for needle in word)


def all_of(conditions):
    return reduce(and_, conditions, Q())


def any_of(conditions):
    return reduce(or_, conditions, Q())


class Entry(models.Model):
    """What a row is found by."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    title = models.TextField(default="")
    summary = models.TextField(default="")
    rest = models.TextField(default="")

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="search_one_entry_each")]

    def __str__(self):
        return self.title.strip()

    @classmethod
    def of(cls, row, **texts):
        """An entry that is not stored yet, from lists of texts for title, summary and rest."""
        kind = ContentType.objects.get_for_model(row)
        words = {name: searchable(*parts) for name, parts in texts.items()}
        return cls(content_type=kind, object_id=row.pk, **words)
