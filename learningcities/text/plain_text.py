"""Which characters a text may hold, when it says nothing, and the fields that see to both whichever way it comes."""

import re
import unicodedata

from django import forms
from django.db import models

#: Line ends of other programs: Windows and old Macs, vertical tab (Word's line within a paragraph), form feed, NEL,
#: and the two separators of Unicode.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: Controls that no text needs, halves of characters, and what turns the direction of all that follows: a name with
#: U+202E reads backwards and drags its neighbours along. The marks U+200E, U+200F and U+061C do nothing of the kind,
#: and Arabic with figures needs them.
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: What has a category of letters or symbols and is seen by nobody: fillers of Hangul, the empty Braille cell, and the
#: stroke that only stretches an Arabic word.
BLANKS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u0640")


def tidied(text):
    """The text without what no text may hold, with one kind of line end.

    >>> tidied("Fès\\u202e \\x00gnp.exe\\r\\n")
    'Fès gnp.exe\\n'
    """
    return FORBIDDEN.sub("", LINE_ENDS.sub("\n", text))


def says_nothing(text):
    """Whether nobody would see anything of a text: spaces, marks and invisible characters, however many.

    >>> says_nothing("\\u200b \\u200f\\ufeff"), says_nothing("ـ"), says_nothing("٣")
    (True, True, False)
    """
    return all(character in BLANKS or unicodedata.category(character)[0] in "CZM" for character in text) and not any(
        unicodedata.category(character) == "Co" for character in text
    )


def stored(text):
    """A text as a field keeps it."""
    text = tidied(text).strip()
    return "" if says_nothing(text) else text


def in_one_line(text):
    """The same where a text has one line only."""
    return stored(" ".join(tidied(text).split()) if re.search(r"[\n\t\v\f\r\x85\u2028\u2029]", text) else text)


class TidyFormField(forms.CharField):
    """An answer that says nothing is none: so it is refused where one is required."""

    tidy = staticmethod(stored)

    def to_python(self, value):
        value = super().to_python(value)
        return self.tidy(value) if isinstance(value, str) else value


class LineFormField(TidyFormField):
    tidy = staticmethod(in_one_line)


class Tidy:
    """A field of text that tidies it on a form, in a file, in a program and in a bulk update alike."""

    form_class, tidy = TidyFormField, staticmethod(stored)

    def to_python(self, value):
        return self.tidied(super().to_python(value))

    def pre_save(self, row, add):
        value = self.tidied(super().pre_save(row, add))
        setattr(row, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self.tidied(value), connection)

    def tidied(self, value):
        return self.tidy(value) if isinstance(value, str) and value else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class, **kwargs})

    def deconstruct(self):
        """For migrations it is Django's own field: the columns are the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.column}", args, kwargs


class CharField(Tidy, models.CharField):
    form_class, tidy, column = LineFormField, staticmethod(in_one_line), "CharField"


class TextField(Tidy, models.TextField):
    column = "TextField"
