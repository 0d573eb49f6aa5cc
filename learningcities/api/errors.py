"""What the API refuses: always JSON, always a sentence in the language of whoever asks."""

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotFound

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


class WrongValues(APIException):
    """Parameters with values that can't be: {parameter: [ValidationError]}."""

    status_code = 400

    def __init__(self, errors):
        super().__init__()
        self.errors = errors


class NoSuchPage(NotFound):
    sentence = _("The list has no page with this number.")


class Gone(APIException):
    status_code = 410


class TooMany(APIException):
    status_code = 429

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds


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
    response["Content-Language"] = said_in(request)
    return open_to_all(response)


def explain(request, status, sentence=None):
    with override(said_in(request)):
        return refuse(request, status, detail=str(sentence or SENTENCES.get(status, SENTENCES[400])))


def said_in(request):
    """The reader's language is asked of the request itself: one that is refused early has not been given any."""
    return chosen_language(request) or get_language_from_request(request, check_path=True)


def answer(exception, context):
    """REST framework's exception handler; what it leaves alone is a mistake of ours."""
    request = context["request"]
    if isinstance(exception, WrongValues):
        with override(said_in(request)):
            errors = ValidationError(exception.errors).message_dict
        return refuse(request, 400, errors=errors)
    if isinstance(exception, Http404):
        return explain(request, 404)
    if isinstance(exception, TooMany):
        response = explain(request, 429)
        response["Retry-After"] = exception.seconds
        return response
    if isinstance(exception, APIException):
        return explain(request, exception.status_code, getattr(exception, "sentence", None))
    return None
