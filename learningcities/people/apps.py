from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "learningcities.people"
    verbose_name = capfirst(_("people"))

    def ready(self):
        from . import signals  # noqa: F401
