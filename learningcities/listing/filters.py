"""What a list can be asked: one explicit filter for each public parameter, one rule of how they combine.

Several values of a group mean "or", groups mean "and". A wrong value is named in `errors`
and the valid rest applies; a page says so in a sentence, a machine format may refuse.
"""

from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .answer import Answer

UNKNOWN = _("“%(value)s” is not a choice we know for “%(label)s”; it was left out.")


class Option(NamedTuple):
    """A choice of a filter, shaped like the row it stands for; `offered` when some published item has it."""

    slug: str
    name: str
    offered: bool = True
    colour: str = ""


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

    def __init__(self, *, knows, **kwargs):
        self.knows = knows
        super().__init__(**kwargs)

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


class FilterForm(forms.Form):
    def clean(self):
        """Where a value was refused, keep the valid ones."""
        for name in self.errors:
            field = self.fields[name]
            self.cleaned_data[name] = field.valid(self[name].data) if hasattr(field, "valid") else ""
        return self.cleaned_data


class Choices(django_filters.Filter):
    """Any of some values; its rows go into a subquery, so that a row that has two of them is listed once."""

    name = None

    @cached_property
    def field(self):
        return ChosenField(knows=self.knows, label=self.label, required=False)

    @cached_property
    def options(self):
        raise NotImplementedError

    @cached_property
    def chosen(self):
        return self.parent.cleaned[self.name]

    @cached_property
    def shown(self):
        """The options a visitor is offered: those that occur, and those in use."""
        return [option for option in self.options if option.offered or option.slug in self.chosen]

    def knows(self, value):
        return any(option.slug == value for option in self.options)

    def rows(self, model, values):
        return model._default_manager.filter(**{f"{self.field_name}__{self.lookup_expr}": values})


class Words(django_filters.CharFilter):
    """Every word, in any spelling and language; `matching` of the queryset folds them."""

    def __init__(self, **kwargs):
        super().__init__(max_length=200, **kwargs)

    def filter(self, queryset, value):
        return queryset.matching(value) if value else queryset


class Sort(django_filters.Filter):
    """One of some orders, the first by default; {} in a key stands for the reader's language."""

    field_class = forms.ChoiceField

    def __init__(self, orders, **kwargs):
        self.orders = orders
        choices = [(name, label) for name, (label, _keys) in orders.items()]
        messages = {"invalid_choice": _("“%(value)s” is not an order we know; the list is in its usual order.")}
        super().__init__(choices=choices, error_messages=messages, **kwargs)

    def filter(self, queryset, value):
        _label, keys = self.orders[value or next(iter(self.orders))]
        return queryset.order_by(*(key.format(get_language()) for key in keys))


class ListFilter(django_filters.FilterSet):
    """The questions of one list, the answer, and the query strings that lead to other answers."""

    #: What is asked, as groups of parameters.
    groups = ()
    #: The parameters that say how the answer is shown; they narrow nothing, and no chip says them.
    display = ("sort",)

    class Meta:
        form = FilterForm
        fields = ()

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(QueryDict() if data is None else data, queryset, **kwargs)
        for name, found in self.filters.items():
            found.name = name

    @property
    def cleaned(self):
        """The valid values of every parameter."""
        self.form.is_valid()
        return self.form.cleaned_data

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

    @cached_property
    def answer(self):
        """The rows found, in order."""
        return Answer(self.queryset, list(self.qs.values_list("pk", flat=True)))

    def shares(self, name):
        """How many rows of the answer have each value of a parameter: {value: count}."""
        field = self.filters[name].field_name
        return dict(self.qs.order_by().values_list(field).annotate(Count("pk", distinct=True)))

    @property
    def complaints(self):
        """What was wrong in the address, as sentences."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

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

    @property
    def query_string(self):
        return encoded(self.asked)

    @property
    def prefix(self):
        """What another parameter is appended to."""
        return f"{self.query_string}&" if self.asked else ""

    @property
    def unasked(self):
        """The query string of everything, shown in the same way."""
        return encoded(pair for pair in self.asked if pair[0] in self.display)

    @cached_property
    def chips(self):
        """The filters in use, each with the way out of it."""
        return [
            Chip(self.filters[name].label, self.said(name, value), encoded(p for p in self.asked if p != (name, value)))
            for name, value in self.asked
            if name not in self.display
        ]

    def said(self, name, value):
        """A value in words."""
        options = getattr(self.filters[name], "options", [])
        return next((option.name for option in options if option.slug == value), value)

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
        self.filters = [found for found in filters if found.shown]
        self.in_use = sum(len(found.chosen) for found in self.filters)


def encoded(pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


def kept(parameters, filterset_class):
    """The parameters of a list that an address carries, cut short and without anything else."""
    known = [*filterset_class.names(), "page"]
    return encoded((name, value[:100]) for name in known for value in parameters.getlist(name)[:20] if value)
