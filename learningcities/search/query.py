"""A search as it was typed, understood: which words must occur, and what counts as each of them."""

from functools import cached_property

from .sound import sound
from .spelling import fold, needles, words_asked

#: More words than anyone types; the rest of a pasted page is left out.
MOST_WORDS = 12


class Query:
    """What was typed. `units` are the words that must all occur, each as the list of needles that count for it."""

    def __init__(self, text, synonyms=()):
        self.text, self.synonyms = text, synonyms

    def __bool__(self):
        return bool(self.units)

    @cached_property
    def words(self):
        return words_asked(self.text)[:MOST_WORDS]

    @cached_property
    def units(self):
        units, words = [], list(self.words)
        while words:
            length, alike = self.phrase(words)
            spelled = [needle for phrase in alike for needle in phrase_needles(phrase)]
            units.append(list(dict.fromkeys(spelled)))
            del words[:length]
        return units

    @cached_property
    def needles(self):
        return [needle for needles in self.units for needle in needles]

    def phrase(self, words):
        """How many words the longest known expression takes at the beginning, and all that mean the same."""
        for length in range(len(words), 0, -1):
            start = " ".join(words[:length])
            forms = {needle.strip() for needle in needles(start)} if length == 1 else {start}
            if alike := [group for group in self.synonyms if not forms.isdisjoint(group)]:
                return length, dict.fromkeys([start, *(one for group in alike for one in group)])
        return 1, [words[0]]


def phrase_needles(phrase):
    """What counts for a word, or for an expression of several words in a row."""
    if " " in phrase:
        return [f" {phrase}"]
    heard = sound(phrase)
    return [*needles(phrase), *([f" ~{heard} "] if heard else [])]


def understood(text):
    """The query, with the synonyms that the staff keep."""
    from .models import Synonym

    return Query(text, Synonym.groups()) if fold(text) else Query("")
