"""The same list without sets of keys: its page, its number and every count by queries of the ORM, to compare with."""

from functools import reduce
from operator import or_

from django.db.models import Count, Q
from django.utils.functional import cached_property

from initiatives.filters import InitiativeFilter

#: Where the value of a parameter stands; a year is touched by a span.
COLUMNS = {
    "country": "city__region__country__code",
    "region": "city__region__slug",
    "city": "city__slug",
    "theme": "themes__slug",
    "audience": "audiences__slug",
    "sdg": "sdgs__number",
    "key_feature": "key_features__slug",
    "status": "status",
}


class PlainAnswer:
    def __init__(self, queryset):
        self.queryset = queryset

    def __len__(self):
        return self.number

    def __getitem__(self, window):
        return list(self.queryset.with_card()[window])

    @cached_property
    def number(self):
        return self.queryset.count()


class PlainFilter(InitiativeFilter):
    """A query for each group of choices, over the rows that the SQL of all other groups leaves."""

    @cached_property
    def answer(self):
        return PlainAnswer(self.rows().order_by(*self.filters["sort"].keys(self.cleaned["sort"])))

    def rows(self, without=None):
        """The rows for which the words and every group in use hold, but perhaps one."""
        rows = self.queryset.matching(self.cleaned["q"])
        for group in self.groups:
            conditions = [condition(name, self.cleaned[name]) for name in group.names if self.cleaned[name]]
            if conditions and group != without:
                rows = rows.filter(pk__in=self.queryset.model.objects.filter(reduce(or_, conditions)).values("pk"))
        return rows

    def counts(self, choices):
        rows = self.rows(without=next(group for group in self.groups if choices.name in group.names)).order_by()
        if choices.name == "year":
            found = rows.aggregate(**{f"in_{year}": Count("pk", filter=touching(year)) for year in choices.terms})
            return {year: found[f"in_{year}"] for year in choices.terms}
        found = {str(value): n for value, n in rows.values_list(COLUMNS[choices.name]).annotate(Count("pk"))}
        return {slug: found.get(slug, 0) for slug in choices.terms}


def condition(name, values):
    return reduce(or_, map(touching, values)) if name == "year" else Q(**{f"{COLUMNS[name]}__in": values})


def touching(year):
    return Q(Q(end="") | Q(end__gte=year), start__gt="", start__lte=f"{year}-12-31")
