"""What needs care, city by city: the numbers and the lists behind them."""

from itertools import accumulate

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Subquery, Value, When
from django.utils.functional import cached_property

from learningcities.care.kinds import Issue, IssueType
from learningcities.care.models import Mention
from learningcities.publishing.items.item import item_kinds
from learningcities.publishing.models import Part

from .models import City
from .rules import city_ids


def city_path(model):
    """The way from a row to the key of its city, or nothing for what belongs to the network."""
    if model is City:
        return "pk"
    if issubclass(model, Part):
        return f"{model.part_of}__{city_path(model._meta.get_field(model.part_of).related_model)}"
    return "city" if any(field.name == "city" for field in model._meta.fields) else ""


def with_city(rows):
    """The rows with `city_key`."""
    if rows.model is not Mention:
        return rows.annotate(city_key=F(city_path(rows.model)))
    whens = [
        When(
            content_type=ContentType.objects.get_for_model(kind),
            then=Subquery(kind._base_manager.filter(pk=OuterRef("object_id")).values(path)[:1]),
        )
        for kind in item_kinds()
        if (path := city_path(kind))
    ]
    return rows.annotate(city_key=Case(*whens, default=Value(None), output_field=BigIntegerField()))


class Source:
    """The rows of one model that need one kind of care, and how many of them each city has."""

    def __init__(self, kind, rows):
        self.kind, self.rows = kind, rows
        self.numbers = dict(rows.order_by().values_list("city_key").annotate(Count("pk")))

    def number(self, city):
        return self.numbers.get(city, 0) if city else sum(self.numbers.values())

    def needs(self, city, start, stop):
        rows = self.rows.filter(city_key=city) if city else self.rows
        return [Issue(self.kind, row) for row in with_words(rows)[start:stop]]


def with_words(rows):
    """With all that a line of the list says of them."""
    if rows.model is Mention:
        return rows.select_related("link", "content_type").prefetch_related("item")
    if issubclass(rows.model, Part):
        related = [rows.model.part_of, *({"indicator"} & {field.name for field in rows.model._meta.fields})]
        return rows.select_related(*related)
    return rows


class Care:
    """All that needs care and is a member of staff's to look after."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def sources(self):
        found = [(kind, with_city(rows)) for kind in IssueType for rows in kind.querysets()]
        if not self.user.is_coordinator:
            found = [(kind, rows.filter(city_key__in=city_ids(self.user))) for kind, rows in found]
        return [Source(kind, rows) for kind, rows in found]

    def number(self, kind=None, city=None):
        return sum(source.number(city) for source in self.sources if kind in (None, source.kind))

    def needs(self, kind=None, city=None):
        return Needs([source for source in self.sources if kind in (None, source.kind)], city)


class Needs:
    """The rows of several sources one after another, of which a page is fetched."""

    def __init__(self, sources, city):
        self.sources, self.city = sources, city
        self.ends = [0, *accumulate(source.number(city) for source in sources)]

    def __len__(self):
        return self.ends[-1]

    def __getitem__(self, page):
        found = []
        for source, start, end in zip(self.sources, self.ends, self.ends[1:], strict=False):
            first, last = max(page.start, start), min(page.stop, end)
            if first < last:
                found += source.needs(self.city, first - start, last - start)
        return found
