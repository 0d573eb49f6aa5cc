"""The rows of a file that are new: their short names, and whether they are there already."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learningcities.publishing.patches.snapshot import DATES, set_values
from learningcities.publishing.workflow.change import Change

from .import_row import Question
from .row_identity import distinguishing_values, identities, name_in


class NewItems:
    """`further` are the names of rows that are meant although another one says the same."""

    def __init__(self, file, further):
        self.file, self.model, self.user, self.further = file, file.model, file.user, further

    # Names

    def name(self, row):
        """A new page that has no short name gets one from its title, which no other row of the file may have."""
        set_values(row.item, row.wished)
        row.again = self.added_for(row)
        if not row.wished.get("slug") and self.file.slug_from(row.wished):
            taken = {other.wished.get("slug") for other in self.file.rows}
            row.wished["slug"] = row.again.slug if row.again else self.file.slug_field.made_for(row.item, taken)
        set_values(row.item, row.wished)

    # What an earlier file has added

    def added_for(self, row):
        """The item that an earlier file of theirs has added for the same row, if nobody has seen or edited it since."""
        taken = {other.again.pk for other in self.file.rows if other.again}
        free = [(item, values) for item, values in self.added_before if item.pk not in taken]
        slug, names = row.wished.get("slug"), identities(self.model, row.wished)
        by_slug = (item for item, _values in free if slug and item.slug == slug)
        by_name = (item for item, values in free if names & identities(self.model, values))
        return next(by_slug, next(by_name, None))

    @cached_property
    def added_before(self):
        """What earlier files of theirs have added and nobody has seen or edited since, each with its values."""
        changes = Change.objects.of_kind(self.model)
        requests = changes.filter(author=self.user, batch__isnull=False, patch__has_key="public_from")
        open_to = self.model.objects.edited_by(self.user).open_to(self.user)
        items = open_to.filter(pk__in=requests.values("object_id"), public_from=None).distinct()
        acts = changes.filter(object_id__in=[item.pk for item in items]).order_by("id")
        # A file writes a page and asks at once for its publication: whoever wrote otherwise has edited it.
        written, edited = set(), set()
        for act in acts:
            if set(act.patch) == {"public_from"} and act.batch_id and act.author_id == self.user.pk:
                written.discard(act.object_id)
            elif act.state != Change.State.DISCARDED and not set(act.patch) <= set(DATES):
                edited |= {act.object_id} & written if act.author_id == self.user.pk else {act.object_id}
                written.add(act.object_id)
        return [(item, distinguishing_values(item)) for item in items if item.pk not in edited | written]

    # Doubles

    def ask_about_doubles(self):
        """Rows that are called as a page that is there, or as a row above them, may be mistakes."""
        new = [row for row in self.file.rows if row.is_new and "" in row.places]
        if not new or not self.model.distinct_by:
            return
        _name, *scope = self.model.distinct_by
        within = {f"{name}__in": {row.wished.get(name) for row in new} for name in scope}
        again = [row.again.pk for row in new if row.again]
        items = self.model._base_manager.filter(**within).exclude(pk__in=again).order_by("binned_at", "pk")
        items = [(identities(self.model, distinguishing_values(item)), item) for item in items]
        above = {}
        for row in new:
            place, names = row.places[""], identities(self.model, row.wished)
            item = next((item for others, item in items if names & others), None)
            number = next((above[name] for name in names if name in above), None)
            if item or number:
                text = doubled(item) % {"name": name_in(self.model, row.wished), "row": number}
                address = _("Its address would end in “%s”.") % row.wished.get("slug", "")
                row.questions.append(Question(place, f"{text} {address}", item, place.name in self.further))
            above |= dict.fromkeys(names, place.number)


def doubled(item):
    """What to ask about a row that is called as an item that is there or, without one, as a row above it."""
    if item is None:
        return _("The row %(row)s of this file has the same name: “%(name)s”. Is this a further page?")
    if item.binned_at:
        return _("“%(name)s” lies in the bin, and can be taken out of it. Or is this a further page?")
    return _("“%(name)s” is there already: to change it, edit its row in an exported file. Or is this a further page?")
