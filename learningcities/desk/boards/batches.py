"""The screens of batches: drafts that were made together are sent, published, given up and undone together."""

from collections import Counter
from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities import bounds
from learningcities.desk.moment_field import MomentField, check_to_come
from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.batch import NOTHING_LEFT, STALE, Batch
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import BATCH_STEPS, HISTORY_STEPS, Situation, decides
from learningcities.text.dates import format_moment
from learningcities.text.translation import listed


class BatchNameForm(forms.ModelForm):
    class Meta:
        model = Batch
        fields = ["name"]


class BatchStepForm(forms.Form):
    due = MomentField(required=False)
    comment = forms.CharField(
        label=_("a word to go with it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean(self):
        if self.data.get("step") == "schedule":
            check_to_come(self)
        else:
            self.errors.pop("due", None)
        if self.data.get("step") == "return" and not self.cleaned_data.get("comment"):
            self.add_error("comment", _("Say in a few words why, so that its author can mend it."))


@admin.register(Batch)
class BatchAdmin(ListAdmin, ReadOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    help_part = "many-pages-at-once-in-a-spreadsheet"
    list_display = ["name", "kinds", "author", "created_at", "states"]
    list_filter = [("author", admin.RelatedOnlyFieldListFilter), ("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["author", "content_type"]
    search_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).made().seen_by(request.user).prefetch_related("changes")

    @admin.display(description=_("state"))
    def states(self, batch):
        return states_in_words(change.state for change in batch.changes.all())

    @admin.display(description=_("kind"), ordering="content_type")
    def kinds(self, batch):
        return kinds_in_words(batch)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ContentVersion.apply_due_and_read()
        batch = self.get_object(request, unquote(object_id))
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = BatchStepForm(request.POST or None)
        if request.method == "POST" and (response := self.take_step(request, batch, form)):
            return response
        changes = batch.changes.seen_by(request.user).select_related("author").prefetch_related("item", "trail")
        context = {
            **self.admin_site.each_context(request),
            "title": str(batch),
            "opts": self.opts,
            "batch": batch,
            "states": states_in_words(change.state for change in batch.changes.only("state")),
            "kinds": kinds_in_words(batch),
            "leaves_out": decides(Situation(request.user)),
            "page": Paginator(changes.order_by("id"), bounds.BATCH_PAGE_ROWS).get_page(request.GET.get("p")),
            "form": form,
            "lines": lines_of(batch.steps(request.user).values(), form),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/publishing/batch.html", context)

    def take_step(self, request, batch, form):
        name = request.POST.get("step")
        if "leave" in request.POST:
            return self.leave_out(request, batch)
        if name not in batch.permitted(request.user):
            raise PermissionDenied
        if name not in batch.steps(request.user):
            messages.warning(request, NOTHING_LEFT)
        elif not form.is_valid():
            return None
        elif name == "undo":
            return self.undo(request, batch)
        else:
            self.take(request, batch, BATCH_STEPS[name], form.cleaned_data)
        return HttpResponseRedirect(request.path)

    def leave_out(self, request, batch):
        if not decides(Situation(request.user)):
            raise PermissionDenied
        try:
            batch.leave_out(forms.ModelChoiceField(batch.changes.all()).clean(request.POST["leave"]))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, _("It is out of the batch, and stands for itself."))
        return HttpResponseRedirect(request.path)

    def take(self, request, batch, step, words):
        data = {step.needs: words[step.needs]} if step.needs else {}
        try:
            batch.take(step.name, request.user, request.POST.get("seen"), **data)
        except ValidationError as error:
            if error.messages[0] not in (STALE, NOTHING_LEFT):
                text = _(
                    "Nothing was done, because of these. Mend or discard them one by one, then try again; or correct"
                    " your file and import it again: it takes the place of these drafts."
                )
                messages.error(request, text)
            for sentence in error.messages[: bounds.BATCH_ERRORS]:
                messages.error(request, sentence)
        else:
            hidden = batch.hidden() if step.name == "apply" else []
            if hidden:
                messages.warning(request, _("The batch is published, but visitors don’t see all of it yet:"))
                for sentence in hidden[: bounds.BATCH_ERRORS]:
                    messages.warning(request, sentence)
            else:
                due = words.get("due")
                messages.success(request, step.done % {"moment": due and format_moment(due)})

    def undo(self, request, batch):
        undoing, left = batch.undo(request.user, lambda item: HISTORY_STEPS["undo"].may(Situation(request.user, item)))
        for sentence in left[: bounds.BATCH_ERRORS]:
            messages.warning(request, sentence)
        if undoing is None:
            messages.info(request, _("There was nothing to undo."))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("These drafts undo the batch. Look at them, then send or publish them."))
        return redirect("admin:publishing_batch_change", undoing.pk)


def kinds_in_words(batch):
    """What its changes are changes of: city, initiative."""
    kinds = {change.content_type_id for change in batch.changes.all()} or {batch.content_type_id}
    return listed(capfirst(ContentType.objects.get_for_id(kind).name) for kind in sorted(kinds))


def states_in_words(states):
    """How many changes have come to which state: draft (3) · published (2)."""
    return " · ".join(f"{Change.State(state).label} ({count})" for state, count in Counter(states).items())


def lines_of(steps, form):
    """The steps that stand beside each other, with the field of the form that goes along: [(field, steps)]."""
    lines = [list(line) for _name, line in groupby(steps, key=lambda step: step.line or (step.name, step.label))]
    return [(form[line[0].needs] if line[0].needs else None, line) for line in lines]
