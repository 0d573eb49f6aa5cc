"""A word, or several, that the staff have named as synonyms of others; in any spelling and number."""

from itertools import islice, product

from learningcities import bounds
from learningcities.text.folding import ARABIC, ARTICLE, fold, forms, is_small, needles, words_asked

#: A synonym this short is an abbreviation, and no beginning of a word.
ABBREVIATION = 3


class Expression:
    def __init__(self, text):
        self.readings = [readings(word) for word in words_asked(text)]
        self.needles = [phrase_needles(fold(text).split())]

    def has_readings(self, words):
        """Whether words, each with its readings, are the expression."""
        return len(words) == len(self.readings) and not any(map(frozenset.isdisjoint, self.readings, words))


def readings(word):
    """The folded words that a word may stand for: those of another number, those behind an article."""
    return frozenset(needle.strip() for needle in needles(word))


def phrase_needles(words):
    """What counts for one word, or for several in a row: each of them in any number, with and without an article."""
    *heads, last = words
    if not heads:
        return [f" {last} "] if len(last) <= ABBREVIATION else needles(last)
    ends = [needle[1:] for needle in needles(last)]
    # Arabic may write a letter before the first word.
    start = "" if ARABIC.match(words[0]) else " "
    return [start + " ".join(phrase) for phrase in islice(product(*map(numbers, heads), ends), bounds.SEARCH_FORMS)]


def numbers(word):
    """A word within a phrase: as it is written, then with or without its article, or of another number."""
    if is_small(word):
        return [word]
    if ARABIC.match(word):
        return forms(word) if ARTICLE.match(word) else [word, f"ال{word}"]
    return [word, *sorted(readings(word) - {word}), *([] if word.endswith(("s", "x")) else [f"{word}s"])]
