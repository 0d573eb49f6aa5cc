"""Errors in the site's look and the visitor's language; to a machine, in JSON."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_from_request, override

from .json_errors import explain


def bad_request(request, exception):
    """Perhaps before the language of the address was asked for, so that the one of an earlier visit still holds."""
    with override(get_language_from_request(request, check_path=True)):
        return render_error(request, 400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render_error(request, 404)


def broken(request):
    """Without the request's context: the database may be what is broken."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    if is_for_machines(request):
        return explain(request, 500)
    return HttpResponseServerError(render_to_string("500.html", {"language": get_language()}))


def is_outage(error):
    """Whether it is no mistake of ours: database, disk or storage is away, full or busy."""
    return isinstance(error, (OperationalError, InterfaceError, OSError)) or (
        type(error).__module__.partition(".")[0] == "botocore"
    )


def unavailable(request):
    """In all languages at once, and asking nobody for anything."""
    response = explain(request, 503) if is_for_machines(request) else HttpResponse(render_to_string("503.html"))
    response.status_code = 503
    response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


def no_token(request, reason=""):
    """A form that was sent without its token, or after the session had ended."""
    form = request.path if request.path.startswith("/admin/") and request.method == "POST" else ""
    return render(request, "no_token.html", {"form": form}, status=403)


def too_many(request, seconds):
    """To who asks more often than anybody who reads: the wait, in seconds."""
    response = render_error(request, 429)
    response["Retry-After"] = seconds
    return response


def render_error(request, status):
    if is_for_machines(request):
        return explain(request, status)
    return render(request, f"{status}.html", status=status)


def is_for_machines(request):
    return request.path.startswith("/api/")
