from django.apps import AppConfig
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class LearningcitiesConfig(AppConfig):
    name = "learningcities"
    verbose_name = capfirst(_("learning cities"))
