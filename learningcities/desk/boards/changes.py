"""The screens of changes: what waits for a coordinator, and what has happened."""

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
from learningcities.desk.item.form_lines import lines_of
from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.patches.patch_display import rows
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import STALE, Change
from learningcities.publishing.workflow.steps import CHANGE_STEPS, DECISIONS, Situation


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
    """What waits for a coordinator, and what has happened. Nobody edits a change itself."""

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
        situation = Situation(request.user, change.item, change)
        offered = [step for step in DECISIONS.values() if step.is_offered(situation)]
        live, others = ([step for step in offered if (step.name == "apply") is at_once] for at_once in (True, False))
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "opts": self.opts,
            "change": change,
            "trail": change.trail.select_related("by"),
            "rows": rows(change),
            "form": form,
            "forms": [lines_of(steps, form) for steps in (live, others) if steps],
            "goes_on": CHANGE_STEPS["send"] if CHANGE_STEPS["send"].is_offered(situation) else None,
            "next": Change.objects.next_for(request.user, change),
            "item_url": self.admin_site.form_address(change.item) if change.item else "",
            "live_url": change.state == Change.State.APPLIED and self.admin_site.site_address(change.item),
            "preview_url": change.is_unfinished and self.admin_site.preview_address(change.item),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/publishing/change.html", context)

    def decide(self, request, change, form):
        """Each step is possible once, for those who may take it; nothing is returned if the form lacks something."""
        step = DECISIONS.get(request.POST.get("step"))
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
                elif not form.is_valid():
                    return None
                else:
                    self.take(request, step, situation, form.cleaned_data)
        from_form = "from_form" in request.POST and self.admin_site.form_address(change.item)
        return HttpResponseRedirect(from_form or request.path)

    def take(self, request, step, situation, words):
        data = {step.needs: words[step.needs]} if step.needs else {}
        try:
            with transaction.atomic():
                messages.success(request, step.take(situation, **data))
        except ValidationError as error:
            messages.error(request, step.failed % " ".join(error.messages))
