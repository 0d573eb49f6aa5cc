"""The admin of what can be public: editors prepare, coordinators publish."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.items.item import Item
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.steps import FORM_STEPS, ITEM_STEPS, Situation

from .beside_page import BesideView
from .draft_admin import DraftAdmin
from .form import words_along
from .item_actions import BulkAdmin
from .item_list import ListedAdmin
from .item_page import AutosaveView, OutlineView, StepView
from .new_item import NewItemView
from .send_page import SendView

PUBLICATION = (_("Publication"), {"fields": ["public_until"]})


class ItemAdmin(ListedAdmin, BulkAdmin, DraftAdmin):
    """Editors prepare, coordinators publish."""

    delete_confirmation_template = "admin/publishing/bin_confirmation.html"

    # Forms

    def get_fieldsets(self, request, obj=None):
        """When a page leaves the site is for the coordinators to say."""
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, PUBLICATION] if self.may_publish(request) else fieldsets

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not getattr(request, "is_tried", False):
            self.after_save(request, form.instance)

    def after_save(self, request, item):
        if item.state == Item.State.PUBLIC:
            try:
                with acting(request.user), transaction.atomic():
                    item.publish_carried()
            except ValidationError as error:
                text = _("Not shown yet: %s")
                messages.warning(request, text % " ".join(error.messages))

    def get_view_on_site_url(self, obj=None):
        """The page itself: the detour that Django takes would lead to any row of any city."""
        return obj.get_absolute_url() if obj and hasattr(obj, "get_absolute_url") and obj.is_public() else None

    def response_change(self, request, obj):
        request.saved, is_tried = True, getattr(request, "is_tried", False)
        return (not is_tried and self.response_step(request, obj)) or super().response_change(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_step(self, request, obj):
        """What the other buttons of the form do to the live item, after the save."""
        acts = [step for step in FORM_STEPS if step.act and f"_{step.name}" in request.POST]
        if not acts:
            return None
        self.take_step(request, acts[0], Situation(request.user, obj))
        return redirect(self.address("change"), obj.pk)

    def take_step(self, request, step, situation):
        try:
            if sentence := step.take(situation, **words_along(request, step)):
                messages.success(request, sentence)
        except ValidationError as error:
            self.say_missing(request, situation.item, step.failed % {"item": situation.item}, error)
        except PermissionDenied as error:
            if not error.args:
                raise
            messages.warning(request, str(error))

    # The page of an item

    #: The sections by which an item is edited, in the order in which visitors see them.
    sections = ()
    has_outline = True

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_outline:
            return super().change_view(request, object_id, form_url, extra_context)
        return OutlineView.as_view(row_admin=self)(request, object_id=object_id)

    #: What is asked for a new one: {field: question}, a translated field without its language.
    new_questions = {}
    new_title = _("Something new")

    def given_to_new(self):
        """What a new one says without being asked: {field: value}."""
        return {}

    def add_view(self, request, form_url="", extra_context=None):
        if not self.new_questions or "_popup" in request.GET:
            return super().add_view(request, form_url, extra_context)
        return NewItemView.as_view(row_admin=self)(request)

    def new_form_page(self, request):
        return super().add_view(request)

    def form_page(self, request, object_id):
        return super().change_view(request, str(object_id))

    def page_paths(self):
        if not self.has_outline:
            return []
        section, row = "<int:object_id>/sections/<slug:section>/", "<uuid:row>/"
        views = [
            (section, OutlineView, "section"),
            (f"{section}{row}", OutlineView, "row"),
            (f"{section}autosave/", AutosaveView, "section_autosave"),
            (f"{section}{row}autosave/", AutosaveView, "row_autosave"),
            ("<int:object_id>/steps/", StepView, "steps"),
            ("<int:object_id>/send/", SendView, "send"),
            *([("<int:object_id>/beside/", BesideView, "beside")] if self.model.untracked else []),
        ]
        paths = [self.step_path(route, view.as_view(row_admin=self), step) for route, view, step in views]
        forms = {"<int:object_id>/form/": (self.form_page, "form"), "new/": (self.new_form_page, "new")}
        return [*paths, *(self.step_path(route, *view) for route, view in forms.items())]

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

    def get_urls(self):
        duplicate = self.step_path("<int:object_id>/duplicate/", self.duplicate_view, "duplicate")
        urls = [*self.page_paths(), *super().get_urls()]
        return [duplicate, *urls] if hasattr(self.model, "slug") else urls
