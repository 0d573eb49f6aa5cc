from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "learningcities.search"
    verbose_name = capfirst(_("search"))

    def ready(self):
        from .signals import prepare

        # Sent once the migrations of all apps are done, so that the rows they brought are found as well.
        post_migrate.connect(prepare, sender=self, dispatch_uid="search")
