"""The history of a row as its editors read it, and the way back."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_display import label, labels, rows
from learningcities.publishing.patches.snapshot import DATES, conflicts, diff, inverse, patched, snapshot, unknown
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import HISTORY_STEPS, Situation
from learningcities.web.primary_keys import chosen

from .form_lines import lines_of

#: Publishing has its own buttons: nothing goes on or off the site because a text is brought back.
UNTOUCHED = set(DATES)


class HistoryAdmin:
    """For a TrackedAdmin: who changed what when, and how it was before."""

    history_template = "admin/publishing/history.html"

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        happened = Change.objects.of(row).happened()
        if request.method == "POST":
            return self.go_back(request, row, happened)
        page = Paginator(happened.select_related("author", "decided_by"), 30).get_page(request.GET.get("p"))
        shown = next((change for change in page if str(change.pk) == request.GET.get("change")), None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "opts": self.opts,
            "object": row,
            "page": page,
            "entries": [(change, labels(self.model, change.patch), change == shown) for change in page],
            "rows": rows(shown) if shown else [],
            "lines": lines_of(self.ways_back(request, row, happened, shown), None) if shown else [],
            "is_live": bool(getattr(row, "public_from", None)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.history_template, context)

    def ways_back(self, request, row, happened, shown):
        """The steps that are offered at an act: the first one can't be undone, nor the page be as after the last."""
        situation = Situation(request.user, row)
        is_possible = {
            "undo": shown != happened.last() and bool(shown.patch.keys() - UNTOUCHED),
            "restore": shown != happened.first(),
        }
        return [step for name, step in HISTORY_STEPS.items() if is_possible[name] and step.may(situation)]

    def go_back(self, request, row, happened):
        """Undo one change, or all that came after it; the other changes stay."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            # As it is once nobody else writes: it may have gone public since.
            if (row := self.get_object(request, str(row.pk))) is None:
                raise Http404
            if not any(step.may(Situation(request.user, row)) for step in HISTORY_STEPS.values()):
                raise PermissionDenied
            # What a release before has written has its number from here on.
            Change.objects.last_sequence()
            undone = self.undone(request, happened)
            self.lay_back(request, row, [inverse(change.patch) for change in undone])
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def undone(self, request, happened):
        """The changes that the step which is asked for takes back, the last first."""
        change = chosen(happened, request.POST.get("change", ""))
        if request.POST.get("step") == "undo" and change != happened.last():
            return [change]
        if request.POST.get("step") == "restore":
            return list(happened.since(change.sequence).exclude(pk=change.pk))
        raise PermissionDenied

    def lay_back(self, request, row, patches):
        live = snapshot(row)
        is_live = bool(getattr(row, "public_from", None))
        draft = Change.objects.mine(row, request.user) if is_live else None
        wanted, clashing = patched(live, draft.patch if draft else {}), {}
        for patch in patches:
            patch = {key: sides for key, sides in patch.items() if key not in UNTOUCHED}
            clashes = conflicts(patch, wanted) + unknown(self.model, patch)
            clashing |= dict.fromkeys(str(label(self.model, key)) or key for key in clashes)
            wanted = patched(wanted, {key: sides for key, sides in patch.items() if key not in clashes})
        patch, left_out = allowed_part(request.user, row, diff(live, wanted), live)
        if left_out:
            messages.warning(request, left_out)
        if clashing:
            text = _("Changed again since, and left as it is: %(fields)s.")
            messages.warning(request, text % {"fields": ", ".join(clashing)})
        if not patch or (draft and patch == draft.patch):
            messages.info(request, _("There was nothing to undo."))
        elif is_live:
            self.keep_as_draft(request, row, patch)
        else:
            self.write_back(request, row, patch)

    def keep_as_draft(self, request, row, patch):
        try:
            change = Change.save_draft(row, request.user, patch)
        except ValidationError as error:
            messages.error(request, _("It can't be brought back. %s") % " ".join(error.messages))
            return
        if change.state != Change.State.OPEN:
            change.transition(Change.State.OPEN)
        text = _("You see the earlier words in a draft of yours. Visitors see the page as it was.")
        messages.success(request, text)

    def write_back(self, request, row, patch):
        try:
            with acting(request.user), transaction.atomic():
                row.apply_patch(patch)
        except ValidationError as error:
            messages.error(request, _("It can't be brought back. %s") % " ".join(error.messages))
        else:
            messages.success(request, _("The earlier words are back."))
