from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_login")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="news_read",
            field=models.CharField(db_default="", default="", editable=False, max_length=16),
        ),
    ]
