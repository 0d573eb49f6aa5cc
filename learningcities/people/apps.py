from django.apps import AppConfig
from django.core.cache import caches
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "learningcities.people"
    verbose_name = _("people")

    def ready(self):
        """Failed logins are counted where all workers see them, whatever the site's cache is."""
        from allauth.core.internal import ratelimit

        ratelimit.cache = caches["counters"]
