"""What is said of a row when it leaves the site: one list of columns, whatever the format."""

import re
from collections.abc import Callable
from operator import methodcaller
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from learningcities.translation import columns

#: What neither XML nor a spreadsheet may hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Column(NamedTuple):
    """A heading in the reader's language, a key for programs, and how the value of a row is read."""

    key: str
    label: str
    read: Callable
    #: Whether it is a list of words that say what the row is about.
    is_category: bool = False

    @classmethod
    def of(cls, model, name, read=lambda value: value, **options):
        """The column of a field, under the model's own word for it."""
        return cls(name, word_for(model, name), lambda row: read(getattr(row, name)), **options)


ADDRESS = Column("url", _("address of the page"), methodcaller("get_absolute_url"))


class Entry(dict):
    """A value that has parts of its own: an object for programs, one line in the cell of a table."""

    def __str__(self):
        return ", ".join(str(part) for part in self.values() if part not in ("", None))


def word_for(model, name):
    """What the model calls a field, a text in several languages or the rows of a relation."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        field = model._meta.get_field(columns(name)[0])
    return field.related_model._meta.verbose_name_plural if field.auto_created else field.verbose_name


def names(related):
    return [str(row) for row in related.all()]


def number(value):
    """A decimal as programs and spreadsheets know numbers; nothing for nothing."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def printable(text):
    return UNPRINTABLE.sub("", text)
