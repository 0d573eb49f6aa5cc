"""One author's form beside what has happened since it was opened: three snapshots, laid together.

The form sends back a signed *token*: the last applied change when it showed the live item, and what it showed of it
otherwise (its author's draft). From it, and from the history, the item is known as the form showed it, whatever has
happened since.
"""

from datetime import datetime

from django.core import signing
from django.utils.functional import cached_property

from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import (
    conflicts,
    diff,
    patched,
    restore_removed_rows,
    same,
    snapshot,
    state_before,
    with_row_fields,
)
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.rights.translator_rights import forbidden_keys

from .change import Change, microseconds


def salt(row):
    return f"numbered form:{row._meta.label_lower}:{row.pk}"


def sign(row, mark, patch):
    """The token of a form that shows the row as it was live after the act that is marked, with a patch laid over it."""
    words = {key: after for key, (_before, after) in patch.items()}
    return signing.dumps([mark, words], salt=salt(row), compress=True)


def read(row, token):
    """The mark and the words of a token; SignatureError if it is none of ours."""
    try:
        return signing.loads(token, salt=salt(row))
    except signing.BadSignature:
        # A form that was open when this release took the place of the one before: it has a moment, and no mark.
        at, words = signing.loads(token, salt=f"form:{row._meta.label_lower}:{row.pk}")
        return str(microseconds(datetime.fromisoformat(at))) if at else "0", words


class Merge:
    """What an author's form showed, what they made of it, and what is there by now."""

    def __init__(self, row, author, token=None):
        self.row, self.author, self.token = row, author, token or ""
        #: A sentence about what the author may no longer change.
        self.left_out = ""
        self.own = Change.objects.mine(row, author)
        try:
            self.mark, words = read(row, self.token)
        except signing.BadSignature:
            # No form of ours, or none yet: what is there now is what it shows.
            self.mark, self.laid = Change.objects.of(row).mark(), None
        else:
            self.laid = {key: [None, after] for key, after in words.items()}

    @cached_property
    def draft(self):
        """The author's unfinished change, unless it only asks for a first publication."""
        is_asked = self.own and "public_from" in self.own.patch and not self.row.public_from
        return None if is_asked else self.own

    @cached_property
    def since(self):
        """What has happened to the row since the form was opened, the last first."""
        happened = Change.objects.of(self.row)
        return list(happened.since(happened.numbers([self.mark])[self.mark]).select_related("author"))

    @property
    def is_simple(self):
        """Whether the form shows the live row, and still does."""
        return not (self.draft or self.laid or self.since)

    # Snapshots: the live row now, with the author's draft, as it was when the form was opened, as the form showed it

    @cached_property
    def live(self):
        return snapshot(self.row)

    @cached_property
    def draft_patch(self):
        """What the draft asks for, as far as its author may still ask for it."""
        if not self.draft:
            return {}
        patch, self.left_out = allowed_part(self.author, self.row, self.draft.patch, self.live)
        return self.draft.as_patch(self.live, patch)

    @cached_property
    def shown(self):
        return patched(self.live, self.draft_patch)

    @cached_property
    def known(self):
        return state_before(self.live, [change.patch for change in self.since])

    @cached_property
    def base(self):
        return self.shown if self.laid is None else patched(self.known, self.laid)

    # What its author has made of it

    def weigh(self, wished, decided, tried_over):
        """Take in the snapshot that the form made of another one, and {key: "mine", "theirs" or "other"}."""
        typed = diff(tried_over, wished)
        base, shown, known, live = map(with_row_fields, (self.base, self.shown, self.known, self.live))
        if tried_over is not self.base:
            typed = {key: sides for key, sides in typed.items() if not same(base.get(key), sides[1])}
        self.wished, mine = wished, restore_removed_rows(typed, self.shown, base)
        decided = {key: choice for key, choice in decided.items() if key in mine or key in self.draft_patch}
        self.decided = {key for key, choice in decided.items() if choice == "mine"}
        own = {key: sides for key, sides in mine.items() if decided.get(key) not in ("theirs", "other")}
        theirs = {key: [None, live.get(key)] for key, choice in decided.items() if choice == "theirs"}
        #: The row as its author wants it, with what others have changed meanwhile.
        self.merged = patched(patched(self.shown, own), theirs)
        self.patch = diff(self.live, self.merged)
        self.keep_what_was_known(mine, known)
        self.leave_removed_rows(typed)
        self.patch, self.refused = allowed_part(self.author, self.row, self.patch, self.live)
        self.clashes = conflicts(self.patch, self.live)
        #: The texts of their own draft that the author has changed in another window.
        self.doubled = [
            key for key in conflicts(mine, self.shown) if key not in decided and not same(shown.get(key), live.get(key))
        ]

    def keep_what_was_known(self, mine, known):
        """What its author knew of a text stays beside it, so that it is seen where the live one is another by now."""
        for key in self.patch.keys() - self.decided:
            if key in mine and same(known.get(key), self.patch[key][1]):
                del self.patch[key]
            elif key in mine:
                self.patch[key][0] = known.get(key)
            elif key in self.draft_patch and self.draft_patch[key][1] == self.patch[key][1]:
                self.patch[key][0] = self.draft_patch[key][0]

    def leave_removed_rows(self, typed):
        """A translator brings no row back: what they wrote in it stays in their draft for others to see."""
        for row in forbidden_keys(self.author, type(self.row), self.patch):
            del self.patch[row]
            texts = (self.draft.patch if self.draft else {}) | typed
            self.patch |= {key: sides for key, sides in texts.items() if key != row and PatchKey.parse(key).row == row}

    @property
    def by_others(self):
        """What others have changed since the form was opened: {who: keys}."""
        keys_by_person = {}
        for change in self.since:
            if change.author_id != self.author.pk:
                keys_by_person.setdefault(str(change.author or "–"), []).extend(change.patch)
        return keys_by_person

    def next_token(self):
        """The token of the form as it is in the browser, once its words are saved."""
        return sign(self.row, self.mark, diff(self.known, self.wished))
