"""Did you mean: for a word that nothing public says, the most alike of those that something says."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learningcities.publishing.clock import kept

from .entry import Entry
from .indexed import indexed_models
from .query import Query, understood
from .sound import sound
from .spelling import WORD, fold, needles

#: How alike two words must be, from 0 to 1: one wrong letter in four.
ALIKE = 0.72
#: Shorter words are too much like each other.
SHORTEST = 4


def corrected(text):
    """The search as it was perhaps meant, in the spelling of the content; None where no word is wrong or alike."""
    query = understood(text)
    words = [(word, correction(word)) for word in query.words]
    if not any(better for _word, better in words):
        return None
    return " ".join(spelled(better) if better else word for word, better in words)


def correction(word):
    """The word that is most like one that nothing says; None for one that something says, or that is like no other."""
    known = kept("words", lambda moment: known_words(moment))
    if len(word) < SHORTEST or any(needle.strip() in known for needle in needles(word)):
        return None
    heard = sound(word)
    alike = [one for one in known if sound(one) == heard] if heard else []
    found = process.extractOne(
        word, alike or known, scorer=OSA.normalized_similarity, score_cutoff=0 if alike else ALIKE
    )
    return found and found[0]


def known_words(moment):
    """The words of the titles and summaries of all that is public, folded."""
    words = set()
    for model in indexed_models():
        public = model.objects.published(moment).values("pk")
        entries = Entry.objects.of_kind(model).filter(object_id__in=public)
        for texts in entries.values_list("title", "summary").iterator():
            words.update(word for text in texts for word in text.split() if len(word) >= SHORTEST)
    return words


def spelled(word):
    """A folded word as the content writes it."""
    query = Query(word)
    for model in indexed_models():
        rows = model.objects.published().filter(
            pk__in=Entry.objects.of_kind(model).matching(query).order_by().values("object_id")
        )
        for row in rows[:3]:
            for _language, text in row.texts():
                for found in WORD.finditer(text):
                    if fold(found[0]) == word:
                        return found[0] if found[0].isascii() or found[0][0].isupper() else found[0].lower()
    return word
