"""Guesses at a login: how many are let through, whom they count against, and how long the next one waits.

Counted in the database, by the person and not by what was typed or which host was asked. A browser in which a person
has logged in before counts for itself, so that strangers can't keep the owner out.
"""

from datetime import timedelta
from math import ceil

from allauth.core.exceptions import ImmediateHttpResponse
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from learningcities import bounds
from learningcities.web.errors import too_many
from learningcities.web.rate_limits import sender

from .audit import AuditEntry
from .known_browser import name_of

#: How many in how many seconds, by what is tried and by whom it counts against.
LIMITS = {
    "password": bounds.GUESSES,
    "code": bounds.GUESSES,
    "reset": bounds.PASSWORD_RESETS,
    "passkey": bounds.PASSKEYS,
}


class AttemptQuerySet(models.QuerySet):
    def over(self):
        return self.filter(at__lt=timezone.now() - bounds.ATTEMPT_LASTS)


class Attempt(models.Model):
    """Something that was tried and wasn't right; the key names neither a person nor an address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_by_key")]

    def __str__(self):
        return self.key

    @classmethod
    def begin(cls, request, act, person=None, typed=""):
        """Count what is about to be tried, before it is; whoever tried too often is answered with 429 at once."""
        made = [(cls.objects.create(key=key), limit) for key, limit in counters(request, act, person, typed)]
        rows = cls.objects.filter(pk__in=[row.pk for row, _limit in made])
        waits = [row.wait(*limit) for row, limit in made]
        if seconds := max(waits):
            rows.delete()
            AuditEntry.refused(AuditEntry.Kind.TOO_MANY, request, person)
            raise ImmediateHttpResponse(too_many(request, seconds))
        return rows

    def wait(self, most, seconds):
        """After how many seconds this one would have been let through; 0 where it is."""
        since = self.at - timedelta(seconds=seconds)
        times = Attempt.objects.filter(key=self.key, at__gt=since).order_by("-at").values_list("at", flat=True)
        # The one that has to be forgotten first: with it, there were as many as may be.
        last = times[most : most + 1]
        return max(1, ceil((last[0] - since).total_seconds())) if last else 0


def counters(request, act, person, typed):
    """(key, limit) of each counter that an attempt counts in."""
    limits, browser = LIMITS[act], person and name_of(request, person)
    if browser:
        against = {"browser": f"{person.pk}:{browser}"}
    else:
        against = {"account": person.pk if person else f"?{typed.casefold()}", "address": sender(request)}
    return [(unreadable(act, who, name), limits[who]) for who, name in against.items() if who in limits]


def unreadable(*parts):
    """A key that nobody can read an address or a name out of."""
    text = ":".join(map(str, parts))
    return salted_hmac("learningcities.people.attempt", text, algorithm="sha256").hexdigest()
