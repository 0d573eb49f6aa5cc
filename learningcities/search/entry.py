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
#: The last weight of an entry that matches; see `weighed`.
LIGHTEST = 3


class EntryQuerySet(models.QuerySet):
    def of_kind(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def matching(self, query):
        """The entries in which every word of the query occurs, in any language, spelling and number."""
        return self.filter(self.condition(query, WEIGHTS))

    def weighed(self, query):
        """With `weight`: 0 where the title has it all, 1 where title and summary do, 2 where the title has a part."""
        conditions = [self.condition(query, WEIGHTS[:1]), self.condition(query, WEIGHTS[:2])]
        if len(query.units) > 1:
            conditions.append(self.condition(query, WEIGHTS[:1], some=True))
        whens = [When(condition, then=Value(weight)) for weight, condition in enumerate(conditions)]
        return self.annotate(weight=Case(*whens, default=Value(LIGHTEST)))

    def condition(self, query, columns, some=False):
        """The condition that the columns have every unit of the query, or some."""
        conditions, units = index_conditions(query, columns, some, self.db)
        return (any_of if some else all_of)([*conditions, *(unit_in(columns, unit) for unit in units)])


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
        words = {name: searchable(" . ".join(filter(None, parts))) for name, parts in texts.items()}
        return cls(content_type=kind, object_id=row.pk, **words)
