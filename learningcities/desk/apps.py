from django.apps import AppConfig
from django.contrib.admin import apps
from django.contrib.admin.widgets import AutocompleteMixin
from django.utils.translation import gettext_lazy as _

from learningcities.web.primary_keys import is_possible


class DeskConfig(AppConfig):
    name = "learningcities.desk"
    verbose_name = _("Your desk")


class AdminConfig(apps.AdminConfig):
    default_site = "learningcities.desk.site.DeskSite"
    default = False

    def ready(self):
        super().ready()
        AutocompleteMixin.optgroups = with_possible_keys(AutocompleteMixin.optgroups)


def with_possible_keys(optgroups):
    """Django's autocomplete asks the database for whatever a refused form said, and breaks on what can't be a key."""

    def of_possible_keys(self, name, value, attr=None):
        remote = self.field.remote_field
        key = remote.model._meta.get_field(getattr(remote, "field_name", None) or remote.model._meta.pk.name)
        return optgroups(self, name, [choice for choice in value if is_possible(key, choice)], attr)

    return of_possible_keys
