"""The letters to those who look after the pages that reports are about; no visitor waits for them."""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from learningcities import bounds
from learningcities.people.mail import write_to
from learningcities.people.models import User
from learningcities.publishing.version.content_version import moment

from .models import Report

logger = logging.getLogger(__name__)


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
    told = Report.objects.filter(told_at__gt=moment() - bounds.REPORTS_MAILED_WITHIN).count()
    alone = waiting[: max(0, bounds.REPORTS_MAILED_ALONE - told)]
    letters = [(readers_of(report), [report]) for report in alone]
    beyond = waiting[len(alone) :]
    if beyond and beyond[0].created_at <= moment() - bounds.REPORTS_MAILED_WITHIN:
        together = {}
        for report in beyond:
            together.setdefault(readers_of(report), []).append(report)
        letters += together.items()
    return sum(send(people, reports) for people, reports in letters)


def readers_of(report):
    """The item's keepers or, where none of them has an address, the coordinators."""
    coordinators = User.coordinators()
    responsible_staff = report.item.responsible_staff() if report.item else coordinators
    return reached(responsible_staff) or reached(coordinators)


def reached(people):
    return tuple(people.exclude(email="").order_by("pk"))


def send(people, reports):
    """Write one letter to each about reports that nobody else has claimed; about how many it is.

    A letter about one report is answered to its sender.
    """
    reports = [report for report in reports if report.claim()]
    if not people or not reports:
        return 0
    these = Report.objects.filter(pk__in=[report.pk for report in reports])
    try:
        senders = [reports[0].sender_email] if len(reports) == 1 and reports[0].sender_email else []
        if write_to(people, lambda: letter(reports), reply_to=senders):
            these.update(mailed_at=moment())
    except Exception:
        these.update(told_at=None)
        raise
    return len(reports)


def letter(reports):
    """Its subject and its body, in the language of whoever reads it."""
    if len(reports) == 1:
        subject = gettext("Error reported: %(title)s") % {"title": title_of(reports[0])}
        return subject, render_to_string("reports/mail.txt", {"report": reports[0], **words(reports[0])})
    subject = ngettext("%(count)d error reported", "%(count)d errors reported", len(reports))
    context = {"number": len(reports), "reports": [{"message": report.message, **words(report)} for report in reports]}
    return subject % {"count": len(reports)}, render_to_string("reports/mail_of_many.txt", context)


def title_of(report):
    return str(report.item or report.title)


def words(report):
    return {
        "title": title_of(report),
        "page": settings.SITE_ADDRESS + report.page,
        "form": settings.SITE_ADDRESS + reverse("admin:reports_report_change", args=[report.pk]),
    }
