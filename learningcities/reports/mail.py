"""The letters to those who look after the pages that reports are about; no visitor waits for them."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from learningcities.people.models import User
from learningcities.publishing.clock import moment

from .models import Report

logger = logging.getLogger(__name__)

#: How many reports are told one by one in this time; those beyond wait for its end, and come in one letter.
ONE_BY_ONE, WITHIN = 5, timedelta(hours=1)

background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reports")


def send_soon():
    background.submit(in_background)


def in_background():
    try:
        send_waiting()
    except Exception:
        logger.exception("Reports could not be mailed")
    finally:
        connection.close()


def send_waiting(reports=None):
    """Write about the reports that nobody was written about yet; how many they were."""
    waiting = list(Report.objects.untold())
    told = Report.objects.filter(told_at__gt=moment() - WITHIN).count()
    alone = waiting[: max(0, ONE_BY_ONE - told)]
    letters = [(addresses_for(report), [report]) for report in alone]
    beyond = waiting[len(alone) :]
    if beyond and beyond[0].created_at <= moment() - WITHIN:
        together = {}
        for report in beyond:
            together.setdefault(tuple(addresses_for(report)), []).append(report)
        letters += together.items()
    return sum(send(to, reports) for to, reports in letters)


def addresses_for(report):
    """The item's keepers or, where none of them has an address, the coordinators."""
    coordinators = User.coordinators()
    keepers = report.item.keepers() if report.item else coordinators
    return addresses(keepers) or addresses(coordinators)


def addresses(people):
    return list(people.exclude(email="").order_by("pk").values_list("email", flat=True))


def send(to, reports):
    """Write one letter about reports that nobody else has claimed; about how many it is."""
    reports = [report for report in reports if report.claim()]
    if not to or not reports:
        return 0
    these = Report.objects.filter(pk__in=[report.pk for report in reports])
    try:
        if letter(to, reports).send():
            these.update(mailed_at=moment())
    except Exception:
        these.update(told_at=None)
        raise
    return len(reports)


def letter(to, reports):
    """In the site's first language; a letter about one report is answered to its sender."""
    with override(settings.LANGUAGE_CODE):
        if len(reports) == 1:
            [report] = reports
            subject = gettext("Error reported: %(title)s") % {"title": title_of(report)}
            body = render_to_string("reports/mail.txt", {"report": report, **words(report)})
            reply_to = [report.sender_email] if report.sender_email else []
        else:
            subject = ngettext("%(count)d error reported", "%(count)d errors reported", len(reports))
            subject %= {"count": len(reports)}
            context = {"number": len(reports), "reports": [{"message": one.message, **words(one)} for one in reports]}
            body, reply_to = render_to_string("reports/mail_of_many.txt", context), []
    return EmailMessage(" ".join(subject.split()), body, to=list(to), reply_to=reply_to)


def title_of(report):
    return str(report.item or report.title)


def words(report):
    return {
        "title": title_of(report),
        "page": settings.SITE_ADDRESS + report.page,
        "form": settings.SITE_ADDRESS + reverse("admin:reports_report_change", args=[report.pk]),
    }
