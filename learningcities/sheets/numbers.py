"""Numbers as people write them: French, Arabic and English digits and signs."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: What stands between groups of digits, or is seen by nobody.
BETWEEN = re.compile(r"[\s'’٬\u200e\u200f\u061c]")
GROUPS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+$")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?$")


def latin_digits(text):
    """١٢ and 12 are the same."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def read_number(cell, places):
    """The Decimal that a cell says; ValidationError where it says none, or may say two."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        # Fifteen digits are what a spreadsheet knows of a number.
        return Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")
    said = BETWEEN.sub("", latin_digits(str(cell))).replace("٫", ",").replace("−", "-")
    signs = [sign for sign in said if sign in ".,"]
    if len(set(signs)) == 2:
        # The last one begins the decimals.
        said = said.replace(signs[0], "").replace(",", ".")
    elif GROUPS.match(said) and not said.lstrip("-").startswith("0") and (len(signs) > 1 or places < 3):
        if len(signs) == 1 and places:
            text = _("“%(cell)s” can be read in two ways. Write %(whole)s, or %(decimal)s.")
            whole, decimals = re.split("[.,]", said)
            meant = {"whole": whole + decimals, "decimal": f"{whole}.{decimals[:places]}"}
            raise ValidationError(text % {"cell": cell, **meant})
        said = re.sub("[.,]", "", said)
    else:
        said = said.replace(",", ".")
    if not PLAIN.match(said):
        raise ValidationError(_("“%s” is not a number. Write digits, such as 1250 or 12.5.") % cell)
    return Decimal(said)
