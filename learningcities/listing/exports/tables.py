"""Tables for spreadsheets: CSV and XLSX."""

import csv
import re
from datetime import date, datetime
from functools import partial
from itertools import chain, islice
from tempfile import TemporaryFile

from django.utils import timezone
from django.utils.formats import get_format
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import DEFAULT_FONT, Font
from openpyxl.utils import get_column_letter

from .columns import in_one_text, printable

#: What a spreadsheet may take for a formula when a text begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Excel counts days from here; earlier dates stay texts.
FIRST_YEAR = 1900
#: In characters, how wide a column may be, and how many rows are looked at to find out.
NARROWEST, WIDEST, SAMPLE = 10, 50, 50
BLOCK = 64 * 1024
#: What a cell of a workbook can hold, counted as spreadsheets do, in halves of UTF-16.
LONGEST = 32_767
CUT = gettext_lazy("… (This text is too long for a spreadsheet and was cut here. The page has all of it.)")
#: What spreadsheets take for the number of a letter: _x0041_ is A.
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: The font that workbooks have unless said otherwise; without its name, LibreOffice takes another for the heading.
HEADING = Font(DEFAULT_FONT.name, DEFAULT_FONT.size, bold=True)


def headings(export):
    return [str(capfirst(column.label)) for column in export.columns]


def rows(export):
    return ([cell(value) for value in record.values()] for _row, record in export.records())


def cell(value):
    """A number, a day, a moment on the reader's clock, or a text that no program takes for a formula."""
    if isinstance(value, datetime):
        return timezone.make_naive(value).replace(microsecond=0)
    if value is None or isinstance(value, (int, float, date)):
        return value
    text = printable(str(in_one_text(value)))
    return f"'{text}" if text.startswith(FORMULA) else text or None


class Line:
    """A file that hands back each line that is written to it."""

    def write(self, line):
        return line


def signs():
    """What stands between the cells of a table and before decimals, on the reader's machine."""
    decimal = get_format("DECIMAL_SEPARATOR")
    return ";" if decimal == "," else ",", decimal


def as_csv(export):
    """Beginning with the mark by which spreadsheets know UTF-8.

    Spreadsheets expect semicolons between the cells where the decimal sign is a comma, as in French and in
    the Arabic of Morocco, and commas elsewhere: numbers and cells are separated as on the reader's machine.
    """
    delimiter, decimal = signs()
    line = csv.writer(Line(), delimiter=delimiter).writerow
    yield "\ufeff" + line(headings(export))
    for row in rows(export):
        yield line([str(value).replace(".", decimal) if isinstance(value, float) else value for value in row])


def as_xlsx(export):
    """Through a file on disk, so that a long list needs no more memory than a short one."""
    with TemporaryFile() as file:
        workbook(export).save(file)
        file.seek(0)
        yield from iter(partial(file.read, BLOCK), b"")


def workbook(export):
    book = Workbook(write_only=True)
    book.properties.creator = export.publisher
    table = book.create_sheet(export.name)
    table.auto_filter.ref = f"A1:{get_column_letter(len(headings(export)))}{len(export) + 1}"
    write(table, headings(export), rows(export))
    origin = {
        _("Published by"): export.publisher,
        _("Address of the list"): export.address,
        _("Taken away on"): export.today,
    }
    write(book.create_sheet(_("Origin")), [capfirst(_("list")), export.title], map(list, origin.items()))
    return book


def write(sheet, heading, rows):
    """A sheet whose first row stays in sight, in the direction of the reader's script."""
    first = list(islice(rows, SAMPLE))
    for position, values in enumerate(zip(heading, *first, strict=True), start=1):
        longest = max(len(str(value)) for value in values if value is not None)
        sheet.column_dimensions[get_column_letter(position)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, label, font=HEADING) for label in heading])
    for row in chain(first, rows):
        sheet.append([typed_cell(sheet, value) for value in row])


def typed_cell(sheet, value):
    if isinstance(value, date) and value.year < FIRST_YEAR:
        value = value.isoformat()
    if not isinstance(value, str):
        return value
    # openpyxl takes some texts for a formula or an error.
    value = cut(value, CUT)
    return text_cell(sheet, value) if value.startswith(("=", "#")) else escaped(value)


def text_cell(sheet, text, font=None):
    """A text, whatever it looks like."""
    written = WriteOnlyCell(sheet, escaped(text))
    written.data_type = "s"
    if font:
        written.font = font
    return written


def escaped(text):
    """The text as a workbook writes it, so that none of it is read as the number of a letter."""
    return CODED.sub("_x005F_", str(text))


def cut(text, word):
    """The text or, where no cell can hold it, its beginning with a word that says so."""
    if len(text) < LONGEST // 8 or size(text) <= LONGEST:
        return text
    # Whoever writes a little more into the cell doesn't lose the word at its end.
    room = LONGEST - len(word) - 700
    beginning = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    while size(beginning) > room:
        beginning = beginning[: len(beginning) * 9 // 10]
    return f"{beginning}{word}"


def size(text):
    return len(escaped(text).encode("utf-16-le")) // 2
