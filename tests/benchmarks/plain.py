"""The same list without sets of keys: its page, its number and every count by queries of the ORM, to compare with."""

from django.db.models import Count, Q
from django.utils.functional import cached_property

from initiatives.filters import InitiativeFilter


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
        return PlainAnswer(self.qs)

    def counts(self, choices):
        groups = [group for group in self.groups if choices.name not in group.names]
        rows = self.filters["q"].filter(self.narrow(self.queryset, groups), self.cleaned["q"]).order_by()
        if choices.name == "year":
            found = rows.aggregate(**{f"in_{year}": Count("pk", filter=touching(year)) for year in choices.terms})
            return {year: found[f"in_{year}"] for year in choices.terms}
        found = {str(value): n for value, n in rows.values_list(choices.field_name).annotate(Count("pk"))}
        return {slug: found.get(slug, 0) for slug in choices.terms}


def touching(year):
    return Q(Q(end="") | Q(end__gte=year), start__gt="", start__lte=f"{year}-12-31")
