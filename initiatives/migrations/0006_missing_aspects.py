from django.db import migrations, models


class Migration(migrations.Migration):
    """The column stays, so that the release before still runs."""

    dependencies = [
        ("initiatives", "0005_initiative_lacks"),
        ("publishing", "0015_tidy_texts"),
    ]

    operations = [
        migrations.AlterField("initiative", "lacks", models.TextField(db_column="lacks", editable=False, null=True)),
        migrations.RenameField("initiative", "lacks", "missing_aspects"),
    ]
