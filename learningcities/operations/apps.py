from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "learningcities.operations"
    verbose_name = capfirst(_("operations"))
