from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "learningcities.search"
    verbose_name = _("search")

    def ready(self):
        from .database import prepare

        # Without a sender: rows that come with a migration of any app are found as well.
        post_migrate.connect(prepare, dispatch_uid="search")
