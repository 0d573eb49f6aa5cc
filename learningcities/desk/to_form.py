"""From the address of a public page to the place where it is edited, for those who may."""

from django.contrib import admin
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learningcities.listing.views import FilteredListView, PublishedDetailView
from learningcities.publishing.items.redirect import Redirect
from learningcities.reports.target import is_local, match_of


@require_safe
def to_form_view(request):
    page = request.GET.get("page", "")
    address = form_of(request, page) if is_local(page) else None
    if address:
        return redirect(address)
    context = {**admin.site.each_context(request), "title": _("Edit a page"), "page": page if is_local(page) else ""}
    return render(request, "admin/to_form.html", context, status=404)


def form_of(request, page):
    """The form of what visitors see at an address, or the list of what is listed there; None where it isn't theirs."""
    match = match_of(page)
    view = getattr(match and match.func, "view_class", object)
    if issubclass(view, PublishedDetailView):
        slug = match.kwargs["slug"]
        row = view.model.objects.filter(slug=slug).first() or Redirect.target(view.model, slug)
        return admin.site.form_address(row) if row and admin.site.may_see(request, row) else None
    if issubclass(view, FilteredListView) and admin.site._registry[view.model].has_view_permission(request):
        return reverse(f"admin:{view.model._meta.app_label}_{view.model._meta.model_name}_changelist")
    return None
