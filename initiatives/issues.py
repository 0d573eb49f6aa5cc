"""What may be wrong with what is said of an initiative."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from cities.issues import OUTDATED, UNSOURCED
from learningcities.care.issues import INCOMPLETE, IssueType, declare
from learningcities.text.dates import display

from .models import Initiative, InitiativeFigure


def when_checked(initiative):
    if initiative.checked_on is None:
        return _("never checked")
    return _("last checked on %(date)s") % {"date": date_format(initiative.checked_on)}


OVERDUE = IssueType(
    30,
    "overdue",
    gettext_lazy("initiatives that have ended, still “under way” or “in place”"),
    gettext_lazy("Say that it is completed, and what came of it; or correct its end."),
    describe=lambda initiative: _("ended: %(date)s") % {"date": display(initiative.end)},
    counted=ngettext_lazy(
        "%(count)d initiative has ended and is still “under way” or “in place”",
        "%(count)d initiatives have ended and are still “under way” or “in place”",
        "count",
    ),
    verb=gettext_lazy("Say what came of it"),
    anchor=lambda initiative: "id_status",
)
UNCHECKED = IssueType(
    60,
    "unchecked",
    gettext_lazy("initiatives not checked for a year"),
    gettext_lazy("Read the page. If all of it is still true, say that you have checked it."),
    describe=when_checked,
    counted=ngettext_lazy(
        "%(count)d initiative that nobody has read again for a year",
        "%(count)d initiatives that nobody has read again for a year",
        "count",
    ),
    verb=gettext_lazy("Read again"),
    anchor=lambda initiative: "id_checked_on",
    step="checked",
)

declare(OVERDUE, Initiative.objects.overdue)
declare(UNSOURCED, InitiativeFigure.objects.unsourced)
declare(UNCHECKED, Initiative.objects.unchecked)
declare(OUTDATED, InitiativeFigure.objects.outdated)
declare(INCOMPLETE, Initiative.objects.incomplete)
