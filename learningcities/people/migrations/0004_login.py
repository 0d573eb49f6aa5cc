"""Attempts at a login, the security log, and user names that differ in more than capitals."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def mark_doubles(apps, schema_editor):
    """Of names that differ only in capitals, the oldest account's stays; the others are told to the operator."""
    User = apps.get_model("people", "User")
    known = set()
    for person in User.objects.order_by("pk").only("pk", "username").iterator():
        name = person.username.lower()
        if name in known:
            User.objects.filter(pk=person.pk).update(is_double=True)
        known.add(name)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("people", "0003_counters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="time")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("login", "logged in"),
                            ("new_browser", "logged in with a new browser"),
                            ("wrong_password", "wrong password"),
                            ("wrong_code", "wrong code"),
                            ("too_many", "too many attempts"),
                            ("password", "password changed"),
                            ("reset", "link to a new password asked for"),
                            ("factor_added", "second factor added"),
                            ("factor_removed", "second factor taken away"),
                            ("recovery_code", "recovery code used"),
                            ("invited", "invited"),
                            ("revoked", "invitation revoked"),
                            ("accepted", "invitation accepted"),
                            ("account", "account changed"),
                            ("deleted", "account deleted"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="user name")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("browser", models.CharField(blank=True, max_length=200, verbose_name="browser")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
            ],
            options={
                "verbose_name": "entry of the security log",
                "verbose_name_plural": "security log",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="is_double",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="The user name differs from an older account's only in capitals, from before that was refused.",
            ),
        ),
        migrations.RunPython(mark_doubles, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                condition=models.Q(("is_double", False)),
                name="user_name_once",
                violation_error_message="Someone of the staff has this user name already.",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["key", "at"], name="attempt_by_key"),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
    ]
