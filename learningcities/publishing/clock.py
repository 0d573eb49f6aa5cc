"""The Clock: which state of the public content is being shown, and what was computed from it."""

import secrets
from bisect import bisect_right
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.utils import timezone


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
    public by its schedule or no longer. The same for every process, and for as long as nothing becomes different."""

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

    @classmethod
    def reading(cls):
        """The state shown now, the same throughout a request."""
        if trying.get():
            # A state that is undone has no name, so that nothing is kept of it, nor shared with it.
            return Reading("", moment())
        request = _request.get()
        if request and request.reading:
            return request.reading
        stamp, renewed_at = cls.row()
        dates = boundaries(stamp, renewed_at)
        passed = bisect_right(dates, moment())
        found = Reading(stamp, dates[passed - 1] if passed else renewed_at)
        if request:
            request.reading = found
        return found

    @classmethod
    def row(cls):
        """Stamp and date: what is asked of the database first, and once a request. What is due is done before."""
        request = _request.get()
        if request and request.row:
            return request.row
        changes = apps.get_model("publishing.Change").objects
        clock = cls.objects.filter(id=1).values_list("stamp", "renewed_at")
        found = clock.annotate(is_due=models.Exists(changes.due(moment()))).first()
        if found and found[2] and changes.apply_due():
            found = clock.first()
        row = found[:2] if found else ("", moment())
        if request:
            request.row = row
        return row


class Request:
    """What was read of the clock for the request that is being answered."""

    row = reading = None


_request = ContextVar("request", default=None)
#: Whether all that is written now is only tried, and undone in the end (record.as_if).
trying = ContextVar("trying", default=False)
#: What this process has computed from public content: for the last reading, and the dates to come for the last stamp.
_kept, _boundaries = {}, {}


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
    store = _kept.get(reading)
    if store is None:
        _kept.clear()
        store = _kept[reading] = {}
    if name not in store:
        store[name] = build(reading.moment)
    return store[name]


def boundaries(stamp, since):
    """The dates after `since` at which something becomes public or ceases to be, in order."""
    if stamp not in _boundaries:
        later = [
            model._base_manager.order_by().filter(**{f"{name}__gt": since}).values_list(name, flat=True)
            for model in apps.get_models()
            if hasattr(model, "public_at")
            for name in ("public_from", "public_until")
        ]
        dates = later[0].union(*later[1:])
        _boundaries.clear()
        _boundaries[stamp] = sorted(dates)
    return _boundaries[stamp]
