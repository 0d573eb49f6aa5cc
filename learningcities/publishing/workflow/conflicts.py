"""Texts that two people have changed, side by side."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst

from learningcities.people.models import User
from learningcities.publishing.patches.patch_display import Row, line
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.text_diff import beside

from .change import Change


@dataclass
class Clash:
    """A text, or a whole row of a part, of which there are two versions to choose from."""

    key: str
    rows: list[Row]
    #: Who changed the other one last; nobody is known where the history doesn't say.
    by: User | None
    #: Which version one of them gave up: the row was removed here, or there.
    gone: str
    #: The name of the choice that isn't "mine", and which one was made.
    other: str
    choice: str = ""

    @property
    def title(self):
        return self.rows[0].label


def clashes(row, sides, other):
    """{key: (theirs, mine)} as the form shows it."""
    if not sides:
        return []
    touching = Q()
    for key in sides:
        touching |= Q(patch__has_key=key) | Q(patch__has_key=PatchKey.parse(key).row or key)
    happened = Change.objects.of(row).happened().filter(touching).select_related("author")[:50]
    return [clash(row, key, *both, happened, other) for key, both in sides.items()]


def clash(row, key, theirs, mine, happened, other):
    parsed = PatchKey.parse(key)
    changes = (change for change in happened if {key, parsed.row} & change.patch.keys())
    last = next(changes, None) if other == "theirs" else None
    gone = "theirs" if parsed.part and theirs is None else "mine" if parsed.part and mine is None else ""
    return Clash(key, lines(type(row), key, theirs, mine), last and last.author, gone, other)


def lines(model, key, theirs, mine):
    key = PatchKey.parse(key)
    owner = key.owner(model)
    title = capfirst(owner._meta.verbose_name) if key.part else ""
    if key.field:
        return [two(line(owner, key.field, theirs, mine, True, title))]
    sides = [side or {} for side in (theirs, mine)]
    names = [name for name in (sides[1] or sides[0]) if any(side.get(name) not in (None, "", []) for side in sides)]
    return [two(line(owner, name, *(side.get(name) for side in sides), True, title)) for name in names]


def two(row):
    """Where both have words, those that only one of them has are marked."""
    if row.before and row.after:
        row.before, row.after = beside(row.before, row.after)
    return row
