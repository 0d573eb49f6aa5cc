"""Each request has a number, which is in its answer and in every line that is logged for it.

A line says what was asked by the name of the route, never the visitor's address, what they searched for, who is logged
in, or a token.
"""

import json
import logging
import re
import secrets
import time
from contextvars import ContextVar

from django.conf import settings
from django.utils.log import AdminEmailHandler

logger = logging.getLogger("requests")
_number = ContextVar("number", default="")

FORM = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Addresses that open something to whoever has them.
SECRET = re.compile(r"/(admin/invitation|admin/password|preview)/[^\s\"'?#<>]*")


def numbered(get_response):
    """Middleware: a proxy of ours may have numbered the request already."""

    def middleware(request):
        number = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
        token = _number.set(number if FORM.fullmatch(number) else secrets.token_hex(8))
        begun = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = _number.get()
            if settings.PRODUCTION:
                values = {"method": request.method, "route": route_of(request), "status": response.status_code}
                logger.info("answered", extra=values | {"ms": round((time.perf_counter() - begun) * 1000, 1)})
            return response
        finally:
            _number.reset(token)

    return middleware


def route_of(request):
    """The pattern of the address, so that all cities are one route; none where no view was asked."""
    return getattr(getattr(request, "resolver_match", None), "route", "")


class Formatter(logging.Formatter):
    """A line of JSON. Its time is UTC, since the system's own clock may follow an older rule than the site."""

    converter = time.gmtime
    FIELDS = ("method", "route", "status", "ms")

    def format(self, record):
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": _number.get(),
            **{name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)},
        }
        # Django's own lines carry their status as well.
        if hasattr(record, "status_code"):
            line["status"] = record.status_code
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        line = {name: value for name, value in line.items() if value != ""}
        return masked(json.dumps(line, ensure_ascii=False, default=str))


def masked(text):
    """Without what stands in an address that opens something."""
    return SECRET.sub(r"/\1/…", text)


class Masked(logging.Filter):
    """For what Django says of a request: the address that was asked, whoever writes the line down."""

    def filter(self, record):
        record.msg, record.args = masked(record.getMessage()), ()
        return True


def without_secrets(event, hint):
    """For Sentry: what was asked, and from which page."""
    request = event.get("request", {})
    for place, name in ((request, "url"), (request.get("headers", {}), "Referer")):
        if name in place:
            place[name] = masked(place[name])
    return event


class Mail(AdminEmailHandler):
    """Sent without the lock of a handler: whoever else has an error to tell of need not wait for the mail server."""

    def handle(self, record):
        if is_wanted := self.filter(record):
            self.emit(record)
        return is_wanted


class NoRequest(logging.Filter):
    """For errors sent by mail: without the request, in which are the sender's address and what they typed.

    An outage is told by /readyz, not by a mail for each visitor.
    """

    def filter(self, record):
        record.request = None
        return getattr(record, "status_code", 0) != 503
