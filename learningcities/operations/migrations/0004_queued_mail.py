from django.db import migrations

from learningcities.publishing.upgrades.renaming import rename_permissions


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0003_claims_of_letters"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelTable("Letter", "operations_letter"),
        migrations.RenameModel("Letter", "QueuedMail"),
        rename_permissions("operations", "letter", "queuedmail"),
    ]
