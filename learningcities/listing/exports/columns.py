"""What is said of rows when they leave the site: one list of columns, whatever the format.

A column reads many rows at a time, so that what they are related to is asked for once, and said once.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter, methodcaller
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from learningcities.facets.index import KeysOf, keys_in
from learningcities.text.translation import columns

#: What neither XML nor a spreadsheet may hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


#: Between the values of one that has several; no name has it.
SEVERAL = " | "


class Column(NamedTuple):
    """A heading in the reader's language, a key for programs, and what finds the values of some rows."""

    key: str
    label: str
    read: Callable
    #: Whether it says in words what a row is about.
    is_category: bool = False

    @classmethod
    def of(cls, model, name, read=None, **options):
        """The column of a field, under the model's own word for it."""
        value = attrgetter(name)
        return cls(name, word_for(model, name), each(lambda row: read(value(row)) if read else value(row)), **options)

    @classmethod
    def related(cls, model, name, say=str, among=None, **options):
        """The column of the rows that a relation leads to."""
        relation = model._meta.get_field(name)
        among = among or relation.related_model.objects.all

        def read(rows):
            found = related(rows, among(), relation.remote_field.name, say)
            return [found[row.pk] for row in rows]

        return cls(name, word_for(model, name), read, **options)


def each(read):
    """For a column whose values are read row by row."""
    return lambda rows: [read(row) for row in rows]


def related(rows, among, path, say):
    """What is said of those that a path leads from to each of some rows: {key: [said, ...]}, in their own order."""
    found = defaultdict(list)
    among = among.filter(**{f"{path}__in": [row.pk for row in rows]}).annotate(of=KeysOf(path))
    for one in among.order_by(*among.model._meta.ordering):
        said = say(one)
        for key in keys_in(one.of):
            found[key].append(said)
    return found


ADDRESS = Column("url", _("address of the page"), each(methodcaller("get_absolute_url")))


class RowValues(dict):
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


def number(value):
    """A decimal as programs and spreadsheets know numbers; nothing for nothing."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def in_one_text(value):
    """For programs that know no lists."""
    return SEVERAL.join(map(str, value)) if isinstance(value, list) else value


def printable(text):
    return UNPRINTABLE.sub("", text)
