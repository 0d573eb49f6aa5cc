from django.db import migrations, models


class Migration(migrations.Migration):
    """The column stays, so that the release before still runs."""

    dependencies = [
        ("cities", "0009_documents_looked_at"),
        ("publishing", "0015_tidy_texts"),
    ]

    operations = [
        migrations.AlterField("city", "lacks", models.TextField(db_column="lacks", editable=False, null=True)),
        migrations.RenameField("city", "lacks", "missing_aspects"),
    ]
