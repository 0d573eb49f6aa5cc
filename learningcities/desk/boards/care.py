"""The care boards: the list of issues, and the table of the items that others belong to, with their numbers."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learningcities import bounds
from learningcities.care.issue_list import OwnIssues
from learningcities.care.issues import issue_types
from learningcities.desk.home.activity import staff_by_activity
from learningcities.desk.home.own_cities import own_cities, with_keepers
from learningcities.desk.site import VIEWS
from learningcities.publishing.items.item import owner_model
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.batch import Batch


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


def query_of(**parameters):
    """The query with those parameters that have a value."""
    return urlencode({name: value for name, value in parameters.items() if value})


def care_address(**parameters):
    return f"{reverse('admin:care')}?{query_of(**parameters)}"


@require_safe
def care_view(request):
    owners_admin = admin_of_owners(request)
    issues, owners = OwnIssues(request.user), {owner.pk: owner for owner in own_rows(owners_admin, request)}
    form = CareForm(request.GET, owners)
    form.is_valid()
    kind, city = form.cleaned_data.get("kind"), form.cleaned_data.get("city")
    page = Paginator(issues.issues(kind, city), bounds.CARE_PAGE_ROWS).get_page(request.GET.get("page"))
    for issue in page:
        issue.owner = owners.get(issue.row.owner_key)
        issue.form = issue.address(admin.site)
        if issue.type.step:
            issue.step_address = admin.site.address(issue.item, issue.type.step)
    return board(
        owners_admin,
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


@require_safe
def overview_view(request):
    owners_admin = admin_of_owners(request)
    name = request.GET.get("q", "").replace("\0", "")
    sort = request.GET.get("sort", "")
    if sort.removeprefix("-") not in COLUMNS:
        sort = "-total"
    _label, value = COLUMNS[sort.removeprefix("-")]
    rows = own_cities(admin.site, request.user, with_keepers(own_rows(owners_admin, request).matching(name)))
    rows.sort(key=value, reverse=sort.startswith("-"))
    return board(
        owners_admin,
        request,
        "admin/care/overview.html",
        title=_("The cities of the network") if request.user.is_coordinator else _("Your cities"),
        page=Paginator(rows, bounds.CARE_TABLE_ROWS).get_page(request.GET.get("page")),
        name=name,
        sort=sort,
        headings=headings(sort, name),
        query=query_of(q=name, sort=sort),
        staff=staff_by_activity() if request.user.is_coordinator else [],
        batches=Batch.objects.made().open()[: bounds.DESK_WORKS] if request.user.is_coordinator else [],
        can_add=owners_admin.has_add_permission(request),
    )


# What they are made of


def admin_of_owners(request):
    """The admin of those to whom the items belong, for whoever may see them."""
    ContentVersion.apply_due_and_read()
    owners_admin = admin.site._registry[owner_model()]
    if not owners_admin.has_view_permission(request):
        raise PermissionDenied
    return owners_admin


def own_rows(owners_admin, request):
    return owners_admin.get_queryset(request).active()


def board(owners_admin, request, template, **context):
    shared = {**admin.site.each_context(request), "opts": owners_admin.opts}
    return TemplateResponse(request, template, {**shared, **context})


VIEWS.update(care=care_view, overview=overview_view)

#: The columns of the table of cities: what each is called, and what it is sorted by.
COLUMNS = {
    "name": (_("City"), lambda city: getattr(city.row, f"sort_{get_language()}")),
    "complete": (_("Its page"), lambda city: city.row.has_count or 0),
    "pages": (_("Its pages"), lambda city: city.number_public),
    "total": (_("All that needs care"), lambda city: city.total),
    "translate": (_("To translate"), lambda city: city.number_to_translate),
    "decide": (_("To decide"), lambda city: city.to_decide),
}


def headings(sort, name):
    """The columns: label, the address that sorts by them, how they are sorted now."""
    links = []
    for column, (label, _value) in COLUMNS.items():
        direction = {column: "ascending", f"-{column}": "descending"}.get(sort, "")
        first = column if column in ("name", "complete") else f"-{column}"
        turned = column if sort == f"-{column}" else f"-{column}"
        query = query_of(q=name, sort=turned if direction else first)
        links.append((label, f"{reverse('admin:overview')}?{query}", direction))
    return links
