"""What a file wants of one item, and what is wrong with it, cell by cell."""

from dataclasses import dataclass, field
from math import inf

from django.contrib import admin
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from learningcities.publishing.patches.patch_display import lines_of
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import diff, patched

from .sheet import SEEN


@dataclass
class Wrong:
    """What is wrong with a cell, and what to write instead."""

    sheet: str
    cell: str
    column: str
    sentence: str


@dataclass
class Place:
    """A row of the file."""

    grid: object
    number: int
    cells: dict

    @property
    def name(self):
        return f"{self.grid.title}!{self.number}"

    def wrong(self, name, heading, sentence):
        """What to say of one of its cells."""
        return Wrong(self.grid.title, f"{get_column_letter(self.position(name))}{self.number}", heading, sentence)

    def position(self, name):
        """The position of a cell of this name or, where the file has none that is seen, of the first filled one."""
        names = self.grid.names
        shown = [column for column in names if column and column not in (self.grid.label, SEEN)]
        if name not in shown:
            filled = (column for column in shown if self.cells.get(column) is not None)
            name = next(filled, next(iter(shown), self.grid.label))
        return names.index(name) + 1


@dataclass
class Question:
    """Whether a row that says the same as another one is meant as a further one."""

    place: Place
    sentence: str
    #: The page that is there already, where it is one.
    item: object = None
    is_answered: bool = False

    @property
    def cell(self):
        return self.place.wrong("", "", "").cell

    @property
    def address(self):
        return self.item and admin.site.form_address(self.item)


@dataclass
class ImportRow:
    """What the file wants of one item: `base` is the item when the file was made, `live` as it is now."""

    item: object = None
    live: dict = field(default_factory=dict)
    base: dict = field(default_factory=dict)
    wished: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    #: Where the row of the item, and those of its parts, stand in the file.
    places: dict = field(default_factory=dict)
    questions: list = field(default_factory=list)
    #: What an earlier file of the same person has added, and nobody has seen: the row takes its place.
    again: object = None
    #: Their unfinished change of the item: it goes, or gains what the file asks for.
    unfinished: object = None
    replaced: object = None
    draft: object = None
    #: Whoever keeps others from the item.
    lock: object = None
    #: The number of the last applied change when the item was exported.
    seen: float = inf

    @property
    def is_new(self):
        return self.item is not None and self.item.pk is None

    @cached_property
    def patch(self):
        """What is asked for and not so already."""
        patch = diff(self.base, self.wished)
        left = diff(self.live, patched(self.live, patch))
        return {key: sides for key, sides in patch.items() if key in left or PatchKey.parse(key).row in left}

    def refuse(self, sentence):
        """Say what is wrong with all of it."""
        self.errors.append(self.place.wrong("", "", sentence) if self.place else Wrong("", "", "", sentence))

    @property
    def awaits_answer(self):
        """Whether the whole row waits for an answer."""
        return any(not question.is_answered for question in self.questions if question.place is self.places.get(""))

    @property
    def patch_with_draft(self):
        return (self.draft.patch if self.draft else {}) | self.patch

    @property
    def place(self):
        return next(iter(self.places.values()), None)

    @property
    def notes(self):
        """What else becomes of it, or keeps it from visitors."""
        if self.again:
            yield _("It takes the place of the page that your earlier file has added.")
        if self.replaced:
            yield _("It takes the place of the draft that your earlier file has become.")
        if self.draft:
            yield _("It joins the draft that you have of this page.")
        if self.is_new:
            for name in self.item.public_through:
                if (other := getattr(self.item, name)) and not other.is_public():
                    yield _("Visitors see it once “%s” is public.") % other

    def lines(self):
        return list(lines_of(type(self.item), self.patch_with_draft))
