"""“I have checked it today”: one click from the care list, and a change like any other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import Situation, publishes

from .send_page import told_of


def checked_view(row_admin):
    """The view for the items of an admin, which know the date on which they were last checked."""

    def view(request, object_id):
        item = get_object_or_404(row_admin.get_queryset(request).active(), pk=object_id)
        if request.method != "POST" or not row_admin.has_change_permission(request, item):
            raise PermissionDenied
        before = item.checked_on and item.checked_on.isoformat()
        patch = {"checked_on": [before, localdate(moment()).isoformat()]}
        try:
            messages.success(request, check(request.user, item, patch) % {"item": item})
        except ValidationError as error:
            text = _("You have checked “%(item)s”, but something is missing before that can be on its page:")
            lacks = getattr(error, "message_dict", {"": error.messages})
            lines = format_html_join(
                "",
                '<li><a href="{}">{}</a> {}</li>',
                told_of(row_admin.admin_site, item, lacks),
            )
            messages.error(request, format_html("{}<ul>{}</ul>", text % {"item": item}, lines))
        back = request.POST.get("next", "")
        is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if is_ours else reverse("admin:care"))

    return view


def check(person, item, patch):
    """Write it down, or ask a coordinator to; a sentence on what was done."""
    if item.keeps_drafts and not publishes(Situation(person)):
        return ask_for_check(person, item, patch)
    with acting(person):
        item.apply_patch(patch)
    return _("You have checked “%(item)s” today: its page says so.")


def ask_for_check(person, item, patch):
    """An editor's change of a public page waits for a coordinator, or in the draft that they have of it."""
    draft = Change.objects.mine(item, person)
    change = Change.save_draft(item, person, (draft.patch if draft else {}) | patch)
    if draft and change.state != Change.State.REVIEW:
        return _("That you have checked “%(item)s” today is in your draft of it. Send the draft when it is ready.")
    change.send()
    return _("That you have checked “%(item)s” today waits for a coordinator.")
