from django.db import migrations

from learningcities.publishing.upgrades.stored_texts import tidy_stored


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0007_city_lacks"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("initiatives", "0005_initiative_lacks"),
        ("pages", "0003_dataset_texts"),
        ("publishing", "0014_sequence"),
    ]

    operations = [
        migrations.RunPython(tidy_stored, migrations.RunPython.noop),
    ]
