"""The OpenAPI document: the same for everybody, made once for each language."""

from functools import cache

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from learningcities.text.translation import LANGUAGES
from learningcities.web.json_errors import SENTENCES


class Detail(serializers.Serializer):
    """Why there is no answer, in a sentence."""

    detail = serializers.CharField(read_only=True)


class Errors(serializers.Serializer):
    """Sentences for each parameter that is not known or whose value can't be."""

    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), read_only=True)


class Moved(serializers.Serializer):
    url = serializers.URLField(read_only=True)


#: What can be answered instead of rows; a machine finds the sentence in `detail`, unless SHAPES says otherwise.
REFUSALS = {
    301: _("The row has a new address."),
    400: _("A parameter or its value is not one we know; a sentence for each parameter says so."),
    404: _("There is nothing here, or the list has no page with this number."),
    405: SENTENCES[405],
    410: SENTENCES[410],
    429: SENTENCES[429],
}
SHAPES = {301: Moved, 400: Errors}


class DescribedSchema(AutoSchema):
    """What REST framework can't know of a view: its language, its refusals, its name."""

    def get_override_parameters(self):
        sentence = _("One language instead of all of them")
        return [OpenApiParameter("lang", str, enum=LANGUAGES, description=str(sentence))]

    def get_response_serializers(self):
        statuses = [400, 404, 429]
        if hasattr(self.view, "model") and not self._is_list():
            statuses += [301, 410]
        answers = {status: OpenApiResponse(SHAPES.get(status, Detail), str(REFUSALS[status])) for status in statuses}
        return {200: super().get_response_serializers()} | answers

    def _is_list(self):
        return self.view.action == "list"

    def get_summary(self):
        words = self.view.get_queryset().model._meta
        return str(capfirst(words.verbose_name_plural if self._is_list() else words.verbose_name))


@cache
def document(language):
    with override(language):
        return SchemaGenerator().get_schema(request=None, public=True)
