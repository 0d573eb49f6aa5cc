"""What a program is told when something is refused: JSON, a sentence in the language of whoever asks."""

from django.core.exceptions import SuspiciousOperation
from django.http import JsonResponse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from learningcities.text.translation import LANGUAGES

SENTENCES = {
    400: _("Something in the address or the form is not as it should be."),
    404: _("The address may be mistyped, or the page may never have been here."),
    405: _("This is for reading only: ask with GET, HEAD or OPTIONS."),
    410: _("It was public once and has been taken off the site."),
    429: _("Many requests have come from your connection. Ask again after the seconds that Retry-After names."),
    503: _("The site can't be reached for a moment. Please come back in a minute."),
    500: _("The mistake is ours. Try again in a moment; nothing you did is lost."),
}


def chosen_language(request):
    """The language that the address asks for, if we have it."""
    try:
        language = request.GET.get("lang")
    except SuspiciousOperation:  # more parameters than anybody asks with
        return None
    return language if language in LANGUAGES else None


def open_to_all(response):
    """Pages of any site may read the answer, since it is public and the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def refuse(request, status, **body):
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Language"] = answer_language(request)
    return open_to_all(response)


def explain(request, status, sentence=None):
    with override(answer_language(request)):
        return refuse(request, status, detail=str(sentence or SENTENCES.get(status, SENTENCES[400])))


def answer_language(request):
    """The reader's language is asked of the request itself: one that is refused early has not been given any."""
    return chosen_language(request) or get_language_from_request(request, check_path=True)
