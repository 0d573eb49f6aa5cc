"""What is said of a row outside its page: one list of columns for all files and for the API.

A file reads a column for many rows at a time, so that what they are related to is asked for once.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter, methodcaller
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from learningcities.facets.facet_index import KeysOf, keys_in
from learningcities.text.dates import PartialDateField, exact
from learningcities.text.richtext import RichTextField, readable
from learningcities.text.translation import FIRST_LANGUAGE

#: What neither XML nor a spreadsheet may hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


#: Between several values in one text; no name has it.
SEVERAL = " | "


class Column(NamedTuple):
    """What is said of rows under one name, which is the same in all files and in the API."""

    name: str
    label: str
    #: The values of some rows in the reader's language; without it, the column is in no file.
    read: Callable = None
    #: The field of the API, where it doesn't follow from the field of the model.
    field: object = None
    #: Whether it says in words what a row is about.
    is_category: bool = False
    #: For a relation to many, the rows it leads to from each of some rows, and their serializer in the API.
    related: Callable = None
    serializer: type = None

    @classmethod
    def of(cls, model, name, **options):
        """The column of a field, under the model's own word for it."""
        return cls(name, word_for(model, name), **{"read": reader(model, name), **options})

    @classmethod
    def to_many(cls, model, name, among=None, say=str, only=None, **options):
        """The column of the rows that a relation leads to, or only of those for which a function of both rows holds."""
        relation = model._meta.get_field(name)
        among = among or relation.related_model.objects.all

        def related(rows):
            others = related_rows(rows, among(), relation.remote_field.name)
            return [[other for other in others[row.pk] if not only or only(row, other)] for row in rows]

        def read(rows):
            return [list(map(say, others)) for others in related(rows)]

        return cls(name, word_for(model, name), read, related=related, **options)


def columns_of(model, *columns):
    """Columns in their order; of a field of the model, its name is enough."""
    return tuple(Column.of(model, column) if isinstance(column, str) else column for column in columns)


def named(columns, *names):
    """The columns of these names; where there is none, the name of a field of the model, as columns_of takes it."""
    by_name = {column.name: column for column in columns}
    return [by_name.get(name, name) for name in names]


def in_files(columns):
    return [column for column in columns if column.read]


def each(read):
    """For a column whose values are read row by row."""
    return lambda rows: [read(row) for row in rows]


def related_rows(rows, among, path):
    """Those that a path leads from to each of some rows: {key: [row, ...]}, in their own order."""
    related = defaultdict(list)
    among = among.filter(**{f"{path}__in": [row.pk for row in rows]}).annotate(of=KeysOf(path))
    for other in among.order_by(*among.model._meta.ordering):
        for key in keys_in(other.of):
            related[key].append(other)
    return related


class RowValues(dict):
    """A row of a part, such as a figure: an object for programs, one line in the cell of a table."""

    def __str__(self):
        return ", ".join(str(part) for part in self.values() if part not in ("", None))


def values_of(model, columns):
    """What columns say of a row of a part."""
    columns = in_files(columns_of(model, *columns))
    return lambda row: RowValues((column.name, *column.read([row])) for column in columns)


def field_of(model, name):
    """The field of a model, in the site's first language if there are several; None for what isn't one."""
    for attribute in (name, to_attribute(name, FIRST_LANGUAGE)):
        with suppress(FieldDoesNotExist):
            return model._meta.get_field(attribute)
    return None


def word_for(model, name):
    """What the model calls a field, a text in several languages or the rows of a relation."""
    field = field_of(model, name)
    if field is None:
        return None
    return field.related_model._meta.verbose_name_plural if field.auto_created else field.verbose_name


def reader(model, name):
    """How files say the values of a field."""
    field = field_of(model, name)
    if getattr(field, "choices", None):
        return each(methodcaller(f"get_{name}_display"))
    value, say = attrgetter(name), next((say for kind, say in IN_FILES.items() if isinstance(field, kind)), None)
    return each(lambda row: say(value(row))) if say else each(value)


def number(value):
    """A decimal as programs and spreadsheets know numbers; nothing for nothing."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


#: How files say the values of these fields; all other values are said as they are.
IN_FILES = {RichTextField: readable, PartialDateField: exact, models.DecimalField: number}
ADDRESS = Column("url", _("address of the page"), each(methodcaller("get_absolute_url")))


def in_one_text(value):
    """For programs that know no lists."""
    return SEVERAL.join(map(str, value)) if isinstance(value, list) else value


def printable(text):
    return UNPRINTABLE.sub("", text)
