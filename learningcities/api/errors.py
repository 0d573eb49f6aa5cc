"""What the API refuses: always JSON, always a sentence in the language of whoever asks."""

from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework.exceptions import APIException, NotFound

from learningcities.translation import LANGUAGES

SENTENCES = {
    400: _("This request can’t be read."),
    404: _("There is nothing at this address."),
    405: _("This API is for reading only: ask with GET, HEAD or OPTIONS."),
    410: _("This was public once and has been taken off the site."),
    500: _("Something went wrong on our side. Please try again in a few minutes."),
}
#: What is wrong with a value, where a page would add what it shows instead.
COMPLAINTS = {
    "unknown": _("“%(value)s” is not a choice we know for “%(label)s”."),
    "invalid_choice": _("“%(value)s” is not an order we know."),
}


class WrongValues(Exception):
    """Parameters with values that can't be: {parameter: [ValidationError]}."""

    def __init__(self, errors):
        super().__init__(errors)
        self.errors = errors


class NoSuchPage(NotFound):
    sentence = _("The list has no page with this number.")


class Gone(APIException):
    status_code = 410


def chosen_language(request):
    """The language that the address asks for, if we have it."""
    language = request.GET.get("lang")
    return language if language in LANGUAGES else None


def open_to_all(response):
    """Pages of any site may read the answer; it is public and the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def refusal(request, status, sentence=None, errors=None):
    with override(chosen_language(request) or request.LANGUAGE_CODE) as language:
        del language
        body = {"errors": worded(errors)} if errors else {"detail": str(sentence or SENTENCES.get(status, SENTENCES[400]))}
        response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    return open_to_all(response)


def worded(errors):
    return {name: [sentence(error) for error in found] for name, found in errors.items()}


def sentence(error):
    words = str(COMPLAINTS.get(error.code, error.message))
    return words % error.params if error.params else words


def answer(exception, context):
    """REST framework's exception handler; what it doesn't know is an error of ours."""
    request = context["request"]
    if isinstance(exception, WrongValues):
        return refusal(request, 400, errors=exception.errors)
    if isinstance(exception, Http404):
        return refusal(request, 404)
    if isinstance(exception, APIException):
        response = refusal(request, exception.status_code, getattr(exception, "sentence", None))
        return response
    return None
