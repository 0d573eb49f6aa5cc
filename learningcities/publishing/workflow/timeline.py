"""What happened to an item, as one list of moments: changes, the steps of changes, what the staff wrote and noted."""

from dataclasses import dataclass, field, replace

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from learningcities.publishing.patches.patch_key import PatchKey

from .change import Change, Step
from .comment import Comment

#: What a filter of moments shows: kinds of them by its name.
KINDS = {"questions": {"comment"}, "changes": {"change"}, "decisions": {"step", "note"}}
#: Steps that are told by themselves; that a change was applied or discarded is told with its words.
TOLD = [Change.State.REVIEW, Change.State.RETURNED, Change.State.SCHEDULED]
MOMENTS_ON_A_PAGE = 30


@dataclass(frozen=True, order=True)
class Place:
    """Where a moment stands; `what` is its kind."""

    at: object
    what: str
    pk: int

    @property
    def name(self):
        """What it is called in an address."""
        return f"{'remark' if self.what in ('comment', 'note') else self.what}-{self.pk}"


@dataclass
class Timeline:
    """The moments of an item that a member of staff may read, the newest last."""

    item: object
    user: object
    kind: str = ""
    #: The names of fields and parts that it is narrowed to; none for the whole page.
    names: frozenset = field(default_factory=frozenset)

    @property
    def changes(self):
        """What was applied and, of the rest, what its reader sees elsewhere too."""
        seen = Q(pk__in=Change.objects.seen_by(self.user).values("pk"))
        return Change.objects.of(self.item).filter(Q(state=Change.State.APPLIED) | seen)

    @property
    def steps(self):
        own = Change.objects.of(self.item).seen_by(self.user)
        return Step.objects.filter(change__in=own.values("pk"), state__in=TOLD)

    @property
    def comments(self):
        return Comment.objects.of(self.item).words()

    @property
    def notes(self):
        return Comment.objects.of(self.item).filter(kind__in=Comment.Kind.notes())

    @cached_property
    def whole(self):
        """The places of all moments, whatever is shown of them."""
        decided = Case(
            When(state__in=[Change.State.APPLIED, Change.State.DISCARDED], then=Coalesce("decided_at", "created_at")),
            default=F("created_at"),
        )
        sources = {
            "change": self.narrowed(self.changes, "pk__in").annotate(moment=decided),
            "step": self.narrowed(self.steps, "change__in").annotate(moment=F("at")),
            "comment": self.comments.annotate(moment=F("at")),
            "note": self.notes.annotate(moment=F("at")),
        }
        if self.names:
            del sources["note"]
            about = [pk for pk, key in self.comments.values_list("pk", "key") if self.is_about(key)]
            sources["comment"] = sources["comment"].filter(pk__in=about)
        first, *others = (
            rows.order_by().annotate(what=Value(what, CharField())).values_list("moment", "what", "pk")
            for what, rows in sources.items()
        )
        return sorted(self.in_order_of_record([Place(*values) for values in first.union(*others, all=True)]))

    def in_order_of_record(self, places):
        """The acts of the record stand in their order, also where a clock was wrong."""
        numbers = {
            pk: number for number, pk in enumerate(Change.objects.of(self.item).happened().values_list("pk", flat=True))
        }
        acts = [place for place in places if place.what == "change" and place.pk in numbers]
        acts.sort(key=lambda place: numbers[place.pk], reverse=True)
        at = dict(zip(acts, sorted(place.at for place in acts), strict=True))
        return [replace(place, at=at.get(place, place.at)) for place in places]

    @property
    def places(self):
        return [place for place in self.whole if not self.kind or place.what in KINDS[self.kind]]

    def count(self, kind):
        return sum(place.what in KINDS[kind] for place in self.whole) if kind else len(self.whole)

    # Narrowed to a section

    def narrowed(self, rows, lookup):
        return rows.filter(**{lookup: self.narrow_changes}) if self.names else rows

    @cached_property
    def narrow_changes(self):
        """The keys of the changes that touch what the page is narrowed to."""
        patches = self.changes.order_by().values_list("pk", "patch")
        return [pk for pk, patch in patches if any(map(self.is_about, patch))]

    def is_about(self, key):
        return PatchKey.parse(key).name in self.names

    # Read

    def rows(self, places):
        """{place: its row} with whoever it names, in as many queries as there are kinds."""
        keys = {what: [place.pk for place in places if place.what == what] for what in ("change", "step")}
        keys["comment"] = [place.pk for place in places if place.what in ("comment", "note")]
        changes = Change.objects.select_related("author", "decided_by", "batch").in_bulk(keys["change"])
        steps = Step.objects.select_related("by", "change__author").in_bulk(keys["step"])
        comments = Comment.objects.select_related("author", "resolved_by", "answers__author").in_bulk(keys["comment"])
        found = {"change": changes, "step": steps, "comment": comments, "note": comments}
        rows = {place: found[place.what].get(place.pk) for place in places}
        return {place: row for place, row in rows.items() if row}
