import logging
from dataclasses import dataclass
from functools import update_wrapper
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import IntegrityError
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import path, re_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog, set_language

from learningcities.operations.models import QueuedMail
from learningcities.people.models import Attempt, AuditEntry
from learningcities.publishing.models import Change
from learningcities.publishing.workflow.steps import Situation, decides

from .form_hints import hints_view
from .photo_picker import PhotoPicker

logger = logging.getLogger(__name__)

#: Addresses of earlier releases, which stand in mails that were sent, and what took their place.
MOVED = {
    r"^publishing/hold/(?P<rest>.*)$": "publishing/pagelock/%(rest)s",
    r"^publishing/remark/(?P<rest>.*)$": "publishing/comment/%(rest)s",
    r"^(?P<item>\w+/\w+/\d+)/(remarks|comments)/$": "%(item)s/happened/",
}


class DeskSite(AdminSite):
    site_title = site_header = _("Learning cities: editing")
    index_title = _("What would you like to edit?")
    index_template = "admin/desk.html"

    def has_permission(self, request):
        return super().has_permission(request) and not request.user.lacks_second_factor

    def admin_view(self, view, cacheable=False):
        """Each view of the admin passes here: who only lacks a second factor is led to where they choose one."""
        guarded = super().admin_view(view, cacheable)

        def led(request, *args, **kwargs):
            if getattr(request.user, "lacks_second_factor", False):
                return redirect("mfa_index")
            try:
                return guarded(request, *args, **kwargs)
            except IntegrityError:
                logger.exception("Two did the same at once: %s", request.path)
                sentence = _("Someone has done the same at the same moment. Look at what is there now.")
                messages.error(request, sentence)
                return redirect(page_before(request))

        return update_wrapper(led, guarded)

    def get_app_list(self, request, app_label=None):
        """What the site is about comes before what helps to run it."""
        listed = super().get_app_list(request, app_label)
        return sorted(listed, key=lambda app: apps.get_app_config(app["app_label"]).name.startswith("learningcities"))

    def get_urls(self):
        # The language cookie is the staff's own, and its path ends at the admin. Django's detour to a row's
        # page ("r/…") goes: it would lead an editor to any draft of any city.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        hints = path("hints/", self.admin_view(hints_view), name="hints")
        picker = path("photos/pick/", self.admin_view(PhotoPicker.as_view()), name="pick_photo")
        moved = [re_path(old, MovedView.as_view(url=new)) for old, new in MOVED.items()]
        return [path("language/", set_language, name="set_language"), hints, picker, *moved, *urls]

    def password_change(self, request, extra_context=None):
        """A wrong old password counts like one at the login."""
        attempt = Attempt.begin(request, "password", request.user) if request.method == "POST" else None
        response = super().password_change(request, extra_context)
        is_changed = response.status_code == 302
        if attempt and (is_changed or "old_password" not in response.context_data["form"].errors):
            attempt.delete()
        if is_changed:
            AuditEntry.record(AuditEntry.Kind.PASSWORD, request.user, request, by=request.user)
        return response

    def i18n_javascript(self, request, extra_context=None):
        # All packages, so that our own catalogue can add the words they lack.
        return JavaScriptCatalog.as_view()(request)

    def index(self, request, extra_context=None):
        """The desk: what to do next comes first."""
        boards = [board for board in self._registry.values() if hasattr(board, "dashboard_tasks")]
        sections = [section for board in boards if (section := board.dashboard_tasks(request))]
        changes = Change.objects.seen_by(request.user).unfinished()
        tasks, under_way = tasks_of(request.user, changes)
        for section in sections:
            tasks += section["tasks"]
            under_way += section.get("under_way", [])
        todo = (task for task in tasks if task.number)
        theirs_to_see = Q(author=request.user) | Q(state=Change.State.REVIEW)
        waiting = changes.filter(theirs_to_see).select_related("author", "content_type")
        context = {
            "title": _("Your desk"),
            "next": next(todo, None),
            "tasks": list(todo),
            "under_way": [task for task in under_way if task.number],
            "sections": [section for section in sections if "template" in section],
            "waiting": waiting.prefetch_related("item")[:10],
        }
        if request.user.is_coordinator:
            context["queued_mails"] = QueuedMail.objects.waiting().count()
        return super().index(request, context | (extra_context or {}))

    def form_address(self, row):
        """Where staff edit a row, or None."""
        return self.address(row, "change") if type(row) in self._registry else None

    def field_address(self, row, key):
        """Where staff edit what a key of a patch names of a row, or None."""
        form = self.form_address(row)
        return form and f"{form}#id_{key}"

    def preview_address(self, row):
        """Where staff see the page of a row before visitors do, or None."""
        is_previewed = hasattr(self._registry.get(type(row)), "preview_view")
        return self.address(row, "preview") if is_previewed else None

    def site_address(self, row):
        """Where visitors see the page of a row now, or None."""
        row_admin = self._registry.get(type(row))
        return row_admin.get_view_on_site_url(row) if hasattr(row, "is_public") and row_admin else None

    def address(self, row, step):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk])

    def may_see(self, request, row):
        row_admin = self._registry.get(type(row))
        return bool(row_admin) and row_admin.has_view_permission(request, row)


class MovedView(RedirectView):
    """Leads from an earlier address of the desk to today's, with all that follows it."""

    permanent, query_string = True, True

    def get_redirect_url(self, **names):
        return reverse("admin:index") + super().get_redirect_url(**names)

    def post(self, request, *args, **names):
        """What someone has typed into a page that was opened before the upgrade goes along."""
        response = super().post(request, *args, **names)
        response.status_code = 308
        return response


def page_before(request):
    """The page of this site that a form was sent from."""
    address = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if is_ours else "admin:index"


@dataclass
class Task:
    """Something to do: its name, how many there are, the address of the list of just these, and a word on it."""

    name: str
    number: int
    address: str
    advice: str = ""


def tasks_of(user, changes):
    """What someone is to do about the changes of pages, the most urgent first, and what is under way without them."""
    own = {"author__id__exact": user.pk}
    lists = [
        (_("Returned to you"), {"state__exact": "returned", **own}, _("Read why, mend it, and send it again.")),
        (_("Your drafts"), {"state__exact": "open", **own}, _("Nobody else sees them. Finish them, then send them.")),
        (_("Sent by you, waiting for review"), {"state__exact": "review", **own}, ""),
        (_("Scheduled"), {"state__exact": "scheduled"}, ""),
    ]
    if decides(Situation(user)):
        advice = _("Look at what would change; then publish it, or return it.")
        lists.insert(0, (_("Waiting for your decision"), {"state__exact": "review"}, advice))
    numbers = changes.aggregate(
        **{f"n{place}": Count("pk", filter=Q(**query)) for place, (_name, query, _advice) in enumerate(lists)}
    )
    address = reverse("admin:publishing_change_changelist")
    tasks = [
        Task(name, numbers[f"n{place}"], f"{address}?{urlencode(query)}", advice)
        for place, (name, query, advice) in enumerate(lists)
    ]
    return tasks[:-2], tasks[-2:]
