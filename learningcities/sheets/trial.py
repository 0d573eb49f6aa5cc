"""What a file asks for, item by item: tried out against what is live, and nothing written before `make`."""

from collections import defaultdict
from copy import copy
from datetime import date, datetime
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from learningcities.publishing.batch import Batch
from learningcities.publishing.change import Change
from learningcities.publishing.clock import moment
from learningcities.publishing.hold import Hold
from learningcities.publishing.item import Item
from learningcities.publishing.record import acting, recording
from learningcities.publishing.rights import split
from learningcities.publishing.snapshot import (
    before,
    conflicts,
    fill,
    lay_part,
    over,
    plain,
    put,
    recorded_fields,
    snapshots,
)
from learningcities.publishing.words import label, said
from learningcities.search.spelling import fold
from learningcities.slugs import slug_of
from learningcities.translation import LANGUAGES

from .reading import FORMULA
from .sheet import ITEM, REMOVE, SEEN, sheets_of
from .texts import harmless, unescaped, unprefixed
from .wish import Place, Wish, Wrong

#: The most errors that are shown at once, and the most changes that go live together, so that no other writer has to
#: wait longer than they can.
MOST_TOLD, MOST_TOGETHER = 200, 250


class Trial:
    def __init__(self, model_admin, request, grids):
        self.admin, self.request, self.user = model_admin, request, request.user
        self.main, *self.parts = sheets_of(model_admin, request)
        self.model = model_admin.model
        self.notes, self.wishes = [], []
        known = {sheet.label: sheet for sheet in (self.main, *self.parts)}
        if not any(grid.label in known for grid in grids):
            text = _("This file belongs to another list. Open the list of the same kind, and import it there.")
            raise ValidationError(text)
        self.rows = {sheet: [] for sheet in known.values()}
        for grid in grids:
            if sheet := known.get(grid.label):
                self.rows[sheet] += [Place(grid, number, cells) for number, cells in grid.rows]
                self.note_columns(sheet, grid)
        self.find_items()
        self.read_state()
        self.read_rows()
        self.check()

    def note_columns(self, sheet, grid):
        if unknown := [name for name in grid.names if name and name not in sheet.names]:
            headings = [str(label(sheet.model, name)) or name for name in unknown]
            text = _("“%(sheet)s”: these columns can’t be changed here, and were left out: %(columns)s.")
            self.notes.append(text % {"sheet": grid.title, "columns": ", ".join(headings)})

    # Which items the file is about

    def find_items(self):
        keys = {key for place in self.rows[self.main] if (key := as_uuid(place.cells.get(self.main.label)))}
        own = self.admin.get_queryset(self.request)
        found = {item.uuid: item for item in own.filter(uuid__in=keys)}
        seen = {}
        for place in self.rows[self.main]:
            said = place.cells.get(self.main.label)
            wish = Wish(places={"": place})
            self.wishes.append(wish)
            if said is None:
                self.begin_new(wish, place)
            elif (key := as_uuid(said)) not in found:
                self.refuse(wish, _("This row is no longer there, or you may not change it."))
            elif key in seen:
                self.refuse(wish, _("This row stands twice in the file: see row %s.") % seen[key])
            else:
                seen[key], wish.item = place.number, found[key]
        self.of_slug = {slug_in(wish.item.slug): wish for wish in self.wishes if getattr(wish.item, "slug", "")}
        for wish in self.wishes:
            self.of_slug.setdefault(slug_in(wish.places[""].cells.get("slug")), wish)
        self.find_items_of_parts(own)
        for wish in self.wishes:
            if wish.item and wish.item.pk and not self.admin.has_change_permission(self.request, wish.item):
                self.refuse(wish, _("This row is no longer there, or you may not change it."))

    def begin_new(self, wish, place):
        if not issubclass(self.model, Item) or not self.admin.has_add_permission(self.request):
            self.refuse(
                wish, _("You can’t add a row here by a file. Without its hidden key, a row counts as a new one.")
            )
        else:
            wish.item = self.model()
            wish.wished = blank(self.model)

    def find_items_of_parts(self, own):
        """The items that stand on a sheet of parts alone."""
        said = {slug_in(place.cells.get(ITEM)) for sheet in self.parts for place in self.rows[sheet]}
        asked = said - self.of_slug.keys()
        for item in own.filter(slug__in=asked) if asked else ():
            self.wishes.append(Wish(item))
            self.of_slug[item.slug] = self.wishes[-1]

    def refuse(self, wish, sentence):
        place = next(iter(wish.places.values()), None)
        wish.errors.append(place.wrong("", "", sentence) if place else Wrong("", "", "", sentence))

    # What these items say, and said when the file was made

    def read_state(self):
        stored = [wish for wish in self.wishes if wish.item and wish.item.pk]
        keys = [wish.item.pk for wish in stored]
        live = snapshots(self.model._base_manager.filter(pk__in=keys))
        seen = self.acts_seen()
        later = defaultdict(list)
        if seen:
            since = Change.objects.of_kind(self.model).since(min(seen.values()))
            for change in since.filter(object_id__in=keys):
                later[change.object_id].append(change)
        for wish in stored:
            wish.live, last = live[wish.item.uuid], seen.get(id(wish), float("inf"))
            since = [change for change in later[wish.item.pk] if change.sequence is None or change.sequence > last]
            wish.base = before(wish.live, [change.patch for change in since])
            wish.wished = over(wish.base, {})
        drafts = Change.objects.of_kind(self.model).unfinished().filter(author=self.user, object_id__in=keys)
        kind = ContentType.objects.get_for_model(self.model)
        holds = Hold.objects.against(self.user).filter(content_type=kind, object_id__in=keys)
        self.held = {hold.object_id: hold for hold in holds}
        self.drafted = set(drafts.values_list("object_id", flat=True))
        for sheet in self.rows:
            for column in sheet.columns:
                column.learn(row[column.name] for wish in stored for row in self.rows_in(wish, sheet))

    def acts_seen(self):
        """The number of the last act on record when each item was exported; of several, the first."""
        seen = {}
        places = [(wish, wish.places.get("")) for wish in self.wishes]
        for sheet in self.parts:
            places += [(self.of_slug.get(slug_in(one.cells.get(ITEM))), one) for one in self.rows[sheet]]
        marks = [(id(wish), str(place.cells.get(SEEN) or "")) for wish, place in places if wish and place]
        numbers = Change.objects.numbers({mark for _wish, mark in marks})
        for wish, mark in marks:
            if mark in numbers:
                seen[wish] = min(seen.get(wish, numbers[mark]), numbers[mark])
        return seen

    def rows_in(self, wish, sheet):
        for state in (wish.base, wish.live):
            if not sheet.part:
                yield state
            else:
                yield from (row for key, row in state.items() if key.startswith(f"{sheet.part}:"))

    # What the cells ask for

    def read_rows(self):
        for wish in self.wishes:
            if wish.item and not wish.errors and "" in wish.places:
                wish.wished |= self.read_cells(wish, self.main, wish.places[""], wish.base, wish.wished)
                if wish.is_new:
                    self.name_new(wish)
        for sheet in self.parts:
            for place in self.rows[sheet]:
                self.read_part(sheet, place)

    def read_cells(self, wish, sheet, place, base, wished):
        """The values that the cells of a row ask for; relations that depend on others come last."""
        asked = {}
        for column in sorted(sheet.columns, key=lambda column: bool(column.field.many_to_many)):
            cell, now = place.cells.get(column.name), base.get(column.name)
            if base and (column.name not in place.cells or is_the_same(cell, column.say(now))):
                continue
            if not base and cell is None:
                continue
            try:
                if cell is FORMULA:
                    raise ValidationError(_("This is a formula. Write the value itself."))
                asked[column.name] = column.read(unprefixed(cell), now, wished | asked)
            except ValidationError as error:
                wish.errors.append(place.wrong(column.name, column.heading, " ".join(error.messages)))
        return asked

    def read_part(self, sheet, place):
        said, key = place.cells.get(ITEM), place.cells.get(sheet.label)
        wish = self.of_slug.get(slug_in(said))
        if wish is None:
            text = _("There is no page of the short name “%s” among those you may change.") % (said or "")
            self.wishes.append(Wish(errors=[place.wrong(ITEM, sheet.names[ITEM], text)]))
            return
        name = f"{sheet.part}:{as_uuid(key) or uuid4()}"
        base = wish.base.get(name)
        if key is not None and base is None:
            text = _("This row is no longer there. Empty its hidden key to add it anew.")
            wish.errors.append(place.wrong(sheet.label, "", text))
            return
        if name in wish.places:
            text = _("This row stands twice in the file: see row %s.") % wish.places[name].number
            wish.errors.append(place.wrong(sheet.label, "", text))
            return
        wish.places[name] = place
        if place.cells.get(REMOVE) is not None and fold(str(place.cells[REMOVE])) in agreed():
            wish.wished.pop(name, None)
            return
        row = base or blank(sheet.model)
        asked = self.read_cells(wish, sheet, place, base or {}, row)
        wish.wished[name] = row | asked

    def name_new(self, wish):
        """A new page that has no short name gets one from its title, as on the form."""
        for name, sources in self.admin.get_prepopulated_fields(self.request).items():
            words = " ".join(str(wish.wished.get(source) or "") for source in sources)
            if not wish.wished.get(name) and (stem := slug_of(words)):
                wish.wished[name] = self.free(name, stem)
        fill(wish.item, wish.wished)

    def free(self, name, stem):
        taken = set(self.model._base_manager.filter(**{f"{name}__startswith": stem}).values_list(name, flat=True))
        taken |= {str(wish.wished.get(name)) for wish in self.wishes}
        number, free = 1, stem
        while free in taken:
            number += 1
            free = f"{stem}-{number}"
        return free

    # Whether it can be so

    def check(self):
        self.refuse_twins()
        for wish in self.wishes:
            if wish.errors or not wish.patch:
                continue
            if hold := self.held.get(wish.item.pk):
                self.refuse(wish, hold.sentence)
                continue
            if wish.item.pk in self.drafted:
                self.refuse(wish, _("You already have a draft of this page. Send it or discard it first."))
                continue
            if refused := split(self.user, wish.item, wish.patch, wish.live)[1]:
                self.refuse(wish, refused)
                continue
            for key in [] if wish.is_new else conflicts(wish.patch, wish.live):
                self.refuse_conflict(wish, key)
            if not wish.errors:
                self.check_own(wish)
                self.check_parts(wish)

    def refuse_twins(self):
        """Two rows of the file that want what only one can have."""
        for column in (column for column in self.main.columns if column.field.unique):
            first = {}
            for wish in (wish for wish in self.wishes if wish.item and wish.wished.get(column.name)):
                other = first.setdefault(wish.wished[column.name], wish)
                if other is not wish and not wish.errors and "" in wish.places:
                    text = _("The row %s of this file asks for the same.") % getattr(
                        other.places.get(""), "number", "–"
                    )
                    wish.errors.append(wish.places[""].wrong(column.name, column.heading, text))

    def refuse_conflict(self, wish, key):
        row, _colon, name = key.rpartition(":")
        sheet, state = self.main, wish.live
        if ":" in key:
            sheet = self.sheet_of(key)
            row, name = (row, name) if ":" in row else (key, "")
            state = wish.live.get(row, {})
        place = wish.places.get(row if sheet.part else "")
        column = sheet.by_name.get(name)
        now = said(column.field, state.get(name)) if column else ""
        text = _("Someone else has changed this since the file was made. It now says: “%s”. Export the list again.")
        if place:
            wish.errors.append(place.wrong(name, column.heading if column else "", text % now))

    def check_own(self, wish):
        changed = {key for key in wish.patch if ":" not in key}
        if changed:
            row = copy(wish.item)
            fill(row, {name: wish.wished[name] for name in changed})
            every = {field.name for field in recorded_fields(self.model)}
            self.check_row(wish, self.main, "", row, every if wish.is_new else changed)

    def check_parts(self, wish):
        result = over(wish.live, wish.patch)
        for key in dict.fromkeys(":".join(key.split(":")[:2]) for key in wish.patch if ":" in key):
            if key in result:
                sheet = self.sheet_of(key)
                part = sheet.model(pk=UUID(key.partition(":")[2]), **{sheet.model.part_of: wish.item})
                part._state.adding = key not in wish.live
                fill(part, result[key])
                changed = {name for name in result[key] if key in wish.patch or f"{key}:{name}" in wish.patch}
                self.check_row(wish, sheet, key, part, changed)

    def sheet_of(self, key):
        return next(sheet for sheet in self.parts if sheet.part == key.partition(":")[0])

    def check_row(self, wish, sheet, key, row, changed):
        """Ask the model itself, about what changes alone; what a relation names was looked up already."""
        fields = sheet.model._meta.concrete_fields
        left = {one.name for one in fields if one.name not in changed or one.is_relation}
        found = defaultdict(list)
        steps = [lambda: row.clean_fields(exclude=left), row.clean, lambda: row.validate_unique(exclude=left)]
        steps += [
            lambda one=one: ask(one, row, key, wish)
            for one in sheet.model._meta.constraints
            if changed & fields_of(one)
        ]
        for step in steps:
            try:
                step()
            except ValidationError as error:
                for name, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
                    found[name] += sentences
        for column in sheet.columns:
            if column.field.many_to_one and column.is_required and not getattr(row, column.field.attname):
                found[column.name] = [column.emptied()]
        if getattr(wish.item, "public_from", None):
            lacking = row.missing()
            found |= {name: [str(lacking[name])] for name in lacking if name in changed and name not in found}
        for name, sentences in found.items():
            column, place = sheet.by_name.get(name), wish.places.get(key)
            heading = column.heading if column else str(label(sheet.model, name) if name != NON_FIELD_ERRORS else "")
            wish.errors.append(place.wrong(name, heading, " ".join(map(str, dict.fromkeys(sentences)))))

    # What comes of it

    @property
    def right(self):
        return [wish for wish in self.wishes if not wish.errors and wish.patch]

    @property
    def wrong(self):
        return [wish for wish in self.wishes if wish.errors]

    @property
    def told(self):
        """What is wrong, in the order of the file, as far as anybody reads."""
        return [wrong for wish in self.wrong for wrong in wish.errors][:MOST_TOLD]

    @property
    def untold(self):
        return sum(len(wish.errors) for wish in self.wrong) - len(self.told)

    @property
    def same(self):
        return len(self.wishes) - len(self.right) - len(self.wrong)

    def make(self, batch):
        """Turn what is right into the drafts of a batch, or of several; a new item is made, and seen by nobody."""
        batches = [batch]
        for number, wish in enumerate(self.right):
            if number and number % MOST_TOGETHER == 0:
                name = f"{batch.name} ({len(batches) + 1})"
                batches.append(Batch.objects.create(author=self.user, name=name, content_type=batch.content_type))
            if wish.is_new:
                self.make_new(wish, batches[-1])
            else:
                Change.keep(wish.item, self.user, wish.patch, batch=batches[-1])
        return batches

    def make_new(self, wish, batch):
        item, own = wish.item, {key: said for key, said in wish.wished.items() if ":" not in key}
        with acting(self.user), recording(item):
            put(item, own, validate=False)
            for key, row in wish.wished.items():
                if ":" in key:
                    part, _colon, uuid = key.partition(":")
                    lay_part(item, part, uuid, row, validate=False)
        Change.keep(item, self.user, {"public_from": [None, moment().isoformat()]}, batch=batch)


def blank(model):
    """The snapshot of a row that nothing has been written in."""
    row = model()
    fields = recorded_fields(model)
    return plain({f.name: [] if f.many_to_many else f.get_prep_value(f.value_from_object(row)) for f in fields})


def as_uuid(cell):
    try:
        return UUID(str(cell))
    except ValueError:
        return None


def slug_in(cell):
    return str(cell or "").strip().lower()


def agreed():
    """Every word for yes."""
    found = {"x", "1", "true", "vrai"}
    for language in LANGUAGES:
        with override(language):
            found.add(fold(_("yes")))
    return found


def is_the_same(cell, said):
    """Whether a cell still holds what was written into it."""
    if isinstance(cell, datetime) and isinstance(said, date):
        return cell.date() == said
    return cell in (said, unescaped(said), unescaped(harmless(said)))


def ask(constraint, row, key, wish):
    """Ask a constraint about a row; what only one row of an item can have, about the rows that the file makes of it."""
    part_of, fields = getattr(row, "part_of", None), getattr(constraint, "fields", ())
    if part_of not in fields:
        constraint.validate(type(row), row, exclude=set())
        return
    rows = over(wish.live, wish.patch)
    said = {
        other: [rows[other].get(name) for name in fields if name != part_of] for other in rows if is_beside(other, key)
    }
    if None not in said[key] and list(said.values()).count(said[key]) > 1:
        raise ValidationError(constraint.get_violation_error_message())


def is_beside(key, other):
    """Whether two keys name rows of the same part."""
    return ":" in key and key.partition(":")[0] == other.partition(":")[0]


def fields_of(constraint):
    """The names of the fields that a constraint is about."""
    if condition := getattr(constraint, "condition", None):
        return set(named_in(condition))
    return set(constraint.fields)


def named_in(condition):
    for child in condition.children:
        if isinstance(child, tuple):
            yield child[0].partition("__")[0]
        else:
            yield from named_in(child)
