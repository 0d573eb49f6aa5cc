"""Models get the names that everyone knows; their tables and columns stay, so that the release before still runs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from learningcities.publishing.upgrades.renaming import rename_permissions

RENAMED = {"Clock": "ContentVersion", "Hold": "PageLock", "Remark": "Comment"}


def renamed(old, new):
    yield migrations.AlterModelTable(old, f"publishing_{old.lower()}")
    yield migrations.RenameModel(old, new)
    yield rename_permissions("publishing", old.lower(), new.lower())


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0015_tidy_texts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(step for old, new in RENAMED.items() for step in renamed(old, new)),
        migrations.RemoveConstraint("comment", "remark_settled_has_its_date"),
        migrations.AlterField(
            "comment",
            "settled_at",
            models.DateTimeField(db_column="settled_at", db_index=True, null=True, verbose_name="settled on"),
        ),
        migrations.RenameField("comment", "settled_at", "resolved_at"),
        migrations.AlterField(
            "comment",
            "settled_by",
            models.ForeignKey(
                db_column="settled_by_id",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="settled by",
            ),
        ),
        migrations.RenameField("comment", "settled_by", "resolved_by"),
        migrations.AddConstraint(
            "comment",
            models.CheckConstraint(
                condition=models.Q(("resolved_by", None), ("resolved_at__isnull", False), _connector="OR"),
                name="remark_settled_has_its_date",
            ),
        ),
    ]
