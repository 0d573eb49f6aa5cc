"""The kinds of parameter of a list: choices, words, an order.

A filter of choices declares in `field_name` the path from a row to the value that is chosen; the index of facets makes
of it the set of rows that have each value, from which the answer and all counts come.
"""

from copy import copy
from typing import NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.facets.facet_index import NOTHING
from learningcities.publishing.items.redirect import renamed
from learningcities.publishing.version.version_cache import cached
from learningcities.text.folding import fold
from learningcities.web.page_urls import encoded

UNKNOWN = _("“%(value)s” is not a choice we know for “%(label)s”; it was left out.")


class Option(NamedTuple):
    """A choice: the row it stands for, how many a visitor would get, and the query string that takes or leaves it."""

    row: object
    count: int
    is_chosen: bool
    query: str


class Choice(NamedTuple):
    """Shaped like the row of a vocabulary, where there is none: a status, a year, rows from several tables."""

    slug: str
    name: str
    colour: str = ""

    @property
    def pk(self):
        return self.slug


class ChosenField(forms.Field):
    """Several values, each of which the filter must know."""

    widget = forms.SelectMultiple
    knows = current = None

    def __deepcopy__(self, memo):
        """Each filter has one for its own form."""
        return self

    def clean(self, values):
        wrong = [value for value in dict.fromkeys(values or []) if value and not self.knows(self.current(value))]
        if wrong:
            raise ValidationError(
                [
                    ValidationError(UNKNOWN, code="unknown", params={"value": value[:40], "label": self.label})
                    for value in wrong[:5]
                ]
            )
        return self.valid(values)

    def valid(self, values):
        return [value for value in dict.fromkeys(map(self.current, values or [])) if value and self.knows(value)]


#: What the fields of all filters are copied from, since to make one costs more.
CHOSEN = ChosenField(required=False)


class SharedFilter(django_filters.Filter):
    """A filter that each visit has a copy of; what the copies share is never written to, so it need not be deep."""

    def __deepcopy__(self, memo):
        return copy(self)


class Choices(SharedFilter):
    """Any of some values that stand at the end of a path."""

    name = None
    #: Whether the list of one of its values is for search engines.
    indexed = True
    #: Whether its values have an order of their own, such as years, that counts don't change.
    is_ordered = False

    @cached_property
    def field(self):
        field = copy(CHOSEN)
        field.knows, field.current, field.label = self.knows, self.current, self.label
        return field

    @property
    def terms(self):
        """All there is to choose from: {slug: row with a name}."""
        raise NotImplementedError

    @property
    def index(self):
        """The index of the rows from which the path leads."""
        return self.parent.facet_index

    @property
    def sets(self):
        """For each of them the keys of the rows that have it: {slug: set}."""
        having = self.index.having(self.field_name)
        return {slug: having[row.pk] for slug, row in self.terms.items()}

    def having(self, slug):
        return self.sets.get(slug, NOTHING)

    def knows(self, value):
        return value in self.terms

    def current(self, value):
        """What a value is called now."""
        return value

    @cached_property
    def chosen(self):
        return self.parent.cleaned[self.name]

    @property
    def in_order(self):
        """The slugs of all terms as they stand where they lead equally far: in the order of the reader's alphabet."""
        return cached(("in order", type(self.parent), self.name, get_language()), lambda moment: self.by_name)

    @property
    def by_name(self):
        names = {slug: fold(str(row.name)) for slug, row in self.terms.items()}
        return sorted(names, key=names.get)

    @cached_property
    def options(self):
        """The choices that lead somewhere, and those in use: the most promising first."""
        terms = self.terms
        slugs = self.promising if self.is_whole else [*self.promising[: bounds.CHOICES_UNFOLDED], *self.out_of_sight]
        return [
            Option(terms[slug], self.counted[slug], slug in self.chosen, self.parent.toggled(self.name, slug))
            for slug in slugs
        ]

    @cached_property
    def counted(self):
        return self.parent.counts(self)

    @cached_property
    def promising(self):
        """The slugs of the choices that lead somewhere, and of those in use: by their count and then by name, where
        they have no order of their own."""
        slugs = self.in_order if self.is_ordered else sorted(self.in_order, key=self.counted.get, reverse=True)
        return [slug for slug in slugs if self.counted[slug] or slug in self.chosen]

    @property
    def out_of_sight(self):
        """Choices in use that the others leave no room for."""
        return [slug for slug in self.promising[bounds.CHOICES_UNFOLDED :] if slug in self.chosen]

    @property
    def is_long(self):
        return len(self.options) > bounds.CHOICES_AT_A_GLANCE

    @property
    def is_whole(self):
        return self.parent.cleaned["whole"] == self.name

    @property
    def first_options(self):
        return self.options[: bounds.CHOICES_SHOWN]

    @property
    def more_options(self):
        return self.options[bounds.CHOICES_SHOWN :]

    @property
    def whole_query(self):
        """The query string of the list with every choice of this question, where some have no room."""
        others = [pair for pair in self.parent.parameters if pair[0] != "whole"]
        return len(self.promising) > len(self.options) and encoded([*others, ("whole", self.name)])


class RowChoices(Choices):
    """Any of some rows by their slugs, also by those that they had when an address was written down."""

    def current(self, value):
        if not value or value in self.terms:
            return value
        known = cached(("renamed", type(self.parent), self.name), lambda moment: renamed(list(self.terms.values())))
        return known.get(value, value)


class ExpandFacet(SharedFilter):
    """The question that shows every choice it has; all others show those that lead furthest."""

    indexed = False

    @cached_property
    def field(self):
        names = [(name, name) for group in self.parent.groups for name in group.names]
        messages = {"invalid_choice": _("“%(value)s” is not a question of this list.")}
        return forms.ChoiceField(choices=names, label=self.label, required=False, error_messages=messages)


class Words(SharedFilter, django_filters.CharFilter):
    """Every word, in any spelling and language."""

    indexed = False

    def __init__(self, **kwargs):
        super().__init__(max_length=200, **kwargs)


class Sort(SharedFilter):
    """One of some orders, the first by default; {} in a key stands for the reader's language."""

    field_class = forms.ChoiceField
    indexed = False

    def __init__(self, orders, **kwargs):
        self.orders = orders
        choices = [(name, label) for name, (label, _keys) in orders.items()]
        messages = {"invalid_choice": _("“%(value)s” is not an order we know; the list is in its usual order.")}
        super().__init__(choices=choices, error_messages=messages, **kwargs)

    def keys(self, value):
        _label, keys = self.orders[value or next(iter(self.orders))]
        return [key.format(get_language()) for key in keys]

    @property
    def options(self):
        """(value, label, chosen) for the form. Where words were asked for, the best match comes first by itself."""
        value, words = self.parent.cleaned["sort"], self.parent.cleaned["q"]
        named = [(name, label) for name, (label, _keys) in self.orders.items()]
        usual = ("", _("best match first")) if words else ("", named.pop(0)[1])
        return [(name, label, name == value) for name, label in [usual, *named]]
