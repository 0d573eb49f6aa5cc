from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities import bounds
from learningcities.care.checker import Checker
from learningcities.care.issues import BROKEN, Issue
from learningcities.care.models import Link
from learningcities.desk.pill import pill
from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.version.content_version import ContentVersion, moment


class LinkStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("broken", _("broken")), ("failing", _("failed the last time")), ("untried", _("never looked at yet"))]

    def queryset(self, request, queryset):
        if self.value() == "broken":
            return queryset.failed()
        if self.value() == "failing":
            return queryset.filter(failing_since__isnull=False)
        return queryset.filter(checked_at=None) if self.value() == "untried" else queryset


@admin.register(Link)
class LinkAdmin(ListAdmin, ReadOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """The links to other sites, with what became of each; mended they are where they are written."""

    help_part = "keeping-pages-good"
    list_display = ["address", "state", "checked_at"]
    list_filter = [LinkStateFilter]
    search_fields = ["address"]

    #: What follows a link.
    checker = Checker

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def changelist_view(self, request, extra_context=None):
        subtitle = self.get_queryset(request).in_words()
        return super().changelist_view(request, {"subtitle": subtitle, **(extra_context or {})})

    @admin.display(description=_("state"), ordering="failing_since")
    def state(self, link):
        if link.checked_at is None:
            return pill("never", _("never looked at yet"))
        return pill("returned", link.get_reason_display()) if link.reason else pill("public", _("works"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ContentVersion.apply_due_and_read()
        link = self.get_object(request, unquote(object_id))
        if link is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        mentions = [
            (mention, Issue(BROKEN, mention).address(self.admin_site))
            for mention in link.mentions.select_related("content_type").prefetch_related("item")
            if mention.item and self.admin_site.may_see(request, mention.item)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Link to another site"),
            "opts": self.opts,
            "link": link,
            "checks": link.checks.all()[: bounds.LINK_CHECKS_LISTED],
            "mentions": mentions,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/care/link.html", context)

    def get_urls(self):
        return [self.step_path("<int:object_id>/check/", self.check_view, "check"), *super().get_urls()]

    def check_view(self, request, object_id):
        """Try one link now. It counts like any other try: a success mends it, a failure a day later breaks it."""
        if request.method != "POST":
            raise PermissionDenied
        link = get_object_or_404(self.get_queryset(request), pk=object_id)
        if link.checked_at and link.checked_at > moment() - bounds.LINK_CHECK_PAUSE:
            messages.info(request, _("This link has just been looked at. Look at it again in a few minutes."))
        else:
            outcome = self.checker().check(link.address)
            link.note(outcome.status, outcome.reason)
            if outcome.reason:
                messages.warning(request, _("The link doesn't work now: %s") % link.get_reason_display())
            else:
                messages.success(request, _("The link works."))
        return redirect(reverse("admin:care_link_change", args=[link.pk]))
