"""The answer to a question asked of a list: which rows, in which order, a page or all of them at a time."""

from learningcities.publishing.version.version_cache import BoundedCache, cached


class ResultSet:
    """The rows that a filter set finds, in the visitor's order; a Paginator may cut pages out of it."""

    def __init__(self, queryset, order, *sets):
        """`sets` are sets of keys without a key in common: the rows of the first come before those of the second."""
        self.queryset, self.order, self.sets = queryset, order, sets

    def __len__(self):
        return sum(map(len, self.sets))

    def __getitem__(self, window):
        """The rows of a page, with all that their cards show."""
        start, stop, _step = window.indices(len(self))
        keys = self.keys(start, stop)
        cache = cached(("rows", self.queryset.model), lambda moment: BoundedCache(500))
        shown = {key: row for key in keys if (row := cache.get(key))}  # another visit may just have crowded a row out
        if missing := [key for key in keys if key not in shown]:
            for row in rows(self.queryset.with_card(), missing):
                shown[row.pk] = cache.store(row.pk, row)
        return [shown[key] for key in keys if key in shown]

    def through(self, queryset, size=500):
        """Every row, as the queryset shapes it, a batch at a time."""
        keys = self.keys(0, len(self))
        for start in range(0, len(keys), size):
            yield from rows(queryset, keys[start : start + size])

    def fetch(self, queryset, start, stop):
        """The rows from one place to another, as the queryset shapes them."""
        return rows(queryset, self.keys(start, stop))

    def keys(self, start, stop):
        """The keys of the rows from one place to another."""
        cut = []
        for keys in self.sets:
            if start < len(keys) and stop > 0:
                cut += self.order.cut(keys, max(start, 0), stop)
            start, stop = start - len(keys), stop - len(keys)
        return cut


def rows(queryset, keys):
    """The rows with these keys, in this order; one that has just left the site is missing."""
    by_key = queryset.in_bulk(list(keys))
    return [by_key[key] for key in keys if key in by_key]
