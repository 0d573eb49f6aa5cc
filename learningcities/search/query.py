"""A search as it was typed, understood: which words must occur, and what counts as each of them."""

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from .sound import sounds
from .spelling import fold, is_small, needles, words_asked

#: More words than anyone types; the rest of a pasted page is left out.
MOST_WORDS = 12
#: A synonym this short is an abbreviation, and no beginning of a word.
ABBREVIATION = 3


class Query:
    """What was typed. Its `units` must all occur. A unit is a list of alternatives, of which one is enough;
    an alternative is a list of words, which must all occur; a word is the list of the needles that count for it.
    """

    def __init__(self, text, synonyms=()):
        """`synonyms` are groups of expressions, each an Expression."""
        self.text, self.synonyms = text, synonyms

    def __bool__(self):
        return bool(self.words)

    @cached_property
    def words(self):
        return words_asked(self.text)[:MOST_WORDS]

    @cached_property
    def units(self):
        units, words = [], self.words
        while words:
            length, meant = self.expression(words)
            units.append([[self.needles_of(word) for word in words[:length]], *(one.needles for one in meant)])
            words = words[length:]
        return units

    @cached_property
    def looks(self):
        """How the words of each unit look in a text."""
        return [Look.of([one for words in unit for word in words for one in word]) for unit in self.units]

    @cached_property
    def neighbours(self):
        return list(pairwise(fold(self.text).split()[: 2 * MOST_WORDS]))

    def needles_of(self, word):
        """What counts for a word: itself, what sounds like it, and what it makes with its neighbour: micro crédit."""
        spelled, heard = needles(word), sounds(word)
        for pair in self.neighbours:
            if word in pair:
                heard += sounds("".join(pair))
                spelled += [] if any(map(is_small, pair)) else needles("".join(pair))
        return list(dict.fromkeys([*spelled, *(f" ~{one} " for one in heard)]))

    def expression(self, words):
        """How many words the longest expression that has synonyms takes at the beginning, and all that mean the same."""
        read = [readings(word) for word in words]
        for length in range(len(words), 0, -1):
            if alike := [group for group in self.synonyms if any(one.is_said(read[:length]) for one in group)]:
                return length, [one for group in alike for one in group]
        return 1, []


class Expression:
    """A word, or several, that the staff have named as synonyms of others; in any spelling and number."""

    def __init__(self, text):
        words = words_asked(text)
        self.readings = [readings(word) for word in words]
        self.needles = [[f" {word} "] if len(word) <= ABBREVIATION else needles(word) for word in words]

    def is_said(self, read):
        """Whether the words with these readings are the expression."""
        return len(read) == len(self.readings) and not any(map(frozenset.isdisjoint, self.readings, read))


class Look(NamedTuple):
    """How what counts for a unit looks in a text: how a word begins, what the whole of it is, how a name sounds."""

    needles: list
    beginnings: tuple
    wholes: frozenset
    heard: frozenset

    @classmethod
    def of(cls, needles):
        return cls(
            needles,
            tuple(needle[1:] for needle in needles if not needle.endswith(" ")),
            frozenset(needle.strip() for needle in needles if needle.endswith(" ")),
            frozenset(needle.strip(" ~") for needle in needles if "~" in needle),
        )

    def is_word(self, word):
        return word in self.wholes or word.startswith(self.beginnings)


def readings(word):
    """The folded words that a word may stand for: those of another number, those behind an article."""
    return frozenset(needle.strip() for needle in needles(word))


def understood(text):
    """The query, with the synonyms that the staff keep."""
    from .models import Synonym

    return Query(text, Synonym.groups()) if fold(text) else Query("")
