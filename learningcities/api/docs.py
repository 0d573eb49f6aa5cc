"""The API explained to people, from the same document that machines read."""

import json
from typing import NamedTuple

from django.http import HttpRequest, QueryDict
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learningcities.listing.filter_types import Choices
from learningcities.media.share import Card
from learningcities.pages import linked_data
from learningcities.pages.page_meta import PageMeta

from .schema import REFUSALS, document

TITLE = _("API: the data, for programs")
LEAD = _(
    "Everything that the pages show can be read by programs: cities, initiatives, learning places and vocabularies, "
    "as JSON, without a key."
)


class Listing(NamedTuple):
    address: str
    name: str
    summary: str
    fields: list


class Parameter(NamedTuple):
    """`values` are pairs of what an address says and what it means, as they are today."""

    name: str
    label: str
    values: dict


def docs(request, router):
    language = get_language()
    head = PageMeta(request, str(TITLE), str(LEAD), card(), ["site", "api"])
    head.data = [linked_data.document(linked_data.page(head))]
    example = f"{reverse('api:cities-list')}?page_size=1&lang={language}"
    return render(
        request,
        "api/docs.html",
        {
            "head": head,
            "listings": [listing(prefix, document(language)) for prefix, _viewset, _name in router.registry],
            "parameters": parameters(router.registry),
            "refusals": REFUSALS,
            "example": example,
            "answer": json.dumps(answer(request, example), ensure_ascii=False, indent=2),
        },
    )


def card():
    return Card(str(TITLE), seed="api")


def listing(prefix, written):
    """A list of the API, and what one of its rows says on its own."""
    address = reverse(f"api:{prefix}-list")
    row = written["paths"][f"{address}{{slug}}/"]["get"]["responses"]["200"]
    component = row["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    properties = written["components"]["schemas"][component]["properties"]
    fields = [(name, capfirst(schema.get("title", name))) for name, schema in properties.items()]
    return Listing(address, prefix, written["paths"][address]["get"]["summary"], fields)


def parameters(registry):
    """What lists can be asked; a name means the same in each of them, and only orders differ."""
    parameters = {}
    for _prefix, viewset, _name in registry:
        if viewset.filterset_class:
            filterset = viewset.filterset_class(queryset=viewset.model.objects.published())
            for name, question in filterset.filters.items():
                if name not in parameters:
                    options = question.options if isinstance(question, Choices) else []
                    shown = {option.row.slug: option.row.name for option in options}
                    parameters[name] = Parameter(name, question.label, shown)
                orders = getattr(question, "orders", {})
                parameters[name].values.update({order: label for order, (label, _keys) in orders.items()})
    return list(parameters.values())


def answer(request, address):
    """What the API answers to an address right now."""
    api_request = HttpRequest()
    api_request.method, api_request.META, api_request.LANGUAGE_CODE = "GET", request.META, request.LANGUAGE_CODE
    api_request.path, _mark, query = address.partition("?")
    api_request.GET = QueryDict(query)
    view, args, kwargs = resolve(api_request.path)
    return view(api_request, *args, **kwargs).data
