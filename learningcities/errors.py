"""Errors in the site's look and the visitor's language; to a machine, in JSON."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from .api.errors import explain


def bad_request(request, exception):
    return told(request, 400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return told(request, 404)


def broken(request):
    """Without the request's context: the database may be what is broken."""
    if is_for_machines(request):
        return explain(request, 500)
    return HttpResponseServerError(render_to_string("500.html", {"language": get_language()}))


def no_token(request, reason=""):
    """A form that was sent without its token, or after the session had ended."""
    form = request.path if request.path.startswith("/admin/") and request.method == "POST" else ""
    return render(request, "no_token.html", {"form": form}, status=403)


def told(request, status):
    if is_for_machines(request):
        return explain(request, status)
    return render(request, f"{status}.html", status=status)


def is_for_machines(request):
    return request.path.startswith("/api/")
