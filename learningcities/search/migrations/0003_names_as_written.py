from django.db import migrations


def empty(apps, schema_editor):
    """An entry tells its texts apart and has names as they are written: after the migrations each is written anew."""
    apps.get_model("search", "Entry")._base_manager.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_more_spellings"),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
