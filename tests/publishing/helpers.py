"""Pages and steps of a change, as several files of this folder take them."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from learningcities.publishing.models import Change
from tests.forms import filled, form_at, form_of

#: A moment to come, and how it is typed.
DUE = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
TYPED = localtime(DUE).strftime("%Y-%m-%dT%H:%M")
BOARD = reverse("admin:publishing_translations_changelist")


def page_of(change):
    return reverse("admin:publishing_change_change", args=[change.pk])


def history_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])


def go_back(client, step, change):
    return client.post(history_of(change.item), {"step": step, "change": change.pk})


def write(row, **values):
    vars(row).update(values)
    row.save()
    return Change.objects.of(row).happened().first()


def draft_of(row):
    return {key: after for key, (_, after) in Change.objects.of(row).unfinished().get().patch.items()}


def autosave(client, row, data):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_autosave", args=[row.pk])
    response = client.post(address, data)
    return response.json() if response.status_code == 200 else response


def opened(client, row, **changes):
    return filled(form_at(client, form_of(row)), **changes)


def comments_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_comments", args=[row.pk])
