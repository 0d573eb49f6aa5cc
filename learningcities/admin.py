from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as BaseAdminConfig
from django.utils.translation import gettext_lazy as _


class Site(AdminSite):
    site_title = site_header = _("Learning Cities")
    index_title = _("Editing")
    enable_nav_sidebar = True


class AdminConfig(BaseAdminConfig):
    default_site = "learningcities.admin.Site"
    default = False
