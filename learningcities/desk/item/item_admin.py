"""The admin of what can be public: editors prepare, coordinators publish."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.steps import ITEM_STEPS, Situation

from .beside_page import BesideView
from .checked_today import checked_view
from .item_list import ItemListAdmin
from .preview import PageView, PreviewView
from .send_page import SendView
from .tracked_admin import TrackedAdmin


class ItemAdmin(ItemListAdmin, TrackedAdmin):
    """Editors prepare, coordinators publish."""

    delete_confirmation_template = "admin/publishing/bin_confirmation.html"
    #: Whether an item has a page of its own, which can be looked at before visitors see it.
    is_previewed = False

    def pages(self):
        pages = [*super().pages(), ("<int:object_id>/send/", SendView.as_view(row_admin=self), "send")]
        if self.model.untracked:
            pages.append(("<int:object_id>/beside/", BesideView.as_view(row_admin=self), "beside"))
        if self.is_previewed:
            pages += [
                ("<int:object_id>/preview/", PreviewView.as_view(row_admin=self), "preview"),
                ("<int:object_id>/page/<slug:language>/", PageView.as_view(row_admin=self), "page"),
            ]
        if hasattr(self.model, "checked_on"):
            pages.append(("<int:object_id>/checked/", checked_view(self), "checked"))
        if hasattr(self.model, "slug"):
            pages.append(("<int:object_id>/duplicate/", self.duplicate_view, "duplicate"))
        return pages

    def get_view_on_site_url(self, obj=None):
        """The page itself: the detour that Django takes would lead to any row of any city."""
        return obj.get_absolute_url() if obj and hasattr(obj, "get_absolute_url") and obj.is_public() else None

    # Bin and copies

    def get_deleted_objects(self, objs, request):
        """What goes to the bin is the item alone: nothing that points at it is lost."""
        denied = {str(self.opts.verbose_name) for item in objs if not self.has_delete_permission(request, item)}
        return [str(item) for item in objs], {self.opts.verbose_name_plural: len(objs)}, denied, []

    def delete_model(self, request, obj):
        ITEM_STEPS["bin"].take(Situation(request.user, obj))

    def delete_view(self, request, object_id, extra_context=None):
        item = self.get_object(request, unquote(object_id))
        used = self.seen_uses(request, item) if item else []
        context = {"title": _("Move to the bin"), "uses": used, "days": bounds.BIN_DAYS, **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def response_delete(self, request, obj_display, obj_id):
        sentence = _("“%(item)s” is in the bin.") % {"item": obj_display}
        link = format_html(
            '<a href="{}">{}</a>', reverse(self.address("change"), args=[obj_id]), _("Take it out again")
        )
        messages.success(request, format_html("{} {}", sentence, link))
        return redirect(self.address("changelist"))

    def duplicate_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        if request.method != "POST" or not ITEM_STEPS["duplicate"].may(Situation(request.user, item)):
            raise PermissionDenied
        with acting(request.user), transaction.atomic():
            # Whoever presses twice makes two copies, each with a short name of its own.
            ContentVersion.lock_writes()
            new, refused = item.copy(slug=self.free_slug(item.slug))
        messages.success(request, _("This is the copy. It isn't public: change what differs, then publish it."))
        if refused:
            messages.warning(request, refused)
        return redirect(self.address("change"), new.pk)

    def free_slug(self, slug):
        stem = f"{slug[:70]}-copy"
        taken = set(self.model._base_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
        number = 1
        while (candidate := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        return candidate
