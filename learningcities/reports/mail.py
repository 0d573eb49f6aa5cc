"""The message to those who look after the page that a report is about."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from learningcities.people.models import User
from learningcities.publishing.clock import moment

from .models import Report


def recipients(report):
    """The item's keepers or, where none of them has an address, the coordinators."""
    coordinators = User.coordinators()
    keepers = report.item.keepers() if report.item else coordinators
    return addresses(keepers) or addresses(coordinators)


def addresses(people):
    return list(people.exclude(email="").order_by("pk").values_list("email", flat=True))


def send(report, root):
    """Write to the recipients in the site's first language; `root` is the address of the site."""
    to = recipients(report)
    if not to:
        return
    with override(settings.LANGUAGE_CODE):
        title = str(report.item or report.title)
        subject = gettext("Error reported: %(title)s") % {"title": title}
        context = {
            "report": report,
            "title": title,
            "page": root + report.page,
            "form": root + reverse("admin:reports_report_change", args=[report.pk]),
        }
        body = render_to_string("reports/mail.txt", context)
    reply_to = [report.sender_email] if report.sender_email else []
    if EmailMessage(" ".join(subject.split()), body, to=to, reply_to=reply_to).send():
        Report.objects.filter(pk=report.pk).update(mailed_at=moment())
