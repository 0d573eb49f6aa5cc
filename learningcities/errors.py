"""Error pages in the site's look and the visitor's language."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def broken(request):
    """Without the request's context: the database may be what is broken."""
    return HttpResponseServerError(render_to_string("500.html", {"language": get_language()}))


def no_token(request, reason=""):
    """A form that was sent without its token, or after the session had ended."""
    return render(request, "403.html", status=403)
