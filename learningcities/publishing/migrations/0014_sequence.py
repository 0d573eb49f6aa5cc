from django.db import migrations, models
from django.db.models.functions import Coalesce


def number(apps, schema_editor):
    """What has happened so far, in its order."""
    change = apps.get_model("publishing", "Change")
    happened = change.objects.using(schema_editor.connection.alias).filter(state="applied")
    keys = happened.order_by(Coalesce("decided_at", "created_at"), "id").values_list("id", flat=True)
    pairs = list(enumerate(keys, start=1))
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany("UPDATE publishing_change SET sequence = %s WHERE id = %s", pairs)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0013_hashed_links")]

    operations = [
        migrations.AddField("change", "sequence", models.BigIntegerField(editable=False, null=True, unique=True)),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
