"""Which of the countless addresses of a list search engines are told of."""

from learningcities.web.page_urls import encoded

#: Parameters that change how an answer looks, and not what it holds.
LOOKS = ("sort", "view", "at", "whole")


def canonical(filterset, page):
    """The query string of the answer itself, whatever it looks like."""
    pairs = [pair for pair in filterset.parameters if pair[0] not in LOOKS]
    return encoded([*pairs, ("page", page.number)] if page.number > 1 else pairs)


def is_indexed(filterset, page, parameters):
    """A list and the list of one choice are for search engines, page by page.

    Whatever else a visitor can ask (words, a year, several choices, another order or look, what finds nothing)
    is not: its links are followed, and its canonical address is its own without order and look.
    """
    pairs = filterset.parameters
    is_plain = len(pairs) <= 1 and all(filterset.filters[name].indexed for name, _value in pairs)
    return is_plain and bool(page.object_list) and not any(parameters.get(name) for name in LOOKS)
