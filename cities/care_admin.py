"""The screens of care: the list of what needs it, the table of cities, and what the desk says of both."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learningcities.care.kinds import IssueType
from learningcities.desk.site import Task
from learningcities.publishing.version.content_version import ContentVersion

from .care import Care
from .models import City
from .rules import has_a_city

#: Rows on a page of the care list, cities on a page of the table, and cities on the desk.
NEEDS, CITIES, FIRST_CITIES = 50, 50, 6


class CareForm(forms.Form):
    """Which part of the care list is asked for."""

    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("everything")), *IssueType.choices])
    city = forms.TypedChoiceField(label=_("City"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, cities):
        super().__init__(data)
        self.fields["city"].choices = [("", _("all cities")), *((key, str(city)) for key, city in cities.items())]


@dataclass
class CityCare:
    """A line of the table of cities."""

    city: City
    numbers: dict
    form: str

    @property
    def total(self):
        return sum(self.numbers.values())

    @property
    def links(self):
        """For each kind, and for all, its name, its number and the address of the list that has as many rows."""
        key = self.city.pk
        links = [(kind.label, number, care_address(kind=kind, city=key)) for kind, number in self.numbers.items()]
        return [*links, (_("all that needs care"), self.total, care_address(city=key))]


def narrowed(**asked):
    """Only what was asked for."""
    return {name: value for name, value in asked.items() if value}


def care_address(**asked):
    return f"{reverse('admin:cities_care')}?{urlencode(narrowed(**asked))}"


class CareOfCities:
    """For the admin of cities: the addresses of these screens, and what stands on the desk."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("care/", view(require_safe(self.care_view)), name="cities_care"),
            path("overview/", view(require_safe(self.overview_view)), name="cities_overview"),
            *super().get_urls(),
        ]

    def care_view(self, request):
        ContentVersion.apply_due_and_read()
        self.check_may_care(request)
        care, cities = Care(request.user), {city.pk: city for city in self.own_cities(request)}
        form = CareForm(request.GET, cities)
        form.is_valid()
        kind, city = form.cleaned_data.get("kind") or None, form.cleaned_data.get("city")
        page = Paginator(care.needs(kind, city), NEEDS).get_page(request.GET.get("page"))
        for need in page:
            need.city = cities.get(need.row.city_key)
            need.way = need.address(self.admin_site)
            if need.kind == IssueType.UNCHECKED:
                need.check_address = self.admin_site.address(need.item, "checked")
        return self.answer(
            request,
            "admin/cities/care.html",
            title=_("What needs care"),
            form=form,
            has_choice=len(cities) > 1,
            kind=kind,
            kinds=[(one, care.number(one, city), care_address(kind=one, city=city)) for one in IssueType],
            everything=(care.number(city=city), care_address(city=city)),
            page=page,
            query=urlencode(narrowed(kind=kind, city=city)),
        )

    def overview_view(self, request):
        ContentVersion.apply_due_and_read()
        self.check_may_care(request)
        found = self.own_cities(request).matching(request.GET.get("q", "").replace("\0", ""))
        columns = {
            "name": lambda line: getattr(line.city, f"sort_{get_language()}"),
            "complete": lambda line: line.city.has_count or 0,
        }
        columns |= {kind.value: lambda line, kind=kind: line.numbers[kind] for kind in IssueType}
        columns["total"] = lambda line: line.total
        sort = request.GET.get("sort", "")
        if sort.removeprefix("-") not in columns:
            sort = "-total"
        lines = self.lines(Care(request.user), found)
        lines.sort(key=columns[sort.removeprefix("-")], reverse=sort.startswith("-"))
        page = Paginator(lines, CITIES).get_page(request.GET.get("page"))
        return self.answer(
            request,
            "admin/cities/overview.html",
            title=_("The cities and what they need"),
            page=page,
            asked=request.GET.get("q", ""),
            sort=sort,
            headings=headings(sort, request.GET.get("q", "")),
            query=urlencode(narrowed(q=request.GET.get("q"), sort=sort)),
        )

    def desk(self, request):
        """What the desk says of care: each kind as a task, then city by city."""
        if not has_a_city(request.user) and not request.user.is_coordinator:
            return None
        care = Care(request.user)
        lines = self.lines(care, self.own_cities(request))
        lines.sort(key=lambda line: line.total, reverse=True)
        return {
            "template": "admin/cities/desk.html",
            "tasks": [
                Task(kind.label, number, care_address(kind=kind), kind.advice)
                for kind in IssueType
                if (number := care.number(kind))
            ],
            "lines": lines[:FIRST_CITIES],
            "all": len(lines),
            "headings": headings("", ""),
        }

    # What they are made of

    def check_may_care(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def own_cities(self, request):
        return self.get_queryset(request).active()

    def lines(self, care, cities):
        return [
            CityCare(city, {kind: care.number(kind, city.pk) for kind in IssueType}, self.admin_site.form_address(city))
            for city in cities
        ]

    def answer(self, request, template, **context):
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


def headings(sort, asked):
    """The columns of numbers: their name, the address that sorts by them, and how they are sorted now."""
    named = [("complete", _("completeness")), *IssueType.choices, ("total", _("all that needs care"))]
    found = []
    for name, words in [("name", _("city")), *named]:
        now = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        first = name if name in ("name", "complete") else f"-{name}"
        turned = name if sort == f"-{name}" else f"-{name}"
        query = urlencode(narrowed(q=asked, sort=turned if now else first))
        found.append((words, f"{reverse('admin:cities_overview')}?{query}", now))
    return found
