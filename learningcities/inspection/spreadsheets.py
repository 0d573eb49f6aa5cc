"""A spreadsheet to be imported: read to its end, to see what that takes. What is wrong in it, the site says itself."""

import contextlib
import csv
import io

from openpyxl import load_workbook

from learningcities import bounds

from . import Refused


def look(file):
    is_archive = file.read(2) == b"PK"
    file.seek(0)
    try:
        (read_xlsx if is_archive else read_csv)(file)
    except (Refused, MemoryError):
        raise
    except Exception:  # noqa: S110
        # The site reads it in the same way, and says what is wrong.
        pass
    return {}, None


def read_xlsx(file):
    book = load_workbook(io.BytesIO(file.read()), read_only=True, keep_links=False)
    for page in book.worksheets:
        page.reset_dimensions()
        for _line in page.iter_rows(max_row=bounds.SHEET_LINES, max_col=bounds.SHEET_COLUMNS):
            pass


def read_csv(file):
    content = file.read()
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    for delimiter in ";,\t":
        with contextlib.suppress(csv.Error):
            if any(
                len(line) > bounds.CSV_COLUMNS
                for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            ):
                raise Refused("too_much")
