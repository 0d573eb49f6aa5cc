from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = capfirst(_("initiatives and themes"))

    def ready(self):
        from . import filters, issues  # noqa: F401
