"""What a list can be asked: one explicit filter for each public parameter, one rule of how they combine.

Several values of a group mean "or", groups mean "and". A wrong value is named in `errors`
and the valid rest applies; a page says so in a sentence, a machine format may refuse.
"""

from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.facets.facet_index import NOTHING, KeysOf, facet_index, keys_in
from learningcities.facets.result_set import ResultSet
from learningcities.search.entry import LIGHTEST, Entry
from learningcities.search.query import parse_query
from learningcities.web.page_urls import encoded, encoded_pair

from .filter_types import ExpandFacet
from .search_correction import corrected


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


class FilterForm(forms.Form):
    def clean(self):
        """Where a value was refused, keep the valid ones."""
        for name in self.errors:
            field = self.fields[name]
            self.cleaned_data[name] = field.valid(self[name].data) if hasattr(field, "valid") else ""
        return self.cleaned_data


class ListFilter(django_filters.FilterSet):
    """The questions of one list, the answer, and the query strings that lead to other answers."""

    #: What is asked, as groups of parameters.
    groups = ()
    #: The parameters that say how the answer is shown; they narrow nothing, and no chip says them.
    display = ("sort", "whole")

    whole = ExpandFacet(label=_("Question with all its choices"))

    #: The rows are in `answer`; the filters have no rule in SQL by which django-filter could find them.
    qs = None

    class Meta:
        fields = ()

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(QueryDict() if data is None else data, queryset, **kwargs)
        for name, parameter in self.filters.items():
            parameter.name = name

    @cached_property
    def form(self):
        """Without a class of its own, and with the filters' own fields: a visit has no time to make others."""
        form = FilterForm(self.data)
        form.fields = {name: parameter.field for name, parameter in self.filters.items()}
        return form

    @cached_property
    def cleaned(self):
        """The valid values of every parameter."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def complaints(self):
        """What was wrong in the address, as sentences."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    # The answer

    @property
    def facet_index(self):
        return facet_index(self.queryset.model)

    @cached_property
    def query(self):
        return parse_query(self.cleaned["q"])

    @cached_property
    def by_weight(self):
        """The rows that have the words, a set of keys for each weight, the heaviest first; None without words."""
        if not self.query:
            return None
        entries = Entry.objects.of_kind(self.queryset.model).matching(self.query).weighed(self.query)
        groups = dict(entries.order_by("weight").values_list("weight").annotate(keys=KeysOf("object_id")))
        return [keys_in(groups[weight]) if weight in groups else NOTHING for weight in range(LIGHTEST + 1)]

    @cached_property
    def with_words(self):
        """The published rows that have the words."""
        return self.facet_index.all if self.by_weight is None else self.facet_index.all & reduce(or_, self.by_weight)

    @cached_property
    def chosen_sets(self):
        """For each group in use, the rows that have one of the values chosen."""
        return {
            group: reduce(or_, (self.filters[name].having(v) for name in group.names for v in self.cleaned[name]))
            for group in self.groups
            if any(self.cleaned[name] for name in group.names)
        }

    def matching(self, without=None):
        """The keys of the rows for which the words and every group in use hold, but perhaps one."""
        used = [keys for group, keys in self.chosen_sets.items() if group != without]
        return reduce(and_, used, self.with_words)

    def counts(self, choices):
        """How many rows each choice of a filter would give, with all other groups as they are: {slug: number}."""
        return self.numbers(choices, without=next(group for group in self.groups if choices.name in group.names))

    def shares(self, name):
        """How many rows of the answer have each value of a parameter: {slug: number}."""
        return {slug: number for slug, number in self.numbers(self.filters[name]).items() if number}

    def numbers(self, choices, without=None):
        """How many of the rows that match, but perhaps for one group, have each value of a filter."""
        rows = self.matching(without)
        return {slug: rows.intersection_cardinality(keys) for slug, keys in choices.sets.items()}

    @cached_property
    def answer(self):
        """The rows found, in order: as asked or, where words were asked for, the best match first."""
        sort, rows = self.cleaned["sort"], self.matching()
        sets = [rows] if sort or self.by_weight is None else [rows & keys for keys in self.by_weight]
        return ResultSet(self.queryset, self.facet_index.order(*self.filters["sort"].keys(sort)), *sets)

    @cached_property
    def correction(self):
        """Other words, where few rows have those that were asked for, and the query string that asks for them."""
        is_rare = self.query and len(self.with_words) <= bounds.FEW_RESULTS
        words = corrected(self.cleaned["q"]) if is_rare else None
        return words and (words, encoded([("q", words), *(pair for pair in self.parameters if pair[0] != "q")]))

    # Query strings

    @classmethod
    def names(cls):
        """Its parameters, in the order in which addresses say them."""
        return ["q", *(name for group in cls.groups for name in group.names), *cls.display]

    @cached_property
    def parameters(self):
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
        return encoded(self.parameters)

    @cached_property
    def prefix(self):
        """What another parameter is appended to."""
        return f"{self.query_string}&" if self.parameters else ""

    @property
    def hidden_parameters(self):
        """The parameters that the form carries along and doesn't ask for."""
        return [pair for pair in self.parameters if pair[0] in self.display and pair[0] != "sort"]

    @property
    def cleared(self):
        """The query string of the list without filters, shown in the same way."""
        return encoded(pair for pair in self.parameters if pair[0] in self.display)

    def toggled(self, name, value):
        """The query string of the list with a value more or, where it is in use, without it."""
        pair = (name, value)
        if pair in self.parameters:
            return encoded(other for other in self.parameters if other != pair)
        return f"{self.prefix}{encoded_pair(*pair)}"

    @cached_property
    def chips(self):
        """The filters in use, each with the way out of it."""
        return [
            Chip(self.filters[name].label, self.name_of(name, value), self.toggled(name, value))
            for name, value in self.parameters
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
        self.filters = [choices for choices in filters if choices.options]
        self.in_use = sum(len(choices.chosen) for choices in self.filters)
        self.is_whole = any(choices.is_whole for choices in self.filters)
