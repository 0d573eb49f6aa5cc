"""What a browser would send from an admin form that nobody has touched."""

from contextlib import contextmanager
from unittest import mock
from uuid import UUID, uuid4

from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City
from learningcities.desk.section import section_of
from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_key import PatchKey


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


def edit(client, item, changes, button="_save", **extra):
    """The last answer, once the small forms of an item were sent with these changes, as a browser would.

    The keys are those of a patch: "summary_fr", "figures:<uuid>:value", "figures:<uuid>:DELETE". A row of any other
    name is added: "figures:new:value". None leaves a field out, as a box without its tick. `button` is what is pressed
    then: "_draft" saves only, "_send" sends for review, "_schedule" waits for `due`, "_preview" looks; "_save" is what
    someone does who has finished: a coordinator publishes. `extra` goes along with it.
    """
    response = None
    for key, words in by_form(item, changes).items():
        response = send_section(client, item, key, words)
        if response.status_code != 302 or key[0] == "beside":
            return response
    return press(client, item, button, response, **extra)


def page_of(item, step, *names):
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{step}", args=[item.pk, *names])


def by_form(item, changes):
    """The changes, form by form: {(section, key of the row): {field: value}}."""
    forms, added, model = {}, {}, type(item)
    for text, value in changes.items():
        key = PatchKey.parse(text)
        if key.part and not is_uuid(key.uuid):
            key = key._replace(uuid=added.setdefault((key.part, key.uuid), str(uuid4())))
        section = section_of(admin.site._registry[model].sections, key, model)
        name = section.name if section else "beside"
        forms.setdefault((name, key.row and PatchKey.parse(key.row)), {})[key.field] = value
    return forms


def is_uuid(text):
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False


def section_at(client, item, name, key=None):
    """The form of a section or of a row of it: (address, the data that a browser would send untouched)."""
    address = page_of(item, "row", name, key.uuid) if key else page_of(item, "section", name)
    response = form_at(client, address)
    return address, data_of(response)


def data_of(response):
    """What a browser would send of the small form in an answer."""
    shown = response.context_data
    data = {"seen": shown.get("seen", ""), "form_id": shown.get("form_id", "")}
    for bound in shown["form"] or ():
        value = bound.value()
        if bound.field.show_hidden_initial:
            value = bound.field.hidden_widget().format_value(value) or ""
            data[bound.html_initial_name] = value
        if value is not None and value is not False and not hasattr(value, "url"):
            data[bound.html_name] = plain(value)
    return data


def send_section(client, item, form, words):
    name, key = form
    if name == "beside":
        return client.post(page_of(item, "beside"), {field: plain(value) for field, value in words.items()})
    if "DELETE" in words:
        return client.post(page_of(item, "section", name), {"remove": key.uuid})
    address, data = section_at(client, item, name, key)
    for field, value in words.items():
        data.pop(field, None)
        if value is not None:
            data[field] = plain(value)
    return client.post(address, data)


def press(client, item, button, response, **extra):
    """What someone does with an item once its words are saved."""
    if not isinstance(item, Item):
        return response
    if button == "_preview":
        return client.post(page_of(item, "preview"))
    panel = form_at(client, page_of(item, "send"))
    if button in ("_send", "_ask", "_publish", "_schedule") or (button == "_save" and panel.context_data["publishes"]):
        when = {"when": "from"} if "due" in extra else {"when": "now"}
        return client.post(page_of(item, "send"), data_of(panel) | when | extra)
    return response


def form_of(row):
    return page_of(row, "change")


def live(city):
    return City.objects.get(pk=city.pk)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)
