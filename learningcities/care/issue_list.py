"""The issues that a member of staff looks after, by owner: the item whose editors look after others too, a city."""

from itertools import accumulate

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Subquery, Value, When
from django.utils.functional import cached_property

from learningcities.publishing.items.item import item_kinds, owner_model, owner_path
from learningcities.publishing.models import Part

from .issues import Issue, issue_types
from .models import Mention


def with_owner(rows):
    """The rows with `owner_key`; those that are about an item, whatever its kind, with that of the item."""
    if "content_type" not in {field.name for field in rows.model._meta.fields}:
        return rows.annotate(owner_key=F(path_to_owner(rows.model)))
    whens = [
        When(
            content_type=ContentType.objects.get_for_model(kind),
            then=Subquery(kind._base_manager.filter(pk=OuterRef("object_id")).values(path_to_owner(kind))[:1]),
        )
        for kind in item_kinds()
        if owner_path(kind) is not None
    ]
    return rows.annotate(owner_key=Case(*whens, default=Value(None), output_field=BigIntegerField()))


def path_to_owner(model):
    if issubclass(model, Part):
        return f"{model.part_of}__{path_to_owner(model._meta.get_field(model.part_of).related_model)}"
    return owner_path(model) or "pk"


class IssueSource:
    """The rows of one model that have one type of issue, and how many each owner has."""

    def __init__(self, issue_type, rows):
        self.type, self.rows = issue_type, rows
        self.counts = dict(rows.order_by().values_list("owner_key").annotate(Count("pk")))

    def count(self, owner):
        return self.counts.get(owner, 0) if owner else sum(self.counts.values())

    def issues(self, owner, start, stop):
        rows = self.rows.filter(owner_key=owner) if owner else self.rows
        return [Issue(self.type, row) for row in with_related(rows)[start:stop]]


def with_related(rows):
    """With what a line of the list says of them."""
    if rows.model is Mention:
        return rows.select_related("link", "content_type").prefetch_related("item")
    return rows.select_related(rows.model.part_of) if issubclass(rows.model, Part) else rows


class OwnIssues:
    """All issues that are a member of staff's to look after."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def sources(self):
        sources = [(kind, with_owner(rows)) for kind in issue_types() for rows in kind.querysets()]
        if not self.user.is_coordinator:
            own = set(owner_model().objects.edited_by(self.user).values_list("pk", flat=True))
            sources = [(kind, rows.filter(owner_key__in=own)) for kind, rows in sources]
        return [IssueSource(kind, rows) for kind, rows in sources]

    def count(self, issue_type=None, owner=None):
        return sum(source.count(owner) for source in self.sources if issue_type in (None, source.type))

    def issues(self, issue_type=None, owner=None):
        return IssueList([source for source in self.sources if issue_type in (None, source.type)], owner)


class IssueList:
    """The issues of several sources one after another, of which a page is fetched."""

    def __init__(self, sources, owner):
        self.sources, self.owner = sources, owner
        self.ends = [0, *accumulate(source.count(owner) for source in sources)]

    def __len__(self):
        return self.ends[-1]

    def __getitem__(self, page):
        issues = []
        for source, start, end in zip(self.sources, self.ends, self.ends[1:], strict=False):
            first, last = max(page.start, start), min(page.stop, end)
            if first < last:
                issues += source.issues(self.owner, first - start, last - start)
        return issues
