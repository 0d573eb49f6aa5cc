"""Texts that two people have changed, side by side."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst

from learningcities.people.models import User
from learningcities.publishing.history.patch_display import Row, line
from learningcities.text.text_diff import beside

from .change import Change


@dataclass
class Clash:
    """A text, or a whole row of a part, of which there are two versions to choose from."""

    key: str
    rows: list[Row]
    #: Who changed the other one last; nobody is known where the record doesn't say.
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
        touching |= Q(patch__has_key=key) | Q(patch__has_key=key.rpartition(":")[0] or key)
    happened = Change.objects.of(row).happened().filter(touching).select_related("author")[:50]
    return [clash(row, key, *both, happened, other) for key, both in sides.items()]


def clash(row, key, theirs, mine, happened, other):
    changes = (change for change in happened if {key, key.rpartition(":")[0]} & change.patch.keys())
    last = next(changes, None) if other == "theirs" else None
    gone = "theirs" if ":" in key and theirs is None else "mine" if ":" in key and mine is None else ""
    return Clash(key, lines(type(row), key, theirs, mine), last and last.author, gone, other)


def lines(model, key, theirs, mine):
    name, _colon, rest = key.partition(":")
    if not rest:
        return [two(line(model, name, theirs, mine, True))]
    part = model._meta.get_field(name).related_model
    field, title = rest.partition(":")[2], capfirst(part._meta.verbose_name)
    if field:
        return [two(line(part, field, theirs, mine, True, title))]
    sides = [side or {} for side in (theirs, mine)]
    names = [name for name in (sides[1] or sides[0]) if any(side.get(name) not in (None, "", []) for side in sides)]
    return [two(line(part, name, *(side.get(name) for side in sides), True, title)) for name in names]


def two(row):
    """Where both have words, those that only one of them has are marked."""
    if row.before and row.after:
        row.before, row.after = beside(row.before, row.after)
    return row
