"""Which rules of the site's time zone count, and what was scheduled while the system's older ones did."""

import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_naive
from django.utils.translation import gettext, override

from learningcities.people.models import User
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment

from .models import ShiftedMoment

#: What is scheduled, in whichever kind of row.
SCHEDULED = ("due_at", "public_from", "public_until")


def system_zone():
    """The site's time zone as the system's own data has it; None where it has none."""
    for folder in settings.SYSTEM_TZPATH:
        try:
            with (Path(folder) / settings.TIME_ZONE).open("rb") as file:
                return ZoneInfo.from_file(file, settings.TIME_ZONE)
        except (OSError, ValueError):
            continue
    return None


def note_shifted(apps):
    """Keep, once, what was scheduled by rules that say another hour; `apps` are the models of a migration."""
    if (zone := system_zone()) is None:
        return
    kinds, moments = (apps.get_model(name) for name in ("contenttypes.ContentType", "operations.ShiftedMoment"))
    for model in apps.get_models():
        fields = {field.name for field in model._meta.fields}
        for name in set(SCHEDULED) & fields:
            if name == "due_at" and "state" not in fields:
                # A batch: each of its changes has the same moment, and people of its own.
                continue
            rows = model._base_manager.filter(**{f"{name}__gt": moment()})
            if name == "due_at":
                rows = rows.filter(state="scheduled")
            for key, at in rows.values_list("pk", name):
                before = make_naive(at, zone)
                if before != make_naive(at):
                    kind, _made = kinds.objects.get_or_create(
                        app_label=model._meta.app_label, model=model._meta.model_name
                    )
                    moments.objects.create(
                        content_type=kind, object_id=key, field=name, at=at, before=f"{before:%F %R}"
                    )


def tell_schedulers(rows):
    """Write once to those who scheduled each of these moments what it is called now; of how many they were told."""
    lines = {}
    for row in rows:
        if row.is_scheduled and ShiftedMoment.objects.filter(pk=row.pk, told_at=None).update(told_at=moment()):
            for person in schedulers(row):
                lines.setdefault(person, []).append(row)
    for person, moments in lines.items():
        write(person, moments)
    return len({row.pk for moments in lines.values() for row in moments})


def schedulers(row):
    """Author and approver of what is scheduled or, where none of them can be written to, the coordinators."""
    change = row.item
    if not isinstance(change, Change):
        change = Change.objects.of(row.item).happened().filter(patch__has_key=row.field).first()
    keys = [change.author_id, change.decided_by_id] if change else []
    people = User.objects.filter(pk__in=keys, is_active=True, is_staff=True).exclude(email="")
    return people or User.coordinators().exclude(email="")


def write(person, moments):
    with override(person.language):
        lines = [
            {
                "title": str(row.item),
                "before": date_format(datetime.fromisoformat(row.before), "DATETIME_FORMAT"),
                "now": date_format(localtime(row.at), "DATETIME_FORMAT"),
                "address": settings.SITE_ADDRESS + (admin.site.form_address(row.item) or ""),
            }
            for row in moments
        ]
        subject = gettext("The clocks have changed: look at what you have scheduled")
        body = render_to_string("operations/shifted_moments.txt", {"person": person, "lines": lines})
    transaction.on_commit(EmailMessage(subject, body, to=[person.email]).send, robust=True)


def data_date():
    """About when the pinned data was made: when the oldest part of it that is renewed twice a year last was."""
    text = resources.files("tzdata").joinpath("zoneinfo/leapseconds").read_text()
    date = re.search(r"^#updated\s+(\d+)", text, re.MULTILINE)
    return datetime.fromtimestamp(int(date[1]), UTC)
