"""A search as it was typed, understood: which words must occur, and what counts as each of them."""

from itertools import islice, pairwise, product
from typing import NamedTuple

from django.utils.functional import cached_property

from learningcities.text.folding import ARABIC, ARTICLE, fold, forms, is_small, needles, words_asked
from learningcities.text.phonetics import sounds

#: More words than anyone types; the rest of a pasted page is left out.
MOST_WORDS = 12
#: A synonym this short is an abbreviation, and no beginning of a word.
ABBREVIATION = 3
#: In so many forms an expression is looked for.
MOST_FORMS = 16


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
        return list(dict.fromkeys([*spelled, *(f" ~{one} " for one in heard if one in self.names)]))

    def expression(self, words):
        """How many words the longest expression with synonyms takes at the beginning, and all that mean the same."""
        read = [readings(word) for word in words]
        for length in range(len(words), 0, -1):
            if alike := [group for group in self.synonyms if any(one.is_said(read[:length]) for one in group)]:
                return length, [one for group in alike for one in group]
        return 1, []


class Expression:
    """A word, or several, that the staff have named as synonyms of others; in any spelling and number."""

    def __init__(self, text):
        self.readings = [readings(word) for word in words_asked(text)]
        self.needles = [phrase_needles(fold(text).split())]

    def is_said(self, read):
        """Whether the words with these readings are the expression."""
        return len(read) == len(self.readings) and not any(map(frozenset.isdisjoint, self.readings, read))


def phrase_needles(words):
    """What counts for one word, or for several in a row: each of them in any number, with and without an article."""
    *heads, last = words
    if not heads:
        return [f" {last} "] if len(last) <= ABBREVIATION else needles(last)
    ends = [needle[1:] for needle in needles(last)]
    # Arabic may write a letter before the first word.
    start = "" if ARABIC.match(words[0]) else " "
    return [start + " ".join(phrase) for phrase in islice(product(*map(numbers, heads), ends), MOST_FORMS)]


def numbers(word):
    """A word within a phrase: as it is written, then with or without its article, or of another number."""
    if is_small(word):
        return [word]
    if ARABIC.match(word):
        return forms(word) if ARTICLE.match(word) else [word, f"ال{word}"]
    return [word, *sorted(readings(word) - {word}), *([] if word.endswith(("s", "x")) else [f"{word}s"])]


class Look(NamedTuple):
    """How what counts for a unit looks in a text: how words begin, what the whole of them is, what stands in a row,
    how names sound."""

    needles: list
    beginnings: tuple
    wholes: frozenset
    phrases: list
    heard: frozenset

    @classmethod
    def of(cls, needles):
        spelled = [needle for needle in needles if "~" not in needle and " " not in needle.strip()]
        return cls(
            needles,
            tuple(needle[1:] for needle in spelled if not needle.endswith(" ")),
            frozenset(needle.strip() for needle in spelled if needle.endswith(" ")),
            [needle.lstrip() for needle in needles if " " in needle.strip()],
            frozenset(needle.strip(" ~") for needle in needles if "~" in needle),
        )

    def is_word(self, word):
        return word in self.wholes or word.startswith(self.beginnings)


def readings(word):
    """The folded words that a word may stand for: those of another number, those behind an article."""
    return frozenset(needle.strip() for needle in needles(word))


def understood(text):
    """The query, with the synonyms that the staff keep and the names that the content knows."""
    from .indexed import known_sounds
    from .models import Synonym

    return Query(text, Synonym.groups(), known_sounds()) if fold(text) else Query("")
