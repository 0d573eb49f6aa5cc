import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import learningcities.publishing.version.content_version


def keep_comments(apps, schema_editor):
    """The one word that a change had came with its last step."""
    Change, Step = apps.get_model("publishing", "Change"), apps.get_model("publishing", "Step")
    Step.objects.bulk_create(
        Step(
            change=change,
            state=change.state,
            by_id=change.decided_by_id or change.author_id,
            at=change.decided_at or change.created_at,
            comment=change.comment,
        )
        for change in Change.objects.exclude(comment="").order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_handed_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "draft"),
                            ("review", "waits for review"),
                            ("returned", "returned to its author"),
                            ("scheduled", "scheduled"),
                            ("applied", "applied"),
                            ("discarded", "discarded"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=learningcities.publishing.version.content_version.moment)),
                ("comment", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="trail", to="publishing.change"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(keep_comments, migrations.RunPython.noop),
    ]
