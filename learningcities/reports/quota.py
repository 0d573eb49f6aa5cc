"""How many reports may come in an hour: from one connection, from a large network, and in all.

Counted in the database, so that all processes and machines count together.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from learningcities import bounds
from learningcities.publishing.version.content_version import moment
from learningcities.web.rate_limits import sender

from .models import Quota


def seconds_left():
    """For how many seconds this hour of the quotas goes on."""
    _number, seconds = settings.LIMITS["reports"]
    return seconds - int(moment().timestamp()) % seconds


def exhausted(request):
    """Which quota is exhausted, "connection" or "site"; nothing where one more report counts and is within all."""
    most_of_sender, seconds = settings.LIMITS["reports"]
    most_in_all, _seconds = settings.LIMITS["reports_in_all"]
    period = int(moment().timestamp()) // seconds
    ends_at = datetime.fromtimestamp((period + 1) * seconds, UTC)
    taken = []
    # The widest first: where it is exhausted, no row is made for the narrower ones.
    for name, whose, most in (
        ("site", "", most_in_all),
        ("network", sender(request, bits=48), most_of_sender * bounds.REPORTS_OF_NETWORK),
        ("connection", sender(request), most_of_sender),
    ):
        key = f"{name}:{period}:{salted_hmac('learningcities.reports.quota', whose).hexdigest()}"
        if not Quota.objects.take(key, most, ends_at):
            Quota.objects.give_back(taken)
            return "site" if name == "site" else "connection"
        taken.append(key)
    return ""
