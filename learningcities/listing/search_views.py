"""The page that searches everything, and what it proposes while someone types."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse

from learningcities import bounds
from learningcities.listing.views import elided
from learningcities.publishing.items.item import owner_model
from learningcities.search.excerpt import matches
from learningcities.search.query import Query, parse_query
from learningcities.text.folding import fold
from learningcities.web.page_urls import PageUrls, encoded
from learningcities.web.rate_limits import limited

from .search_all import found_by_kind, proposed_by_kind
from .search_correction import corrected


class Kind(NamedTuple):
    """What is found of a kind."""

    label: str
    count: int
    rows: list
    #: Where all of it is, or "" where it is here.
    address: str


@limited("search")
def search(request):
    """Everything that is found, some of each kind; or, for a kind without a list of its own, all of it by pages."""
    text = typed(request)
    query = parse_query(text)
    results = found_by_kind(query) if query else {}
    context = {
        "text": text,
        "query": query,
        "count": sum(map(len, results.values())),
    }
    parameters = [("q", text)] if text else []
    model = next((model for model in results if model._meta.model_name == request.GET.get("kind")), None)
    if model:
        pages = Paginator(results[model], bounds.RESULTS_ON_A_PAGE)
        page = pages.get_page(request.GET.get("page"))
        parameters.append(("kind", model._meta.model_name))
        context |= {
            "kinds": [Kind(model._meta.verbose_name_plural, pages.count, page.object_list, "")],
            "page": page,
            "numbers": elided(page),
            "prefix": f"{encoded(parameters)}&",
        }
        if page.number > 1:
            parameters.append(("page", page.number))
    else:
        is_rare = context["count"] <= bounds.FEW_RESULTS
        context["kinds"] = [kind(model, answer, text) for model, answer in results.items()]
        context["correction"] = words = corrected(text) if query and is_rare else None
        context["correction_query"] = words and encoded([("q", words)])
    canonical_query = encoded(parameters)
    context["addresses"] = PageUrls(request, canonical_query)
    response = render(request, "search/search.html", context)
    response.canonical_query = canonical_query
    return response


def kind(model, answer, text):
    rows = answer[: bounds.RESULTS_BESIDE_OTHERS]
    if len(answer) <= len(rows):
        address = ""
    elif model.list_name:
        address = f"{reverse(model.list_name)}?{encoded([('q', text)])}"
    else:
        address = f"?{encoded([('q', text), ('kind', model._meta.model_name)])}"
    return Kind(model._meta.verbose_name_plural, len(answer), rows, address)


@limited("search")
def proposals(request):
    """The options of the search box for what is typed so far: titles that begin with it first, then the page's own."""
    text = typed(request)
    query = parse_query(text) if len(text) > 1 else Query("")
    answers = proposed_by_kind(query).values() if query else []
    share = max(2, bounds.RESULTS_WHILE_TYPING // max(len(answers), 1))
    rows = [row for answer in answers for row in by_heading(answer[: bounds.RESULTS_WHILE_TYPING], query)[:share]]
    response = render(
        request,
        "search/proposals.html",
        {"rows": by_heading(rows, query)[: bounds.RESULTS_WHILE_TYPING], "query": query},
    )
    response.canonical_query = encoded([("q", text)])
    return response


def by_heading(rows, query):
    """The rows whose heading begins with what was typed, then those that say it; cities before the rest."""

    def order(row):
        begins = fold(row.heading).startswith(query.folded)
        return not begins, not matches(row.heading, query), not isinstance(row, owner_model())

    return sorted(rows, key=order)


def typed(request):
    return request.GET.get("q", "").replace("\0", "").strip()[: bounds.SEARCH_LETTERS]
