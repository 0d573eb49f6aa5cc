"""Admin forms in several languages: each translated text once, in the right direction, one language at a time."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import get_language_info
from js_asset import Media
from translated_fields import TranslatedField

from learningcities.text.translation import LANGUAGES, columns, direction, language_of


class ShortDecimal(forms.NumberInput):
    """Shows a number as it was written: 120, and not 120.00."""

    def format_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else super().format_value(value)


class TranslatedForm:
    """For a ModelAdmin or an inline: `fieldsets` name a translated field once."""

    def get_fieldsets(self, request, obj=None):
        return [
            (name, {**options, "fields": [self.line(field) for field in options["fields"]]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def line(self, field):
        """The columns of a translated field stand on one line, so that the language switch can pick one."""
        return columns(field) if isinstance(getattr(self.model, str(field), None), TranslatedField) else field

    def get_fields(self, request, obj=None):
        """Without fieldsets: every translated field's columns together."""
        return list(dict.fromkeys(super().get_fields(request, obj)))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DecimalField):
            kwargs["widget"] = ShortDecimal
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (language := language_of(db_field)):
            field.widget.attrs |= {"lang": language, "dir": direction(language), "data-language": language}
            field.widget.attrs["aria-label"] = f"{field.label} – {get_language_info(language)['name_local']}"
            field.label = f"{field.label} ({get_language_info(language)['name_local']})"
        elif field and isinstance(db_field, LATIN):
            field.widget.attrs["dir"] = "ltr"
        return field


#: Kinds of field whose content is written from left to right in every language.
LATIN = (models.SlugField, models.EmailField, models.URLField, models.DecimalField)


class TranslatedAdmin(TranslatedForm, admin.ModelAdmin):
    """A ModelAdmin with translated fields, under the strict Content-Security-Policy."""

    change_form_template = "admin/translated_change_form.html"

    class Media:
        js = ("js/admin.js", "js/hints.js", "js/slugs.js")

    def content_languages(self, request):
        """The languages that this member of staff writes."""
        return LANGUAGES

    def render_change_form(self, request, context, *args, **kwargs):
        # The text editor brings an import map, which only runs with this page's nonce.
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        languages = self.content_languages(request)
        context["content_languages"] = [(code, get_language_info(code)["name_local"]) for code in languages]
        return super().render_change_form(request, context, *args, **kwargs)
