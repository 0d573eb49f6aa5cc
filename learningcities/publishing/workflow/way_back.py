"""The way back: one earlier wording, or the whole page as it was before an act of its record.

Of a page that visitors know (or will) it is a draft; of any other the row itself is written.
"""

from dataclasses import dataclass
from itertools import takewhile

from django.db import transaction
from django.utils.functional import cached_property

from learningcities.people.models import User
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import DATES, conflicts, diff, inverse, patched, snapshot, unknown
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion

from .change import Change
from .composing import composed

#: Publishing has its own buttons: nothing goes on or off the site because a text is brought back.
UNTOUCHED = set(DATES)


def is_drafted(item):
    """Whether what is written of an item is a draft first."""
    return bool(getattr(item, "public_from", None))


def take_wording(item, user, key, value):
    """Put one text, or one row of a part, where its author can go on with it; whether anything had to be done."""
    with transaction.atomic():
        ContentVersion.lock_writes()
        if is_drafted(item):
            before = Change.objects.mine(item, user)
            after = Change.put(item, user, key, value)
            return (before and before.patch) != (after and after.patch)
        live = snapshot(item)
        patch = composed({}, live, key, value, Change.objects.lost_row(item, key, live))
        if patch:
            write(item, user, patch)
        return bool(patch)


def write(item, user, patch):
    with acting(user), transaction.atomic():
        item.apply_patch(patch)


@dataclass
class Loss:
    """A key that would change, and who has written what stands there now."""

    key: str
    now: object
    then: object
    by: User | None
    at: object


class WayBack:
    """What becomes of a page when someone takes back an act of its record: that one alone ("undo"), or all that came
    after it as well ("restore")."""

    def __init__(self, item, user, change, step):
        self.item, self.user, self.step = item, user, step
        acts = Change.objects.of(item).happened().select_related("author")
        later = list(takewhile(lambda act: act.pk != change.pk, acts))
        self.since = [*later, change]
        self.undone = self.since if step == "restore" else [change]
        self.live = snapshot(item)
        self.draft = Change.objects.mine(item, user) if is_drafted(item) else None
        self.clashing = []

    @cached_property
    def patch(self):
        """What is to be asked for, one's own draft included; `clashing` are the keys that are left as they are."""
        wanted = patched(self.live, self.draft.patch if self.draft else {})
        for act in self.undone:
            patch = {key: sides for key, sides in inverse(act.patch).items() if key not in UNTOUCHED}
            left = conflicts(patch, wanted) + unknown(type(self.item), patch)
            self.clashing += left
            wanted = patched(wanted, {key: sides for key, sides in patch.items() if key not in left})
        patch, self.refused = allowed_part(self.user, self.item, diff(self.live, wanted), self.live)
        return patch

    @property
    def newest(self):
        """The last act of the record: whoever takes the way has to have seen what it would take back."""
        return self.since[0]

    @property
    def is_needed(self):
        return bool(self.patch) and not (self.draft and self.patch == self.draft.patch)

    @property
    def losses(self):
        """What would change, each with who has written what would be lost; what the draft says anyway is left out."""
        mine = self.draft.patch if self.draft else {}
        for key, (now, then) in self.patch.items():
            if key not in mine or mine[key][1] != then:
                act = self.last_act(key)
                yield Loss(key, now, then, act and act.author, act and act.happened_at)

    def last_act(self, key):
        names = {key, PatchKey.parse(key).row}
        return next((act for act in self.undone if names & act.patch.keys() or self.is_within(key, act)), None)

    def is_within(self, key, act):
        """Whether an act has changed a field of the row that a key names as a whole."""
        return PatchKey.parse(key).is_row and any(PatchKey.parse(other).row == key for other in act.patch)

    def go(self):
        """Lay it as a draft, or write it over the row; the patch, empty where there was nothing to do."""
        if not self.is_needed:
            return {}
        if not is_drafted(self.item):
            write(self.item, self.user, self.patch)
            return self.patch
        change = Change.save_draft(self.item, self.user, self.patch)
        if change.state != Change.State.OPEN:
            change.transition(Change.State.OPEN)
        return self.patch
