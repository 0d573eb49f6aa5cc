"""A list as a file to be edited and sent back: the items, their parts, what may be chosen, and how it is done."""

import csv
import io
from itertools import zip_longest

from django.db import transaction
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import DEFAULT_FONT, Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from learningcities import bounds
from learningcities.listing.exports.tables import escaped, signs
from learningcities.publishing.patches.snapshot import rows_of_part, snapshots
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.publishing.workflow.change import Change
from learningcities.text.dates import format_moment
from learningcities.text.translation import direction

from .cell_text import harmless
from .column_types import ManyColumn
from .sheet import FIRST_ROW, sheets_of

#: Without the font's name, LibreOffice takes another.
NORMAL = {"name": DEFAULT_FONT.name, "size": DEFAULT_FONT.size}
BOLD, LARGE = Font(**NORMAL, bold=True), Font(**NORMAL | {"size": 16}, bold=True)
#: A cell reads in the direction of its text, whatever that of the sheet.
ALIGNED = {
    "rtl": Alignment(horizontal="right", vertical="top", readingOrder=2),
    "ltr": Alignment(horizontal="left", vertical="top", readingOrder=1),
}


class ExportWorkbook:
    def __init__(self, model_admin, request, rows):
        self.main, *self.parts = sheets_of(model_admin, request)
        self.person, self.address = request.user, address_of_list(model_admin, request)
        with transaction.atomic():
            # Whoever is writing now is waited for, so that what is written later has a later number.
            ContentVersion.lock_writes()
            self.seen, self.mark = moment(), Change.objects.mark()
        self.states = snapshots(rows)
        for sheet in self.sheets:
            rows = [values for _key, _item, values in self.rows(sheet)]
            for column in sheet.columns:
                column.learn(values[column.name] for values in rows)

    @property
    def sheets(self):
        return [self.main, *self.parts]

    def rows(self, sheet):
        """What stands on a sheet: (key, the item's snapshot, the row's own)."""
        for uuid, state in self.states.items():
            if not sheet.part:
                yield uuid, state, state
                continue
            for key, values in rows_of_part(state, sheet.part):
                yield key.uuid, state, values

    def lines(self, sheet):
        """The cells of each row."""
        for key, item, values in self.rows(sheet):
            texts = [column.say(values[column.name]) for column in sheet.columns]
            yield [str(key), self.mark, *([item["slug"], *texts, None] if sheet.part else texts)]

    def as_csv(self):
        """The sheet of the items alone."""
        return separated([self.main.names, self.main.names.values(), *self.lines(self.main)])

    def as_xlsx(self):
        return saved(self.workbook())

    def workbook(self):
        book = Workbook(write_only=True)
        self.write_instructions(new_page(book, _("Instructions")))
        lists = self.lists()
        for sheet in self.sheets:
            self.write(new_page(book, sheet.title), sheet, lists)
        self.write_lists(new_page(book, _("Lists")), lists)
        return book

    def write(self, page, sheet, lists):
        count = sum(1 for _row in self.rows(sheet))
        page.freeze_panes = f"A{FIRST_ROW}"
        page.auto_filter.ref = f"A2:{get_column_letter(len(sheet.names))}{max(count, 1) + FIRST_ROW - 1}"
        page.row_dimensions[1].hidden = True
        columns = [sheet.by_name.get(name) for name in sheet.names]
        for place, column in enumerate(columns, start=1):
            letter = get_column_letter(place)
            page.column_dimensions[letter].hidden = place < 3
            page.column_dimensions[letter].width = column.width if column else 24
            # What is written below the last row is kept as it is typed.
            page.column_dimensions[letter].number_format = column.number_format if column else "@"
            if column in lists:
                page.data_validations.append(offer(column, list(lists).index(column) + 1, letter))
        page.append([text(page, name) for name in sheet.names])
        page.append([text(page, words, BOLD) for words in sheet.names.values()])
        for cells in self.lines(sheet):
            page.append([typed(page, *pair) for pair in zip(cells, columns, strict=True)])

    def lists(self):
        """The columns whose cells are chosen from a list."""
        columns = [column for sheet in self.sheets for column in sheet.columns]
        return {column: column.words for column in columns if 0 < len(column.words) <= bounds.CELL_CHOICES}

    def write_lists(self, page, lists):
        page.freeze_panes = "A2"
        for place in range(1, len(lists) + 1):
            page.column_dimensions[get_column_letter(place)].width = 32
        page.append([text(page, column.heading, BOLD) for column in lists])
        for words in zip_longest(*lists.values()):
            page.append([word and text(page, word) for word in words])

    def write_instructions(self, page):
        for letter in "ABC":
            page.column_dimensions[letter].width = 50
        made = _("Made on %(moment)s for %(person)s, from %(address)s") % {
            "moment": format_moment(self.seen),
            "person": self.person,
            "address": self.address,
        }
        page.append([text(page, self.main.title, LARGE)])
        for sentence in [made, "", *rules_of_the_file(), ""]:
            page.append([text(page, sentence)])
        for sheet in self.sheets:
            headings = [sheet.title, _("What a cell holds"), _("What it is for")]
            page.append([text(page, words, BOLD) for words in headings])
            for column in sheet.columns:
                mark = " *" if column.is_required else " (*)" if column.is_required_in_one else ""
                kind = f"{column.kind}{mark}"
                hint = strip_tags(str(column.field.help_text))
                page.append([text(page, words) for words in (column.heading, kind, hint)])


def separated(lines):
    """Lines of cells as CSV: numbers and cells are separated as on the reader's machine."""
    (delimiter, decimal), out = signs(), io.StringIO(newline="")
    write = csv.writer(out, delimiter=delimiter).writerow
    for cells in lines:
        write([str(cell).replace(".", decimal) if isinstance(cell, float) else harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def saved(workbook):
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def rules_of_the_file():
    """What people must know before they change something."""
    return [
        _("1. Change the cells, save the file, and send it back: above the list, “Import a spreadsheet”."),
        _("2. You are then shown row by row what would change. Nothing is written before you say so."),
        _("3. What you accept becomes drafts. Visitors see it once a coordinator has published it."),
        _("An empty cell empties the text on the site. A row or a column that isn’t in the file stays as it is."),
        _("For a new row, write below the last one and leave the hidden columns empty."),
        _("A cell with several names has the sign | between them. The sheet “Lists” has the names."),
        _("On the other sheets, “Belongs to” holds the short name of the page that a row is part of."),
        _("To remove a row of these sheets, write “yes” in its last column."),
        _("Columns with an asterisk (*) can’t be empty; of those with “(*)”, one language is enough."),
        _("Formulas are not accepted: write the values."),
        _("Photos are chosen on the form, not here."),
    ]


def address_of_list(model_admin, request):
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return request.build_absolute_uri(reverse(model_admin.address("changelist")) + query)


def new_page(book, title):
    page = book.create_sheet(title)
    page.sheet_view.rightToLeft = get_language_bidi()
    return page


def text(page, words, font=None):
    """A text, whatever it looks like: no program takes it for a formula."""
    cell = WriteOnlyCell(page, escaped(words))
    cell.data_type, cell.number_format = "s", "@"
    if font:
        cell.font = font
    return cell


def typed(page, value, column):
    if value is None:
        return None
    cell = text(page, value) if isinstance(value, str) else WriteOnlyCell(page, value)
    cell.quotePrefix = isinstance(value, str)
    if column:
        cell.number_format = column.number_format
        if column.language:
            cell.alignment = ALIGNED[direction(column.language)]
    return cell


def offer(column, place, letter):
    """The list of words below each cell; where several may stand in one, it refuses nothing."""
    lists, last = quote_sheetname(_("Lists")), len(column.words) + 1
    words = get_column_letter(place)
    offered = DataValidation("list", f"{lists}!${words}$2:${words}${last}", allow_blank=True)
    offered.errorStyle, offered.showErrorMessage = "warning", not isinstance(column, ManyColumn)
    offered.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + 2 * bounds.SHEET_ROWS}")
    return offered
