"""What a browser would send from an admin form that nobody has touched."""

from contextlib import contextmanager
from unittest import mock

from django.contrib import admin
from django.db.models import Model


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
