"""Texts in several languages: how they are declared, which one is shown, and in which direction."""

from django.conf import settings
from django.db.models import CharField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, override, pgettext
from django.utils.translation import gettext as _
from translated_fields import TranslatedField, to_attribute

LANGUAGES = [code for code, _ in settings.LANGUAGES]
#: The site's first language: what is there in several is named and sorted in it.
FIRST_LANGUAGE = settings.LANGUAGE_CODE


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


def listed(names):
    """Several names, with the comma of the reader's language between them."""
    return pgettext("between names", ", ").join(map(str, names))


def lasting_name(row):
    """What a row is called in the site's first language: what is stored doesn't depend on who is there at the time."""
    with override(FIRST_LANGUAGE):
        return str(row)


def fallback(language):
    """The languages to try for a reader of `language`, the reader's own first."""
    return sorted(LANGUAGES, key=lambda code: code != language)


def first_of(languages):
    """The language for whoever reads none of those in which something is written."""
    return next(iter(languages), FIRST_LANGUAGE)


def shown(name, field):
    """The reader's text or, where it is empty, the first language that has one."""

    columns_for = {reader: [(code, to_attribute(name, code)) for code in fallback(reader)] for reader in LANGUAGES}

    def getter(row):
        for language, column in columns_for[get_language() or FIRST_LANGUAGE]:
            if value := getattr(row, column):
                return Text(value, language)
        return ""

    return getter


class ShownText(Coalesce):
    """The text that readers of a language are shown, in SQL: what lists are sorted by."""

    def __init__(self, name, language=FIRST_LANGUAGE):
        self.name = name
        texts = (NullIf(column, Value("")) for column in columns(name, fallback(language)))
        super().__init__(*texts, output_field=CharField())


class Translated(TranslatedField):
    """A translated field. The admin's lists are sorted by it as their reader sees it."""

    def __init__(self, field, is_required):
        super().__init__(field, attrgetter=shown)
        self.is_required = is_required

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        self.name = name
        if self.is_required:
            cls.required_texts = (*cls.required_texts, name)

    @property
    def admin_order_field(self):
        return ShownText(self.name, get_language())


def translated(field, required=False):
    """One column for each language; what is `required` must be said in one of them, whichever (`InAnyLanguage`)."""
    field.blank = True
    return Translated(field, required)


def columns(name, languages=LANGUAGES):
    """The columns of a translated field: title -> title_fr, title_ar, title_en."""
    return tuple(to_attribute(name, language) for language in languages)


def lacking(row, names):
    """The columns that are empty in the language in which most of these texts are written; none where one has all.

    Of languages that lack as much, it is the reader's own.
    """
    lines = zip(*(columns(name, fallback(get_language())) for name in names), strict=True)
    return min(([column for column in line if not getattr(row, column)] for line in lines), key=len, default=[])


def needed(column):
    """What to say of a text that a page lacks in the language that is nearest to complete."""
    text = _("This text is needed in %(language)s: a page can be published once it is complete in one language.")
    return text % {"language": language_name(column.rpartition("_")[2])}


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
