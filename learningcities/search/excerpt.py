"""Where a text says what was looked for: the words marked in it, the passage around the first of them."""

from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from learningcities.translation import Text, fallback

from .sound import sounds
from .spelling import HYPHENS, WORD, fold, forms, searchable

#: How many letters of a passage stand before the first match, and in all.
BEFORE, LENGTH = 60, 220


class Word(NamedTuple):
    """A word of a text, or two that stand together."""

    start: int
    end: int
    folded: str
    is_name: bool
    is_pair: bool = False
    has_hyphen: bool = False


def words_of(text):
    """Its words, and after them its pairs of words."""
    words = [Word(*found.span(), fold(found[0]), not found[0][0].islower()) for found in WORD.finditer(text)]
    pairs = [
        Word(one.start, two.end, one.folded + two.folded, one.is_name, True, text[one.end : two.start] in HYPHENS)
        for one, two in pairwise(words)
        if two.start - one.end == 1
    ]
    return words + pairs


def places(words, look):
    """Where the words of a unit stand, as (start, end).

    A word that only sounds alike is meant where none is spelled alike and it is a name, which Latin letters show.
    """
    spelled = {(one.start, one.end) for one in words if is_spelled(one, look)}
    if spelled or not look.heard:
        return spelled
    return {(one.start, one.end) for one in words if one.is_name and not look.heard.isdisjoint(sounds(one.folded))}


def is_spelled(word, look):
    if word.is_pair:
        return word.has_hyphen and look.is_word(word.folded)
    return any(map(look.is_word, forms(word.folded)))


def matches(text, query):
    """The places of the words that were looked for, in whatever spelling and in order."""
    words = words_of(text)
    found = {place for look in query.looks for place in places(words, look)}
    return sorted(found, key=lambda place: (place[0], -place[1]))


def marked(text, query):
    """The text as HTML, with the words that were looked for marked."""
    if not query or not text:
        return text
    parts, last = [], 0
    for start, end in matches(text, query):
        if start >= last:
            parts += [text[last:start], format_html("<mark>{}</mark>", text[start:end])]
            last = end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[last:]]))


def excerpt(row, query):
    """What a result says in brief: its summary or, where another of its texts says more of the query, a passage of it."""
    best = summary = row.summary_shown
    if not query:
        return summary
    words = words_of(f"{row.heading} . {summary}")
    most = sum(bool(places(words, look)) for look in query.looks)
    for language, text in row.texts(fallback(get_language())):
        if most == len(query.looks):
            break
        if (number := units_in(text, query)) > most:
            best, most = Text(text, language), number
    found = [] if best is summary else matches(best, query)
    return Text(passage(best, *found[0]), best.language) if found else summary


def units_in(text, query):
    """How many units of a query a text spells; quick, for long ones."""
    said = searchable(text)
    return sum(any(needle in said for needle in look.needles) for look in query.looks)


def passage(text, start, end):
    """The part of a text around a word, cut between words."""
    start = text.rfind(" ", 0, max(start - BEFORE, 0)) + 1 if start > BEFORE else 0
    stop = text.rfind(" ", end, start + LENGTH) if start + LENGTH < len(text) else len(text)
    stop = max(stop, end)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
