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
        return self.address(row, "change") if type(row) in self._registry else None

    def preview_address(self, row):
        """Where staff see the page of a row before visitors do, or None."""
        is_previewed = hasattr(self._registry.get(type(row)), "preview_view")
        return self.address(row, "preview") if is_previewed else None

    def address(self, row, step):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk])


class AdminConfig(BaseAdminConfig):
    default_site = "learningcities.admin.Site"
    default = False
