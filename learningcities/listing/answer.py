"""The answer to a question asked of a list: which rows, in which order, a page or all of them at a time."""


class Answer:
    """The rows that a filter set finds, in the visitor's order; a Paginator may cut pages out of it."""

    def __init__(self, queryset, keys):
        self.queryset, self.keys = queryset, keys

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, window):
        """The rows of a page, with all that their cards show."""
        return fetch(self.queryset.with_card(), self.keys[window])

    def page(self, queryset, start, stop):
        """Some rows, as the queryset shapes them."""
        return fetch(queryset, self.keys[start:stop])

    def through(self, queryset, size=500):
        """Every row, as the queryset shapes it, a batch at a time."""
        for start in range(0, len(self), size):
            yield from fetch(queryset, self.keys[start : start + size])


def fetch(queryset, keys):
    """The rows with these keys, in this order; one that has just left the site is missing."""
    rows = queryset.in_bulk(list(keys))
    return [rows[key] for key in keys if key in rows]
