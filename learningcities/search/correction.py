"""Did you mean: for a word that nothing public says, the most alike of those that something says."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learningcities.publishing.clock import kept

from .entry import Entry
from .everything import found_by_kind
from .indexed import indexed_models
from .query import Query, understood
from .sound import sounds
from .spelling import WORD, fold, forms

#: How alike two words must be, from 0 to 1: one wrong letter in four. Less is enough where they sound alike.
ALIKE, HEARD = 0.72, 0.6
#: Shorter words are too much like each other.
SHORTEST = 4
#: Whoever has more words wrong than this meant something else.
MOST_WRONG = 2


def corrected(text):
    """The search as it was perhaps meant, in the spelling of the content; None where no word is wrong or alike."""
    words, better = understood(text).words, {}
    for word in words:
        if len(better) < MOST_WRONG and is_wrong(word) and (alike := correction(word)):
            better[word] = spelled(alike)
    return " ".join(better.get(word, word) for word in words) if better else None


def is_wrong(word):
    """Whether nothing public says a word."""
    return len(word) >= SHORTEST and word not in known() and not found_by_kind(understood(word))


def correction(word):
    """The known word that is most like another one, if one is."""
    alike = []
    for form in forms(word):
        alike += process.extract(form, known(), scorer=OSA.normalized_similarity, score_cutoff=HEARD, limit=10)
    heard = set(sounds(word))
    good = [found for found in alike if found[1] >= ALIKE or not heard.isdisjoint(sounds(found[0]))]
    return max(good, key=lambda found: found[1], default=(None,))[0]


def known():
    """The words of the titles and summaries of all that is public, folded."""
    return kept("words", known_words)


def known_words(moment):
    words = set()
    for model in indexed_models():
        public = model.objects.published(moment).values("pk")
        entries = Entry.objects.of_kind(model).filter(object_id__in=public)
        for texts in entries.values_list("title", "summary").iterator():
            words.update(word for text in texts for word in text.split() if len(word) >= SHORTEST)
    return words


def spelled(word):
    """A folded word as the content writes it."""
    for answer in found_by_kind(Query(word)).values():
        for row in answer.fetch(answer.queryset, 0, 3):
            for _language, text in row.texts():
                for found in WORD.finditer(text):
                    if word in forms(fold(found[0])):
                        return found[0]
    return word
