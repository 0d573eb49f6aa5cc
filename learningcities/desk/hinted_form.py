"""What stands beside a field of a form: hints on its words, and what has become of the text it is translated from."""

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from translated_fields import to_attribute

from learningcities.publishing.patches.patch_display import value_in_words
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.text_diff import marked
from learningcities.text.translation import columns, direction, language_name, language_of

from .form_hints import hints


class HintedField(BoundField):
    """A field that says below its box what could be better; nothing of it forbids a save."""

    @cached_property
    def db_field(self):
        return next((f for f in type(self.form.instance)._meta.concrete_fields if f.name == self.name), None)

    @property
    def model_label(self):
        return type(self.form.instance)._meta.label_lower

    @property
    def language_name(self):
        return language_name(language_of(self.db_field))

    @property
    def is_judged(self):
        return bool(self.db_field) and not (self.db_field.is_relation or self.is_hidden)

    @cached_property
    def is_needed(self):
        """Whether publication still asks for this text, so that it is shown whatever language is being edited."""
        row = self.form.instance
        if row._state.adding or not language_of(self.db_field) or self.value():
            return False
        return self.name in getattr(row, "missing", dict)()

    @cached_property
    def is_open(self):
        """Whether a text that is needed, in whichever language, is written in none."""
        name = self.name.removesuffix(f"_{language_of(self.db_field)}")
        asked = (*self.form.instance.required_texts, *getattr(self.form.instance, "needed", ()))
        fields = [self.form[column] for column in columns(name) if column in self.form.fields]
        return name in asked and not any(field.value() for field in fields)

    @property
    def aria_describedby(self):
        ids = super().aria_describedby
        return f"{ids or ''} {self.auto_id}_hints".strip() if self.is_judged else ids

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        box = super().as_widget(widget, attrs, only_initial)
        if only_initial or not self.is_judged:
            return box
        context = {"field": self, "hints": self.form.hints.get(self.name), "source": self.source}
        return box + render_to_string("admin/publishing/field_hints.html", context)

    @cached_property
    def source(self):
        """The text that a missing or a late translation comes from, or None."""
        known, column = self.form.translations, self.form.place.of_field(self.name)
        if not known or not (column in known.stale or column in known.missing):
            return None
        stem, language = self.name.removesuffix(f"_{language_of(self.db_field)}"), known.source_of(column)
        words = value_in_words(self.db_field, getattr(self.form.instance, to_attribute(stem, language)))
        before = value_in_words(self.db_field, known.stale[column]) if column in known.stale else None
        return TranslationSource(column, language, words, before, column in self.form.confirmable)


@dataclass
class TranslationSource:
    column: str
    language: str
    words: str
    #: What the translation was made from, where that isn't what the source says now.
    before: str | None
    may_confirm: bool

    @property
    def direction(self):
        return direction(self.language)

    @property
    def language_name(self):
        return language_name(self.language)

    @property
    def marked(self):
        return marked(self.before, self.words)


class HintedForm:
    """For a ModelForm of a row or of a part of one."""

    bound_field_class = HintedField

    #: What is known of the row's translations, the row of the form (of which part), and what is late live.
    translations, place, confirmable = None, PatchKey(), ()

    @cached_property
    def hints(self):
        """Of a row that someone has begun."""
        is_begun = not self.instance._state.adding or (self.is_bound and self.has_changed())
        return hints(self.instance) if is_begun else {}
