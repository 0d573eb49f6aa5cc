"""Did you mean: for a word that nothing public says, the most alike of those that something says."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learningcities.publishing.version.version_cache import cached
from learningcities.search.entry import Entry
from learningcities.search.indexed import indexed_models
from learningcities.search.query import Query, parse_query
from learningcities.text.folding import ARTICLE, WORD, fold, forms
from learningcities.text.phonetics import sounds

from .search_all import found_by_kind

#: How alike two words must be, from 0 to 1: one wrong letter in four. Less is enough where they sound alike.
ALIKE, HEARD = 0.72, 0.6
#: Shorter words are too much like each other.
SHORTEST = 4
#: Whoever has more words wrong than this meant something else.
MOST_WRONG = 2


def corrected(text):
    """The search as it was perhaps meant, in the spelling of the content; None where no other would find something."""
    words = parse_query(text).words
    wrong = [word for word in words if is_unknown(word)]
    better = {word: spelled(alike) for word in wrong[:MOST_WRONG] if (alike := correction(word))}
    meant = " ".join(better.get(word, word) for word in words)
    return meant if better and found_by_kind(parse_query(meant)) else None


def is_unknown(word):
    """Whether no title or summary says a word, nor one that it begins."""
    return len(word) >= SHORTEST and not any(other.startswith(form) for form in forms(word) for other in known())


def correction(word):
    """The known word that is most like one that nothing says; without its article, which would make it more alike."""
    if found_by_kind(parse_query(word)):
        return None
    bare = word[front.end() :] if (front := ARTICLE.match(word)) else word
    if len(bare) < SHORTEST:
        return None
    alike = process.extract(bare, known(), scorer=OSA.normalized_similarity, score_cutoff=HEARD, limit=10)
    heard = set(sounds(word))
    good = [match for match in alike if match[1] >= ALIKE or not heard.isdisjoint(sounds(match[0]))]
    return max(good, key=lambda match: match[1], default=(None,))[0]


def known():
    """The words of the titles and summaries of all that is public, folded."""
    return cached("words", known_words)


def known_words(moment):
    words = set()
    for model in indexed_models():
        public = model.objects.published(moment).values("pk")
        entries = Entry.objects.of_kind(model).filter(object_id__in=public)
        for texts in entries.values_list("title", "summary").iterator():
            words.update(word for text in texts for word in text.split() if len(word) >= SHORTEST and word.isalnum())
    return words


def spelled(word):
    """A folded word as the content writes it."""
    for answer in found_by_kind(Query(word)).values():
        for row in answer.fetch(answer.queryset, 0, 3):
            for _language, text in row.texts():
                for match in WORD.finditer(text):
                    if word in forms(fold(match[0])):
                        return match[0]
    return word
