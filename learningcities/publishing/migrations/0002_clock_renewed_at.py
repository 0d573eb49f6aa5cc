from django.db import migrations, models

import learningcities.publishing.version.content_version


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="renewed_at",
            field=models.DateTimeField(default=learningcities.publishing.version.content_version.moment),
        ),
    ]
