"""What a search means as it was typed: which words must occur, and what counts as each of them."""

from itertools import pairwise

from django.utils.functional import cached_property

from learningcities import bounds
from learningcities.text.folding import fold, is_small, needles, words_asked
from learningcities.text.phonetics import sounds

from .expression import readings
from .models import Synonym
from .proper_names import known_sounds


class Query:
    """What was typed. Its `units` must all occur. A unit is a list of alternatives, of which one is enough;
    an alternative is a list of words, which must all occur; a word is the list of the needles that count for it.
    """

    def __init__(self, text, synonyms=(), names=frozenset()):
        """`synonyms` are groups of Expressions; only those sounds count that are among `names`, of all proper names."""
        self.text, self.synonyms, self.names = text, synonyms, names

    def __bool__(self):
        return bool(self.words)

    @cached_property
    def words(self):
        return words_asked(self.text)[: bounds.SEARCH_WORDS]

    @cached_property
    def units(self):
        units, words = [], self.words
        while words:
            length, synonyms = self.expression(words)
            typed = [self.needles_of(word) for word in words[:length]]
            units.append([typed, *(synonym.needles for synonym in synonyms)])
            words = words[length:]
        return units

    @cached_property
    def patterns(self):
        """How the words of each unit look in a text."""
        return [Pattern([needle for words in unit for word in words for needle in word]) for unit in self.units]

    @cached_property
    def neighbours(self):
        return list(pairwise(fold(self.text).split()[: 2 * bounds.SEARCH_WORDS]))

    def needles_of(self, word):
        """What counts for a word: itself, what sounds like it, and what it makes with its neighbour: micro crédit."""
        spellings, sounding = needles(word), sounds(word)
        for pair in self.neighbours:
            if word in pair:
                sounding += sounds("".join(pair))
                spellings += [] if any(map(is_small, pair)) else needles("".join(pair))
        return list(dict.fromkeys([*spellings, *(f" ~{sound} " for sound in sounding if sound in self.names)]))

    def expression(self, words):
        """How many words the longest expression with synonyms takes at the beginning, and all that mean the same."""
        read = [readings(word) for word in words]
        for length in range(len(words), 0, -1):
            if groups := [group for group in self.synonyms if any(each.has_readings(read[:length]) for each in group)]:
                return length, [expression for group in groups for expression in group]
        return 1, []


class Pattern:
    """How what counts for a unit looks in a text: how words begin, whole words, words in a row, sounds of names."""

    def __init__(self, needles):
        spelled = [needle for needle in needles if "~" not in needle and " " not in needle.strip()]
        self.needles = needles
        self.beginnings = tuple(needle[1:] for needle in spelled if not needle.endswith(" "))
        self.wholes = frozenset(needle.strip() for needle in spelled if needle.endswith(" "))
        self.phrases = [needle.lstrip() for needle in needles if " " in needle.strip()]
        self.sounds = frozenset(needle.strip(" ~") for needle in needles if "~" in needle)

    def is_word(self, word):
        return word in self.wholes or word.startswith(self.beginnings)


def parse_query(text):
    """The query of a text, with the synonyms that the staff keep and the names that the content knows."""
    return Query(text, Synonym.groups(), known_sounds()) if fold(text) else Query("")
