from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "learningcities.publishing"
    verbose_name = capfirst(_("publishing"))

    def ready(self):
        from .items import m2m_signals  # noqa: F401
        from .items.item import item_kinds
        from .translation.status import know_translations
        from .workflow.comment import delete_with_item

        # Of each model by itself: with a receiver for all of them, Django would read every row that it deletes.
        for model in item_kinds():
            pre_delete.connect(delete_with_item, sender=model, dispatch_uid="comments")
        # Once the migrations of all apps are done: rows that they brought, or that are older than this table.
        post_migrate.connect(know_translations, sender=self, dispatch_uid="translations")
