"""What is no longer needed goes, after the times that docs/operating.md names; what failed is tried again."""

import logging
import threading
from collections.abc import Callable
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils import timezone

from learningcities import bounds
from learningcities.people import factors
from learningcities.people.models import Attempt, AuditEntry
from learningcities.publishing.items.item import item_kinds
from learningcities.publishing.models import Change, Comment, PageLock, Preview, RemovedRow
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.reports import mail as reports_mail
from learningcities.reports.models import Quota, Report

from . import outbox
from .models import QueuedMail, ShiftedMoment
from .time_zone import tell_schedulers
from .unused_files import inspect_items, uninspected_items, unneeded_files, unneeded_still

logger = logging.getLogger(__name__)


class Chore(NamedTuple):
    """`find` names what is due, `do` deals with it and says with how many."""

    name: str
    find: Callable
    do: Callable


def tidy(dry_run=False):
    """Do everything that is due; {name of the chore: how many}. One that fails doesn't keep back the others."""
    done = {}
    for chore in CHORES:
        try:
            rows = chore.find()
            done[chore.name] = len(rows) if dry_run else chore.do(rows)
        except Exception:
            logger.exception("Could not tidy: %s", chore.name)
    return done


def expired_items():
    """Those of later apps first, because they name those of earlier ones."""
    return [row for kind in reversed(item_kinds()) for row in kind.objects.expired()]


def delete_items(rows):
    """Each is looked at again once nobody else writes: it may have been taken out of the bin."""
    deleted = 0
    for row in rows:
        try:
            with transaction.atomic():
                ContentVersion.lock_writes()
                if row := type(row).objects.expired().filter(pk=row.pk).first():
                    row.delete()
                    deleted += 1
        except models.ProtectedError:
            logger.info("%s %s stays in the bin: something still needs it", row._meta.label, row.pk)
    return deleted


def delete_files(names):
    """A few at a time, so that writers wait for a moment only; what has been needed again since stays."""
    deleted = 0
    for start in range(0, len(names), bounds.FILES_DELETED_AT_ONCE):
        with transaction.atomic():
            ContentVersion.lock_writes()
            for name in unneeded_still(names[start : start + bounds.FILES_DELETED_AT_ONCE]):
                default_storage.delete(name)
                deleted += 1
    return deleted


def old_drafts():
    return Change.objects.filter(state=Change.State.OPEN, created_at__lt=moment() - bounds.DRAFT_LASTS)


def discard(changes):
    """They stay on record, and their authors are told; what someone goes on with meanwhile stays theirs."""
    discarded = 0
    for change in changes:
        with transaction.atomic():
            ContentVersion.lock_writes()
            if change := old_drafts().filter(pk=change.pk).first():
                change.discard(by=None)
                discarded += 1
    return discarded


def ended_sessions():
    return Session.objects.filter(expire_date__lt=timezone.now())


def devices():
    """Where someone was logged in, with the address: of sessions that are there no more."""
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))


def delete(rows):
    return rows.delete()[0]


CHORES = [
    Chore("items that were in the bin for 30 days", expired_items, delete_items),
    Chore("files that belong to nothing", unneeded_files, delete_files),
    Chore("documents looked at by the rules of today", uninspected_items, inspect_items),
    Chore("drafts that nobody has touched for a year", old_drafts, discard),
    Chore("rows that someone took out a month ago", RemovedRow.objects.old, delete),
    Chore("previews whose link has ended", Preview.objects.over, delete),
    Chore("holds that have ended", PageLock.objects.ended, delete),
    Chore("remarks that were settled a year ago", Comment.objects.old, delete),
    Chore("names of those who sent a report a year ago", Report.objects.old_senders, lambda found: found.forget()),
    Chore("letters about reports", Report.objects.untold, reports_mail.send_waiting),
    Chore("counters of reports that are over", Quota.objects.over, delete),
    Chore("sessions that have ended", ended_sessions, delete),
    Chore("where someone was logged in", devices, delete),
    Chore("scheduled by older rules of the clocks", ShiftedMoment.objects.untold, tell_schedulers),
    Chore("attempts at a login that count no more", Attempt.objects.over, delete),
    Chore("security log of a year ago", AuditEntry.objects.old, delete),
    Chore("second factors in clear", factors.in_clear, factors.protect),
    Chore("letters that are too old to be sent", QueuedMail.objects.too_old, delete),
    Chore("letters sent again", QueuedMail.objects.waiting, outbox.send_again),
]


def daily(get_response):
    """Middleware: the first page that the staff ask for on a day lets a thread tidy up, and later ones let it send the
    letters whose pause is over; nobody waits for it."""
    last = None

    def middleware(request):
        nonlocal last
        response = get_response(request)
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            now = timezone.now()
            if last is None or now - last >= bounds.CHORES_PAUSE:
                last = now
                threading.Thread(target=in_background, args=[timezone.localdate()], name="tidy").start()
        return response

    return middleware


def in_background(today):
    """Once a day on all machines that share a cache, otherwise once for each process: doing it again does no harm."""
    try:
        if cache.add(f"tidied:{today}", True, 24 * 3600):
            tidy()
        else:
            reports_mail.send_waiting()
            outbox.send_again(QueuedMail.objects.due())
    finally:
        connection.close()
