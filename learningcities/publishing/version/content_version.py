"""Which state of the public content is being shown, and what must happen before it is read."""

import logging
import secrets
from bisect import bisect_right
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from typing import NamedTuple

from django.apps import apps
from django.db import Error, connection, models
from django.db.models import Value
from django.utils import timezone

from learningcities import bounds

from . import cdn_purge

logger = logging.getLogger(__name__)

_not_before = 0.0


def new_stamp():
    """Random, so that a rolled-back write never shares a stamp with a later truth."""
    return secrets.token_hex(8)


def moment():
    """The time as publication sees it; nobody else asks what time it is."""
    return timezone.now()


def shown_moment():
    """The moment whose content is shown. A request that asks for it waits until what is due has been applied."""
    if _request.get():
        ContentVersion.apply_due_and_read()
    return moment()


class Scheduled(NamedTuple):
    """What is written at its time: `dates()` are the moments to come, or still waiting, as a queryset of one column."""

    dates: Callable
    apply_due: Callable


#: What must happen before public content is read.
_scheduled = []


def apply_before_reading(dates, apply_due):
    """Register what is written at its time, by whoever reads next; `apply_due()` writes all whose moment has come."""
    _scheduled.append(Scheduled(dates, apply_due))


class Version(NamedTuple):
    """Names a state of the public content: the last change, and the last date since then at which something is
    public by its schedule or no longer, or the day begun. The same for every process, and for as long as nothing
    becomes different."""

    stamp: str
    moment: datetime


class ContentVersion(models.Model):
    """One row: a stamp that is new after every change of public content."""

    id = models.SmallAutoField(primary_key=True)
    stamp = models.CharField(max_length=16, default=new_stamp)
    renewed_at = models.DateTimeField(default=moment)

    class Meta:
        db_table = "publishing_clock"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row")]

    def __str__(self):
        return self.stamp

    @classmethod
    def lock_writes(cls):
        """Let one writer of content at a time through, until the transaction ends."""
        return cls.objects.select_for_update().get_or_create(id=1)[0]

    @classmethod
    def bump(cls):
        """Give what is public a new stamp: the last act of a transaction that changed it."""
        cls.objects.filter(id=1).update(stamp=new_stamp(), renewed_at=moment())
        _request.set(None)
        cdn_purge.after_commit()

    @classmethod
    def current(cls):
        """The state shown now, the same throughout a request."""
        if dry_running.get():
            # A state that is undone has no name, so that nothing is cached of it, nor shared with it.
            return Version("", moment())
        request = _request.get()
        if request and request.version:
            return request.version
        version = cls.apply_due_and_read().at(moment())
        if request:
            request.version = version
        return version

    @classmethod
    def apply_due_and_read(cls):
        """The timeline: what is asked of the database first, and once a request. What is due is done before."""
        request = _request.get()
        if request and request.timeline:
            return request.timeline
        timeline, now = cls.timeline(), moment()
        if timeline.is_due(now) and not dry_running.get() and monotonic() >= _not_before:
            timeline = cls.after_due_changes(now)
        if request:
            # Applying something has ended what was read for this request; from here on it is read anew, once.
            _request.set(request)
            request.timeline = timeline
        return timeline

    @classmethod
    def after_due_changes(cls, now):
        """The timeline once what is due has been applied. A page comes whatever goes wrong; the next try waits."""
        global _not_before
        for scheduled in _scheduled:
            try:
                scheduled.apply_due()
            except Exception:
                logger.exception("What is due could not be applied")
        timeline = cls.timeline()
        if timeline.is_due(now):
            _not_before = monotonic() + bounds.DUE_RETRY_SECONDS
        return timeline

    @classmethod
    def timeline(cls):
        """The timeline of the content as it is. Every visit asks for it, so that it is one plain query."""
        stamp, since = read_row() or ("", moment())
        if (timeline := _timelines.get(stamp)) is None:
            since = since if timezone.is_aware(since) else timezone.make_aware(since, UTC)  # as SQLite stores it
            timeline = Timeline(stamp, since, *(dates_after(since) if stamp else ([], [])))
            _timelines.clear()
            if stamp:
                _timelines[stamp] = timeline
        return timeline


def read_row():
    """The one row. A connection that was kept since an earlier visit is tried by this very question, and not
    by one of Django's own before it."""
    connection.health_check_done = True
    try:
        return query_row()
    except Error:
        if connection.in_atomic_block or connection.connection is None or connection.is_usable():
            raise
        connection.close()
        return query_row()


def query_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp, renewed_at FROM publishing_clock WHERE id = 1")
        return cursor.fetchone()


class Timeline(NamedTuple):
    """All that a stamp says of times: since when it holds, the dates to come at which something becomes public or
    ceases to be, and those for which changes are scheduled. Another date has another stamp."""

    stamp: str
    since: datetime
    boundaries: list
    due: list

    def is_due(self, now):
        return bool(self.due) and self.due[0] <= now

    def at(self, now):
        """The version; each day has its own, since pages say what is going on this year."""
        passed = bisect_right(self.boundaries, now)
        last = self.boundaries[passed - 1] if passed else self.since
        return Version(self.stamp, max(last, midnight(now.replace(second=0, microsecond=0))))

    def lasts(self, now):
        """For how many seconds nothing becomes public, and nothing ceases to be, by its date."""
        to_come = [*self.boundaries[bisect_right(self.boundaries, now) :][:1], *self.due[:1]]
        return max(0, min(((date - now).total_seconds() for date in to_come), default=float("inf")))


@lru_cache(maxsize=2)
def midnight(minute):
    """The beginning of the day of a minute, in the time of the site."""
    return timezone.localtime(minute).replace(hour=0, minute=0)


class Request:
    """What is known of the content for the request that is being answered."""

    timeline = version = None


_request = ContextVar("request", default=None)
#: Whether all that is written now is undone in the end (tracking.dry_run).
dry_running = ContextVar("dry_running", default=False)
#: What this process knows of the last stamp.
_timelines = {}


def one_version(get_response):
    """Middleware: all that a page shows is of one state."""

    def middleware(request):
        token = _request.set(Request())
        try:
            return get_response(request)
        finally:
            _request.reset(token)

    return middleware


def dates_after(since):
    """The dates to come at which something becomes public or ceases to be, and those of scheduled changes."""
    later = [
        model._base_manager.order_by().filter(**{f"{name}__gt": since}).values_list(name, Value(False))
        for model in apps.get_models()
        if hasattr(model, "public_at")
        for name in ("public_from", "public_until")
    ]
    due = [scheduled.dates().order_by().annotate(is_due=Value(True)) for scheduled in _scheduled]
    first, *others = [*later, *due]
    dates = sorted(first.union(*others))
    return [date for date, is_due in dates if not is_due], [date for date, is_due in dates if is_due]
