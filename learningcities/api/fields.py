"""Columns as fields of REST framework, from which the answers and the OpenAPI document are made."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from translated_fields import to_attribute

from learningcities.listing.exports.columns import Column, columns_of, field_of, number, values_of
from learningcities.templatetags.learningcities import if_public
from learningcities.text.dates import PartialDateField
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import LANGUAGES, fallback


class AllLanguages(serializers.Serializer):
    """A text in every language; null where it isn't written."""

    def get_fields(self):
        return {code: serializers.CharField(read_only=True, allow_null=True) for code in LANGUAGES}


class OneLanguage(serializers.Serializer):
    """A text and the language it really is in: the one asked for or, where that isn't written, another."""

    text = serializers.CharField(read_only=True)
    lang = serializers.ChoiceField(LANGUAGES, read_only=True)


class TranslatedText(serializers.Field):
    """The first of some translated fields that is written at all, in all languages or in the one asked for."""

    def __init__(self, *paths, **kwargs):
        self.paths = paths
        super().__init__(**kwargs, read_only=True)

    def get_attribute(self, row):
        texts = [in_all_languages(row, path) for path in self.paths or (self.field_name,)]
        return next((text for text in texts if any(text.values())), texts[0])

    def to_representation(self, text):
        language = self.context["view"].language
        if not language:
            return text
        return next(({"text": text[code], "lang": code} for code in fallback(language) if text[code]), None)


def in_all_languages(row, path):
    """The columns of the translated field at the end of a path such as indicator__name."""
    *relations, name = path.split("__")
    for relation in relations:
        row = row and getattr(row, relation)
    return {code: (row and getattr(row, to_attribute(name, code))) or None for code in LANGUAGES}


class RichText(TranslatedText):
    """Paragraphs, headings, lists and links as HTML."""


class TranslatedTextInOpenAPI(OpenApiSerializerFieldExtension):
    target_class = TranslatedText
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        shapes = [auto_schema.resolve_serializer(shape, direction).ref for shape in (AllLanguages, OneLanguage)]
        described = {"description": "HTML"} if isinstance(self.target, RichText) else {}
        return {"oneOf": [*shapes, {"type": "null"}], **described}


class Number(serializers.FloatField):
    """A number without idle decimals: 114872, 12.5."""

    def to_representation(self, value):
        return number(value)


@extend_schema_field({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"})
class PartialDate(serializers.CharField):
    """A date as precise as it is known: 2020, 2020-09 or 2020-09-23."""


ADDRESS = {"type": "string", "format": "uri"}


@extend_schema_field({"type": "object", "properties": dict.fromkeys(LANGUAGES, ADDRESS), "required": LANGUAGES})
class PublicAddress(serializers.Field):
    """The page of a row in every language."""

    def __init__(self):
        super().__init__(source="*", read_only=True, label=_("page on the site"))

    def to_representation(self, row):
        addresses = {}
        for code in LANGUAGES:
            with override(code):
                addresses[code] = self.context["request"].build_absolute_uri(row.get_absolute_url())
        return addresses


@extend_schema_field(ADDRESS)
class ApiAddress(serializers.Field):
    """Where the API says all of a row."""

    def __init__(self, name):
        self.name = name
        super().__init__(source="*", read_only=True, label=_("address in the API"))

    def to_representation(self, row):
        return self.context["request"].build_absolute_uri(reverse(f"api:{self.name}-detail", args=[row.slug]))


class Reference(serializers.Serializer):
    """A row by its slug, the value that parameters take, and its name."""

    slug = serializers.CharField(read_only=True)
    name = TranslatedText()


class Rows(serializers.ListSerializer):
    """The rows that a function finds for each of some items, each as a serializer says it."""

    def __init__(self, serializer_class, related):
        self.related = related
        super().__init__(child=serializer_class(), read_only=True)

    def get_attribute(self, item):
        [rows] = self.related([item])
        return rows


class Record(serializers.ModelSerializer):
    """What columns say of a row: texts in their languages, other rows by slug and name, null for what is empty."""

    #: What the columns are called.
    labels = {}
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: Number,
        models.ImageField: serializers.FileField,
        PartialDateField: PartialDate,
    }
    url = PublicAddress()

    def build_property_field(self, name, model):
        """A text in several languages is a property of its model, over one column for each language."""
        field = field_of(model, name)
        if field is None:
            return serializers.CharField, {"read_only": True}
        return (RichText if isinstance(field, RichTextField) else TranslatedText), {}

    def build_standard_field(self, name, model_field):
        field_class, options = super().build_standard_field(name, model_field)
        choices = {"choices": options["choices"]} if "choices" in options else {}
        return field_class, {"read_only": True, "allow_null": model_field.blank or model_field.null, **choices}

    def build_relational_field(self, name, relation):
        return Reference, {"many": relation.to_many, "read_only": True, "allow_null": relation.model_field.null}

    def get_fields(self):
        fields = super().get_fields()
        for name, field in fields.items():
            field.label = field.label or self.labels[name]
        return fields

    def to_representation(self, row):
        return {name: None if value == "" else value for name, value in super().to_representation(row).items()}


class PublicOnly(Record):
    """A photo or a document that a row names: nothing, unless it is public itself."""

    def get_attribute(self, row):
        return if_public(super().get_attribute(row))


def serializer_factory(model, columns, name=None, base=Record):
    """The serializer of columns, or of fields by their names; the OpenAPI document calls it by its name."""
    columns = columns_of(model, *columns)
    fields = {column.name: column.field for column in columns if column.field}
    rows = {column.name: Rows(column.serializer, column.related) for column in columns if column.serializer}
    meta = type("Meta", (), {"model": model, "fields": [column.name for column in columns]})
    labels = {column.name: column.label for column in columns}
    return type(name or model.__name__, (base,), {"Meta": meta, "labels": labels, **rows, **fields})


def part_column(model, name, columns, among=None):
    """The column of the parts of an item, of which files and the API say what their own columns say."""
    part = model._meta.get_field(name).related_model
    return Column.to_many(model, name, among, values_of(part, columns), serializer=serializer_factory(part, columns))
