from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as BaseAdminConfig
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog, set_language


class Site(AdminSite):
    site_title = site_header = _("Learning cities: editing")
    index_title = _("What would you like to edit?")
    index_template = "admin/desk.html"

    def get_urls(self):
        # The language cookie is the staff's own, and its path ends at the admin. Django's detour to a row's
        # page ("r/…") goes: it would lead an editor to any draft of any city.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [path("language/", set_language, name="set_language"), *urls]

    def i18n_javascript(self, request, extra_context=None):
        # All packages, so that our own catalogue can add the words they lack.
        return JavaScriptCatalog.as_view()(request)

    def index(self, request, extra_context=None):
        """What waits for this member of staff comes first."""
        from learningcities.operations.models import Letter
        from learningcities.publishing.models import Change
        from learningcities.reports.models import Report

        mine, changes = Q(author=request.user), Change.objects.seen_by(request.user).unfinished()
        waiting = changes.filter(mine | Q(state=Change.State.REVIEW)).select_related("author", "content_type")
        context = {
            "tasks": tasks(request.user, changes),
            "waiting": waiting.prefetch_related("item")[:20],
            "reports": Report.objects.edited_by(request.user).open().count(),
        }
        if request.user.is_coordinator:
            context["letters"] = Letter.objects.count()
        return super().index(request, context | (extra_context or {}))

    def form_address(self, row):
        """Where staff edit a row, or None."""
        return self.address(row, "change") if type(row) in self._registry else None

    def preview_address(self, row):
        """Where staff see the page of a row before visitors do, or None."""
        is_previewed = hasattr(self._registry.get(type(row)), "preview_view")
        return self.address(row, "preview") if is_previewed else None

    def address(self, row, step):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk])

    def may_see(self, request, row):
        row_admin = self._registry.get(type(row))
        return bool(row_admin) and row_admin.has_view_permission(request, row)


def tasks(user, changes):
    """What there is to do, each as its name, its number and the address of the list that has as many rows."""
    own = {"author__id__exact": user.pk}
    lists = [
        (_("Returned to you"), {"state__exact": "returned", **own}),
        (_("Your drafts"), {"state__exact": "open", **own}),
        (_("Sent by you, waiting for review"), {"state__exact": "review", **own}),
        (_("Scheduled"), {"state__exact": "scheduled"}),
    ]
    if user.is_coordinator:
        lists.insert(0, (_("Waiting for your decision"), {"state__exact": "review"}))
    numbers = changes.aggregate(
        **{f"n{place}": Count("pk", filter=Q(**asked)) for place, (_n, asked) in enumerate(lists)}
    )
    address = reverse("admin:publishing_change_changelist")
    return [
        (words, numbers[f"n{place}"], f"{address}?{urlencode(asked)}")
        for place, (words, asked) in enumerate(lists)
        if numbers[f"n{place}"]
    ]


class AdminConfig(BaseAdminConfig):
    default_site = "learningcities.admin.Site"
    default = False
