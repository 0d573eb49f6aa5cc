from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "learningcities.reports"
    verbose_name = capfirst(_("reports of errors"))
