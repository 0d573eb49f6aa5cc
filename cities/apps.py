from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = capfirst(_("cities and places"))

    def ready(self):
        from . import editors, issues  # noqa: F401
