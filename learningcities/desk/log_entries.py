"""Django's log of a row that is in no record of ours, such as an account, in the words of whoever reads it."""

import json

from django.utils.translation import gettext


class LogAdmin:
    """For a ModelAdmin. Django keeps the names of fields as forms write them, with a capital that no catalogue has."""

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            entry.change_message = in_known_words(entry.change_message)
        return response


def in_known_words(message):
    try:
        steps = json.loads(message)
    except json.JSONDecodeError:
        return message
    for step in steps:
        if fields := step.get("changed", {}).get("fields"):
            step["changed"]["fields"] = [known(name) for name in fields]
    return json.dumps(steps)


def known(name):
    """The name of a field as catalogues have it."""
    plain = name[:1].lower() + name[1:]
    return plain if gettext(name) == name and gettext(plain) != plain else name
