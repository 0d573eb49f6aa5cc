from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "learningcities.publishing"
    verbose_name = capfirst(_("publishing"))

    def ready(self):
        from learningcities.publishing.translation.status import know_translations

        from .items import m2m_signals  # noqa: F401

        # Once the migrations of all apps are done: rows that they brought, or that are older than this table.
        post_migrate.connect(know_translations, sender=self, dispatch_uid="translations")
