"""Lists of the staff that have no index of words: searched row by row, in any spelling."""

from learningcities import bounds
from learningcities.text.folding import fold


def found_in(rows, fields, text):
    """Those of the rows in whose fields every word occurs; None where nothing is asked or the rows are too many."""
    words = fold(text).split()
    if not words or rows.count() > bounds.LIST_SEARCH_ROWS:
        return None
    texts_of_rows = rows.order_by().prefetch_related(None).values_list("pk", *fields).iterator()
    keys = {key for key, *texts in texts_of_rows if has_all(words, fold(" ".join(str(text) for text in texts if text)))}
    return rows.filter(pk__in=keys)


def has_all(words, text):
    return all(word in text for word in words)
