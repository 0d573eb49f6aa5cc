"""Where a text says what was looked for: the words marked in it, the passage around the first of them."""

from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from learningcities import bounds
from learningcities.text.folding import HYPHENS, WORD, fold, forms, searchable
from learningcities.text.translation import Text, fallback


class Word(NamedTuple):
    """A word of a text, or two that stand together."""

    start: int
    end: int
    folded: str
    is_name: bool
    is_pair: bool = False
    has_hyphen: bool = False

    @property
    def place(self):
        return self.start, self.end

    def is_spelled(self, pattern):
        if self.is_pair:
            return self.has_hyphen and pattern.is_word(self.folded)
        return any(map(pattern.is_word, forms(self.folded)))

    def names(self, pattern):
        """A name in another spelling is meant where it is a name, which Latin letters show."""
        return self.is_name and not pattern.names.isdisjoint(forms(self.folded))


def words_of(text):
    return [Word(*match.span(), fold(match[0]), not match[0][0].islower()) for match in WORD.finditer(text)]


def pairs_of(words, text):
    return [
        Word(
            first.start, last.end, first.folded + last.folded, first.is_name, is_pair=True, has_hyphen=hyphen in HYPHENS
        )
        for first, last in pairwise(words)
        if len(hyphen := text[first.end : last.start]) == 1
    ]


def places(text, query):
    """For each unit of the query, where the text has it, as a set of (start, end)."""
    words = words_of(text)
    every = words + pairs_of(words, text)
    return [spelled_places(words, every, pattern) or named_places(every, pattern) for pattern in query.patterns]


def spelled_places(words, every, pattern):
    return {word.place for word in every if word.is_spelled(pattern)} | phrase_places(words, pattern)


def named_places(words, pattern):
    return {word.place for word in words if pattern.names and word.names(pattern)}


def phrase_places(words, pattern):
    """Where expressions of several words stand."""
    spans = set()
    for number, first in enumerate(words if pattern.phrases else ()):
        for phrase in pattern.phrases:
            row = words[number : number + phrase.count(" ") + 1]
            if any(
                f"{' '.join([form, *(word.folded for word in row[1:])])} ".startswith(phrase)
                for form in forms(first.folded)
            ):
                spans.add((first.start, row[-1].end))
    return spans


def matches(text, query):
    """The places of the words that were looked for, in whatever spelling and in order."""
    return sorted(set().union(*places(text, query)), key=lambda place: (place[0], -place[1]))


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
    """What a result says in brief: its summary or a passage of another text, if that says more of the query."""
    best = summary = row.summary_shown
    if not query:
        return summary
    most = sum(map(bool, places(f"{row.heading} . {summary}", query)))
    own = get_language()
    for language, texts in groupby(row.texts(fallback(own)), key=itemgetter(0)):
        if most and language != own:
            break
        for _language, text in texts:
            if most < len(query.patterns) and (number := units_in(text, query)) > most:
                best, most = Text(text, language), number
    if best is summary or not (place := best_place(places(best, query))):
        return summary
    return Text(passage(best, *place), best.language)


def units_in(text, query):
    """How many units of a query a text spells; quick, for long ones."""
    folded = searchable(text)
    return sum(any(needle.replace("~", "") in folded for needle in pattern.needles) for pattern in query.patterns)


def best_place(units):
    """The place behind which a passage has the most units, or None where it has none."""
    starts = sorted(set().union(*units))[: bounds.EXCERPT_PLACES]
    reach = bounds.EXCERPT_LETTERS - bounds.EXCERPT_BEFORE

    def number_of_units(place):
        return sum(any(place[0] <= start and end < place[0] + reach for start, end in unit) for unit in units)

    return max(starts, key=number_of_units, default=None)


def passage(text, start, end):
    """The part of a text around a word, cut between words."""
    start = text.rfind(" ", 0, max(start - bounds.EXCERPT_BEFORE, 0)) + 1 if start > bounds.EXCERPT_BEFORE else 0
    stop = start + bounds.EXCERPT_LETTERS
    stop = text.rfind(" ", end, stop) if stop < len(text) else len(text)
    stop = max(stop, end)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
