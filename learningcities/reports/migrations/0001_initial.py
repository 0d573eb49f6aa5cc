import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import learningcities.publishing.version.content_version


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=300, verbose_name="address of the page")),
                (
                    "title",
                    models.CharField(
                        help_text="As it was called when the report was sent.", max_length=200, verbose_name="page"
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("message", models.TextField(max_length=4000, verbose_name="message")),
                ("sender_name", models.CharField(blank=True, max_length=120, verbose_name="name of the sender")),
                ("sender_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail of the sender")),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_index=True,
                        default=learningcities.publishing.version.content_version.moment,
                        verbose_name="sent on",
                    ),
                ),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed on")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "new"), ("done", "done")], default="new", max_length=10, verbose_name="state"
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="done on")),
                (
                    "answer",
                    models.TextField(
                        blank=True,
                        help_text="What was mended, or why nothing had to be.",
                        verbose_name="note for colleagues",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of an error",
                "verbose_name_plural": "reports of errors",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["content_type", "object_id"], name="report_of_item")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("page__startswith", "/"), models.Q(("page__startswith", "//"), _negated=True)
                        ),
                        name="report_page_is_of_this_site",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "new")),
                            models.Q(("closed_at__isnull", False), ("state", "done")),
                            _connector="OR",
                        ),
                        name="report_done_has_its_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "new"), models.Q(("sender_email", ""), ("sender_name", "")), _connector="OR"
                        ),
                        name="report_done_forgets_its_sender",
                    ),
                ],
            },
        ),
    ]
