"""What those who watch the site ask: is it alive, is it ready, how is it doing."""

import contextlib
import logging
from time import monotonic, time

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from learningcities import bounds

from .checks import PARTS, wrong
from .metrics import exposed

logger = logging.getLogger(__name__)

#: What has just worked is believed to work for so many seconds: the storage is tried by writing a file.
BELIEVED = {"storage": bounds.STORAGE_BELIEVED_SECONDS}
#: Until when, by the clock of this process.
_believed = {}
#: A file by which all processes of a machine know that a worker was stuck, and for how many seconds /healthz tells of
#: it: who asks once a minute hears of it.
STUCK, TOLD = settings.VAR_DIR / "stuck", 60


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


def tell_of_stuck():
    with contextlib.suppress(OSError):
        STUCK.touch()


def was_stuck():
    try:
        return time() - STUCK.stat().st_mtime < TOLD
    except OSError:
        return False


def alive(request):
    """The other workers answer also for one that was stuck and answered nobody."""
    if was_stuck():
        return HttpResponse("a worker was stuck and has been replaced\n", status=503, content_type="text/plain")
    return HttpResponse("alive\n", content_type="text/plain")


def ready(request):
    """Which part is not ready, in one word; the log says more."""
    sentences = {part: wrong_now(part) for part in PARTS}
    for sentence in filter(None, sentences.values()):
        logger.warning("Not ready: %s", sentence)
    parts = {part: "broken" if sentence else "ok" for part, sentence in sentences.items()}
    is_ready = not any(sentences.values())
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def wrong_now(part):
    """What is broken is tried again each time, so that its return is seen at once."""
    if monotonic() < _believed.get(part, 0):
        return ""
    sentence = wrong(part)
    if not sentence and part in BELIEVED:
        _believed[part] = monotonic() + BELIEVED[part]
    return sentence


def metrics(request):
    authorization = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(exposed(), content_type="text/plain; version=0.0.4; charset=utf-8")
    return HttpResponse("not found\n", status=404, content_type="text/plain")


ANSWERS = {"/healthz": alive, "/readyz": ready, "/metrics": metrics}
