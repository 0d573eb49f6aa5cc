"""What a browser would send from an admin form that nobody has touched."""

from django.db.models import Model


def filled(response, **changes):
    """The data of the form in an admin response, with some fields changed."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and not hasattr(value, "url"):
                data[bound.html_name] = plain(value)
    return {"seen": response.context.get("seen", ""), "form_id": response.context.get("form_id", "")} | data | changes


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.pk if isinstance(value, Model) else value


def added_row(prefix, index, **fields):
    """The data of a row that is added to an inline form."""
    return {f"{prefix}-TOTAL_FORMS": index + 1, **{f"{prefix}-{index}-{name}": value for name, value in fields.items()}}
