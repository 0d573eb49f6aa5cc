"""The outline of an item: a card for each section, in the order in which visitors see them."""

from dataclasses import dataclass, field

from django.db.models import DateField
from django.utils.functional import cached_property
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from learningcities.desk.section import section_of
from learningcities.publishing.patches.patch_display import label, value_in_words
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.translation.status import Translations
from learningcities.text.dates import PartialDateField
from learningcities.text.richtext import RichTextField, plain
from learningcities.text.translation import LANGUAGES, Text, about, columns, language_name, language_of, listed

#: How many letters of a text a closed section shows, and how many rows of a part.
LETTERS, ROWS = 220, 6


@dataclass
class Line:
    """A row of a part in one line."""

    key: PatchKey
    words: str
    is_changed: bool = False
    is_open: bool = False
    #: Of a row that its reader has taken out: it stands where it was, and can be put back.
    is_removed: bool = False
    #: What it says, and what its author knows of it, so that a removal takes out nothing unseen.
    seen: str = ""


@dataclass
class Card:
    """A section as its item says it."""

    section: object
    words: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    #: Each language with "there", "behind" or "missing"; empty where nothing is translated.
    languages: list = field(default_factory=list)
    gaps: list = field(default_factory=list)
    questions: int = 0
    #: Of a photo, say: what it looks like.
    picture: str = ""
    is_changed: bool = False
    is_open: bool = False

    @property
    def is_empty(self):
        return not (self.words or self.lines or self.picture)

    @property
    def star(self):
        """Full: all is there; half: something is behind or isn't public yet; hollow: nothing is there."""
        if self.is_empty:
            return "hollow"
        return "half" if self.is_changed or self.gaps else "full"

    @property
    def can_move(self):
        return len(self.lines) > 1


class Outline:
    """For an `Editing`: its cards, and what stands in the head of the page."""

    def __init__(self, editing, row_admin, opened=None, comments=()):
        self.editing, self.row_admin, self.opened, self.comments = editing, row_admin, opened, comments
        self.is_coordinator = editing.person.has_perm("publishing.publish")
        self.sections = [one for one in row_admin.sections if self.is_coordinator or not one.is_for_coordinators]

    @cached_property
    def translations(self):
        known = Translations.objects.of(self.editing.item)
        if self.editing.patch:
            known.follow(self.editing.patch, self.editing.shown)
        return known

    @cached_property
    def gaps(self):
        """What the page lacks, by section: {name: [Gap]}."""
        by_section = {}
        for gap in self.editing.row.gaps() if hasattr(self.editing.row, "gaps") else ():
            section = next((one for one in self.sections if gap.aspect in (one.part, *one.fields)), None)
            by_section.setdefault(section and section.name, []).append(gap)
        return by_section

    @cached_property
    def changed(self):
        """The sections that the draft changes."""
        model = self.editing.model
        found = (section_of(self.sections, PatchKey.parse(key), model) for key in self.editing.patch)
        return {section.name for section in found if section}

    @cached_property
    def questions(self):
        """How many open questions there are about each section."""
        numbers = {}
        for comment in self.comments:
            key = getattr(comment, "key", "")
            if key and (section := section_of(self.sections, PatchKey.parse(key), self.editing.model)):
                numbers[section.name] = numbers.get(section.name, 0) + 1
        return numbers

    # The cards

    @property
    def cards(self):
        """Those that visitors see, each with something in it or worth asking for."""
        told = [card for card in self.all_cards if not self.is_told_later(card)]
        return [card for card in told if not (card.section.is_rare or card.section.is_name)]

    @property
    def untold(self):
        """The parts of the story that nobody has begun."""
        return [card for card in self.all_cards if self.is_told_later(card)]

    @property
    def rare(self):
        return [card for card in self.all_cards if card.section.is_rare]

    @property
    def names(self):
        return next((card for card in self.all_cards if card.section.is_name), None)

    def is_told_later(self, card):
        return card.section.is_story and card.is_empty and not card.is_open

    @cached_property
    def all_cards(self):
        return [self.card(section) for section in self.sections]

    def card(self, section):
        card = Card(section, is_open=section == self.opened, is_changed=section.name in self.changed)
        if section.part:
            card.lines = self.lines(section)
        elif section.picture:
            card.picture = getattr(self.row_admin, section.picture)(self.editing.row)
        else:
            card.words = [words for name in section.fields if (words := self.said_alone(self.editing.row, name))]
        card.languages, late = self.languages(section)
        card.gaps = self.sentences(section, card, late)
        card.questions = self.questions.get(section.name, 0)
        return card

    def said(self, row, name):
        """What a row says in a field, shortened, in the reader's language or the first that there is."""
        model = type(row)
        column = columns(name)[0] if hasattr(model, columns(name)[0]) else name
        db_field = model._meta.get_field(column)
        value = getattr(row, name)
        if db_field.many_to_many:
            value = listed(value.all())
        elif db_field.is_relation:
            value = str(value) if value else ""
        elif isinstance(db_field, RichTextField):
            value = Text(plain(value), value.language) if value else ""
        elif not isinstance(value, Text):
            value = in_words(db_field, value)
        if value and len(value) > LETTERS:
            short = Truncator(value).chars(LETTERS)
            return Text(short, value.language) if isinstance(value, Text) else short
        return value

    def said_alone(self, row, name):
        """The same, a date with what it is the date of."""
        words = self.said(row, name)
        db_field = row._meta.get_field(columns(name)[0] if hasattr(row, columns(name)[0]) else name)
        is_date = isinstance(db_field, (PartialDateField, DateField))
        return about(capfirst(db_field.verbose_name), words) if words and is_date else words

    def lines(self, section):
        rows = getattr(self.editing.row, section.part).all()
        lines = [self.line(section, row) for row in rows]
        for text, (_before, row) in self.editing.removed.items():
            if (key := PatchKey.parse(text)).part == section.part:
                words = row_in_words(section.model(self.editing.model), section, row)
                lines.append(Line(key, words, is_changed=True, is_removed=True))
        return lines

    def line(self, section, row):
        key = PatchKey(section.part, row.pk)
        parts = [str(row)] if not section.line else [self.said_in_line(row, name) for name in section.line]
        touched = {PatchKey.parse(text).row for text in self.editing.patch}
        seen = self.editing.token(key) if section == self.opened else ""
        return Line(key, " · ".join(filter(None, parts)) or _("(nothing yet)"), key.row in touched, seen=seen)

    def said_in_line(self, row, name):
        if name in {"name", "title"} and not getattr(row, name):
            return str(row)
        return self.said(row, name) if hasattr(row, name) and name != "name" else str(getattr(row, name))

    def languages(self, section):
        """Each language with its state, and the columns that are behind."""
        prefixes = self.texts(section)
        if not prefixes:
            return [], []
        late = [column for column in self.translations.stale if column.rpartition("_")[0] in prefixes]
        missing = [column for column in self.translations.missing if column.rpartition("_")[0] in prefixes]
        written = {name for name in prefixes if name in self.translations.sources}

        def state(code):
            if not written or any(column.endswith(f"_{code}") for column in missing):
                return "missing"
            return "behind" if any(column.endswith(f"_{code}") for column in late) else "there"

        return [(code, get_language_info(code)["name_translated"], state(code)) for code in LANGUAGES], late

    def texts(self, section):
        """The translated texts of a section: {"summary", "axes:<uuid>:title"}."""
        fields = section.model(self.editing.model)._meta
        names = section.columns(self.editing.model)
        stems = {name.rpartition("_")[0] for name in names if language_of(fields.get_field(name))}
        if not section.part:
            return stems
        rows = getattr(self.editing.row, section.part).all()
        return {PatchKey(section.part, row.pk).of_field(stem) for row in rows for stem in stems}

    def needed(self, section):
        """The fields that keep from publication what has no list of what a good page has, such as a photo."""
        row = self.editing.row
        if hasattr(row, "gaps") or section.part or not hasattr(row, "missing"):
            return []
        names = [name for name in row.missing() if name in section.columns(self.editing.model)]
        return {str(label(self.editing.model, name)) for name in names}

    def sentences(self, section, card, late):
        """What there is to do, in plain sentences."""
        if section.is_rare:
            return []
        if needed := self.needed(section):
            return [_("Needed before it can be published: %(what)s.") % {"what": named(needed)}]
        if card.is_empty:
            return [_("Nothing yet: visitors don’t see this part.")]
        sentences = []
        if late:
            names = named({language_name(column.rpartition("_")[2]) for column in late})
            sentences.append(
                _("The source text has changed: look at this again: %(languages)s.") % {"languages": names}
            )
        if missing := [name for _code, name, state in card.languages if state == "missing"]:
            sentences.append(_("Missing in: %(languages)s.") % {"languages": named(missing)})
        gaps = [gap for gap in self.gaps.get(section.name, ()) if not gap.languages or gap.row is not self.editing.row]
        return [*sentences, *(_("Missing: %(what)s.") % {"what": gap.label} for gap in gaps)]


def named(words):
    return listed(sorted(map(str, words)))


def in_words(db_field, value):
    """A value of a row as an editor reads it."""
    if value in (None, "", False):
        return ""
    return value_in_words(db_field, value)


def row_in_words(model, section, values):
    """A row that is no longer there, in one line."""
    said = []
    for name in section.line or section.fields:
        if column := next((one for one in (*columns(name), name) if values.get(one) not in (None, "", [])), None):
            db_field = model._meta.get_field(column)
            value = values[column] if db_field.is_relation else db_field.to_python(values[column])
            said.append(in_words(db_field, value))
    return " · ".join(filter(None, said))
