"""Texts as they stand in a file: nothing in them is obeyed, and all of it comes back."""

import re

from learningcities.listing.exports.tables import FORMULA

#: What spreadsheets take for the number of a letter: _x0041_ is A.
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
DECODED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def escaped(words):
    return CODED.sub("_x005F_", str(words))


def harmless(cell):
    """In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and looks_like_formula(cell) else cell


def looks_like_formula(text):
    return text.lstrip("'").startswith(FORMULA)


def unescaped(cell):
    """The cell as it was written, with one kind of line end."""
    if not isinstance(cell, str):
        return cell
    text = DECODED.sub("_", cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text or None


def unprefixed(cell):
    """A text without the apostrophe that `harmless` put before it."""
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and looks_like_formula(cell) else cell
