import django.db.models.deletion
from django.db import migrations, models


def note_shifted(apps, schema_editor):
    from learningcities.operations.time_zone import note_shifted

    note_shifted(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("operations", "0001_initial"),
        # Whatever has dates of its publication, or is scheduled.
        ("cities", "0007_city_lacks"),
        ("initiatives", "0005_initiative_lacks"),
        ("pages", "0003_dataset_texts"),
        ("publishing", "0012_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftedMoment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                ("field", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("before", models.CharField(max_length=16)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={"ordering": ["at", "id"]},
        ),
        migrations.RunPython(note_shifted, migrations.RunPython.noop),
    ]
