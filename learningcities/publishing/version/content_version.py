"""The Clock: which state of the public content is being shown, and what was computed from it."""

import logging
import secrets
from bisect import bisect_right
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import NamedTuple

from django.apps import apps
from django.db import Error, connection, models
from django.db.models import Value
from django.utils import timezone

from . import cdn_purge

logger = logging.getLogger(__name__)

#: After how many seconds a process tries again to apply what an outage has kept back.
RETRY = 60
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
        Clock.row()
    return moment()


class Reading(NamedTuple):
    """Names a state of the public content: the last change, and the last date since then at which something is
    public by its schedule or no longer, or the day begun. The same for every process, and for as long as nothing
    becomes different."""

    stamp: str
    moment: datetime


class Clock(models.Model):
    """One row: a stamp that is new after every change of public content."""

    id = models.SmallAutoField(primary_key=True)
    stamp = models.CharField(max_length=16, default=new_stamp)
    renewed_at = models.DateTimeField(default=moment)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row")]

    def __str__(self):
        return self.stamp

    @classmethod
    def hold(cls):
        """Let one writer of content at a time through, until the transaction ends."""
        return cls.objects.select_for_update().get_or_create(id=1)[0]

    @classmethod
    def renew(cls):
        """Give what is public a new stamp: the last act of a transaction that changed it."""
        cls.objects.filter(id=1).update(stamp=new_stamp(), renewed_at=moment())
        _request.set(None)
        cdn_purge.after_commit()

    @classmethod
    def reading(cls):
        """The state shown now, the same throughout a request."""
        if trying.get():
            # A state that is undone has no name, so that nothing is kept of it, nor shared with it.
            return Reading("", moment())
        request = _request.get()
        if request and request.reading:
            return request.reading
        found = cls.row().at(moment())
        if request:
            request.reading = found
        return found

    @classmethod
    def row(cls):
        """The Stamp: what is asked of the database first, and once a request. What is due is done before."""
        request = _request.get()
        if request and request.stamp:
            return request.stamp
        found, now = cls.known(), moment()
        if found.is_due(now) and not trying.get() and monotonic() >= _not_before:
            found = cls.after_what_is_due(now)
        if request:
            # Applying something has ended what was read for this request; from here on it is read anew, once.
            _request.set(request)
            request.stamp = found
        return found

    @classmethod
    def after_what_is_due(cls, now):
        """The Stamp once what is due has been applied. A page comes whatever goes wrong; the next try waits."""
        global _not_before
        try:
            apps.get_model("publishing.Change").objects.apply_due()
        except Exception:
            logger.exception("What is due could not be applied")
        found = cls.known()
        if found.is_due(now):
            _not_before = monotonic() + RETRY
        return found

    @classmethod
    def known(cls):
        """The Stamp of the content as it is. Every visit asks for it, so that it is one plain query."""
        name, since = asked_first() or ("", moment())
        if (known := _stamps.get(name)) is None:
            since = since if timezone.is_aware(since) else timezone.make_aware(since, UTC)  # as SQLite stores it
            known = Stamp(name, since, *(dates_after(since) if name else ([], [])))
            _stamps.clear()
            if name:
                _stamps[name] = known
        return known


def asked_first():
    """The row of the Clock. A connection that was kept since an earlier visit is tried by this very question, and not
    by one of Django's own before it."""
    connection.health_check_done = True
    try:
        return asked()
    except Error:
        if connection.in_atomic_block or connection.connection is None or connection.is_usable():
            raise
        connection.close()
        return asked()


def asked():
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp, renewed_at FROM publishing_clock WHERE id = 1")
        return cursor.fetchone()


class Stamp(NamedTuple):
    """All that a stamp says of times: since when it holds, the dates to come at which something becomes public or
    ceases to be, and those for which changes are scheduled. Another date has another stamp."""

    name: str
    since: datetime
    boundaries: list
    due: list

    def is_due(self, now):
        return bool(self.due) and self.due[0] <= now

    def at(self, now):
        """The reading; each day has its own, since pages say what is going on this year."""
        passed = bisect_right(self.boundaries, now)
        last = self.boundaries[passed - 1] if passed else self.since
        return Reading(self.name, max(last, midnight(now.replace(second=0, microsecond=0))))

    def lasts(self, now):
        """For how many seconds nothing becomes public, and nothing ceases to be, by its date."""
        to_come = [*self.boundaries[bisect_right(self.boundaries, now) :][:1], *self.due[:1]]
        return max(0, min(((date - now).total_seconds() for date in to_come), default=float("inf")))


@lru_cache(maxsize=2)
def midnight(minute):
    """The beginning of the day of a minute, in the time of the site."""
    return timezone.localtime(minute).replace(hour=0, minute=0)


class Request:
    """What was read of the clock for the request that is being answered."""

    stamp = reading = None


_request = ContextVar("request", default=None)
#: Whether all that is written now is only tried, and undone in the end (record.as_if).
trying = ContextVar("trying", default=False)
#: What this process has computed from public content for the last readings, and what it knows of the last stamp.
_kept, _stamps = {}, {}
#: Visits that are being answered when the content changes still have use for what is kept of the reading before.
READINGS_KEPT = 2
#: Whoever builds what others wait for builds it alone; but what others do meanwhile may itself be waited for, so that
#: nobody waits for longer than these seconds before building it too.
PATIENCE = 2


def one_reading(get_response):
    """Middleware: all that a page shows is of one state."""

    def middleware(request):
        token = _request.set(Request())
        try:
            return get_response(request)
        finally:
            _request.reset(token)

    return middleware


def kept(name, build):
    """What `build(moment)` computes from public content, computed once for each reading and process.

    It is never cleared and never stale: another state of the content has another reading.
    """
    reading = Clock.reading()
    if not reading.stamp:
        return build(reading.moment)
    store = store_of(reading)
    if name not in store:
        turn = store.turns.setdefault(name, Lock())
        is_mine = turn.acquire(timeout=PATIENCE)
        try:
            if name not in store:
                store.setdefault(name, build(reading.moment))
        finally:
            if is_mine:
                turn.release()
    return store[name]


class Store(dict):
    """All that is kept of a reading, by its name; `turns` has a lock for each name that is being built."""

    def __init__(self):
        super().__init__()
        self.turns = {}


class Recent(dict):
    """Values that weigh no more than `most` together: the oldest make room for new ones."""

    def __init__(self, most, weigh=lambda value: 1):
        super().__init__()
        self.most, self.weigh, self.weight, self.lock = most, weigh, 0, Lock()

    def keep(self, key, value):
        with self.lock:
            if key in self:
                return self[key]
            self[key] = value
            self.weight += self.weigh(value)
            while self.weight > self.most:
                self.weight -= self.weigh(self.pop(next(iter(self))))
        return value


def store_of(reading):
    """All that is kept of a reading. Without a lock: each line is one step of a dictionary."""
    if (store := _kept.get(reading)) is None:
        store = _kept.setdefault(reading, Store())
        for old in list(_kept)[:-READINGS_KEPT]:
            _kept.pop(old, None)
    return store


def dates_after(since):
    """The dates to come at which something becomes public or ceases to be, and those of scheduled changes."""
    later = [
        model._base_manager.order_by().filter(**{f"{name}__gt": since}).values_list(name, Value(False))
        for model in apps.get_models()
        if hasattr(model, "public_at")
        for name in ("public_from", "public_until")
    ]
    # Also of a moment that has passed: what an outage has kept back.
    scheduled = apps.get_model("publishing.Change").objects.order_by().filter(state="scheduled")
    dates = sorted(scheduled.values_list("due_at", Value(True)).union(*later))
    return [date for date, is_due in dates if not is_due], [date for date, is_due in dates if is_due]
