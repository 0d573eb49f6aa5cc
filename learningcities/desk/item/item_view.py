"""One member of staff at one row: what the views of a row have in common."""

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import FileField
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View

from learningcities.publishing.items.item import Item
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.editing import Editing
from learningcities.publishing.workflow.steps import Situation
from learningcities.web.primary_keys import is_key


class ItemView(View):
    """For one member of staff at one item, or another row, which they may see."""

    row_admin = None

    def dispatch(self, request, *args, object_id, **kwargs):
        ContentVersion.apply_due_and_read()
        if request.FILES and self.row_admin.has_change_permission(request):
            look_at_files(request, self.row_admin.model)
        with transaction.atomic():
            if request.method == "POST":
                # What is read from here on is what will be written over: one writer at a time.
                ContentVersion.lock_writes()
            rows = self.row_admin.get_queryset(request)
            self.item = rows.filter(pk=object_id).first() if is_key(rows.model, object_id) else None
            if self.item is None:
                return self.row_admin._get_obj_does_not_exist_redirect(request, self.row_admin.opts, str(object_id))
            if not self.row_admin.has_view_or_change_permission(request, self.item):
                raise PermissionDenied
            self.may_edit = self.row_admin.has_change_permission(request, self.item)
            if request.method == "POST" and not self.may_edit:
                raise PermissionDenied
            self.editing = Editing(request.user, self.item)
            return super().dispatch(request, *args, **kwargs)

    @property
    def site(self):
        return self.row_admin.admin_site

    @property
    def is_item(self):
        return isinstance(self.item, Item)

    @property
    def situation(self):
        has_asked = bool(self.editing.own) and self.editing.own.state == Change.State.REVIEW and not self.editing.draft
        is_drafting = not self.editing.is_direct
        return Situation(self.request.user, self.item, self.editing.draft, is_drafting, has_asked)

    def address(self, step, *args):
        return reverse(self.row_admin.address(step), args=[self.item.pk, *args])

    def to_outline(self):
        return redirect(self.address("change"))


def look_at_files(request, model):
    """What was sent is looked at before anything is locked, so that nobody else has to wait for it."""
    for name, file in request.FILES.items():
        field = next((field for field in model._meta.concrete_fields if field.name == name), None)
        if isinstance(field, FileField):
            request.FILES[name] = field.formfield().looked_at(file)


def forget_copy(request, response):
    """The browser forgets what it has kept of the form: static/js/typed.js."""
    secure, form_id = settings.SESSION_COOKIE_SECURE, request.POST.get("form_id", "")
    # A header holds no other letters, whatever was posted.
    name = re.sub("[^A-Za-z0-9]", "", form_id)[:20]
    response.set_cookie("saved_form", name, path="/admin/", secure=secure, samesite="Lax")
