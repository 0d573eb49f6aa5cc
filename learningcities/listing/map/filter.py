"""A list that can also be seen on a map: which of the two is asked for, and where the map is zoomed to."""

from typing import NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from learningcities.listing.filter_types import RowChoices, SharedFilter
from learningcities.listing.filters import ListFilter
from learningcities.web.page_urls import encoded

LIST, MAP = "list", "map"


class View(NamedTuple):
    """A way to see the results, and the query string that leads to it."""

    label: str
    query: str
    is_current: bool


class ViewFilter(SharedFilter):
    """As a list, which no address needs to say, or on a map."""

    field_class = forms.TypedChoiceField
    indexed = False

    def __init__(self, **kwargs):
        choices = [(LIST, _("List")), (MAP, _("Map"))]
        messages = {"invalid_choice": _("“%(value)s” is not a way to see the results; they are shown as a list.")}
        super().__init__(choices=choices, coerce=on_map, error_messages=messages, **kwargs)


def on_map(value):
    return value if value == MAP else ""


class ZoomFilter(RowChoices):
    """Where the map is zoomed to."""

    indexed = False

    @property
    def terms(self):
        return self.parent.landmarks


class MapFilter(ListFilter):
    view = ViewFilter(label=pgettext_lazy("how a list is shown", "View"))
    at = ZoomFilter(label=_("Zoom of the map"))

    display = (*ListFilter.display, "view", "at")
    #: The rows that the map can be zoomed to, by slug.
    landmarks = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("view") != MAP:
            del self.filters["at"]

    @property
    def is_map(self):
        return bool(self.cleaned["view"])

    @property
    def at_slug(self):
        """The place that the map is zoomed to, or nothing."""
        return next(iter(self.cleaned.get("at", [])), "")

    @property
    def views(self):
        """The list and the map of the same results."""
        choices = self.filters["view"].field.choices
        others = self.without("view", "at")
        queries = [encoded([*others, ("view", name)] if name == MAP else others) for name, _label in choices]
        return [
            View(label, query, self.is_map == (name == MAP))
            for (name, label), query in zip(choices, queries, strict=True)
        ]

    @property
    def whole_map(self):
        """The query string of the map without its zoom."""
        return encoded([*self.without("view", "at"), ("view", MAP)])

    def without(self, *names):
        return [(name, value) for name, value in self.parameters if name not in names]
