"""Actions on the rows of a list: each row by itself, then what was done, what was not, and why."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)


def each(request, rows, act, done):
    """Do something to each of the chosen rows; `done` says with how many it was done."""
    rows = list(rows)
    refused = [(row, reason) for row in rows if (reason := refusal(row, act))]
    number = len(rows) - len(refused)
    if number:
        messages.success(request, done(number))
    if refused:
        text = ngettext("%(count)d row stays as it was:", "%(count)d rows stay as they were:", len(refused))
        listed = format_html_join("", "<li><bdi>{}</bdi>: {}</li>", refused)
        messages.warning(request, format_html("{}<ul>{}</ul>", text % {"count": len(refused)}, listed))
    gone = (
        0
        if request.POST.get("select_across") == "1"
        else len(set(request.POST.getlist("_selected_action"))) - len(rows)
    )
    if gone > 0:
        text = ngettext(
            "%(count)d chosen row is not in this list any more: it stays as it is.",
            "%(count)d chosen rows are not in this list any more: they stay as they are.",
            gone,
        )
        messages.warning(request, text % {"count": gone})


def refusal(row, act):
    """Why it could not be done, or nothing; a row that fails leaves nothing half done."""
    try:
        with transaction.atomic():
            act(row)
    except ValidationError as error:
        return " ".join(map(str, error.messages))
    except PermissionDenied as error:
        return str(error) or _("This is not for you to do.")
    except DatabaseError:
        logger.exception("An action on %r failed", row)
        return _("It could not be written. Please try again.")
    return ""
