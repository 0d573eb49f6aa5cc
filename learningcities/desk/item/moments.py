"""A moment of an item's timeline as its staff read it: a sentence, and each text before and after."""

from dataclasses import dataclass, field, replace

from django.contrib import admin
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.patches.patch_display import (
    in_order,
    keys_in,
    label,
    lines,
    lines_of_row,
    names_in,
    values_in,
)
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import patched, same, snapshot, unknown, with_row_fields
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.steps import HISTORY_STEPS
from learningcities.publishing.workflow.way_back import UNTOUCHED, is_drafted
from learningcities.text.dates import near_day
from learningcities.text.text_diff import before_and_after
from learningcities.text.translation import listed

#: What is said of a moment: to whoever did it, and to everyone else.
SAID = {
    "begun": (
        _("<strong>You</strong> have begun this page"),
        _("<strong>{person}</strong> has begun this page"),
    ),
    "changed": (
        _("<strong>You</strong> have changed the page"),
        _("<strong>{person}</strong> has changed the page"),
    ),
    "agreed": (
        _("<strong>You</strong> have published a change of {author}"),
        _("<strong>{person}</strong> has published a change of {author}"),
    ),
    "shown": (
        _("<strong>You</strong> have published the page"),
        _("<strong>{person}</strong> has published the page"),
    ),
    "withdrawn": (
        _("<strong>You</strong> have taken the page off the site"),
        _("<strong>{person}</strong> has taken the page off the site"),
    ),
    "binned": (
        _("<strong>You</strong> have moved the page to the bin"),
        _("<strong>{person}</strong> has moved the page to the bin"),
    ),
    "unbinned": (
        _("<strong>You</strong> have taken the page out of the bin"),
        _("<strong>{person}</strong> has taken the page out of the bin"),
    ),
    "waiting": (
        _("<strong>You</strong> have written a change that visitors don’t see yet"),
        _("<strong>{person}</strong> has written a change that visitors don’t see yet"),
    ),
    "discarded": (
        _("<strong>You</strong> have discarded a change of {author}"),
        _("<strong>{person}</strong> has discarded a change of {author}"),
    ),
    "given_up": (
        _("<strong>You</strong> have discarded your change"),
        _("<strong>{person}</strong> has discarded their change"),
    ),
    "review": (
        _("<strong>You</strong> have sent a change for review"),
        _("<strong>{person}</strong> has sent a change for review"),
    ),
    "returned": (
        _("<strong>You</strong> have returned a change of {author} for correction"),
        _("<strong>{person}</strong> has returned a change of {author} for correction"),
    ),
    "scheduled": (
        _("<strong>You</strong> have scheduled a change of {author}"),
        _("<strong>{person}</strong> has scheduled a change of {author}"),
    ),
    "remark": (_("<strong>You</strong> write"), _("<strong>{person}</strong> writes")),
    "answer": (_("<strong>You</strong> answer"), _("<strong>{person}</strong> answers")),
    "bin": (
        _("<strong>You</strong> ask that the page be taken out of the bin"),
        _("<strong>{person}</strong> asks that the page be taken out of the bin"),
    ),
    "lock": (
        _("<strong>You</strong> have reserved this page"),
        _("<strong>{person}</strong> has reserved this page"),
    ),
    "release": (
        _("<strong>You</strong> have released this page"),
        _("<strong>{person}</strong> has released this page"),
    ),
}
NOBODY = _("the site")
DECIDED = [Change.State.APPLIED, Change.State.DISCARDED]
#: What a change of nothing but dates was: the first that is true of its patch.
DATED = [
    ("binned", lambda patch: patch.get("binned_at", [None, None])[1]),
    ("unbinned", lambda patch: patch.get("binned_at", [None, None])[0]),
    ("withdrawn", lambda patch: patch.get("withdrawn_at", [None, None])[1]),
    ("shown", lambda patch: "public_from" in patch or "withdrawn_at" in patch),
]

#: The dates whose setting is a sentence by itself.
SAID_DATES = {"public_from", "withdrawn_at", "binned_at"}

EMPTY_AGAIN, REMOVE_AGAIN, BRING_BACK = _("Empty it again"), _("Remove it again"), _("Bring it back")


@dataclass
class Words:
    """What a change says of one key: its lines, and the way to take up the words that are no longer there."""

    key: str
    title: str
    address: str
    lines: list
    #: The button, or why there is none.
    take: str = ""
    reason: str = ""

    @property
    def is_single(self):
        """Whether the way to take it up stands at its one line."""
        return len(self.lines) == 1 and not self.lines[0].is_alone and bool(self.take or self.reason)


@dataclass
class Line:
    label: str
    before: str
    after: str
    language: str = ""
    direction: str = ""
    is_confirmed: bool = False
    is_formatting: bool = False
    #: Whether its row has come or gone as a whole, so that there is one side only.
    is_alone: bool = False

    @classmethod
    def of(cls, row):
        before, after = row.before, row.after
        if before == after and not row.is_confirmed and before:
            return cls(row.label, before, after, row.language, row.direction, is_formatting=True)
        if not any(isinstance(side, SafeString) for side in (before, after)):
            before, after = before_and_after(before, after)
        return cls(row.label, before, after, row.language, row.direction, row.is_confirmed)


@dataclass
class Moment:
    """One place of the timeline with its row, as it is shown."""

    place: object
    row: object
    said: str
    by: object
    words: list = field(default_factory=list)
    is_mine: bool = False
    #: The step that leads to the page as it was before.
    back: object = None
    #: Of a remark, the field that it is about, and where that is edited.
    about: str = ""
    about_address: str = ""

    @property
    def at(self):
        if self.place.what != "change":
            return self.row.at
        return (self.row.decided_at if self.row.state in DECIDED else None) or self.row.created_at

    @property
    def day(self):
        return near_day(self.at)

    @property
    def initial(self):
        return str(self.by)[:1] if self.by else "·"

    @property
    def name(self):
        return self.place.name

    @property
    def is_open(self):
        """Whether it asks for an answer."""
        return self.place.what == "comment" and self.row.resolved_at is None and not self.is_mine


class Reading:
    """One member of staff reads the timeline of an item: what is shared by all of its moments."""

    def __init__(self, situation):
        self.situation, self.item, self.user = situation, situation.item, situation.user
        self.model = type(self.item)

    @cached_property
    def first(self):
        """The act that brought the item into being: nothing was there before."""
        return Change.objects.of(self.item).beginning()

    @cached_property
    def draft(self):
        return Change.objects.mine(self.item, self.user) if is_drafted(self.item) else None

    @cached_property
    def shown(self):
        """What the page says, with one's own draft."""
        return with_row_fields(patched(snapshot(self.item), self.draft.patch if self.draft else {}))

    @cached_property
    def closed(self):
        """Why this person can take up nothing at all."""
        if not HISTORY_STEPS["take"].may(self.situation):
            return _("You read this page, and others change it.")
        lock = self.situation.lock
        if lock and lock.by_id != self.user.pk:
            return _("%(person)s has reserved this page.") % {"person": lock.by}
        return ""

    def moments(self, rows):
        """The moments of a page: {place: row} in their order."""
        patches = [row.patch for place, row in rows.items() if place.what == "change"]
        names, parts = names_in(self.model, patches), part_names(self.model, patches)
        self.open = {related: self.choosable(related, found) for related, found in names.items()}
        for place, row in rows.items():
            act, by, author = act_of(place, row, self.first)
            moment = Moment(place, row, self.sentence(act, by, author), by, is_mine=by == self.user)
            if place.what == "change":
                # That a date was set is said by the sentence; what else there is stands below it.
                keys = [key for key in in_order(self.model, row.patch) if key not in SAID_DATES]
                moment.words = [self.words(row, key, names, parts) for key in keys]
                moment.back = self.way_back(row)
            elif place.what == "comment" and (about := label_of(self.model, row.key)):
                moment.about, moment.about_address = about, admin.site.field_address(self.item, row.key)
            yield moment

    def choosable(self, model, names):
        """Which of the rows that some patches relate to this person may choose: {key as text}."""
        return {str(key) for key in rows_for(self.user, model).filter(pk__in=names).values_list("pk", flat=True)}

    def sentence(self, act, by, author):
        own, others = SAID[act]
        names = {"person": by or NOBODY, "author": author or NOBODY}
        names = {role: format_html("<bdi>{}</bdi>", name) for role, name in names.items()}
        return format_html(own if by == self.user else others, **names)

    def way_back(self, change):
        """The step that brings the page back to how it was before an act of the record."""
        is_act = change.state == Change.State.APPLIED and change != self.first and change.patch.keys() - UNTOUCHED
        return HISTORY_STEPS["restore"] if is_act and not self.closed else None

    def words(self, change, text, names, parts):
        key = PatchKey.parse(text)
        title, shown = title_and_lines(self.model, text, *change.patch[text], names, parts)
        address = admin.site.field_address(self.item, text) if not unknown(self.model, [text]) else ""
        words = Words(text, title, address, shown)
        if change == self.first or text in UNTOUCHED:
            return words
        value = lost_side(change, text)
        words.reason = self.reason(text, value) or self.refusal(text, value, names)
        words.take = "" if words.reason else verb(key, value)
        return words

    def reason(self, key, value):
        """Why these words can't be taken up, in a sentence."""
        if unknown(self.model, [key]):
            return _("The site no longer has this field.")
        if self.closed:
            return self.closed
        if forbidden_keys(self.user, self.model, [key]):
            return _("It is in none of the languages that you translate into.")
        if same(self.shown.get(key), value):
            mine = self.draft.patch if self.draft else {}
            return _("Your draft says this.") if key in mine else _("The page says this now.")
        return ""

    def refusal(self, key, value, names):
        """What among these words is not for this person to choose, in a sentence."""
        live = self.shown.get(key)
        known = live if isinstance(live, list) else [live]
        wanted = [
            (field.related_model, str(row))
            for field, named in values_in(self.model, {key: [None, value]})
            if field.is_relation
            for row in keys_in(field, named)
            if row not in known
        ]
        lost = [names[model].get(row, "–") for model, row in wanted if row not in self.open[model]]
        text = _("Not for %(person)s to choose, or no longer there: %(what)s.")
        return text % {"person": self.user, "what": listed(dict.fromkeys(lost))} if lost else ""


def part_names(model, patches):
    """What the rows of parts are called that some patches are about: {key of a row: name}."""
    found, names = {}, {}
    for key in (PatchKey.parse(text) for patch in patches for text in patch):
        if key.part and key.owner(model):
            found.setdefault(key.part, set()).add(key.uuid)
    for part, uuids in found.items():
        owner = PatchKey(part).owner(model)
        related = [field.name for field in owner._meta.fields if field.is_relation]
        rows = owner._base_manager.filter(pk__in=uuids).select_related(*related)
        names |= {str(PatchKey(part, row.pk)): str(row) for row in rows}
    return names


def title_and_lines(model, text, before, after, names, parts):
    """What a key is called, and its lines: of a whole row one for each field, without the side that there isn't."""
    key = PatchKey.parse(text)
    owner = key.owner(model)
    if key.is_row and owner:
        what = _("added") if after else _("removed")
        title = f"{capfirst(owner._meta.verbose_name)} ({what})"
        rows = lines_of_row(owner, key, before, after, False, names=names)
        shown = [replace(Line.of(row), is_alone=not (before and after)) for row in rows]
    else:
        shown = [Line.of(row) for row in lines(model, text, before, after, names=names)]
        title = shown[0].label
    return f"{title} · {parts[key.row]}" if key.row in parts else title, shown


def label_of(model, key):
    """What an editor calls the field that a remark is about; nothing for the whole page, or for what is no field."""
    if not key or unknown(model, [key]):
        return ""
    parsed = PatchKey.parse(key)
    if not parsed.part:
        return label(model, key)
    owner = parsed.owner(model)
    title = capfirst(owner._meta.verbose_name)
    return f"{title} – {label(owner, parsed.field)}" if parsed.field else title


def lost_side(change, key):
    """The words of a change that are no longer there: those before it, or its own where it was given up."""
    return change.patch[key][change.state == Change.State.DISCARDED]


def verb(key, value):
    if key.is_row:
        return BRING_BACK if value else REMOVE_AGAIN
    return EMPTY_AGAIN if value in (None, "", []) else HISTORY_STEPS["take"].label


def act_of(place, row, first):
    """What a moment was, who did it, and whose change it was about."""
    if place.what == "change":
        return act_of_change(row, first)
    if place.what == "step":
        return row.state, row.by, row.change.author
    is_answer = row.kind == Comment.Kind.REMARK and row.answers_id
    return "answer" if is_answer else row.kind, row.author, None


def act_of_change(change, first):
    by = change.decided_by or change.author
    if change.state == Change.State.DISCARDED:
        return "discarded" if by != change.author else "given_up", by, change.author
    if change.state != Change.State.APPLIED:
        return "waiting", change.author, change.author
    if change == first:
        return "begun", by, change.author
    if not change.patch.keys() - UNTOUCHED:
        return next((act for act, is_true in DATED if is_true(change.patch)), "changed"), by, change.author
    return "agreed" if by != change.author else "changed", by, change.author
