"""Forms that several people, or several windows, have open: what each of them changes is laid together."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from learningcities.publishing.history.tracking import acting, dry_run, track_changes
from learningcities.publishing.patches.patch_display import labels
from learningcities.publishing.patches.snapshot import conflicts, diff, snapshot, with_row_fields
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.conflicts import clashes
from learningcities.publishing.workflow.merge import Merge, sign
from learningcities.publishing.workflow.presence import Presence

#: The names of the choices between two texts of one field.
CHOICE = "_choice "

CHOOSE = gettext_lazy(
    "Someone else has changed the same texts meanwhile. Yours are kept, and visitors don’t see them."
    " Choose below, then save again."
)


class MergingAdmin:
    """For a TrackedAdmin. What a form changes is found by trying it over what it showed (`Merge`)."""

    def held_view(self, request, object_id, form_url, extra_context):
        """The form, or what it says, with its author's draft and beside what others have done since."""
        row = object_id and self.get_object(request, unquote(object_id))
        if not row or not self.has_change_permission(request, row):
            return self.form_view(request, object_id, form_url, extra_context)
        request.merge = merge = Merge(row, request.user, request.POST.get("seen"))
        request.draft = merge.draft
        if merge.draft:
            # Before the presences, as everywhere: who needs both takes them in the same order.
            ContentVersion.lock_writes()
        request.others = Presence.objects.meet(row, request.user)
        request.is_drafting = self.keeps_draft(request, row)
        if request.method == "POST" and (request.is_drafting or choices(request) or not merge.is_simple):
            return self.tried_view(request, merge, form_url, extra_context)
        if request.method != "POST" and merge.draft:
            return self.laid_view(request, merge, form_url, extra_context)
        return self.form_view(request, object_id, form_url, extra_context)

    def form_view(self, request, object_id, form_url, extra_context):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def keeps_draft(self, request, row):
        """Whether a save of the form is a draft."""
        return False

    def is_autosave(self, request):
        return getattr(request, "is_autosave", False)

    def laid_view(self, request, merge, form_url, extra_context, wish=None):
        """The form of the row as its author wants it."""
        with dry_run(), acting(request.user):
            if not self.is_laid(request, merge.row, diff(merge.live, wish or merge.shown)):
                messages.warning(request, _("Your draft no longer fits the page. This is the page as it is."))
                merge.shown = merge.live
            if merge.left_out:
                messages.warning(request, merge.left_out)
            response = self.form_view(request, str(merge.row.pk), form_url, extra_context)
            if hasattr(response, "render"):
                response.render()
        return response

    def is_laid(self, request, row, patch):
        """Whether a patch could be laid over the row."""
        try:
            with transaction.atomic():
                row.apply_patch(patch, validate=False)
        except (DatabaseError, ValidationError, ValueError):
            return False
        return True

    def tried_view(self, request, merge, form_url, extra_context):
        """Try the form over what it showed, undo it, and lay what it changed together with what is there by now."""
        request.is_tried = True
        with dry_run(), acting(request.user):
            back = diff(merge.live, merge.base)
            tried_over = merge.base if not back or self.is_laid(request, merge.row, back) else merge.live
            response = self.form_view(request, str(merge.row.pk), form_url, extra_context)
            if hasattr(response, "render") and not self.is_autosave(request):
                response.render()
            wished = snapshot(merge.row)
        request.is_tried = False
        if not getattr(request, "saved", False):
            return response
        merge.row.refresh_from_db()
        merge.weigh(wished, choices(request), tried_over)
        if self.is_autosave(request):
            return self.keep_silently(request, merge)
        if merge.refused:
            messages.warning(request, merge.refused)
        if merge.doubled:
            return self.show_again(request, merge, form_url, extra_context)
        for name, rows in request.beside_record.items():
            getattr(merge.row, name).set(rows)
        if request.is_drafting:
            self.keep_draft(request, merge)
            self.say_taken_along(request, merge)
            return response
        return self.keep_live(request, merge, form_url, extra_context)

    def keep_live(self, request, merge, form_url, extra_context):
        """Write what the author wants over the live row; what clashes is kept as a draft until they have chosen."""
        row = merge.row
        try:
            if merge.clashes:
                raise ValidationError(CHOOSE)
            # Their draft of it becomes the change that is on record.
            with acting(request.user), track_changes(row, change=merge.patch and merge.draft):
                row.apply_patch(merge.patch)
                if merge.draft:
                    merge.draft.decide(Change.State.APPLIED if merge.patch else Change.State.DISCARDED, request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            if merge.own and not merge.draft:
                # There is one change for each author and row, and this one asks for publication.
                return self.show_again(request, merge, form_url, extra_context)
            Change.save_draft(row, request.user, merge.patch, merge.decided)
            return redirect(request.get_full_path())
        row.refresh_from_db()
        self.say_taken_along(request, merge)
        self.after_save(request, row)
        return self.response_change(request, row)

    def after_save(self, request, row):
        """What follows from a save of the live row."""

    def show_again(self, request, merge, form_url, extra_context):
        """The form with everything that was typed, beside what was saved meanwhile; nothing is saved yet."""
        theirs, mine = with_row_fields(merge.shown), with_row_fields(merge.merged)
        sides = {key: (theirs.get(key), mine.get(key)) for key in merge.doubled or merge.clashes}
        request.clashes = clashes(merge.row, sides, "other" if merge.doubled else "theirs")
        request.method, request.merge = "GET", Merge(merge.row, request.user)
        messages.warning(request, _("Nothing is saved yet: look at what has changed meanwhile, then save."))
        return self.laid_view(request, request.merge, form_url, extra_context, merge.merged)

    def say_taken_along(self, request, merge):
        for person, keys in merge.by_others.items():
            if fields := ", ".join(labels(self.model, [key for key in keys if key not in merge.patch])):
                text = _("%(person)s has changed this meanwhile, and it is kept: %(fields)s.")
                messages.info(request, text % {"person": person, "fields": fields})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.has_saved = True
        # Who may edit a row is no part of what it says: no draft waits with it, and no earlier text brings it back.
        request.beside_record = {name: form.cleaned_data[name] for name in self.model.untracked if name in form.fields}

    def response_change(self, request, obj):
        request.saved = True
        if getattr(request, "is_tried", False):
            return redirect(request.get_full_path())
        return super().response_change(request, obj)

    # What the form is told about itself

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        merge = getattr(request, "merge", None)
        context |= {
            "form_id": request.POST.get("form_id") or get_random_string(12),
            "draft": getattr(request, "draft", None),
            "others": here(getattr(request, "others", ())),
            "is_autosaved": (add or merge) and not context["is_popup"],
            # Both versions of a text are only in the form.
            "not_saved": hasattr(request, "clashes"),
        }
        if merge:
            conflicting = request.clashes if hasattr(request, "clashes") else self.clashes(merge)
            for clash in conflicting:
                clash.choice = choices(request).get(clash.key, "")
            context |= {
                "seen": (request.method == "POST" and merge.token) or sign(obj, merge.mark, self.laid_now(merge)),
                "clashes": conflicting,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def laid_now(self, merge):
        return diff(merge.live, merge.shown) if merge.draft else {}

    def clashes(self, merge):
        """The texts of a draft whose live ones are others than those that its author knew."""
        if not merge.draft:
            return []
        live = with_row_fields(merge.live)
        sides = {key: (live.get(key), merge.draft_patch[key][1]) for key in conflicts(merge.draft_patch, merge.live)}
        return clashes(merge.row, sides, "theirs")

    # Keeping while someone writes

    def get_urls(self):
        view = require_POST(self.autosave_view)
        return [self.step_path("<int:object_id>/autosave/", view, "autosave"), *super().get_urls()]

    def autosave_view(self, request, object_id):
        """Keep what an open form says in its author's draft, if it sends anything, and say who else is there."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            row = self.get_object(request, str(object_id))
            if row is None:
                raise Http404
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            merge, others = Merge(row, request.user, request.POST.get("seen")), Presence.objects.meet(row, request.user)
            answer = self.autosaved(request, merge) if "form_id" in request.POST else {}
        return JsonResponse({"others": here(others), "news": news(merge), **answer})

    def autosaved(self, request, merge):
        """What became of the words: whether they are kept, a sentence about it, and the form's next token."""
        if merge.own and not merge.own.is_in_hand:
            text = _(
                "Your change waits for a coordinator or is approved. This browser keeps what you type until you save."
            )
            return {"kept": False, "said": text}
        if lock := getattr(merge.row, "locked_by_another", None):
            return {"kept": False, "said": lock.sentence}
        # Whatever button is named, nothing but a draft comes of it.
        sent, request.POST = request.POST, QueryDict("_draft=yes", mutable=True)
        for name, values in sent.lists():
            if not name.startswith("_"):
                request.POST.setlist(name, values)
        request.is_autosave, request.merge, request.draft = True, merge, merge.draft
        request.is_drafting = self.keeps_draft(request, merge.row)
        response, wrong = self.tried_view(request, merge, "", None), []
        if not isinstance(response, dict):
            wrong = set_back(request.POST, response.context_data)
            response = self.tried_view(request, merge, "", None)
        if not wrong:
            return response
        names = ", ".join(wrong)
        if not isinstance(response, dict):
            return {"kept": False, "said": _("Not in your draft yet, since it isn't right yet: %s") % names}
        text = _("%(said)s Except for what isn't right yet: %(fields)s")
        return response | {"kept": False, "said": text % {"said": response["said"], "fields": names}}

    def keep_silently(self, request, merge):
        if merge.doubled:
            return {"kept": False, "said": _("The same text was changed in another window. Save to see both.")}
        if merge.draft and merge.draft.state == Change.State.OPEN and not merge.patch:
            merge.draft.discard(request.user)
        elif merge.draft or merge.patch:
            Change.save_draft(merge.row, request.user, merge.patch)
        if merge.clashes:
            fields = ", ".join(labels(self.model, merge.clashes))
            text = _(
                "Someone else has changed the same text: %(fields)s. Both are kept; save to see them side by side."
            )
            text %= {"fields": fields}
        else:
            text = _("Kept in your draft at %(time)s.") % {"time": date_format(localtime(moment()), "TIME_FORMAT")}
        return {"kept": True, "said": text, "clash": bool(merge.clashes), "seen": merge.next_token()}


def choices(request):
    """Which version of a text was chosen: {key: "mine", "theirs" or "other"}."""
    return {name.removeprefix(CHOICE): side for name, side in request.POST.items() if name.startswith(CHOICE)}


def here(others):
    names = ", ".join(map(str, others))
    return _("At this form just now as well: %(names)s.") % {"names": names} if others else ""


def news(merge):
    """Who has saved since the form was opened, and what."""
    if not merge.by_others:
        return ""
    keys = [key for keys in merge.by_others.values() for key in keys]
    people, fields = ", ".join(merge.by_others), ", ".join(labels(type(merge.row), keys))
    text = _("%(people)s has saved this page since you opened it: %(fields)s. When you save, nobody's words are lost.")
    return text % {"people": people, "fields": fields}


def set_back(data, context):
    """Give the fields that can't be saved their earlier values, and new rows with such fields none; name them."""
    forms, wrong = [context["adminform"].form], []
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
        wrong += inline.formset.non_form_errors()
    for form in forms:
        is_new_row = form.prefix and form.instance._state.adding
        wrong += form.non_field_errors()
        wrong += [form.fields[name].label for name in form.errors if name in form.fields]
        for name in form.fields if is_new_row and form.errors else form.errors.keys() & form.fields.keys():
            bound = form[name]
            data.setlist(bound.html_name, as_sent(bound.field, bound.initial))
    return list(dict.fromkeys(map(str, wrong)))


def as_sent(field, value):
    """A stored value as a browser would send it."""
    sent = field.widget.format_value(field.prepare_value(value))
    return [] if sent is None else sent if isinstance(sent, list) else [sent]
