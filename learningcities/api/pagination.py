from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from learningcities.listing.filters import encoded

from .errors import NoSuchPage, WrongValues

NO_NUMBER = _("“%(value)s” is not a whole number from 1 to %(most)s.")
#: No list is longer; a larger number needn't be read.
FARTHEST = 10**9


class Pages(BasePagination):
    """`page` and `page_size`; the addresses of the neighbours keep what was asked and nothing else."""

    page_size = 20
    most = 100

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.view = request, view
        self.size = self.number("page_size", self.page_size, self.most)
        pages = Paginator(queryset, self.size)
        try:
            self.page = pages.page(self.number("page", 1, FARTHEST))
        except InvalidPage:
            raise NoSuchPage from None
        return list(self.page)

    def number(self, name, usual, most):
        value = self.request.query_params.get(name)
        if not value:
            return usual
        if value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 1 <= int(value) <= most:
            return int(value)
        params = {"value": value[:40], "most": most}
        raise WrongValues({name: [ValidationError(NO_NUMBER, code="number", params=params)]})

    def get_paginated_response(self, data):
        page = self.page
        return Response(
            {
                "count": page.paginator.count,
                "next": self.address(page.number + 1) if page.has_next() else None,
                "previous": self.address(page.number - 1) if page.has_previous() else None,
                "results": data,
            }
        )

    def address(self, number):
        asked = list(getattr(self.view, "asked", ()))
        if self.size != self.page_size:
            asked.append(("page_size", self.size))
        if self.view.language:
            asked.append(("lang", self.view.language))
        return self.request.build_absolute_uri(f"{self.request.path}?{encoded([*asked, ('page', number)])}")

    def get_schema_operation_parameters(self, view):
        def parameter(name, description, **schema):
            schema = {"type": "integer", "minimum": 1, **schema}
            return {"name": name, "in": "query", "required": False, "description": str(description), "schema": schema}

        return [
            parameter("page", _("Number of the page"), default=1, maximum=FARTHEST),
            parameter("page_size", _("Rows on a page"), default=self.page_size, maximum=self.most),
        ]

    def get_paginated_response_schema(self, schema):
        neighbour = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer"},
                "next": neighbour,
                "previous": neighbour,
                "results": schema,
            },
        }
