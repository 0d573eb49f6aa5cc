from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from learningcities import bounds
from learningcities.web.page_urls import encoded

from .errors import NoSuchPage, WrongValues

NO_SIZE = _("“%(value)s” is not a whole number from 1 to %(most)s.")


class Pages(BasePagination):
    """`page` and `page_size`; the addresses of the neighbours keep what was asked and nothing else."""

    page_size = bounds.API_PAGE_ROWS
    most = bounds.API_MOST_ROWS

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.view, self.size = request, view, self.page_size
        if size := request.query_params.get("page_size"):
            self.size = whole(size)
            if not 1 <= self.size <= self.most:
                params = {"value": size[:40], "most": self.most}
                raise WrongValues({"page_size": [ValidationError(NO_SIZE, code="size", params=params)]})
        try:
            self.page = Paginator(queryset, self.size).page(whole(request.query_params.get("page") or "1"))
        except InvalidPage:
            raise NoSuchPage from None
        return list(self.page)

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
        query = list(getattr(self.view, "query", ()))
        if self.size != self.page_size:
            query.append(("page_size", self.size))
        if self.view.language:
            query.append(("lang", self.view.language))
        return self.request.build_absolute_uri(f"{self.request.path}?{encoded([*query, ('page', number)])}")

    def get_schema_operation_parameters(self, view):
        def parameter(name, description, **schema):
            schema = {"type": "integer", "minimum": 1, **schema}
            return {"name": name, "in": "query", "required": False, "description": str(description), "schema": schema}

        return [
            parameter("page", _("Number of the page"), default=1),
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


def whole(text):
    """The number that is written in plain digits; 0, which is no page and no size, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
