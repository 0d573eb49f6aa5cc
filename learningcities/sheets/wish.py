"""What a file wants of one item, and what is wrong with it, cell by cell."""

from dataclasses import dataclass, field

from django.utils.functional import cached_property
from openpyxl.utils import get_column_letter

from learningcities.publishing.snapshot import difference, over
from learningcities.publishing.words import lines_of


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

    def wrong(self, name, heading, sentence):
        """What to say of one of its cells."""
        letter = get_column_letter(self.grid.names.index(name) + 1) if name in self.grid.names else ""
        return Wrong(self.grid.title, f"{letter}{self.number}", heading, sentence)


@dataclass
class Wish:
    """What the file wants of one item: `base` is the item when the file was made, `live` as it is now."""

    item: object = None
    live: dict = field(default_factory=dict)
    base: dict = field(default_factory=dict)
    wished: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    #: Where the row of the item, and those of its parts, stand in the file.
    places: dict = field(default_factory=dict)

    @property
    def is_new(self):
        return self.item is not None and self.item.pk is None

    @cached_property
    def patch(self):
        """What is wished for and not so already."""
        asked = difference(self.base, self.wished)
        left = difference(self.live, over(self.live, asked))
        return {key: sides for key, sides in asked.items() if key in left or key.rpartition(":")[0] in left}

    def lines(self):
        return list(lines_of(type(self.item), self.patch))
