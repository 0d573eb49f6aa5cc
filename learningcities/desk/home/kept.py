"""The forms of which a browser keeps words that the server doesn't have: it names their addresses, and gets lines."""

from dataclasses import dataclass

from django.contrib import admin
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learningcities import bounds
from learningcities.web.primary_keys import is_key

from .look import Shown
from .screens import screen_of


@dataclass
class Kept(Shown):
    """A row, and the form of it at which words were typed."""

    form: str
    address: str


@dataclass
class KeptNew:
    """The form of a row that isn't there yet."""

    name: str
    form: str
    colour = ""
    seed = "new"

    @property
    def address(self):
        return self.form


@require_safe
def kept_view(request):
    paths = dict.fromkeys(request.GET.getlist("path")[: bounds.DESK_KEPT])
    lines = [line for path in paths if (line := line_of(admin.site, request, path))]
    return render(request, "admin/home/kept.html", {"lines": lines})


def line_of(site, request, path):
    """What stands at an address of the desk, for whoever may see it; else nothing."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    row_admin, step = screen_of(site, match.url_name) if match.namespace == "admin" else (None, "")
    if row_admin is None:
        return None
    if step == "add":
        return KeptNew(name_of_new(row_admin), path) if row_admin.has_add_permission(request) else None
    row = row_of(row_admin.model, match.kwargs.get("object_id"))
    return Kept(row, site.form_address(row), path) if row and site.may_see(request, row) else None


def name_of_new(row_admin):
    return getattr(row_admin, "adding", "") or _("New: %(kind)s") % {"kind": row_admin.opts.verbose_name}


def row_of(model, key):
    return model._base_manager.filter(pk=key).first() if key and is_key(model, str(key)) else None
