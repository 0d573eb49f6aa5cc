"""The screens of changes: what waits for a coordinator, and what has happened."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities import bounds
from learningcities.desk.pill import pill
from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.views import HEADERS
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.change import STALE, Change
from learningcities.publishing.workflow.preview import Preview
from learningcities.publishing.workflow.preview_rendering import page_in
from learningcities.publishing.workflow.steps import CHANGE_STEPS, DECISIONS, Situation, decides
from learningcities.text.translation import LANGUAGES

from .batches import BatchNameForm
from .decision import DecisionForm, wishes
from .reading import Outline

LOOKS = {
    Change.State.OPEN: "changed",
    Change.State.REVIEW: "waiting",
    Change.State.RETURNED: "returned",
    Change.State.SCHEDULED: "later",
    Change.State.APPLIED: "public",
    Change.State.DISCARDED: "bin",
}


@admin.register(Change)
class ChangeAdmin(ListAdmin, ReadOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """What waits for a coordinator, and what has happened. Nobody edits a change itself."""

    help_part = "reviewing-coordinators"
    list_display = ["__str__", "kind", "author", "state_word", "created_at", "due_at"]
    list_filter = [
        "state",
        "created_at",
        ("author", admin.RelatedOnlyFieldListFilter),
        ("content_type", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["author", "content_type"]
    actions = ["publish_together"]
    search_fields = ["title"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("item").seen_by(request.user)

    def get_actions(self, request):
        """What goes live together is for those who decide."""
        actions = super().get_actions(request)
        return actions if decides(Situation(request.user)) else {}

    @admin.action(description=_("Publish the selected changes together…"))
    def publish_together(self, request, queryset):
        """A batch of the chosen changes, under a name, which is then published or scheduled as a whole."""
        if not decides(Situation(request.user)):
            raise PermissionDenied
        form = BatchNameForm(request.POST if "name" in request.POST else None)
        if form.is_valid():
            try:
                batch = Batch.gather(queryset, request.user, form.cleaned_data["name"])
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("These changes are a batch now. Publish all of them, or none."))
                return redirect("admin:publishing_batch_change", batch.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish together"),
            "opts": self.opts,
            "changes": queryset.select_related("author")[: bounds.BATCH_CHANGES + 1],
            "form": form,
        }
        return TemplateResponse(request, "admin/publishing/together.html", context)

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, change):
        return pill(LOOKS[change.state], change.state_word)

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, change):
        return capfirst(change.content_type.name)

    def get_urls(self):
        route = "<int:object_id>/page/<slug:side>/<slug:language>/"
        return [self.step_path(route, self.page_view, "page"), *super().get_urls()]

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def change_view(self, request, object_id, form_url="", extra_context=None):
        ContentVersion.apply_due_and_read()
        change = self.get_object(request, unquote(object_id))
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        outline = Outline(change, sections_of(change))
        sections = outline.read()
        situation = Situation(request.user, change.item, change)
        is_read = DECISIONS["publish"].is_offered(situation) and not outline.is_first_publication
        read = [section for section in sections if section.keys] if is_read else []
        form = DecisionForm(request.POST or None, change, read)
        if request.method == "POST" and (response := self.decide(request, change, form)):
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "opts": self.opts,
            "change": change,
            "colour": getattr(getattr(change.item, "card", None), "colour", ""),
            "is_first_publication": outline.is_first_publication,
            "sections": [(section, *form.fields_of(section)) for section in sections],
            "trail": change.trail.select_related("by"),
            "form": form,
            "wishes": wishes(change),
            "is_read": bool(read),
            "offered": {name: step for name, step in DECISIONS.items() if step.is_offered(situation)},
            "goes_on": CHANGE_STEPS["send"] if CHANGE_STEPS["send"].is_offered(situation) else None,
            "next": Change.objects.next_for(request.user, change),
            **self.ways_on(change),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/publishing/change.html", context)

    def ways_on(self, change):
        """Where else there is something of the change or its item."""
        item, is_open = change.item, change.is_unfinished
        sides = self.sides(change) if is_open and has_page(item) else []
        return {
            "item_url": self.admin_site.form_address(item) if item else "",
            "send_url": self.admin_site.send_address(item) if item else "",
            "happened_url": item and self.admin_site.form_address(item) and self.admin_site.address(item, "happened"),
            "live_url": change.state == Change.State.APPLIED and self.admin_site.site_address(item),
            "preview_url": is_open and item and self.admin_site.preview_address(item),
            "sides": sides,
            "first_page": sides and self.page_address(change, "after", get_language()),
        }

    def page_address(self, change, side, language):
        return reverse(self.address("page"), args=[change.pk, side, language])

    def sides(self, change):
        """The page before and after, with the address of each language."""
        was_public = change.item.state == change.item.State.PUBLIC
        names = {"before": _("Before"), "after": _("After")} if was_public else {"after": _("After")}
        return [
            (name, label, [(code, self.page_address(change, name, code)) for code in LANGUAGES])
            for name, label in names.items()
        ]

    @method_decorator(require_safe)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def page_view(self, request, object_id, side, language):
        """The page of the item without the change, or with it, for the frame beside what changes."""
        change = self.get_object(request, object_id)
        if change is None or not has_page(change.item) or side not in ("before", "after") or language not in LANGUAGES:
            raise Http404
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        preview = Preview(item=change.item, change=change if side == "after" else None, author=request.user)
        try:
            return HttpResponse(page_in(request, preview, language), headers=HEADERS)
        except (DatabaseError, ValidationError, ValueError):
            sentence = _("There is no preview: the change no longer fits the page as it is now.")
            return HttpResponse(format_html("<!DOCTYPE html><p>{}</p>", sentence), headers=HEADERS)

    def decide(self, request, change, form):
        """Each step is possible once, for those who may take it; nothing is returned if the form lacks something."""
        if form.pressed == "tell":
            return None
        form.is_valid()
        step = DECISIONS.get(form.step)
        if step is None or not step.may(Situation(request.user, change.item, change)):
            raise PermissionDenied
        with transaction.atomic():
            try:
                change.lock(seen=request.POST.get("seen"))
            except ValidationError as error:
                messages.warning(request, " ".join(error.messages))
            else:
                situation = Situation(request.user, change.item, change)
                if not step.is_offered(situation):
                    messages.warning(request, STALE)
                elif form.errors or not form.is_told or not self.take(request, step, situation, form):
                    return None
        return HttpResponseRedirect(request.path)

    def take(self, request, step, situation, form):
        """Whether it was done; nothing of it is written otherwise."""
        change = situation.change
        try:
            with transaction.atomic():
                if "when" in form.data and step.name != "return":
                    change.decide_end(form.cleaned_data.get("until"))
                messages.success(request, step.take(situation, **form.along(change, step)))
        except ValidationError as error:
            messages.error(request, step.failed % " ".join(error.messages))
            change.refresh_from_db()
            return False
        return True


def sections_of(change):
    """The sections by which items of its kind are edited."""
    item_admin = admin.site._registry.get(change.content_type.model_class())
    return getattr(item_admin, "sections", [])


def has_page(item):
    return item is not None and admin.site.preview_address(item) is not None
