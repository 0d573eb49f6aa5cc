"""One person at one item: what it says, what they want of it, and the one way in for whatever they change.

A form shows a row as its author wants it. It sends back a signed token of two states of that row: `was`, what it
showed, and `knew`, what was live as far as its author knew. The first tells their other window from what they change
here; the second becomes the *before* of the patch, so that another person's change since shows as a conflict.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting, dry_run, track_changes
from learningcities.publishing.history.where_used import refuse_while_used
from learningcities.publishing.patches.in_memory import in_memory, row_at
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import (
    conflicts,
    diff,
    patched,
    plain,
    same,
    snapshot,
    values,
    with_row_fields,
)
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.rights.translator_rights import forbidden_keys

from .change import Change
from .conflicts import clashes
from .removed_row import RemovedRow

OTHER_TEXTS = _("One of the texts has been changed again meanwhile. Look at both, then choose.")


@dataclass
class Outcome:
    """What became of the words of a form."""

    #: The texts of one's own draft that another window has changed: {key: (what is there, what was sent)}.
    doubled: dict = field(default_factory=dict)
    #: The texts that another person has changed since, where no draft can keep both: {key: (theirs, what was sent)}.
    overtaken: dict = field(default_factory=dict)
    #: What may not be changed, or not now, in a sentence.
    refused: str = ""
    #: What keeps an item that was never public from saying it: {key: sentences}.
    wrong: dict = field(default_factory=dict)
    is_changed: bool = False


class Editing:
    """For whoever has read the item; for a save, under the lock of all writes."""

    def __init__(self, person, item):
        self.person, self.item, self.model = person, item, type(item)
        self.own = Change.objects.mine(item, person)

    @property
    def asks_publication(self):
        """Whether the one change of the person only asks that an item be public for the first time."""
        return bool(self.own) and "public_from" in self.own.patch and not self.item.keeps_drafts

    @property
    def draft(self):
        return None if self.asks_publication else self.own

    @property
    def is_direct(self):
        """Whether words reach the row at once, since visitors never saw it."""
        return not self.item.keeps_drafts

    @cached_property
    def live(self):
        return snapshot(self.item)

    @cached_property
    def _allowed(self):
        if not self.draft:
            return {}, ""
        patch, refused = allowed_part(self.person, self.item, self.draft.patch, self.live)
        return self.draft.as_patch(self.live, patch), refused

    @property
    def patch(self):
        """What the draft asks for, as far as its author may still ask for it."""
        return self._allowed[0]

    @property
    def left_out(self):
        """A sentence about what its author may no longer ask for."""
        return self._allowed[1]

    @cached_property
    def shown(self):
        """What the item says as the person wants it."""
        return patched(self.live, self.patch)

    @cached_property
    def known(self):
        """What was live as far as the person knew when they wrote their draft."""
        return patched(self.live, {key: [None, before] for key, (before, _after) in self.patch.items()})

    @cached_property
    def row(self):
        """The item as the person wants it, in memory."""
        return in_memory(self.item, self.shown)

    def row_at(self, key):
        """The item, or a row of a part, as the person wants it; a row that isn't there is a new one."""
        return row_at(self.row, key) or self.new_row(key)

    def new_row(self, key):
        part = getattr(self.row, key.part).model
        return part(pk=UUID(str(key.uuid)), **{part.part_of: self.row})

    @cached_property
    def clashes(self):
        """The texts of the draft whose live ones are others than those that its author knew."""
        live = with_row_fields(self.live)
        sides = {key: (live.get(key), self.patch[key][1]) for key in conflicts(self.patch, self.live)}
        return clashes(self.item, sides, "theirs")

    @cached_property
    def seen(self):
        """What is live as far as the person knows, once two texts have stood side by side before them."""
        live = with_row_fields(self.live)
        return patched(self.known, {clash.key: [None, live[clash.key]] for clash in self.clashes if clash.key in live})

    @cached_property
    def removed(self):
        """The rows that the person has taken out: {key: [what was live as they knew it, what they wanted]}."""
        gone = {text: before for text, (before, after) in self.patch.items() if after is None}
        rows = {text: [before, before] for text, before in gone.items() if PatchKey.parse(text).is_row}
        for removed in RemovedRow.objects.of(self.item, self.person).order_by("pk"):
            rows |= removed.patch
        return {text: sides for text, sides in rows.items() if text not in self.shown}

    # The token of a form

    def token(self, key, fields=()):
        """What the form of a row shows and what its author knew; of the item itself these fields, of a part all."""
        return self.signed(key, *(side_of(state, key, fields) for state in (self.shown, self.seen)))

    def token_after(self, key, sent, was, knew):
        """The same of a form that stays open once its words are kept: what others have saved since, it doesn't show."""
        return self.signed(key, self.shown.get(key.row) if was is None else was | sent, knew)

    def signed(self, key, *sides):
        return signing.dumps(sides, salt=self.salt(key), compress=True)

    def read(self, key, token):
        """(was, knew), each None for a row that wasn't there; BadSignature if the token is none of ours."""
        return signing.loads(token, salt=self.salt(key))

    def salt(self, key):
        return f"section form:{self.model._meta.label_lower}:{self.item.pk}:{key.row}"

    # What is changed

    def save(self, key, sent, was, knew, is_silent=False):
        """Keep what a form changed of a row: {field: value}."""
        step, doubled = self.step(key, sent, was, knew)
        if forbidden := forbidden_keys(self.person, self.model, step):
            step = {text: sides for text, sides in step.items() if text not in forbidden}
        patch = self.with_step(step)
        if key.part and self.is_blank(key, *patch.get(key.row, (None, None))):
            del patch[key.row]
        return self.keep(patch, doubled=doubled, is_silent=is_silent)

    def is_blank(self, key, before, row):
        """Whether a row is new, and nothing was typed into it."""
        blank = plain(values(self.new_row(key))) if row and before is None else {}
        return bool(blank) and all(same(row.get(name), value) for name, value in blank.items())

    def step(self, key, sent, was, knew):
        """What a form changed, as a patch, and what another window of the same person has changed as well."""
        if key.part and key.row not in self.shown:
            return self.step_of_absent_row(key, sent, was, knew)
        shown, live = with_row_fields(self.shown), with_row_fields(self.live)
        step, doubled = {}, {}
        for name, value in sent.items():
            text = key.of_field(name)
            now, before = shown.get(text), (was or {}).get(name)
            known = (knew or was or {}).get(name)
            mine = text in self.patch or key.row in self.patch or same(live.get(text), known)
            if mine and not (same(now, before) or same(now, value)):
                doubled[text] = (now, value)
            else:
                step[text] = [value, value] if same(live.get(text), value) else [known, value]
        return step, doubled

    def step_of_absent_row(self, key, sent, was, knew):
        if was is None:
            return {key.row: [None, plain(values(self.row_at(key))) | sent]}, {}
        if key.row in self.patch or knew is None:
            return {}, {key.row: (None, was | sent)}
        if getattr(self.person, "translates", []):
            return {key.of_field(name): [(knew or was).get(name), value] for name, value in sent.items()}, {}
        return {key.row: [knew or was, was | sent]}, {}

    def remove(self, key, knew):
        """Take a row out; `knew` is what it said as far as its author knew."""
        sides = [self.known.get(key.row), self.shown[key.row]]
        patch = {text: sides for text, sides in self.patch.items() if PatchKey.parse(text).row != key.row}
        if key.row in self.live:
            refuse_while_used(getattr(self.item, key.part).get(pk=key.uuid))
            patch[key.row] = [knew or self.live[key.row], None]
        outcome = self.keep(patch)
        RemovedRow.objects.remember(self.item, self.person, key, sides)
        return outcome

    def bring_back(self, key):
        """Put a row back that was taken out, with all that the person had written of it."""
        before, row = self.removed[key.row]
        patch = {text: sides for text, sides in self.patch.items() if text != key.row}
        is_live = key.row in self.live and before
        return self.keep(patch | (diff({key.row: before}, {key.row: row}) if is_live else {key.row: [None, row]}))

    def place(self, part, order):
        """Give the rows of a part, named by their uuids, this order."""
        shown, step = with_row_fields(self.shown), {}
        live = with_row_fields(self.live)
        for position, uuid in enumerate(order):
            text = PatchKey(part, uuid, "position")
            if not same(shown.get(str(text)), position):
                step[str(text)] = [live.get(str(text)), position]
        return self.keep(self.with_step(step))

    @property
    def mark_of_clashes(self):
        """Names the texts that stand side by side as they are now: a choice between others is another question."""
        live = with_row_fields(self.live)
        sides = [[clash.key, live.get(clash.key), self.patch[clash.key][1]] for clash in self.clashes]
        return sha256(json.dumps(sides, sort_keys=True).encode()).hexdigest()[:16]

    def decide(self, choices, seen=None):
        """Settle texts that two have changed: {key: "mine" or "theirs"}; ValidationError if others were `seen`."""
        if seen is not None and seen != self.mark_of_clashes:
            raise ValidationError(OTHER_TEXTS)
        live, patch = with_row_fields(self.live), dict(self.patch)
        chosen = {text: side for text, side in choices.items() if text in patch}
        for text, side in chosen.items():
            if side == "theirs":
                del patch[text]
            elif side == "mine":
                patch[text] = [live.get(text), patch[text][1]]
        mine = {text: patch[text] for text, side in chosen.items() if side == "mine"}
        if refused := allowed_part(self.person, self.item, mine, self.live)[1]:
            raise ValidationError(refused)
        return self.keep(patch, decided=chosen)

    def with_step(self, step):
        """The draft's patch with a step laid over it; a text that it has already keeps its *before*, unless its author
        has since seen what is live."""
        patch, live = dict(self.patch), with_row_fields(self.live)
        for text, (before, after) in step.items():
            key = PatchKey.parse(text)
            if key.part and key.field and key.row in patch and patch[key.row][1] is not None:
                known, row = patch[key.row]
                patch[key.row] = [known, row | {key.field: after}]
                continue
            if text in patch and not same(before, after) and not same(before, live.get(text)):
                before = patch[text][0]
            patch[text] = [before, after]
            if same(before, after):
                del patch[text]
        return patch

    # The one way in

    def keep(self, patch, decided=(), doubled=None, is_silent=False):
        """Write what the person wants of the item as their draft or, where visitors never saw it, on the row."""
        patch, refused = allowed_part(self.person, self.item, self.as_written(patch), self.live)
        outcome = Outcome(doubled or {}, refused=refused, is_changed=patch != (self.draft.patch if self.draft else {}))
        is_settled = is_silent or not (self.is_direct and self.draft)
        if not outcome.is_changed and is_settled:
            return outcome
        if self.asks_publication:
            outcome.overtaken = self.write(patch)
        elif patch:
            change = Change.save_draft(self.item, self.person, patch, decided)
            if self.is_direct and not is_silent:
                outcome.wrong = self.settle(change)
            elif not is_silent:
                self.go_on(change)
        elif self.draft:
            PageLock.objects.check_free(self.item, self.person)
            self.draft.discard(self.person)
        self.forget()
        return outcome

    def as_written(self, patch):
        """A translator brings no row back: of one that is shown again since they wrote in it, only what they wrote."""
        if not getattr(self.person, "translates", []):
            return patch
        written = {}
        for text, (before, after) in patch.items():
            is_shown_again = isinstance(before, dict) and isinstance(after, dict)
            written |= diff({text: before}, {text: after}) if is_shown_again else {text: [before, after]}
        return written

    def write(self, patch):
        """Write on the row what nobody else has changed since; {key: (theirs, mine)} of the rest."""
        live, overtaken = with_row_fields(self.live), conflicts(patch, self.live)
        with acting(self.person):
            self.item.apply_patch({key: sides for key, sides in patch.items() if key not in overtaken})
        return {key: (live.get(key), patch[key][1]) for key in overtaken}

    def settle(self, change):
        """Lay the draft of what visitors never saw over its row; {key: sentences} of what keeps it from fitting."""
        if conflicts(change.patch, self.live):
            return {}
        try:
            with acting(self.person), track_changes(self.item, change=change):
                # When visitors see it is decided elsewhere.
                self.item.apply_patch({key: sides for key, sides in change.patch.items() if key != "public_from"})
                change.decide(Change.State.APPLIED, self.person)
        except ValidationError as error:
            return getattr(error, "message_dict", {"": error.messages})
        return {}

    def go_on(self, change):
        """A change that waits goes on waiting with the new words, unless there are two texts to choose from; a
        coordinator's is a draft again."""
        if change.state != Change.State.REVIEW:
            return
        if change.conflicts() or self.person.has_perm("publishing.decide_change"):
            change.transition(Change.State.OPEN)
            return
        try:
            change.send(change.comment, change.wanted_at)
        except ValidationError:
            # It is a draft again, and the outline says what it lacks.
            return

    def forget(self):
        """What was read is no longer so."""
        for name in ("live", "_allowed", "shown", "known", "seen", "row", "clashes", "removed"):
            self.__dict__.pop(name, None)
        self.item.refresh_from_db()
        self.own = Change.objects.mine(self.item, self.person)

    # What keeps it from being sent

    def lacks(self):
        """What keeps the item from being public as the person wants it: {key: sentences}."""
        lacking = {}
        for check in (self.row.check_complete, self.try_it):
            try:
                check()
            except ValidationError as error:
                for key, sentences in getattr(error, "message_dict", {"": error.messages}).items():
                    lacking.setdefault(key, sentences)
        return lacking

    def try_it(self):
        """Publish the item as the person wants it, and undo that."""
        item = self.model._base_manager.get(pk=self.item.pk)
        with dry_run(), acting(self.person):
            item.apply_patch({key: sides for key, sides in self.patch.items() if key != "public_from"})
            item.check_complete()
            item.publish_carried()

    def faults(self, key):
        """What isn't right about a row as the person wants it, beyond each field by itself: {field: sentences}."""
        row = self.row_at(key)
        found = {}
        for check in (
            row.clean_fields,
            row.clean,
            lambda: check_constraints(row),
            lambda: check_alone(row, self.row, key),
        ):
            try:
                check()
            except ValidationError as error:
                for name, sentences in getattr(error, "message_dict", {"": error.messages}).items():
                    found.setdefault("" if name == "__all__" else name, []).extend(sentences)
        for name, sentence in row.missing().items():
            found.setdefault(name, []).append(sentence)
        return found


def side_of(state, key, fields):
    """What a state says of a row of a part, or of some fields of the item."""
    return state.get(key.row) if key.part else {name: state.get(name) for name in fields}


def check_constraints(row):
    """What the database would refuse of the row by itself."""
    for constraint in row._meta.constraints:
        if hasattr(constraint, "condition") and not hasattr(constraint, "fields"):
            constraint.validate(type(row), row)


def check_alone(row, item, key):
    """What no two rows of an item may have in common, among the rows as they are wanted and not as they are stored."""
    if not key.part:
        return
    for constraint in row._meta.constraints:
        names = [name for name in getattr(constraint, "fields", ()) if name != row.part_of]
        own = [row.serializable_value(name) for name in names]
        others = (other for other in getattr(item, key.part).all() if other.pk != row.pk)
        if (
            names
            and None not in own
            and any(own == [other.serializable_value(name) for name in names] for other in others)
        ):
            raise ValidationError({names[-1]: constraint.get_violation_error_message()})
