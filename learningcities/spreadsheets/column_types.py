"""The columns of a sheet: what a cell says of a stored value, and which value a cell asks for.

A value is as a snapshot has it (publishing/snapshot.py): text, number, truth, key or list of keys.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from html import unescape

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from learningcities.listing.exports.columns import SEVERAL, number, printable
from learningcities.publishing.items.item import DATES
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.snapshot import plain, set_values, tracked_fields
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.text import dates
from learningcities.text.folding import fold
from learningcities.text.richtext import RichTextField, clean
from learningcities.text.translation import LANGUAGES, language_of

from .cell_text import beginning, fitting, is_full, quoted
from .numbers import PERCENT, is_percentage, latin_digits, read_number, says_percent
from .relation_lookup import RelationLookup

#: What a spreadsheet knows of a number, in digits.
DIGITS = 15
MARK = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
BETWEEN_BLOCKS = re.compile(r"(</(?:p|h2|h3|ul|ol|li|blockquote)>|<(?:ul|ol|blockquote)>)\s*")


class SheetColumn:
    """A field of a model, edited in a cell as text."""

    kind, width, number_format = gettext_lazy("text"), 24, "@"
    #: The words among which a cell is chosen.
    words = ()

    def __init__(self, field, person):
        self.field, self.name = field, field.name
        self.language = language_of(field)

    @property
    def heading(self):
        return label(self.field.model, self.name)

    @property
    def is_required_in_one(self):
        """Whether its text is needed in one language, and may be empty in the others."""
        return self.name.removesuffix(f"_{self.language}") in self.field.model.required_texts

    @property
    def is_required(self):
        return not (self.field.blank or self.field.has_default())

    def learn(self, values):
        """Look up at once what is needed to say all these values."""

    def say(self, value):
        """What the cell holds: a number, a day, a text or None."""
        cell = None if value in (None, "", []) else self.say_value(value)
        return fitting(cell) if isinstance(cell, str) else cell

    def say_value(self, value):
        return printable(str(value)).strip() or None

    def read(self, cell, seen, of):
        """The value that a cell asks for; `seen` is what the file was made from, `of` the other values of the row."""
        if cell is not None:
            if beginning(cell) or is_full(cell):
                raise ValidationError(
                    _("The text was too long for the spreadsheet, and its end is missing here. Change it on the form.")
                )
            if (value := plain(self.read_value(cell, seen, of))) != "":
                return value
        if self.is_required:
            raise ValidationError(self.emptied())
        return self.empty if self.field.blank else self.field.get_default()

    def emptied(self):
        return _("This cell can’t be empty.")

    #: What an empty cell asks for.
    empty = ""
    #: Columns of a higher number are read later, since they depend on others of their row.
    turn = 0

    def read_value(self, cell, seen, of):
        return self.field.to_python(in_words(cell))


class RichColumn(SheetColumn):
    """Paragraphs as lines; a text with more than paragraphs keeps its marks, so that nothing of it is lost."""

    kind = gettext_lazy("text: a paragraph in each line; marks such as <strong> stay as they are")
    width = 48

    def say_value(self, value):
        lines = unescape("\n".join(PARAGRAPH.findall(value)))
        is_plain = not MARK.search(PARAGRAPH.sub(r"\1", value)) and not MARK.search(lines)
        return super().say_value(lines if is_plain else BETWEEN_BLOCKS.sub(r"\1\n", value))

    def read_value(self, cell, seen, of):
        text = in_words(cell)
        if MARK.search(text):
            return clean(BETWEEN_BLOCKS.sub(r"\1", text), is_strict=True)
        paragraphs = (f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
        return clean("".join(paragraphs), is_strict=True)


class SlugColumn(SheetColumn):
    """A short name is made of the title where a row is new; what has one keeps it."""

    is_required = True


class PartialDateColumn(SheetColumn):
    """A year, a month or a day, as text: a spreadsheet knows days only."""

    kind, width = gettext_lazy("a year, a month or a day: 2020, 09/2020, 23/09/2020"), 14

    def say_value(self, value):
        return "/".join(reversed(value.split("-")))

    def read_value(self, cell, seen, of):
        return self.field.to_python(latin_digits(in_words(cell)))


class DayColumn(SheetColumn):
    kind, width, number_format, empty = gettext_lazy("a day: 23/09/2020"), 14, "dd/mm/yyyy", None

    def say_value(self, value):
        day = date.fromisoformat(value)
        return day if day.year >= 1900 else day.isoformat()

    def read_value(self, cell, seen, of):
        if isinstance(cell, datetime):
            return cell.date()
        words = in_words(cell)
        try:
            return date.fromisoformat(dates.parse(latin_digits(words)))
        except ValueError:
            text = _("“%s” is not a day. Write day, month and year: 23/09/2020.")
            raise ValidationError(text % quoted(words)) from None


class NumberColumn(SheetColumn):
    kind, width, number_format, empty, turn = gettext_lazy("a number"), 12, "General", None, 1

    @property
    def places(self):
        return getattr(self.field, "decimal_places", 0)

    @property
    def is_rounded(self):
        """Whether more decimals than are kept are no mistake: of coordinates, say."""
        return self.name in getattr(self.field.model, "rounded", ())

    def say_value(self, value):
        value = Decimal(str(value))
        return number(value) if len(value.as_tuple().digits) <= DIGITS else str(value)

    def read_value(self, cell, seen, of):
        if is_percentage(cell):
            self.refuse_percentage(cell, of)
            cell = PERCENT.sub("", cell)
        value = read_number(cell, self.places)
        if value != round(value, self.places) and not self.is_rounded:
            if not self.places:
                raise ValidationError(_("“%s” is not a whole number. Write one without decimals.") % quoted(cell))
            text = _("“%(cell)s” has too many decimals. Write at most %(places)s.")
            raise ValidationError(text % {"cell": quoted(cell), "places": self.places})
        return round(value, self.places) if self.places else int(value)

    def refuse_percentage(self, cell, of):
        """45 % is 45 where the unit is %, and nothing else anywhere."""
        row = self.field.model()
        set_values(row, of)
        if not says_percent(str(getattr(row, "shown_unit", None) or getattr(row, "unit", None) or "")):
            text = _("“%s” is a percentage, and the unit of this row is another one. Write the number, and its unit.")
            raise ValidationError(text % quoted(cell))


class ChoiceColumn(SheetColumn):
    kind, width = gettext_lazy("one from the list"), 20

    def __init__(self, field, person):
        super().__init__(field, person)
        self.choices = dict(field.flatchoices)
        self.words = [str(words) for words in self.choices.values()]
        self.known = {fold(str(value)): value for value in self.choices}
        for language in LANGUAGES:
            with override(language):
                self.known |= {fold(str(words)): value for value, words in field.flatchoices}

    def say_value(self, value):
        return str(self.choices.get(value, value))

    def read_value(self, cell, seen, of):
        words = in_words(cell)
        if fold(words) not in self.known:
            text = _("“%(cell)s” is not in the list. Write one of these: %(names)s.")
            raise ValidationError(text % {"cell": quoted(words), "names": " | ".join(self.words)})
        return self.known[fold(words)]


class TruthColumn(SheetColumn):
    kind, width, empty = gettext_lazy("yes or no"), 10, False

    def __init__(self, field, person):
        super().__init__(field, person)
        self.words = [_("yes"), _("no")]
        self.known = {"true": True, "vrai": True, "1": True, "x": True, "false": False, "faux": False, "0": False}
        for language in LANGUAGES:
            with override(language):
                self.known |= {fold(_("yes")): True, fold(_("no")): False}

    def say(self, value):
        return self.words[0] if value else self.words[1]

    def read_value(self, cell, seen, of):
        word = fold(in_words(cell))
        if word not in self.known:
            raise ValidationError(_("Write yes or no."))
        return self.known[word]


class OneColumn(SheetColumn):
    """A relation to one row."""

    kind, empty = gettext_lazy("a name from the list"), None

    def __init__(self, field, person):
        super().__init__(field, person)
        rows = rows_for(person, field.related_model)
        self.names = RelationLookup(rows.active() if hasattr(rows, "active") else rows)

    @property
    def words(self):
        return [self.names.labels[key] for key in self.names.choices]

    def learn(self, values):
        self.names.learn(value for value in values if value)

    def say_value(self, value):
        return self.names.labels.get(value)

    def read_value(self, cell, seen, of):
        return self.names.find(in_words(cell), of)


class ManyColumn(OneColumn):
    """A relation to several rows, whose names stand in one cell."""

    kind, width, empty = format_lazy(gettext_lazy("names from the list, with {sign} between them"), sign="|"), 32, []
    turn = 2

    def learn(self, values):
        super().learn(key for value in values for key in value or ())

    def say_value(self, value):
        labels = self.names.labels
        return SEVERAL.join(labels[key] for key in sorted(value, key=labels.get) if key in labels) or None

    def read_value(self, cell, seen, of):
        already = {self.names.labels.get(key): key for key in seen or ()}
        return sorted({already.get(name) or self.names.find(name, of) for name in self.names.named_in(in_words(cell))})


def in_words(cell):
    """A cell as text, although the spreadsheet may have taken it for a number or a day."""
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell).strip()


KINDS = [
    (models.ManyToManyField, ManyColumn),
    (models.ForeignKey, OneColumn),
    (RichTextField, RichColumn),
    (dates.PartialDateField, PartialDateColumn),
    (models.BooleanField, TruthColumn),
    (models.SlugField, SlugColumn),
    (models.DateField, DayColumn),
    ((models.DecimalField, models.IntegerField), NumberColumn),
]


def kind_of(field):
    return ChoiceColumn if field.choices else next((kind for of, kind in KINDS if isinstance(field, of)), SheetColumn)


def columns_of(model, names, person):
    """The columns of what someone can change; files and photos have no name, and publication is no matter of files."""
    fields = {field.name: field for field in tracked_fields(model)}
    chosen = [fields[name] for name in names if name in fields and name not in DATES]
    return [kind_of(field)(field, person) for field in chosen if not has_file(field)]


def has_file(field):
    if isinstance(field, models.FileField):
        return True
    return field.is_relation and any(isinstance(other, models.FileField) for other in field.related_model._meta.fields)
