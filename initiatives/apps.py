from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("initiatives and themes")

    def ready(self):
        from . import filters, issues  # noqa: F401
