"""What those who watch the site ask: is it alive, is it ready, how is it doing."""

import logging

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from .checks import PARTS, wrong

logger = logging.getLogger(__name__)


def watched(get_response):
    """Middleware: answered before the host, TLS and the language are asked for, and without the clock."""

    def middleware(request):
        answer = ANSWERS.get(request.path_info)
        if answer is None or request.method not in ("GET", "HEAD"):
            return get_response(request)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def alive(request):
    return HttpResponse("alive\n", content_type="text/plain")


def ready(request):
    """Which part is not ready, in one word; the log says more."""
    found = {part: wrong(part) for part in PARTS}
    for sentence in filter(None, found.values()):
        logger.warning("Not ready: %s", sentence)
    parts = {part: "broken" if sentence else "ok" for part, sentence in found.items()}
    is_ready = not any(found.values())
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def metrics(request):
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        from .metrics import exposed

        return HttpResponse(exposed(), content_type="text/plain; version=0.0.4; charset=utf-8")
    return HttpResponse("not found\n", status=404, content_type="text/plain")


ANSWERS = {"/healthz": alive, "/readyz": ready, "/metrics": metrics}
