from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "learningcities.care"
    verbose_name = capfirst(_("care"))

    def ready(self):
        from . import signals  # noqa: F401
        from .completeness import measure_missing

        # Rows that an upgrade or a bulk write has left unmeasured.
        post_migrate.connect(measure_missing, sender=self, dispatch_uid="care")
