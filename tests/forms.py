"""What a browser would send from an admin form that nobody has touched."""

from contextlib import contextmanager
from unittest import mock

from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City


@contextmanager
def unwritten():
    """Views decide what to show, but no page is written out of it, which takes most of the time."""
    listed = admin.site.get_app_list
    beside = mock.patch.object(
        admin.site, "get_app_list", lambda request, app=None: listed(request, app) if app else []
    )
    with mock.patch("django.template.backends.django.Template.render", return_value=""), beside:
        yield


def form_at(client, address):
    """An answer with a form, to be filled and not to be read."""
    with unwritten():
        return client.get(address)


def filled(response, **changes):
    """The data of the form in an admin response, with some fields changed."""
    shown = response.context_data
    forms = [shown["adminform"].form]
    for inline in shown["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and not hasattr(value, "url"):
                data[bound.html_name] = plain(value)
    return {"seen": shown.get("seen", ""), "form_id": shown.get("form_id", "")} | data | changes


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.pk if isinstance(value, Model) else value


def added_row(prefix, index, **fields):
    """The data of a row that is added to an inline form."""
    return {f"{prefix}-TOTAL_FORMS": index + 1, **{f"{prefix}-{index}-{name}": value for name, value in fields.items()}}


def edit(client, item, changes, button="_save", **extra):
    """The answer to the form of an item, sent with these changes by this button, as a browser would.

    The keys are those of a patch: "summary_fr", "figures:<uuid>:value". A row of any other name is added:
    "figures:new:value". None leaves a field out, as a box without its tick. `extra` are further fields of the form.
    """
    address = reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])
    response = form_at(client, address)
    formsets = {inline.formset.prefix: inline.formset for inline in response.context_data["inline_admin_formsets"]}
    data = filled(response)
    added = {}
    for key, value in changes.items():
        name = field_name(key, formsets, added) if ":" in key else key
        data.pop(name, None)
        if value is not None:
            data[name] = plain(value)
    for prefix, _row in added:
        data[f"{prefix}-TOTAL_FORMS"] = len(formsets[prefix].forms) + sum(other == prefix for other, _ in added)
    return client.post(address, data | {button: "1"} | extra)


def field_name(key, formsets, added):
    """What a text of a row is called in its form; `added` counts the rows that are new."""
    prefix, row, name = key.split(":")
    for form in formsets[prefix].forms:
        if str(form.instance.pk) == row and not form.instance._state.adding:
            return f"{form.prefix}-{name}"
    index = added.setdefault((prefix, row), len(formsets[prefix].forms) + sum(other == prefix for other, _ in added))
    return f"{prefix}-{index}-{name}"


def form_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def save(client, row, **changes):
    """By the button that is named or, without one, by the one that saves: a coordinator's publishes."""
    address = form_of(row)
    button = {} if any(name.startswith("_") for name in changes) else {"_save": "1"}
    return client.post(address, filled(form_at(client, address), **changes, **button))


def send(client, row, **changes):
    return save(client, row, _send="1", **changes)


def live(city):
    return City.objects.get(pk=city.pk)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)
