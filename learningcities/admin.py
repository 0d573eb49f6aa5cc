from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as BaseAdminConfig
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
        from learningcities.publishing.models import Change
        from learningcities.reports.models import Report

        waiting = Change.objects.waiting().select_related("author", "content_type").prefetch_related("item")
        if not request.user.has_perm("publishing.decide_change"):
            waiting = waiting.filter(author=request.user)
        reports = Report.objects.edited_by(request.user).open().count()
        return super().index(request, {"waiting": waiting[:20], "reports": reports, **(extra_context or {})})

    def form_address(self, row):
        """Where staff edit a row, or None."""
        if type(row) not in self._registry:
            return None
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def may_see(self, request, row):
        row_admin = self._registry.get(type(row))
        return bool(row_admin) and row_admin.has_view_permission(request, row)


class AdminConfig(BaseAdminConfig):
    default_site = "learningcities.admin.Site"
    default = False
