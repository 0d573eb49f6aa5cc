"""The rows that a relation may lead to, found by any of their names in any spelling."""

import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from rapidfuzz import process

from learningcities.text.folding import fold
from learningcities.text.translation import LANGUAGES

from .cell_text import quoted

#: How many names are proposed for one that nothing has, and how alike they are, in percent.
PROPOSALS, ALIKE = 3, 60


class RelationLookup:
    """`choices` may be named anew; other rows that a relation leads to already keep their name."""

    def __init__(self, choices):
        self.model = choices.model
        if part_of := getattr(self.model, "part_of", None):
            choices = choices.select_related(part_of)
        self.choices = {key_of(row): row for row in choices}
        self.known = dict(self.choices)
        self.keys_by_name = defaultdict(set)
        for key, names in self.names(self.choices.values()).items():
            for name in names:
                self.keys_by_name[fold(name) or name].add(key)
        self.labels = self.label(self.known.values())

    def learn(self, keys):
        """Know the rows that are named already, whoever may choose them."""
        if unknown := set(keys) - self.known.keys():
            rows = self.model._base_manager.filter(pk__in=unknown)
            self.known |= {key_of(row): row for row in rows}
            self.labels = self.label(self.known.values())

    def names(self, rows):
        names = {key_of(row): {tag(row)} for row in rows}
        for language in LANGUAGES:
            with override(language):
                for row in rows:
                    names[key_of(row)] |= {str(row), f"{row} ({tag(row)})"}
        for row in rows:
            for text in (getattr(row, name) for name in getattr(row, "named_by", ())):
                names[key_of(row)] |= {text, *map(str.strip, text.split(","))} - {""}
        return names

    def label(self, rows):
        """What each row is called in a cell: its name and, where another has the same, what tells them apart."""
        alike = defaultdict(list)
        for row in rows:
            alike[fold(str(row)) or str(row)].append(row)
        return {
            key_of(row): str(row) if len(same) == 1 else f"{row} ({tag(row)})"
            for same in alike.values()
            for row in same
        }

    def named_in(self, text):
        """The names in a cell, which have | or a new line between them; one of them may hold a | itself."""
        pieces = [piece.strip() for piece in re.split(r"[|\n]", text)]
        with_bars = {spaced(name): name for name in self.labels.values() if "|" in name}
        longest = max((name.count("|") for name in with_bars), default=0) + 1
        names = []
        while pieces:
            several = range(min(longest, len(pieces)), 1, -1)
            count = next((count for count in several if spaced("|".join(pieces[:count])) in with_bars), 1)
            name = "|".join(pieces[:count])
            names.append(with_bars.get(spaced(name), name))
            del pieces[:count]
        return [name for name in names if name]

    def find(self, text, of=None):
        """The key of the row that a text names; of several, one of those that belong to the same as the item does.

        `of` are the values of the item, by the name of its fields.
        """
        near = {key for key, row in self.choices.items() if is_near(row, of or {})}
        keys = self.keys_by_name.get(fold(text) or text, set()) & near
        if len(keys) > 1:
            keys = {key for key in keys if text == self.labels[key]} or keys
        if len(keys) == 1:
            return next(iter(keys))
        if keys:
            names = [f"{self.choices[key]} ({tag(self.choices[key])})" for key in sorted(keys)]
            sentence = _("“%(name)s” may be one of several. Write one of these: %(names)s.")
            raise ValidationError(sentence % {"name": quoted(text), "names": listed(names)})
        sentences = [_("“%s” is not among what you can choose here.") % quoted(text)]
        if names := self.nearest(text, near):
            sentences.append(_("Did you mean: %s?") % listed(names))
        raise ValidationError(" ".join(sentences))

    def nearest(self, text, near):
        known = {name: keys & near for name, keys in self.keys_by_name.items() if keys & near}
        alike = process.extract(fold(quoted(text)), list(known), limit=PROPOSALS * 3, score_cutoff=ALIKE)
        keys = dict.fromkeys(min(known[name]) for name, _score, _place in alike)
        return [self.labels[key] for key in list(keys)[:PROPOSALS]]


def spaced(name):
    """A name with nothing around its bars."""
    return re.sub(r"\s*\|\s*", "|", name.strip())


def listed(names):
    return ("، " if get_language() == "ar" else ", ").join(names)


def key_of(row):
    """The key as a snapshot has it."""
    return row.pk if isinstance(row.pk, int) else str(row.pk)


def tag(row):
    """What tells a row from another of the same name."""
    return getattr(row, "slug", "") or str(row.tracked_row)


def is_near(row, of):
    """Whether a row hangs on the same rows as the item, where both hang on one: on the same city, say."""
    keys = [field for field in row._meta.concrete_fields if field.many_to_one and field.name in of]
    return all(of[field.name] in (None, getattr(row, field.attname)) for field in keys)
