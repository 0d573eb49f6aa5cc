"""Numbers as people write them: French, Arabic and English digits and signs."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .cell_text import quoted

#: What stands between groups of digits, or is seen by nobody.
BETWEEN = re.compile(r"[\s'’٬\u200e\u200f\u061c]")
GROUPS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+$")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?$")
PERCENT = re.compile(r"[%٪﹪％]")
#: What a unit says that is a share of a hundred, in the words of the three languages.
SHARE = re.compile(rf"{PERCENT.pattern}|\bpour ?cent|\bper ?cent|بالم[ائ]|في الم[ائ]", re.IGNORECASE)
#: A number has fewer digits in front of its point, here and in any spreadsheet.
MOST_DIGITS = 20


def latin_digits(text):
    """١٢ and 12 are the same."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def in_percent(value):
    """A number that a spreadsheet shows in percent, as it is shown: 0.45 is 45 %."""
    return f"{(exact(value) * 100).normalize():f} %"


def is_percentage(cell):
    return isinstance(cell, str) and bool(PERCENT.search(cell))


def says_percent(unit):
    return bool(SHARE.search(unit))


def exact(value):
    # Fifteen digits are what a spreadsheet knows of a number.
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def read_number(cell, places):
    """The Decimal that a cell says; ValidationError where it says none, or may say two."""
    number = number_in(cell, places)
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        raise ValidationError(_("“%s” is too large a number.") % quoted(cell))
    return number


def number_in(cell, places):
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return exact(cell)
    number = BETWEEN.sub("", latin_digits(str(cell))).replace("٫", ",").replace("−", "-")
    signs = [sign for sign in number if sign in ".,"]
    if len(set(signs)) == 2:
        # The last one begins the decimals.
        number = number.replace(signs[0], "").replace(",", ".")
    elif GROUPS.match(number) and not number.lstrip("-").startswith("0") and (len(signs) > 1 or places < 3):
        if len(signs) == 1 and places:
            text = _("“%(cell)s” can be read in two ways. Write %(whole)s, or %(decimal)s.")
            whole, decimals = re.split("[.,]", number)
            meant = {"whole": whole + decimals, "decimal": f"{whole}.{decimals[:places]}"}
            raise ValidationError(text % {"cell": quoted(cell), **meant})
        number = re.sub("[.,]", "", number)
    else:
        number = number.replace(",", ".")
    if not PLAIN.match(number):
        raise ValidationError(_("“%s” is not a number. Write digits, such as 1250 or 12.5.") % quoted(cell))
    return Decimal(number)
