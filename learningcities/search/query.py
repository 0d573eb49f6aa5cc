"""What a search means as it was typed: which words must occur, and what counts as each of them."""

from itertools import pairwise

from django.utils.functional import cached_property

from learningcities import bounds
from learningcities.text.folding import fold, is_small, needles, words_asked
from learningcities.text.phonetics import is_variant, sounds

from .expression import readings
from .models import Synonym
from .proper_names import known_names


class Query:
    """What was typed. Its `units` must all occur. A unit is a list of alternatives, of which one is enough;
    an alternative is a list of words, which must all occur; a word is the list of the needles that count for it.
    """

    def __init__(self, text, synonyms=(), names=None):
        """`synonyms` are groups of Expressions; `names` are the words of proper names by their sound."""
        self.text, self.synonyms, self.names = text, synonyms, names or {}

    def __bool__(self):
        return bool(self.words)

    @cached_property
    def words(self):
        return words_asked(self.text)[: bounds.SEARCH_WORDS]

    @cached_property
    def folded(self):
        return fold(self.text)

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
        return list(pairwise(self.folded.split()[: 2 * bounds.SEARCH_WORDS]))

    def needles_of(self, word):
        """What counts for a word: itself, names it is a spelling of, what it makes with its neighbour: micro crédit."""
        spellings, names = needles(word), self.names_like(word)
        for pair in self.neighbours:
            if word in pair:
                names += self.names_like("".join(pair))
                spellings += [] if any(map(is_small, pair)) else needles("".join(pair))
        return list(dict.fromkeys([*spellings, *(f" ~{name} " for name in names)]))

    def names_like(self, word, variant=True):
        """The names that a word is a spelling of; or those that only sound alike."""
        return [
            name
            for signs in sounds(word)
            for words in sorted(self.names.get(signs, ()))
            if any(is_variant(signs, word, name) for name in in_script_of(word, words)) is variant
            for name in words
        ]

    @property
    def names_alike(self):
        """The names that only sound like what was typed: whoever typed it may have meant them, or not."""
        return frozenset(self.names_like(self.folded.replace(" ", ""), variant=False))

    def expression(self, words):
        """How many words the longest expression with synonyms takes at the beginning, and all that mean the same."""
        read = [readings(word) for word in words]
        for length in range(len(words), 0, -1):
            if groups := [group for group in self.synonyms if any(each.has_readings(read[:length]) for each in group)]:
                return length, [expression for group in groups for expression in group]
        return 1, []


def in_script_of(word, names):
    """Those of the words of a name that are of a word's script; all where none is."""
    return [name for name in names if name[:1].isascii() == word[:1].isascii()] or names


class Pattern:
    """How what counts for a unit looks in a text: how words begin, whole words, words in a row, names."""

    def __init__(self, needles):
        spelled = [needle for needle in needles if "~" not in needle and " " not in needle.strip()]
        self.needles = needles
        self.beginnings = tuple(needle[1:] for needle in spelled if not needle.endswith(" "))
        self.wholes = frozenset(needle.strip() for needle in spelled if needle.endswith(" "))
        self.phrases = [needle.lstrip() for needle in needles if " " in needle.strip()]
        self.names = frozenset(needle.strip(" ~") for needle in needles if "~" in needle)

    def is_word(self, word):
        return word in self.wholes or word.startswith(self.beginnings)


def parse_query(text):
    """The query of a text, with the synonyms that the staff keep and the names that the content knows."""
    return Query(text, Synonym.groups(), known_names()) if fold(text) else Query("")
