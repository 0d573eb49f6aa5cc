"""A list is asked the same questions as its page."""

from rest_framework.filters import BaseFilterBackend

from learningcities.listing.filter_types import Choices, Sort, Words
from learningcities.web.query_errors import refusals

from .errors import WrongValues

SLUG = "^[-a-zA-Z0-9_]+$"


class FilteredRows:
    """The rows of an answer, in the shape of a queryset; pages are cut out of it."""

    def __init__(self, filterset, queryset):
        self.filterset, self.queryset = filterset, queryset

    def __len__(self):
        return len(self.filterset.answer)

    def __getitem__(self, window):
        return self.filterset.answer.fetch(self.queryset, window.start, window.stop)


class ByFilterSet(BaseFilterBackend):
    def filter_queryset(self, request, queryset, view):
        if not view.filterset_class:
            return queryset
        filterset = view.filterset_class(request.query_params, view.model.objects.published())
        if filterset.errors:
            raise WrongValues(refusals(filterset, request.build_absolute_uri("/").removesuffix("/")))
        view.query = filterset.parameters
        return FilteredRows(filterset, queryset)

    def get_schema_operation_parameters(self, view):
        if not view.filterset_class:
            return []
        filters, groups = view.filterset_class.base_filters, view.filterset_class.groups
        names = ["q", *(name for group in groups for name in group.names), "sort"]
        return [
            {"name": name, "in": "query", "description": str(filters[name].label), "allowEmptyValue": True}
            | values(filters[name])
            for name in names
        ]


def values(parameter):
    """What OpenAPI says of a parameter's values; those of a vocabulary can change from day to day."""
    if isinstance(parameter, Choices):
        return {
            "style": "form",
            "explode": True,
            "schema": {"type": "array", "items": {"type": "string", "pattern": SLUG}},
        }
    if isinstance(parameter, Sort):
        orders = list(parameter.orders)
        return {"schema": {"type": "string", "enum": orders, "default": orders[0]}}
    if isinstance(parameter, Words):
        return {"schema": {"type": "string", "maxLength": parameter.extra["max_length"], "pattern": "^[^\\u0000]*$"}}
    raise TypeError(parameter)
