"""How many reports one address may send; the address itself is kept nowhere."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

REPORTS, SECONDS = 5, 3600


def is_reached(request):
    """Whether the sender has used up the reports of the hour that began with the first of them; this one counts."""
    key = "reports:" + salted_hmac("learningcities.reports", sender(request)).hexdigest()
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > REPORTS
    except ValueError:  # the hour has ended between the two
        return False


def sender(request):
    """The address a request came from; of an IPv6 address the network, which is one subscriber's."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        # Each proxy adds at the end the address that it saw; what stands before can be made up.
        forwarded = request.headers.get("X-Forwarded-For", address).split(",")
        address = forwarded[-min(settings.PROXIES, len(forwarded))].strip()
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
