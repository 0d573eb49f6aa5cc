"""What a migration that renames something has to rename with it."""

from django.db import migrations

ACTIONS = ("add", "change", "delete", "view")


def rename_permissions(app_label, old, new):
    """The permissions of a renamed model, granted ones too: Django renames its content type and leaves these."""

    def rename(old, new):
        def step(apps, schema_editor):
            permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
            for action in ACTIONS:
                there = permissions.filter(content_type__app_label=app_label, codename=f"{action}_{old}")
                there.update(codename=f"{action}_{new}")

        return step

    return migrations.RunPython(rename(old, new), rename(new, old))
