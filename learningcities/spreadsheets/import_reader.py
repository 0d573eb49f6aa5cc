"""A file that was sent back, read without trusting it: refused with a sentence, or its sheets as plain cells."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from enum import Enum
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import get_column_letter

from learningcities import bounds

from .cell_text import unescaped
from .numbers import in_percent

#: What a workbook holds that can act or leads elsewhere.
ACTIVE = ("vbaproject", "externallink", "activex", "embeddings", "oleobject", "connections.xml")


class Sign(Enum):
    FORMULA = "formula"


#: In the place of a cell that holds a formula or an error.
FORMULA = Sign.FORMULA
#: The first line of a CSV file that tells Excel what stands between its cells.
SEPARATOR = re.compile(r"\"?sep=(.)\"?\s*$", re.IGNORECASE)
#: What stands in a number format to be shown as it is.
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
UUID_FORM = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$", re.IGNORECASE)

NO_SPREADSHEET = gettext_lazy("This is not a spreadsheet in the form XLSX or CSV. Save it as XLSX first.")
NO_SHEET = gettext_lazy(
    "No sheet of this file is known here. Start from a file that you have exported from a list, and keep its first row,"
    " which is hidden."
)


@dataclass
class Grid:
    """A sheet as it stands in the file: the names of its columns, and the filled rows by their number."""

    title: str
    names: list
    rows: list

    @property
    def label(self):
        return self.names[0]

    def renamed(self, names):
        """The same with other names of its columns ({old: new}), as far as it hasn't the new ones as well."""
        names = {old: new for old, new in names.items() if new not in self.names}
        rows = [(number, {names.get(name, name): cell for name, cell in cells.items()}) for number, cells in self.rows]
        return Grid(self.title, [names.get(name, name) for name in self.names], rows)


def read(file):
    """The grids of an uploaded file."""
    if file.size > bounds.SHEET_BYTES:
        text = _("The file is larger than %(megabytes)d MB. Export fewer rows, and send them in several files.")
        raise ValidationError(text, params={"megabytes": bounds.SHEET_BYTES // bounds.MIB})
    start = file.read(4)
    file.seek(0)
    try:
        if start == b"PK\x03\x04":
            check_package(file)
            grids = list(read_xlsx(file))
        elif start in (b"\xd0\xcf\x11\xe0", b"%PDF"):
            raise ValidationError(NO_SPREADSHEET)
        else:
            grids = list(read_csv(file))
    except ValidationError:
        raise
    except Exception:
        # A broken file breaks its readers in more ways than can be named.
        raise ValidationError(_("This file can’t be read: it is damaged. Save it anew as XLSX.")) from None
    if not grids:
        raise ValidationError(NO_SHEET)
    return grids


def check_package(file):
    """Refuse what is no workbook, or too much of one, before anything in it is parsed.

    No more is ever unpacked of an entry than the table of contents says; the parser refuses bombs of entities itself.
    """
    with zipfile.ZipFile(file) as package:
        entries = package.infolist()
        names = [entry.filename.lower() for entry in entries]
        if "xl/workbook.xml" not in names:
            raise ValidationError(NO_SPREADSHEET)
        if any(word in name for name in names for word in ACTIVE):
            raise ValidationError(
                _("This file holds macros, or leads to other files. Save it as XLSX without them, and send it again.")
            )
        is_large = (
            len(entries) > bounds.SHEET_FILES or sum(entry.file_size for entry in entries) > bounds.SHEET_UNPACKED_BYTES
        )
        if is_large or any(
            rows_in(package, name) > bounds.SHEET_LINES for name in package.namelist() if "/worksheets/" in name
        ):
            raise ValidationError(_("This file holds too much. Export fewer rows, and send them in several files."))
    file.seek(0)


def rows_in(package, name):
    """About how many rows a sheet has, counted without parsing it."""
    with package.open(name) as sheet:
        return sum(piece.count(b"<row") + piece.count(b":row") for piece in iter(partial(sheet.read, 2**20), b""))


def read_xlsx(file):
    book = load_workbook(file, read_only=True, keep_links=False)
    try:
        for page in book.worksheets:
            # What the file says of its own size is not believed.
            page.reset_dimensions()
            lines = page.iter_rows(max_row=bounds.SHEET_LINES, max_col=bounds.SHEET_COLUMNS)
            yield from grid(page.title, ([plain(cell) for cell in line] for line in lines))
    finally:
        book.close()


def plain(cell):
    """What a cell shows, as far as its value doesn't say it."""
    if cell is EMPTY_CELL or cell.value is None:
        return None
    if cell.data_type in ("f", "e"):
        return FORMULA
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and is_percentage(cell.number_format):
        return in_percent(cell.value)
    return unescaped(cell.value)


def is_percentage(number_format):
    """Whether numbers are shown in percent: 0.45 as 45 %."""
    return "%" in QUOTED.sub("", number_format or "")


def read_csv(file):
    content = file.read()
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("The letters of this file can’t be read. Save it as “CSV UTF-8”, or better as XLSX.")
        ) from None
    first, _end, rest = text.lstrip("\r\n").partition("\n")
    if stated := SEPARATOR.match(first):
        # A line for Excel, which shows the file without it.
        text, delimiter = rest, stated[1]
    else:
        delimiter = max(";,\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    yield from grid("CSV", ([unescaped(cell) for cell in line[: bounds.SHEET_COLUMNS]] for line in lines))


def grid(title, lines):
    """The grid of a sheet of ours, or nothing; it begins with the first row that isn't empty."""
    filled = ((number, line) for number, line in enumerate(lines, start=1) if any(cell is not None for cell in line))
    start, line = next(filled, (0, []))
    names = [name if isinstance(name, str) else "" for name in line]
    if not names or "." not in names[0]:
        return
    rows = []
    refuse_doubled_columns(title, names)
    for number, line in filled:
        if number == start + 1 and is_heading(line[0]):
            continue
        rows.append((number, dict(zip(names, line, strict=False))))
        if len(rows) > bounds.SHEET_ROWS:
            text = _("The sheet “%(sheet)s” has more than %(count)s rows. Send them in several files.")
            raise ValidationError(text % {"sheet": title, "count": bounds.SHEET_ROWS})
    yield Grid(title, names, rows)


def is_heading(key):
    """Whether a row below the names of the columns holds their headings: in the place of a key, which may be empty."""
    return isinstance(key, str) and not UUID_FORM.match(key)


def refuse_doubled_columns(title, names):
    for name in names:
        if name and names.count(name) > 1:
            letters = [get_column_letter(place) for place, other in enumerate(names, start=1) if other == name]
            text = _(
                "The sheet “%(sheet)s” has one column twice: the columns %(letters)s are both “%(name)s” in its first"
                " row, which is hidden. Delete one of them."
            )
            raise ValidationError(text % {"sheet": title, "letters": ", ".join(letters), "name": name})
