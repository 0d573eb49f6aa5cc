"""What is said to a program about wrong values: it gets no answer, so that nothing is left out of one."""

from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

UNKNOWN = _("“%(value)s” is not a choice we know for “%(label)s”.")
ONE_OF = format_lazy("{} {}", UNKNOWN, _("Known values: %(values)s."))
LISTED = format_lazy("{} {}", UNKNOWN, _("All values are listed at %(address)s"))


NO_PARAMETER = _("“%(name)s” is not a parameter here. Known parameters: %(names)s.")


def unknown(parameters, known):
    """{name: [ValidationError]} of the first parameters that an address has and nobody knows."""
    names = [name for name in parameters if name not in known][:5]
    return {
        name[:40]: [ValidationError(NO_PARAMETER, "unknown", {"name": name[:40], "names": ", ".join(known)})]
        for name in names
    }


def refusals(filterset, root):
    """{parameter: [ValidationError]}, to be said in the language of whoever asks; `root` is the address of the site."""
    return {
        name: [worded(filterset.filters[name], error, root) for error in errors]
        for name, errors in filterset.errors.as_data().items()
    }


def worded(query_filter, error, root):
    """A filter's error, with what would be right instead of what a page does without the value."""
    if error.code == "unknown":
        address = format_lazy("{}{}#parameters", root, reverse_lazy("api-docs"))
        return ValidationError(LISTED, error.code, error.params | {"address": address})
    if error.code == "invalid_choice":
        return none_of(
            error.params["value"], query_filter.label, [value for value, _label in query_filter.field.choices if value]
        )
    return error


def none_of(value, label, values):
    params = {"value": value[:40], "label": label, "values": ", ".join(values)}
    return ValidationError(ONE_OF, "unknown", params)
