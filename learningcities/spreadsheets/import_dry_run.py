"""What a file asks for, item by item: tried out against what is live, and nothing written before `make`."""

from collections import defaultdict
from copy import copy
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.publishing.history.usage import refuse_while_used
from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_display import label, said
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import (
    DATES,
    apply_part,
    conflicts,
    patched,
    plain,
    rows_of_part,
    same,
    save_values,
    set_values,
    snapshots,
    state_before,
    tracked_fields,
    with_row_fields,
)
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.change import Change
from learningcities.text.folding import fold
from learningcities.text.slugs import slug_of
from learningcities.text.translation import LANGUAGES, about, columns

from .cell_text import CUT, beginning, harmless, quoted, unescaped, unprefixed
from .import_reader import FORMULA
from .import_row import ImportRow, Place, Question, Wrong
from .sheet import ITEM, REMOVE, SEEN, sheets_of

#: The most errors that are shown at once, and the most changes that go live together, so that no other writer has to
#: wait longer than they can.
MOST_TOLD, MOST_TOGETHER = 200, 250


class DryRun:
    """`further` are the names of rows that are meant although another one says the same."""

    def __init__(self, model_admin, request, grids, further=()):
        self.further = further
        self.admin, self.request, self.user = model_admin, request, request.user
        self.main, *self.parts = sheets_of(model_admin, request)
        self.model = model_admin.model
        self.notes, self.wishes = [], []
        known = {name: sheet for sheet in (self.main, *self.parts) for name in (sheet.label, *sheet.former_names)}
        if not any(grid.label in known for grid in grids):
            text = _("This file belongs to another list. Open the list of the same kind, and import it there.")
            raise ValidationError(text)
        self.rows = {sheet: [] for sheet in (self.main, *self.parts)}
        for grid in grids:
            if sheet := known.get(grid.label):
                grid = grid.renamed(sheet.former_names)
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
            wish = ImportRow(places={"": place})
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
            if slug := slug_in(wish.places[""].cells.get("slug")) or (wish.is_new and self.stem(wish.places[""].cells)):
                self.of_slug.setdefault(slug, wish)
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
        asked = said - self.of_slug.keys() - {""}
        for item in own.filter(slug__in=asked) if asked else ():
            self.wishes.append(ImportRow(item))
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
            wish.base = state_before(wish.live, [change.patch for change in since])
            wish.wished = patched(wish.base, {})
        drafts = Change.objects.of_kind(self.model).unfinished().filter(author=self.user, object_id__in=keys)
        self.drafts = {change.object_id: change for change in drafts.select_related("batch").prefetch_related("trail")}
        kind = ContentType.objects.get_for_model(self.model)
        locks = PageLock.objects.against(self.user).filter(content_type=kind, object_id__in=keys)
        self.locked = {lock.object_id: lock for lock in locks}
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
                yield from (row for _key, row in rows_of_part(state, sheet.part))

    # What the cells ask for

    def read_rows(self):
        for wish in self.wishes:
            if wish.item and not wish.errors and "" in wish.places:
                wish.wished |= self.read_cells(wish, self.main, wish.places[""], wish.base, wish.wished)
                if wish.is_new:
                    self.name_new(wish)
        self.ask_about_doubles()
        for sheet in self.parts:
            for place in self.rows[sheet]:
                self.read_part(sheet, place)

    def read_cells(self, wish, sheet, place, base, wished):
        """The values that the cells of a row ask for."""
        asked = {}
        for column in sorted(sheet.columns, key=attrgetter("turn")):
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
            text = _("There is no page of the short name “%s” among those you may change.") % quoted(said or "")
            self.wishes.append(ImportRow(errors=[place.wrong(ITEM, sheet.names[ITEM], text)]))
            return
        name = str(PatchKey(sheet.part, as_uuid(key) or uuid4()))
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
            self.check_unused(wish, sheet, place, name)
            return
        row = base or blank(sheet.model)
        asked = self.read_cells(wish, sheet, place, base or {}, row)
        if base is None and not self.is_meant(wish, sheet, place, row | asked):
            return
        wish.wished[name] = row | asked

    def check_unused(self, wish, sheet, place, name):
        """An axis that initiatives follow can't be removed."""
        row = sheet.model._base_manager.filter(pk=PatchKey.parse(name).uuid).first()
        try:
            if row:
                refuse_while_used(row)
        except ValidationError as error:
            wish.errors.append(place.wrong(REMOVE, sheet.names[REMOVE], " ".join(error.messages)))

    def is_meant(self, wish, sheet, place, row):
        """Whether a new row of a part says something else than those that are there or above, or is said to be one."""
        said = identities(sheet.model, row)
        added_since = {key: other for key, other in wish.live.items() if key not in wish.base}
        for _key, other in rows_of_part(added_since | wish.wished, sheet.part):
            if said & identities(sheet.model, other):
                text = _("“%s” is there already with the same words. Is this a further one?")
                question = Question(place, text % self.name_of(sheet.model, row), None, place.name in self.further)
                wish.questions.append(question)
                return question.is_answered
        return True

    def name_of(self, model, row):
        """What a row is called, in the first language that has a name of it."""
        names = columns(model.distinct_by[0])
        return next((row[name] for name in names if row.get(name)), "")

    def name_new(self, wish):
        """A new page that has no short name gets one from its title, as on the form."""
        set_values(wish.item, wish.wished)
        wish.again = self.made_before(wish)
        for name in self.admin.get_prepopulated_fields(self.request):
            if not wish.wished.get(name) and (stem := self.stem(wish.wished)):
                wish.wished[name] = wish.again.slug if wish.again else self.free(name, stem)
        set_values(wish.item, wish.wished)

    def stem(self, words):
        """The short name that a title gives, as on the form."""
        for sources in self.admin.get_prepopulated_fields(self.request).values():
            return slug_of(" ".join(str(words.get(source) or "") for source in sources))
        return ""

    def made_before(self, wish):
        """The item that an earlier file of theirs has added for the same row, if nobody has seen or edited it since."""
        taken = {other.again.pk for other in self.wishes if other.again}
        free = [(item, values) for item, values in self.added_before if item.pk not in taken]
        slug, said = wish.wished.get("slug"), identities(self.model, wish.wished)
        by_slug = (item for item, _values in free if slug and item.slug == slug)
        by_name = (item for item, values in free if said & identities(self.model, values))
        return next(by_slug, next(by_name, None))

    @cached_property
    def added_before(self):
        """What earlier files of theirs have added and nobody has seen or edited since, each with its values."""
        changes = Change.objects.of_kind(self.model)
        asked = changes.filter(author=self.user, batch__isnull=False, patch__has_key="public_from")
        open_to = self.model.objects.edited_by(self.user).open_to(self.user)
        found = open_to.filter(pk__in=asked.values("object_id"), public_from=None).distinct()
        acts = changes.filter(object_id__in=[item.pk for item in found]).order_by("id")
        # A file writes a page and asks at once for its publication: whoever wrote otherwise has edited it.
        written, edited = set(), set()
        for act in acts:
            if set(act.patch) == {"public_from"} and act.batch_id and act.author_id == self.user.pk:
                written.discard(act.object_id)
            elif act.state != Change.State.DISCARDED and not set(act.patch) <= set(DATES):
                edited |= {act.object_id} & written if act.author_id == self.user.pk else {act.object_id}
                written.add(act.object_id)
        return [(item, said_by(item)) for item in found if item.pk not in edited | written]

    def ask_about_doubles(self):
        """Rows that are called as a page that is there, or as a row above them, may be mistakes."""
        new = [wish for wish in self.wishes if wish.is_new and "" in wish.places]
        if not new or not self.model.distinct_by:
            return
        _name, *scope = self.model.distinct_by
        within = {f"{name}__in": {wish.wished.get(name) for wish in new} for name in scope}
        again = [wish.again.pk for wish in new if wish.again]
        rows = self.model._base_manager.filter(**within).exclude(pk__in=again).order_by("binned_at", "pk")
        there = [(identities(self.model, said_by(item)), item) for item in rows]
        above = {}
        for wish in new:
            place, said = wish.places[""], identities(self.model, wish.wished)
            other = next((item for names, item in there if said & names), None)
            row = next((above[one] for one in said if one in above), None)
            if other or row:
                text = self.doubled(other, row) % {"name": self.name_of(self.model, wish.wished), "row": row}
                address = _("Its address would end in “%s”.") % wish.wished.get("slug", "")
                wish.questions.append(Question(place, f"{text} {address}", other, place.name in self.further))
            above |= dict.fromkeys(said, place.number)

    def doubled(self, other, row):
        if other is None:
            return _("The row %(row)s of this file has the same name: “%(name)s”. Is this a further page?")
        if other.binned_at:
            return _("“%(name)s” lies in the bin, and can be taken out of it. Or is this a further page?")
        return _(
            "“%(name)s” is there already: to change it, edit its row in an exported file. Or is this a further page?"
        )

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
            if lock := self.locked.get(wish.item.pk):
                self.refuse(wish, lock.sentence)
                continue
            if draft := self.drafts.get(wish.item.pk):
                self.lay_over_draft(wish, draft)
            if refused := allowed_part(self.user, wish.item, wish.patch, wish.live)[1]:
                self.refuse(wish, refused)
                continue
            for key in [] if wish.is_new else conflicts(wish.patch, wish.live):
                self.refuse_conflict(wish, key)
            if not wish.errors:
                self.check_own(wish)
                self.check_parts(wish)

    def lay_over_draft(self, wish, draft):
        """A draft of an earlier file goes; any other stays, with what the file asks for besides."""
        if draft.batch and is_untouched(draft):
            wish.replaced = draft
            return
        wish.draft = draft
        text = _("Your own draft of this page says “%s” here. Write the same in the cell, or change the draft.")
        for key in wish.patch.keys() & draft.patch.keys():
            if not same(wish.patch[key][1], draft.patch[key][1]):
                place, name, heading, words = self.cell_of(wish, key, {key: draft.patch[key][1]})
                wish.errors.append(place.wrong(name, heading, text % words))

    def cell_of(self, wish, key, state):
        """Where a key of a patch stands in the file, and what is said of it in a state: place, name, heading, words."""
        parsed = PatchKey.parse(key)
        column = self.sheet_of(parsed).by_name.get(parsed.field)
        words = said(column.field, with_row_fields(state).get(key)) if column else ""
        place = wish.places.get(parsed.row) or wish.place
        return place, parsed.field, column.heading if column else "", words

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
        place, name, heading, words = self.cell_of(wish, key, wish.live)
        text = _("Someone else has changed this since the file was made. It now says: “%s”. Export the list again.")
        wish.errors.append(place.wrong(name, heading, text % words))

    def check_own(self, wish):
        changed = {key for key in wish.patch if not PatchKey.parse(key).part}
        row = copy(wish.again or wish.item)
        set_values(row, {name: wish.wished[name] for name in changed})
        every = {field.name for field in tracked_fields(self.model)}
        self.check_row(wish, self.main, "", row, every if wish.is_new else changed)
        if not wish.is_new and any(self.model._meta.get_field(name).many_to_one for name in changed):
            self.refuse_foreign(wish, row)

    def refuse_foreign(self, wish, row):
        """What belongs to another city, say, since the item has moved."""
        related = {name: self.model._meta.get_field(name).related_model for name in getattr(row, "own_relations", ())}
        rows = {name: model._base_manager.filter(pk__in=wish.wished[name]) for name, model in related.items()}
        for name, sentence in row.foreign(**rows).items() if rows else ():
            wish.errors.append(wish.place.wrong(name, self.main.by_name[name].heading, str(sentence)))

    def check_parts(self, wish):
        result = patched(wish.live, wish.patch)
        touched = dict.fromkeys(row for key in wish.patch if (row := PatchKey.parse(key).row))
        others = [key for key in result if key not in touched] if self.needs_all(wish) else []
        for key in map(PatchKey.parse, others):
            if key.part and (sheet := self.sheet_of(key)):
                part = sheet.model(pk=UUID(key.uuid), **{sheet.model.part_of: wish.item})
                set_values(part, result[key.row])
                for name, sentence in part.missing().items():
                    wish.errors.append(wish.place.wrong("", str(label(sheet.model, name)), about(part, sentence)))
        for key in touched:
            if key in result:
                parsed = PatchKey.parse(key)
                sheet = self.sheet_of(parsed)
                part = sheet.model(pk=UUID(parsed.uuid), **{sheet.model.part_of: wish.item})
                part._state.adding = key not in wish.live
                set_values(part, result[key])
                changed = {name for name in result[key] if key in wish.patch or parsed.of_field(name) in wish.patch}
                self.check_row(wish, sheet, key, part, changed)

    def sheet_of(self, key):
        return next((sheet for sheet in (self.main, *self.parts) if sheet.part == key.part), None)

    def needs_all(self, wish):
        """Whether nothing may lack that visitors need, as when it is published."""
        return issubclass(self.model, Item) and (wish.is_new or bool(wish.item.public_from))

    def check_row(self, wish, sheet, key, row, changed):
        """Ask the model itself, as when it is published."""
        found = refused(row, changed, lambda constraint: ask(constraint, row, key, wish))
        for column in sheet.columns:
            if column.field.many_to_one and column.is_required and not getattr(row, column.field.attname):
                found[column.name] = [column.emptied()]
        if self.needs_all(wish):
            lacking = row.missing()
            found |= {name: [str(sentence)] for name, sentence in lacking.items() if name not in found}
        for name in self.following(row, found) if sheet is self.main else ():
            del found[name]
        for name, sentences in found.items():
            column, place = sheet.by_name.get(name), wish.places.get(key) or wish.place
            heading = column.heading if column else str(label(sheet.model, name) if name != NON_FIELD_ERRORS else "")
            wish.errors.append(place.wrong(name, heading, " ".join(map(str, dict.fromkeys(sentences)))))

    def following(self, row, found):
        """What lacks only because the title lacks from which it fills itself."""
        followers = self.admin.get_prepopulated_fields(self.request).items()
        return [
            name
            for name, sources in followers
            if name in found and not getattr(row, name) and any(source in found for source in sources)
        ]

    # What comes of it

    @property
    def right(self):
        return [wish for wish in self.wishes if not wish.errors and wish.patch and not wish.is_asked]

    @property
    def wrong(self):
        return [wish for wish in self.wishes if wish.errors]

    @property
    def questions(self):
        return [question for wish in self.wishes if not wish.errors for question in wish.questions]

    @property
    def told(self):
        """What is wrong, in the order of the file, as far as anybody reads."""
        return [wrong for wish in self.wrong for wrong in wish.errors][:MOST_TOLD]

    @property
    def untold(self):
        return sum(len(wish.errors) for wish in self.wrong) - len(self.told)

    @property
    def same(self):
        asked = [wish for wish in self.wishes if wish.is_asked and not wish.errors]
        return len(self.wishes) - len(self.right) - len(self.wrong) - len(asked)

    def left_over(self, batch):
        """The batches that earlier files of theirs have become, as far as drafts are left that this file hasn't."""
        keys = {(wish.again or wish.item).pk for wish in self.right + self.wrong if wish.item}
        keys |= {question.item.pk for question in self.questions if question.item}
        earlier = self.user.batches.made().filter(content_type=batch.content_type).exclude(pk=batch.pk)
        found = []
        for one in earlier.filter(changes__state__in=Change.UNFINISHED).distinct():
            changes = one.changes.unfinished().filter(author=self.user)
            one.rest = [change for change in changes.prefetch_related("trail") if change.object_id not in keys]
            one.is_replaced = one.name == batch.name or len(one.rest) < len(changes)
            one.rest = [change for change in one.rest if is_untouched(change)]
            found += [one] if one.rest else []
        return found

    def make(self, batch):
        """Turn what is right into the drafts of a batch, or of several; a new item is made, and seen by nobody."""
        batches = [batch]
        for number, wish in enumerate(self.right):
            if number and number % MOST_TOGETHER == 0:
                name = f"{batch.name} ({len(batches) + 1})"
                batches.append(Batch.objects.create(author=self.user, name=name, content_type=batch.content_type))
            if wish.replaced:
                discard(wish.replaced, self.user)
            if wish.is_new:
                self.make_new(wish, batches[-1])
            else:
                change = Change.save_draft(wish.item, self.user, wish.kept, batch=batches[-1])
                if wish.draft:
                    change.batch = batches[-1]
                    change.save(update_fields=["batch"])
        return batches

    def make_new(self, wish, batch):
        item, own = (
            wish.again or wish.item,
            {key: said for key, said in wish.wished.items() if not PatchKey.parse(key).part},
        )
        if wish.again and (request := Change.objects.mine(item, self.user)):
            discard(request, self.user)
        with acting(self.user), track_changes(item):
            save_values(item, own, validate=False)
            for name in self.model.parts if wish.again else ():
                for part in getattr(item, name).all():
                    part.delete()
            for text, row in wish.wished.items():
                if (key := PatchKey.parse(text)).part:
                    apply_part(item, key.part, key.uuid, row, validate=False)
        Change.save_draft(item, self.user, {"public_from": [None, moment().isoformat()]}, batch=batch)


def is_untouched(change):
    """Whether nobody has written in a draft since it was begun."""
    return change.created_at <= min((step.at for step in change.trail.all()), default=change.created_at)


def refused(row, changed, ask):
    """What the model refuses of a row: {field: sentences}. What a relation names was looked up already, and what
    doesn't change is as the database has let it in."""
    fields, tracked = row._meta.concrete_fields, {one.name for one in tracked_fields(type(row))}
    relations = {one.name for one in fields if one.is_relation or one.name not in tracked}
    left = relations | {one.name for one in fields if one.name not in changed}
    steps = [lambda: row.clean_fields(exclude=relations), row.clean, lambda: row.validate_unique(exclude=left)]
    steps += [lambda one=one: ask(one) for one in row._meta.constraints if changed & fields_of(one)]
    found = defaultdict(list)
    for step in steps:
        try:
            step()
        except ValidationError as error:
            for name, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
                found[name] += sentences
    return found


def discard(change, by):
    """Discard a draft that another one takes the place of: nobody is told of it."""
    change.is_told = True
    change.discard(by)


def said_by(row):
    """The values by which a row is told from others."""
    names, *others = distinguishing(type(row))
    found = {name: getattr(row, name) for name in names}
    return found | {name: getattr(row, type(row)._meta.get_field(name).attname) for name in others}


def distinguishing(model):
    """The columns of its name, and the fields within whose values it is one of a kind."""
    name, *others = model.distinct_by
    return columns(name), *others


def identities(model, values):
    """What a row is told from others by, once for each name that it has in a language."""
    if not getattr(model, "distinct_by", ()):
        return set()
    names, *others = distinguishing(model)
    rest = tuple(str(values.get(name) or "") for name in others)
    texts = [str(values.get(name) or "") for name in names]
    return {(fold(text) or text, *rest) for text in texts if text}


def blank(model):
    """The snapshot of a row that nothing has been written in."""
    row = model()
    fields = tracked_fields(model)
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
    return cell in (said, unescaped(said), unescaped(harmless(said))) or is_same_beginning(cell, unescaped(said))


def is_same_beginning(cell, said):
    """Whether both hold the same of a text that is too long, each with the word of its language behind it."""
    one, other = beginning(cell), beginning(said)
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and longer.startswith(shorter) and len(longer) - len(shorter) < len(CUT) * 2


def ask(constraint, row, key, wish):
    """Ask a constraint about a row; what only one row of an item can have, about the rows that the file makes of it."""
    part_of, fields = getattr(row, "part_of", None), getattr(constraint, "fields", ())
    if part_of not in fields:
        constraint.validate(type(row), row, exclude=set())
        return
    rows = patched(wish.live, wish.patch)
    said = {
        other: [rows[other].get(name) for name in fields if name != part_of] for other in rows if is_beside(other, key)
    }
    if None not in said[key] and list(said.values()).count(said[key]) > 1:
        raise ValidationError(constraint.get_violation_error_message())


def is_beside(key, other):
    """Whether two keys name rows of the same part."""
    part = PatchKey.parse(key).part
    return bool(part) and part == PatchKey.parse(other).part


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
