"""How often one address may ask for what costs most; `settings.LIMITS` has the numbers, which no visitor meets.

Counted in the cache: by each process for itself, or by all together where CACHE_URL names a Redis. What is kept is a
number under a key that nobody can read an address out of, until its minute or hour is over.
"""

import time
from functools import wraps
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from . import errors


def limited(name):
    """Decorator of a view whose visits are counted under this name."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            seconds = wait(request, name)
            return errors.too_many(request, seconds) if seconds else view(request, *args, **kwargs)

        return counted

    return decorate


def wait(request, name):
    """After how many seconds the sender may ask again; 0 means now. This time counts."""
    times, seconds = settings.LIMITS[name]
    period, passed = divmod(int(time.time()), seconds)
    key = f"limit:{name}:{period}:{salted_hmac('learningcities.limits', sender(request)).hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return seconds - passed if cache.incr(key) > times else 0
    except ValueError:  # it has ended between the two, or the cache is away
        return 0


def sender(request, bits=64):
    """The address a request came from; of an IPv6 address the network: one subscriber's, or with 48 bits one site's."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        # Each proxy adds at the end the address that it saw; what stands before can be made up.
        forwarded = request.headers.get("X-Forwarded-For", address).split(",")
        address = forwarded[-min(settings.PROXIES, len(forwarded))].strip()
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((ip, bits), strict=False)) if ip.version == 6 else str(ip)
