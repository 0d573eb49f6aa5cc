"""The screens of the record: what waits for a coordinator, and what has happened."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.item.form import MomentField, check_to_come
from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.patches.patch_display import rows
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import STALE, Change
from learningcities.text.dates import format_moment


class StepForm(forms.Form):
    """What goes along with a coordinator's decision."""

    comment = forms.CharField(
        label=_("a word to the author"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    due = MomentField(required=False)

    def clean(self):
        step = self.data.get("step")
        if step == "schedule":
            check_to_come(self)
        if step == "return" and not self.cleaned_data.get("comment"):
            self.add_error("comment", _("Say in a few words why, so that its author can mend it."))


@admin.register(Change)
class ChangeAdmin(ListAdmin, ReadOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """What waits for a coordinator, and what has happened. Nobody edits the record itself."""

    list_display = ["__str__", "kind", "author", "state_word", "created_at", "due_at"]
    list_filter = [
        "state",
        "created_at",
        ("author", admin.RelatedOnlyFieldListFilter),
        ("content_type", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["author", "content_type"]
    search_fields = ["title"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("item").seen_by(request.user)

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, change):
        return capfirst(change.content_type.name)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ContentVersion.apply_due_and_read()
        change = self.get_object(request, unquote(object_id))
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        form = StepForm(request.POST or None)
        if request.method == "POST" and (response := self.decide(request, change, form)):
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "opts": self.opts,
            "change": change,
            "trail": change.trail.select_related("by"),
            "rows": rows(change),
            "steps": change.steps(request.user),
            "goes_on": change.author == request.user and change.is_in_hand,
            "form": form,
            "next": Change.objects.next_for(request.user, change),
            "item_url": self.admin_site.form_address(change.item) if change.item else "",
            "live_url": change.state == Change.State.APPLIED and self.admin_site.site_address(change.item),
            "preview_url": change.is_unfinished and self.admin_site.preview_address(change.item),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/publishing/change.html", context)

    def decide(self, request, change, form):
        """Each step is possible once, for those who may take it; nothing is returned if the form lacks something."""
        step, decides = request.POST.get("step"), request.user.has_perm("publishing.decide_change")
        possible = {"apply", "schedule", "return", "discard"} if decides else {"discard"}
        if step not in possible:
            raise PermissionDenied
        with transaction.atomic():
            try:
                change.lock(seen=request.POST.get("seen"))
            except ValidationError as error:
                messages.warning(request, " ".join(error.messages))
            else:
                if step not in change.steps(request.user):
                    messages.warning(request, STALE)
                elif not form.is_valid():
                    return None
                else:
                    getattr(self, f"step_{step}")(request, change, **form.cleaned_data)
        from_form = "from_form" in request.POST and self.admin_site.form_address(change.item)
        return HttpResponseRedirect(from_form or request.path)

    def step_apply(self, request, change, **_words):
        try:
            with transaction.atomic():
                change.apply(by=request.user)
        except ValidationError as error:
            messages.error(request, _("The change can't be applied. %s") % " ".join(error.messages))
        else:
            messages.success(request, _("The change is applied: visitors see it now."))

    def step_schedule(self, request, change, due, **_words):
        try:
            with transaction.atomic():
                change.schedule(due, by=request.user)
        except ValidationError as error:
            messages.error(request, _("The change can't be scheduled. %s") % " ".join(error.messages))
        else:
            said = _("The change is scheduled: visitors see it from %(moment)s on.")
            messages.success(request, said % {"moment": format_moment(due)})

    def step_return(self, request, change, comment, **_words):
        change.return_to_author(request.user, comment)
        messages.success(request, _("The change is returned to its author."))

    def step_discard(self, request, change, **_words):
        change.discard(request.user)
        messages.success(request, _("The change is discarded. The page stays as it is."))
