"""Texts as they stand in a file: nothing in them is obeyed, and all of it comes back."""

import re

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, override

from learningcities.listing.exports.columns import printable
from learningcities.listing.exports.tables import FORMULA, LONGEST, cut, size
from learningcities.text.translation import LANGUAGES

#: A letter by its number, as workbooks write what XML can't hold: _x00E9_ is é. Halves of letters are none.
CODED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
#: What ends a text that no cell can hold whole.
CUT = gettext_lazy("… (This text is too long for a spreadsheet and was cut here. Edit it on the form.)")


def fitting(text):
    """A text that a cell can hold: the whole, or its beginning and a word that says so."""
    return cut(text, CUT)


def beginning(cell):
    """What a cell holds of a longer text, whoever has exported it; nothing where it holds the whole."""
    for language in LANGUAGES if isinstance(cell, str) else ():
        with override(language):
            start, word, _end = cell.partition(str(CUT))
        if word:
            return start
    return ""


def is_full(cell):
    """Whether a cell is so long that a spreadsheet may have left out the end of its text."""
    return isinstance(cell, str) and size(cell) >= LONGEST


def harmless(cell):
    """In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and looks_like_formula(cell) else cell


def looks_like_formula(text):
    return text.lstrip("'").startswith(FORMULA)


def unescaped(cell):
    """The cell as it was written, with one kind of line end and without what no text may hold."""
    if not isinstance(cell, str):
        return cell
    text = CODED.sub(lambda match: chr(int(match[1], 16)), cell)
    return printable(text.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def unprefixed(cell):
    """A text without the apostrophe that `harmless` put before it."""
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and looks_like_formula(cell) else cell


def quoted(cell):
    """A cell inside a sentence about it."""
    return Truncator(str(cell)).chars(80)
