"""The table in which all workers count failed logins."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", "counters", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS counters")


class Migration(migrations.Migration):
    dependencies = [("people", "0002_invitations")]

    operations = [migrations.RunPython(create, drop)]
