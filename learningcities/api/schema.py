"""The OpenAPI document: the same for everybody, made once for each language."""

from functools import cache

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from learningcities.translation import LANGUAGES


class Detail(serializers.Serializer):
    """Why there is no answer, in a sentence."""

    detail = serializers.CharField(read_only=True)


class Errors(serializers.Serializer):
    """Sentences for each parameter whose value can't be."""

    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), read_only=True)


class Moved(serializers.Serializer):
    url = serializers.URLField(read_only=True)


class Described(AutoSchema):
    """What REST framework can't know of a view: its language, its refusals, its name."""

    def get_override_parameters(self):
        sentence = _("One language instead of all of them")
        return [OpenApiParameter("lang", str, enum=LANGUAGES, description=str(sentence))]

    def get_response_serializers(self):
        answers = {200: super().get_response_serializers(), 400: OpenApiResponse(Errors, str(_("A wrong value")))}
        answers[404] = OpenApiResponse(Detail, str(_("Nothing here")))
        if hasattr(self.view, "model") and not self._is_list():
            answers[301] = OpenApiResponse(Moved, str(_("Moved for good")))
            answers[410] = OpenApiResponse(Detail, str(_("Taken off the site")))
        return answers

    def _is_list(self):
        return self.view.action == "list"

    def get_summary(self):
        words = self.view.get_queryset().model._meta
        return str(capfirst(words.verbose_name_plural if self._is_list() else words.verbose_name))


@cache
def document(language):
    with override(language):
        return SchemaGenerator().get_schema(request=None, public=True)
