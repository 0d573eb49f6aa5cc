"""“I have checked it today”: one click from the care list, and a change like any other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change


class CheckedAdmin:
    """For the admin of items with the date on which they were last checked."""

    def get_urls(self):
        return [self.step_path("<int:object_id>/checked/", self.checked_view, "checked"), *super().get_urls()]

    def checked_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request).active(), pk=object_id)
        if request.method != "POST" or not self.has_change_permission(request, item):
            raise PermissionDenied
        before = item.checked_on and item.checked_on.isoformat()
        patch = {"checked_on": [before, localdate(moment()).isoformat()]}
        try:
            if self.must_wait(request, item):
                self.ask_for_check(request, item, patch)
            else:
                with acting(request.user):
                    item.apply_patch(patch)
                messages.success(request, _("You have checked “%(item)s” today: its page says so.") % {"item": item})
        except ValidationError as error:
            text = _("You have checked “%(item)s”, but something is missing before that can be on its page:")
            self.say_missing(request, item, text % {"item": item}, error)
        back = request.POST.get("next", "")
        is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if is_ours else reverse("admin:care"))

    def ask_for_check(self, request, item, patch):
        """An editor's change of a public page waits for a coordinator, or in the draft that they have of it."""
        draft = Change.objects.mine(item, request.user)
        change = Change.save_draft(item, request.user, (draft.patch if draft else {}) | patch)
        if draft and change.state != Change.State.REVIEW:
            text = _("That you have checked “%(item)s” today is in your draft of it. Send the draft when it is ready.")
        else:
            change.send()
            text = _("That you have checked “%(item)s” today waits for a coordinator.")
        messages.success(request, text % {"item": item})
