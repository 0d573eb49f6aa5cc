from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_steps")]

    operations = [migrations.RemoveField(model_name="change", name="comment")]
