"""A translator's form: the fields of their languages, and beside them all else to read."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from learningcities.publishing.patches.patch_display import label, value_in_words
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import tracked_fields
from learningcities.publishing.rights.translator_rights import forbidden_keys, refusal
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import direction, language_of


@dataclass(frozen=True)
class Shown:
    """A field that is only read: Django's admin takes it in the place of the field's name."""

    model: type
    name: str

    @property
    def __name__(self):
        return f"shown_{self.name}"

    @property
    def short_description(self):
        return label(self.model, self.name)

    def __call__(self, row):
        field = self.model._meta.get_field(self.name)
        value = field.value_from_object(row)
        if field.many_to_many:
            value = [row.pk for row in value]
        if not value:
            return "–"
        # A rich text was cleaned when it was saved.
        words = mark_safe(value) if isinstance(field, RichTextField) else value_in_words(field, value)
        language = language_of(field)
        ways = (language, direction(language)) if language else ("", "auto")
        return format_html('<div class="shown" lang="{}" dir="{}">{}</div>', *ways, words)


class TranslatorForm:
    """For a ModelAdmin or an inline. What isn't in the form is neither written nor cleared."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not request.user.translates:
            return fieldsets
        return [
            (name, {**options, "fields": [self.seen(request.user, line) for line in options["fields"]]})
            for name, options in fieldsets
        ]

    def seen(self, user, line):
        if isinstance(line, (list, tuple)):
            return tuple(self.seen(user, name) for name in line)
        return Shown(self.model, line) if forbidden_keys(user, self.model, [line]) and self.is_field(line) else line

    def is_field(self, name):
        try:
            return bool(self.model._meta.get_field(name))
        except FieldDoesNotExist:
            return False

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        if not request.user.translates:
            return readonly
        lines = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [*readonly, *(field for field in lines if isinstance(field, Shown))]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if request.user.translates else super().get_prepopulated_fields(request, obj)

    def content_languages(self, request):
        return request.user.translates or super().content_languages(request)


def name_what_stays(request, model):
    """A form that was opened with more rights, or forged, sends more than may be changed: say what was not heard."""
    own = {field.name for field in tracked_fields(model)}
    parts = {name: {f.name for f in tracked_fields(model._meta.get_field(name).related_model)} for name in model.parts}
    sent = own & request.POST.keys()
    for name in request.POST:
        part, _dash, rest = name.partition("-")
        row, _dash, field = rest.partition("-")
        if field == "DELETE" or field in parts.get(part, ()):
            sent.add(str(PatchKey(part, row, "" if field == "DELETE" else field)))
    if stays := forbidden_keys(request.user, model, sorted(sent)):
        messages.warning(request, refusal(request.user, model, stays))
