"""What a list can be asked: one explicit filter for each public parameter, one rule of how they combine.

Several values of a group mean "or", groups mean "and". A wrong value is named in `errors`
and the valid rest applies; a page says so in a sentence, a machine format may refuse.

Every filter says its rule twice: as SQL (`rows`), which is what the rule is, and as sets of keys (`sets`), which is
how pages answer and count. A property test holds both, and an oracle, equal.
"""

from copy import copy
from functools import cached_property, lru_cache, reduce
from operator import and_, or_
from typing import NamedTuple
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.clock import kept
from learningcities.search.correction import corrected
from learningcities.search.entry import LIGHTEST, Entry
from learningcities.search.query import understood
from learningcities.search.spelling import fold

from .answer import Answer
from .facts import NOTHING, KeysOf, facts, keys_in

UNKNOWN = _("“%(value)s” is not a choice we know for “%(label)s”; it was left out.")
#: How many choices of a question are shown, and how many to who unfolds the rest; all of them have an address.
FIRST, MOST = 8, 60


class Option(NamedTuple):
    """A choice: the row it stands for, how many a visitor would get, and the query string that takes or leaves it."""

    row: object
    count: int
    is_chosen: bool
    query: str


class Group(NamedTuple):
    """Parameters that a visitor sees as one question; `broad` ones are asked first."""

    label: str
    names: tuple
    broad: bool = False


class Chip(NamedTuple):
    """A filter in use, and the query string of the list without it."""

    group: str
    label: str
    without: str


class ChosenField(forms.Field):
    """Several values, each of which the filter must know."""

    widget = forms.SelectMultiple
    knows = None

    def __deepcopy__(self, memo):
        """Each filter has one for its own form."""
        return self

    def clean(self, values):
        wrong = [value for value in dict.fromkeys(values or []) if value and not self.knows(value)]
        if wrong:
            raise ValidationError(
                [
                    ValidationError(UNKNOWN, code="unknown", params={"value": value[:40], "label": self.label})
                    for value in wrong[:5]
                ]
            )
        return self.valid(values)

    def valid(self, values):
        return [value for value in dict.fromkeys(values or []) if value and self.knows(value)]


#: What the fields of all filters are copied from, since to make one costs more.
CHOSEN = ChosenField(required=False)


class FilterForm(forms.Form):
    def clean(self):
        """Where a value was refused, keep the valid ones."""
        for name in self.errors:
            field = self.fields[name]
            self.cleaned_data[name] = field.valid(self[name].data) if hasattr(field, "valid") else ""
        return self.cleaned_data


class OfAVisit(django_filters.Filter):
    """A filter that each visit has a copy of; what the copies share is never written to, so it need not be deep."""

    def __deepcopy__(self, memo):
        return copy(self)


class Choices(OfAVisit):
    """Any of some values."""

    name = None
    #: Whether the list of one of its values is for search engines.
    indexed = True

    @cached_property
    def field(self):
        field = copy(CHOSEN)
        field.knows, field.label = self.knows, self.label
        return field

    @property
    def terms(self):
        """All there is to choose from: {slug: row with a name}."""
        raise NotImplementedError

    @property
    def sets(self):
        """For each of them the keys of the rows that have it: {slug: set}."""
        raise NotImplementedError

    def having(self, slug):
        return self.sets.get(slug, NOTHING)

    def rows(self, model, values):
        """The rows that have one of the values; in a subquery, so that a row that has two is listed once."""
        return model._default_manager.filter(**{f"{self.field_name}__{self.lookup_expr}": values})

    def knows(self, value):
        return value in self.terms

    @cached_property
    def chosen(self):
        return self.parent.cleaned[self.name]

    @property
    def in_order(self):
        """The slugs of all terms as they stand where they lead equally far: in the order of the reader's alphabet."""
        return kept(("in order", type(self.parent), self.name, get_language()), lambda moment: self.by_name)

    @property
    def by_name(self):
        names = {slug: fold(str(row.name)) for slug, row in self.terms.items()}
        return sorted(names, key=names.get)

    @cached_property
    def options(self):
        """The choices that lead somewhere, and those in use: the most promising first."""
        terms = self.terms
        slugs = self.promising if self.is_whole else [*self.promising[:MOST], *self.out_of_sight]
        return [
            Option(terms[slug], self.counted[slug], slug in self.chosen, self.parent.toggled(self.name, slug))
            for slug in slugs
        ]

    @cached_property
    def counted(self):
        return self.parent.counts(self)

    @cached_property
    def promising(self):
        """The slugs of the choices that lead somewhere, and of those in use, by their count and then by name."""
        slugs = sorted(self.in_order, key=self.counted.get, reverse=True)
        return [slug for slug in slugs if self.counted[slug] or slug in self.chosen]

    @property
    def out_of_sight(self):
        """Choices in use that the others leave no room for."""
        return [slug for slug in self.promising[MOST:] if slug in self.chosen]

    @property
    def is_whole(self):
        return self.parent.cleaned["whole"] == self.name

    @property
    def first_options(self):
        return self.options[:FIRST]

    @property
    def more_options(self):
        return self.options[FIRST:]

    @property
    def whole_query(self):
        """The query string of the list with every choice of this question, where some have no room."""
        has_more = len(self.promising) > len(self.options)
        return has_more and encoded([*(pair for pair in self.parent.asked if pair[0] != "whole"), ("whole", self.name)])


class Whole(OfAVisit):
    """The question that shows every choice it has; all others show those that lead furthest."""

    indexed = False

    @cached_property
    def field(self):
        names = [(name, name) for group in self.parent.groups for name in group.names]
        messages = {"invalid_choice": _("“%(value)s” is not a question of this list.")}
        return forms.ChoiceField(choices=names, label=self.label, required=False, error_messages=messages)


class Words(OfAVisit, django_filters.CharFilter):
    """Every word, in any spelling and language."""

    indexed = False

    def __init__(self, **kwargs):
        super().__init__(max_length=200, **kwargs)

    def filter(self, queryset, value):
        return queryset.matching(value) if value else queryset


class Sort(OfAVisit):
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

    def filter(self, queryset, value):
        return queryset.order_by(*self.keys(value))

    @property
    def options(self):
        """(value, label, chosen) for the form. Where words were asked for, the best match comes first by itself."""
        value, words = self.parent.cleaned["sort"], self.parent.cleaned["q"]
        named = [(name, label) for name, (label, _keys) in self.orders.items()]
        usual = ("", _("best match first")) if words else ("", named.pop(0)[1])
        return [(name, label, name == value) for name, label in [usual, *named]]


class ListFilter(django_filters.FilterSet):
    """The questions of one list, the answer, and the query strings that lead to other answers."""

    #: What is asked, as groups of parameters.
    groups = ()
    #: The parameters that say how the answer is shown; they narrow nothing, and no chip says them.
    display = ("sort", "whole")

    whole = Whole(label=_("Question with all its choices"))

    class Meta:
        form = FilterForm
        fields = ()

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(QueryDict() if data is None else data, queryset, **kwargs)
        for name, found in self.filters.items():
            found.name = name

    @cached_property
    def cleaned(self):
        """The valid values of every parameter."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def complaints(self):
        """What was wrong in the address, as sentences."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    # The rule, as SQL

    def filter_queryset(self, queryset):
        queryset = self.narrow(queryset, self.groups)
        for name in ("q", "sort"):
            queryset = self.filters[name].filter(queryset, self.cleaned[name])
        return queryset

    def narrow(self, queryset, groups):
        """The rows for which every group in use holds."""
        for group in groups:
            used = [name for name in group.names if self.cleaned[name]]
            if used:
                rows = [self.filters[name].rows(queryset.model, self.cleaned[name]) for name in used]
                queryset = queryset.filter(pk__in=reduce(or_, rows).values("pk"))
        return queryset

    # The same as sets of keys

    @property
    def facts(self):
        return facts(self.queryset.model)

    @cached_property
    def query(self):
        return understood(self.cleaned["q"])

    @cached_property
    def weighed(self):
        """What the words find: a set of keys for each weight, the heaviest first; None where no word is asked for."""
        if not self.query:
            return None
        entries = Entry.objects.of_kind(self.queryset.model).matching(self.query).weighed(self.query)
        found = dict(entries.order_by("weight").values_list("weight").annotate(keys=KeysOf("object_id")))
        return [keys_in(found[weight]) if weight in found else NOTHING for weight in range(LIGHTEST + 1)]

    @cached_property
    def said(self):
        """The published rows that say the words."""
        return self.facts.all if self.weighed is None else self.facts.all & reduce(or_, self.weighed)

    @cached_property
    def chosen_sets(self):
        """For each group in use, the rows that have one of the values chosen."""
        return {
            group: reduce(or_, (self.filters[name].having(v) for name in group.names for v in self.cleaned[name]))
            for group in self.groups
            if any(self.cleaned[name] for name in group.names)
        }

    def found(self, without=None):
        """The keys of the rows for which the words and every group in use hold, but perhaps one."""
        used = [keys for group, keys in self.chosen_sets.items() if group != without]
        return reduce(and_, used, self.said)

    def counts(self, choices):
        """How many rows each choice of a filter would give, with all other groups as they are: {slug: number}."""
        return self.numbers(choices, without=next(group for group in self.groups if choices.name in group.names))

    def shares(self, name):
        """How many rows of the answer have each value of a parameter: {slug: number}."""
        return {slug: number for slug, number in self.numbers(self.filters[name]).items() if number}

    def numbers(self, choices, without=None):
        """How many of the rows that are found, but perhaps for one group, have each value of a filter."""
        found = self.found(without)
        return {slug: found.intersection_cardinality(keys) for slug, keys in choices.sets.items()}

    @cached_property
    def answer(self):
        """The rows found, in order: as asked or, where words were asked for, the best match first."""
        sort, found = self.cleaned["sort"], self.found()
        sets = [found] if sort or self.weighed is None else [found & keys for keys in self.weighed]
        return Answer(self.queryset, self.facts.order(*self.filters["sort"].keys(sort)), *sets)

    @cached_property
    def correction(self):
        """Other words, where nothing says those that were asked for, and the query string that asks for them."""
        words = corrected(self.cleaned["q"]) if self.query and not self.said else None
        return words and (words, encoded([("q", words), *(pair for pair in self.asked if pair[0] != "q")]))

    # Query strings

    @classmethod
    def names(cls):
        """Its parameters, in the order in which addresses say them."""
        return ["q", *(name for group in cls.groups for name in group.names), *cls.display]

    @cached_property
    def asked(self):
        """The valid parameters in use, as pairs, always in the same order."""
        return [
            (name, value)
            for name in self.names()
            if name in self.filters
            for value in (self.cleaned[name] if isinstance(self.cleaned[name], list) else [self.cleaned[name]])
            if value
        ]

    @cached_property
    def query_string(self):
        return encoded(self.asked)

    @cached_property
    def prefix(self):
        """What another parameter is appended to."""
        return f"{self.query_string}&" if self.asked else ""

    @property
    def unseen(self):
        """The parameters that the form keeps and doesn't ask for."""
        return [pair for pair in self.asked if pair[0] in self.display and pair[0] != "sort"]

    @property
    def unasked(self):
        """The query string of everything, shown in the same way."""
        return encoded(pair for pair in self.asked if pair[0] in self.display)

    def toggled(self, name, value):
        """The query string of the list with a value more or, where it is in use, without it."""
        pair = (name, value)
        if pair in self.asked:
            return encoded(one for one in self.asked if one != pair)
        return f"{self.prefix}{encoded_pair(*pair)}"

    @cached_property
    def chips(self):
        """The filters in use, each with the way out of it."""
        return [
            Chip(self.filters[name].label, self.name_of(name, value), self.toggled(name, value))
            for name, value in self.asked
            if name not in self.display
        ]

    def name_of(self, name, value):
        """A value in words."""
        terms = getattr(self.filters[name], "terms", {})
        return terms[value].name if value in terms else value

    # Questions

    @cached_property
    def questions(self):
        """The groups that have something to choose from, for the form."""
        every = [Question(group, [self.filters[name] for name in group.names]) for group in self.groups]
        return [question for question in every if question.filters]

    @property
    def broad_questions(self):
        return [question for question in self.questions if question.broad]

    @property
    def other_questions(self):
        return [question for question in self.questions if not question.broad]

    @property
    def others_in_use(self):
        return sum(question.in_use for question in self.other_questions)


class Question:
    """A group as the form shows it: the filters with options, and how many of these are in use."""

    def __init__(self, group, filters):
        self.label, self.broad = group.label, group.broad
        self.filters = [found for found in filters if found.options]
        self.in_use = sum(len(found.chosen) for found in self.filters)
        self.is_whole = any(found.is_whole for found in self.filters)


def encoded(pairs):
    return urlencode(list(pairs))


@lru_cache(maxsize=4096)
def encoded_pair(name, value):
    return encoded([(name, value)])


def kept_query(parameters, filterset_class):
    """The parameters of a list that an address carries, cut short and without anything else."""
    known = [*filterset_class.names(), "page"]
    return encoded((name, value[:100]) for name in known for value in parameters.getlist(name)[:20] if value)
