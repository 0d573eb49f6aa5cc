"""Whether what a file asks for can be so: the rows are checked as publication would."""

from collections import defaultdict
from copy import copy
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_display import label, value_in_words
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import (
    conflicts,
    patched,
    rows_of_part,
    same,
    set_values,
    tracked_fields,
    with_row_fields,
)
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.text.translation import about

from .import_batch import is_untouched


def check(file):
    refuse_twins(file)
    for row in file.rows:
        if not row.errors and row.patch:
            RowCheck(file, row).run()


def refuse_twins(file):
    """Two rows of the file that want what only one can have."""
    for column in (column for column in file.main.columns if column.field.unique):
        first = {}
        for row in (row for row in file.rows if row.item and row.wished.get(column.name)):
            other = first.setdefault(row.wished[column.name], row)
            if other is not row and not row.errors and "" in row.places:
                number = getattr(other.places.get(""), "number", "–")
                text = _("The row %s of this file asks for the same.") % number
                row.errors.append(row.places[""].wrong(column.name, column.heading, text))


class RowCheck:
    """Writes into a row what is wrong with it."""

    def __init__(self, file, row):
        self.file, self.row, self.model = file, row, file.model

    def run(self):
        row = self.row
        if row.lock:
            row.refuse(row.lock.sentence)
            return
        if row.unfinished:
            self.join_draft()
        if refused := allowed_part(self.file.user, row.item, row.patch, row.live)[1]:
            row.refuse(refused)
            return
        for key in [] if row.is_new else conflicts(row.patch, row.live):
            self.refuse_conflict(key)
        if not row.errors:
            self.check_own()
            self.check_parts()

    # Beside what others and its author write

    def join_draft(self):
        """A draft of an earlier file goes; any other stays, with what the file asks for besides."""
        row, draft = self.row, self.row.unfinished
        if draft.batch and is_untouched(draft):
            row.replaced = draft
            return
        row.draft = draft
        text = _("Your own draft of this page says “%s” here. Write the same in the cell, or change the draft.")
        for key in row.patch.keys() & draft.patch.keys():
            if not same(row.patch[key][1], draft.patch[key][1]):
                self.refuse_cell(key, {key: draft.patch[key][1]}, text)

    def refuse_conflict(self, key):
        text = _("Someone else has changed this since the file was made. It now says: “%s”. Export the list again.")
        self.refuse_cell(key, self.row.live, text)

    def refuse_cell(self, text, state, sentence):
        """Say of the cell of a key of the patch what stands there in a state of the row."""
        key = PatchKey.parse(text)
        column = self.file.sheet_of(key).by_name.get(key.field)
        words = value_in_words(column.field, with_row_fields(state).get(text)) if column else ""
        place = self.row.places.get(key.row) or self.row.place
        self.row.errors.append(place.wrong(key.field, column.heading if column else "", sentence % words))

    # The item and its parts

    def check_own(self):
        row = self.row
        changed = {key for key in row.patch if not PatchKey.parse(key).part}
        item = copy(row.again or row.item)
        set_values(item, {name: row.wished[name] for name in changed})
        every = {field.name for field in tracked_fields(self.model)}
        self.check_model(self.file.main, "", item, every if row.is_new else changed)
        if not row.is_new and any(self.model._meta.get_field(name).many_to_one for name in changed):
            self.refuse_foreign(item)

    def refuse_foreign(self, item):
        """What belongs to another city, say, since the item has moved."""
        related = {name: self.model._meta.get_field(name).related_model for name in getattr(item, "own_relations", ())}
        rows = {name: model._base_manager.filter(pk__in=self.row.wished[name]) for name, model in related.items()}
        for name, sentence in item.foreign(**rows).items() if rows else ():
            heading = self.file.main.by_name[name].heading
            self.row.errors.append(self.row.place.wrong(name, heading, str(sentence)))

    def check_parts(self):
        row, state = self.row, patched(self.row.live, self.row.patch)
        touched = dict.fromkeys(name for key in row.patch if (name := PatchKey.parse(key).row))
        if self.needs_all:
            for sheet in self.file.parts:
                for key, values in rows_of_part(state, sheet.part):
                    if key.row not in touched:
                        self.check_untouched(self.part_of(sheet, key, values))
        for key in map(PatchKey.parse, touched):
            if key.row in state:
                sheet = self.file.sheet_of(key)
                part = self.part_of(sheet, key, state[key.row])
                part._state.adding = key.row not in row.live
                changed = {name for name in state[key.row] if {key.row, key.of_field(name)} & row.patch.keys()}
                self.check_model(sheet, key.row, part, changed)

    def part_of(self, sheet, key, values):
        part = sheet.model(pk=UUID(key.uuid), **{sheet.model.part_of: self.row.item})
        set_values(part, values)
        return part

    def check_untouched(self, part):
        """What the file doesn't touch must be complete as well, where the whole item is to be public."""
        for name, sentence in part.missing().items():
            heading = str(label(type(part), name))
            self.row.errors.append(self.row.place.wrong("", heading, about(part, sentence)))

    @property
    def needs_all(self):
        """Whether nothing may lack that visitors need, as when it is published."""
        return issubclass(self.model, Item) and (self.row.is_new or bool(self.row.item.public_from))

    def check_model(self, sheet, key, instance, changed):
        """Ask the model itself, as when it is published."""
        errors = refused(instance, changed, lambda constraint: self.ask(constraint, instance, key))
        for column in sheet.columns:
            if column.field.many_to_one and column.is_required and not getattr(instance, column.field.attname):
                errors[column.name] = [column.emptied()]
        if self.needs_all:
            missing = instance.missing()
            errors |= {name: [str(sentence)] for name, sentence in missing.items() if name not in errors}
        for name, sentences in errors.items():
            column, place = sheet.by_name.get(name), self.row.places.get(key) or self.row.place
            heading = column.heading if column else str(label(sheet.model, name) if name != NON_FIELD_ERRORS else "")
            self.row.errors.append(place.wrong(name, heading, " ".join(map(str, dict.fromkeys(sentences)))))

    def ask(self, constraint, instance, key):
        """Ask a constraint about a row; what only one row of an item can have, about the rows that the file makes."""
        part_of, fields = getattr(instance, "part_of", None), getattr(constraint, "fields", ())
        if part_of not in fields:
            constraint.validate(type(instance), instance, exclude=set())
            return
        rows = rows_of_part(patched(self.row.live, self.row.patch), PatchKey.parse(key).part)
        values = {other.row: [row.get(name) for name in fields if name != part_of] for other, row in rows}
        if None not in values[key] and list(values.values()).count(values[key]) > 1:
            raise ValidationError(constraint.get_violation_error_message())


def refused(instance, changed, ask):
    """What the model refuses of a row: {field: sentences}. What a relation names was looked up already, and what
    doesn't change is as the database has let it in."""
    fields = instance._meta.concrete_fields
    tracked = {field.name for field in tracked_fields(type(instance))}
    relations = {field.name for field in fields if field.is_relation or field.name not in tracked}
    others = relations | {field.name for field in fields if field.name not in changed}
    steps = [
        lambda: instance.clean_fields(exclude=relations),
        instance.clean,
        lambda: instance.validate_unique(exclude=others),
    ]
    constraints = [constraint for constraint in instance._meta.constraints if changed & fields_of(constraint)]
    steps += [lambda constraint=constraint: ask(constraint) for constraint in constraints]
    errors = defaultdict(list)
    for step in steps:
        try:
            step()
        except ValidationError as error:
            for name, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
                errors[name] += sentences
    return errors


def fields_of(constraint):
    """The names of the fields that a constraint is about."""
    if condition := getattr(constraint, "condition", None):
        return set(fields_in(condition))
    return set(constraint.fields)


def fields_in(condition):
    for child in condition.children:
        if isinstance(child, tuple):
            yield child[0].partition("__")[0]
        else:
            yield from fields_in(child)
