"""The care boards: the list of issues, and the table of the items that others belong to, with their numbers."""

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

from learningcities import bounds
from learningcities.care.completeness import HasCompleteness
from learningcities.care.issue_list import OwnIssues
from learningcities.care.issues import issue_types
from learningcities.publishing.version.content_version import ContentVersion


class CareForm(forms.Form):
    """Which part of the list is shown."""

    kind = forms.TypedChoiceField(label=_("What"), required=False, empty_value=None)
    city = forms.TypedChoiceField(label=_("City"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, owners):
        super().__init__(data)
        types = {issue_type.name: issue_type for issue_type in issue_types()}
        labels = [(name, issue_type.label) for name, issue_type in types.items()]
        self.fields["kind"].choices = [("", _("everything")), *labels]
        self.fields["kind"].coerce = types.get
        self.fields["city"].choices = [("", _("all cities")), *((key, str(owner)) for key, owner in owners.items())]


@dataclass
class OwnerRow:
    """A line of the table."""

    owner: HasCompleteness
    counts: dict
    form: str

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def links(self):
        """For each type, and for all, its name, its number and the address of the list that has as many rows."""
        key = self.owner.pk
        links = [(kind.label, number, care_address(kind=kind, city=key)) for kind, number in self.counts.items()]
        return [*links, (_("all that needs care"), self.total, care_address(city=key))]


def query_of(**parameters):
    """The query with those parameters that have a value."""
    return urlencode({name: value for name, value in parameters.items() if value})


def care_address(**parameters):
    return f"{reverse('admin:care')}?{query_of(**parameters)}"


class CareAdmin:
    """For the admin of the items that others belong to: the addresses of these boards, and their part of the desk."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("care/", view(require_safe(self.care_view)), name="care"),
            path("overview/", view(require_safe(self.overview_view)), name="care_overview"),
            *super().get_urls(),
        ]

    def care_view(self, request):
        ContentVersion.apply_due_and_read()
        self.check_may_care(request)
        issues, owners = OwnIssues(request.user), {owner.pk: owner for owner in self.own_rows(request)}
        form = CareForm(request.GET, owners)
        form.is_valid()
        kind, city = form.cleaned_data.get("kind"), form.cleaned_data.get("city")
        page = Paginator(issues.issues(kind, city), bounds.CARE_PAGE_ROWS).get_page(request.GET.get("page"))
        for issue in page:
            issue.owner = owners.get(issue.row.owner_key)
            issue.form = issue.address(self.admin_site)
            if issue.type.step:
                issue.step_address = self.admin_site.address(issue.item, issue.type.step)
        return self.board(
            request,
            "admin/care/list.html",
            title=_("What needs care"),
            form=form,
            has_choice=len(owners) > 1,
            kind=kind,
            kinds=[(each, issues.count(each, city), care_address(kind=each, city=city)) for each in issue_types()],
            everything=(issues.count(owner=city), care_address(city=city)),
            page=page,
            query=query_of(kind=kind, city=city),
        )

    def overview_view(self, request):
        ContentVersion.apply_due_and_read()
        self.check_may_care(request)
        name = request.GET.get("q", "")
        columns = {
            "name": lambda row: getattr(row.owner, f"sort_{get_language()}"),
            "complete": lambda row: row.owner.has_count or 0,
        }
        columns |= {kind.name: lambda row, kind=kind: row.counts[kind] for kind in issue_types()}
        columns["total"] = lambda row: row.total
        sort = request.GET.get("sort", "")
        if sort.removeprefix("-") not in columns:
            sort = "-total"
        rows = self.owner_rows(OwnIssues(request.user), self.own_rows(request).matching(name.replace("\0", "")))
        rows.sort(key=columns[sort.removeprefix("-")], reverse=sort.startswith("-"))
        kinds = [kind for kind in issue_types() if any(row.counts[kind] for row in rows)]
        for row in rows:
            row.counts = {kind: row.counts[kind] for kind in kinds}
        return self.board(
            request,
            "admin/care/overview.html",
            title=_("The cities and what they need"),
            page=Paginator(rows, bounds.CARE_TABLE_ROWS).get_page(request.GET.get("page")),
            name=name,
            sort=sort,
            headings=headings(sort, name, kinds),
            query=query_of(q=name, sort=sort),
        )

    # What they are made of

    def check_may_care(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def own_rows(self, request):
        return self.get_queryset(request).active()

    def owner_rows(self, issues, owners):
        return [
            OwnerRow(
                owner,
                {kind: issues.count(kind, owner.pk) for kind in issue_types()},
                self.admin_site.form_address(owner),
            )
            for owner in owners
        ]

    def board(self, request, template, **context):
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


def headings(sort, name, kinds):
    """The columns, only of what some row needs: label, the address that sorts by them, how they are sorted now."""
    labels = {"name": _("city"), "complete": _("completeness")}
    labels |= {kind.name: kind.label for kind in kinds} | {"total": _("all that needs care")}
    links = []
    for column, label in labels.items():
        direction = {column: "ascending", f"-{column}": "descending"}.get(sort, "")
        first = column if column in ("name", "complete") else f"-{column}"
        turned = column if sort == f"-{column}" else f"-{column}"
        query = query_of(q=name, sort=turned if direction else first)
        links.append((label, f"{reverse('admin:care_overview')}?{query}", direction))
    return links
