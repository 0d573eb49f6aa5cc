"""A list as a file to be read: the columns and the words that it shows on the screen."""

from datetime import date

from django.contrib.admin.utils import label_for_field, lookup_field
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from openpyxl import Workbook

from learningcities.listing.exports.columns import printable
from learningcities.listing.exports.tables import cell, write
from learningcities.publishing.version.content_version import moment
from learningcities.text.richtext import lines

from .sheet import title_of
from .workbook import saved, separated


class ListExport:
    def __init__(self, model_admin, request, rows):
        self.model_admin, self.rows, self.seen = model_admin, rows, moment()
        names = model_admin.get_list_display(request)
        self.names = [name for name in names if name not in model_admin.only_on_screen]

    @property
    def headings(self):
        model = self.model_admin.model
        return [str(capfirst(label_for_field(name, model, self.model_admin))) for name in self.names]

    def lines(self):
        return ([value_of(name, row, self.model_admin) for name in self.names] for row in self.rows)

    def as_csv(self):
        return separated([self.headings, *self.lines()])

    def as_xlsx(self):
        book = Workbook(write_only=True)
        page = book.create_sheet(title_of(self.model_admin.model))
        write(page, self.headings, self.lines())
        return saved(book)


def value_of(name, row, model_admin):
    """What a cell of the list says: a number, a day or a moment as such, and else the words without their markup."""
    field, shown, value = lookup_field(name, row, model_admin)
    if field is not None and field.choices:
        value = getattr(row, f"get_{field.name}_display")()
    if isinstance(value, bool) or getattr(shown, "boolean", False):
        return yesno(value)
    if value is None or isinstance(value, (int, float, date)):
        return cell(value)
    return printable(lines(value) if hasattr(value, "__html__") else str(value)) or None
