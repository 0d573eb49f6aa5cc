from django.db import migrations


def forget(apps, schema_editor):
    """A cover's description is asked for in other languages than before: after each migration it is measured anew."""
    apps.get_model("initiatives", "Initiative").objects.update(missing_aspects=None)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0006_missing_aspects")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
