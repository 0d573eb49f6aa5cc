"""A change as a coordinator reads it: the outline of its page, with what differs in its place."""

from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learningcities.desk.section import section_of
from learningcities.publishing.patches.patch_display import (
    Row,
    in_order,
    is_first_publication,
    lines,
    lines_of_row,
    shown_patch,
)
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import patched, rows_of_part, snapshot
from learningcities.publishing.translation.status import Translations, by_field
from learningcities.text.translation import LANGUAGES, language_name, listed

#: What stands in no section of the page, such as its dates.
REST = "rest", gettext_lazy("Publication and other settings")


@dataclass
class Group:
    """What is said of one row: of the item itself, without a title, or of a row of a part."""

    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class ReadSection:
    """A section of the page, with what a change does there."""

    name: str
    title: str
    keys: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    #: How many rows of a part were added, removed and changed.
    counts: list[str] = field(default_factory=list)
    #: {language: "there", "behind" or "missing"}, and what is to be said of them.
    languages: dict[str, str] = field(default_factory=dict)
    lag: list[str] = field(default_factory=list)


class Outline:
    """Its sections, in their order."""

    def __init__(self, change, sections):
        self.change, self.sections, self.model = change, sections, change.content_type.model_class()
        self.is_first_publication = is_first_publication(change)
        is_open = self.model and change.is_unfinished and change.item
        self.live = snapshot(change.item) if is_open else {}
        self.patch = shown_patch(change) if self.model else {}
        self.clashing = set(change.conflicts())
        self.translations = self.translations_after() if is_open else None

    def read(self):
        """All sections of the page that have something to say, or would have."""
        keys = self.keys_by_section()
        shown = [section for section in self.sections if section.name in keys or self.has(section)]
        names = [(section.name, section.title) for section in shown] + [REST] * (REST[0] in keys)
        return [self.section(name, title, keys.get(name, [])) for name, title in names]

    def has(self, section):
        """Whether visitors see something of it now."""
        if section.part:
            return bool(rows_of_part(self.live, section.part))
        return not section.is_rare and any(self.live.get(name) for name in section.columns(self.model))

    def keys_by_section(self):
        """{section: its keys}; an end that is asked for is decided like the beginning, and read in a sentence."""
        keys, wished = {}, {"public_until"} if self.change.is_unfinished else set()
        for key in in_order(self.model, self.patch.keys() - wished) if self.model else []:
            section = section_of(self.sections, PatchKey.parse(key), self.model)
            keys.setdefault(section.name if section else REST[0], []).append(key)
        return keys

    def section(self, name, title, keys):
        section = ReadSection(name, title, keys)
        if keys:
            section.groups = self.groups(keys)
            section.counts = self.counts(keys)
            section.languages, section.lag = self.languages(keys)
        return section

    # What differs

    def groups(self, keys):
        groups, names = {}, self.names_of_rows(keys)
        for text in keys:
            key, sides = PatchKey.parse(text), self.patch[text]
            owner = key.owner(self.model)
            if not key.part or owner is None:
                rows = lines(self.model, text, *sides, text in self.clashing)
            else:
                rows = lines_of_row(owner, key, *sides, text in self.clashing)
            title = self.title_of_row(key, sides, owner, names)
            groups.setdefault(key.row, Group(title)).rows.extend(rows)
        return list(groups.values())

    def title_of_row(self, key, sides, owner, names):
        if self.is_first_publication or not key.part or owner is None:
            return ""
        if key.is_row:
            return _("New") if sides[1] else _("Removed")
        return names.get(key.row) or capfirst(owner._meta.verbose_name)

    def names_of_rows(self, keys):
        """What the rows are called of which single fields change, with one query for each part."""
        changed = {}
        for key in map(PatchKey.parse, keys):
            if key.part and key.field and key.owner(self.model) and self.change.item:
                changed.setdefault(key.part, set()).add(key.uuid)
        return {
            str(PatchKey(part, row.pk)): capfirst(str(row))
            for part, uuids in changed.items()
            for row in with_relations(getattr(self.change.item, part)).filter(pk__in=uuids)
        }

    def counts(self, keys):
        """Of a part: how many rows come, go and change, and how many stay as they are."""
        rows = {}
        for key in map(PatchKey.parse, keys):
            if not key.part or self.is_first_publication:
                return []
            rows[key.row] = "changed" if key.field else "added" if self.patch[str(key)][1] else "removed"
        known = len(rows_of_part(self.live, PatchKey.parse(keys[0]).part))
        numbers = [(words, list(rows.values()).count(what)) for what, words in COUNTS.items()]
        if known:
            numbers.append((UNCHANGED, known - sum(key in self.live for key in rows)))
        return [words % {"number": number} for words, number in numbers if number]

    # Languages that did not follow

    def translations_after(self):
        """What would be missing and behind once the change were public; it isn't stored."""
        known = Translations.objects.of(self.change.item)
        known.follow(self.patch, patched(self.live, self.patch))
        return known

    def languages(self, keys):
        """How far the texts of these keys are translated, and sentences on what this change leaves behind."""
        if self.translations is None:
            return {}, []
        written = by_field({key: self.patch[key] for key in keys})
        texts = {name for name in self.translations.sources if any(f"{name}_{code}" in written for code in LANGUAGES)}
        behind = {name for name in texts if f"{name}_{self.translations.sources[name]}" in written}
        states = {code: self.state(texts, code) for code in LANGUAGES} if texts else {}
        sentences = [
            (_("Not changed along: %(languages)s."), [code for code in states if self.state(behind, code) == "behind"]),
            (_("Not translated: %(languages)s."), [code for code in states if states[code] == "missing"]),
        ]
        return states, [words % {"languages": named(codes)} for words, codes in sentences if codes]

    def state(self, texts, code):
        columns = {f"{name}_{code}" for name in texts}
        if columns & self.translations.stale.keys():
            return "behind"
        return "missing" if columns & set(self.translations.missing) else "there"


COUNTS = {
    "added": gettext_lazy("added: %(number)s"),
    "removed": gettext_lazy("removed: %(number)s"),
    "changed": gettext_lazy("changed: %(number)s"),
}
UNCHANGED = gettext_lazy("unchanged: %(number)s")


def named(codes):
    return listed(language_name(code) for code in codes)


def with_relations(rows):
    """Rows with what they are called after, such as the indicator of a figure."""
    names = [field.name for field in rows.model._meta.concrete_fields if field.is_relation]
    return rows.select_related(*names)
