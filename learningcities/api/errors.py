"""What the API refuses: always JSON, always a sentence in the language of whoever asks."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework.exceptions import APIException, NotFound

from learningcities.web.json_errors import answer_language, explain, refuse


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


def answer(exception, context):
    """REST framework's exception handler; what it leaves alone is a mistake of ours."""
    request = context["request"]
    if isinstance(exception, WrongValues):
        with override(answer_language(request)):
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
