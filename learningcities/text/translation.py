"""Texts in several languages: how they are declared, which one is shown, and in which direction."""

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _
from translated_fields import TranslatedField, to_attribute

LANGUAGES = [code for code, _ in settings.LANGUAGES]
REQUIRED = settings.LANGUAGE_CODE


class Text(str):
    """A text that knows its language."""

    language: str

    def __new__(cls, value, language):
        text = super().__new__(cls, value)
        text.language = language
        return text


def language_name(code):
    """What readers call a language, as it stands inside a sentence of theirs."""
    return get_language_info(code)["name_translated"]


def about(subject, sentence):
    """What is said of something, with the colon of the reader's language."""
    return _("%(subject)s: %(sentence)s") % {"subject": subject, "sentence": sentence}


def lasting_name(row):
    """What a row is called in the site's first language: what is stored doesn't depend on who is there at the time."""
    with override(REQUIRED):
        return str(row)


def fallback(language):
    """The languages to try for a reader of `language`, the reader's own first."""
    return sorted(LANGUAGES, key=lambda code: code != language)


def shown(name, field):
    """The reader's text or, where it is empty, the first language that has one."""

    columns_for = {reader: [(code, to_attribute(name, code)) for code in fallback(reader)] for reader in LANGUAGES}

    def getter(row):
        for language, column in columns_for[get_language() or REQUIRED]:
            if value := getattr(row, column):
                return Text(value, language)
        return ""

    return getter


class Translated(TranslatedField):
    """A translated field that the admin's lists can be sorted by."""

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        self.admin_order_field = to_attribute(name, REQUIRED)


def translated(field, required=False):
    """One column for each language; `required` asks for the site's first language only."""
    field.blank = True
    return Translated(field, {REQUIRED: {"blank": False}} if required else {}, attrgetter=shown)


def columns(name):
    """The columns of a translated field: title -> title_fr, title_ar, title_en."""
    return tuple(to_attribute(name, language) for language in LANGUAGES)


def language_of(db_field):
    """The language of a translated column, or None."""
    return getattr(db_field, "_translated_field_language_code", None)


def direction(language):
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def language_attributes(text):
    """The lang and dir attributes a text needs when it isn't in the page's language."""
    language = getattr(text, "language", None)
    if not language or language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', language, direction(language))
