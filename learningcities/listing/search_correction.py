"""Did you mean: for a word that nothing public says, or next to nothing, a word or a name that is most like it."""

from django.db.models import Q
from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from learningcities import bounds
from learningcities.facets.facet_index import facet_index
from learningcities.publishing.version.version_cache import cached
from learningcities.search.entry import REST, Entry, any_of
from learningcities.search.indexed import indexed_models
from learningcities.search.proper_names import names_of_row
from learningcities.search.query import Query, parse_query
from learningcities.text.folding import ARTICLE, WORD, fold, forms
from learningcities.text.phonetics import sounds

from .search_all import best_weight, found_by_kind

#: How alike two words must be, from 0 to 1: one wrong letter in four. Less is enough where they sound alike.
ALIKE, HEARD = 0.72, 0.6
#: Shorter words are too much like each other.
SHORTEST = 4
#: Whoever has more words wrong than this meant something else.
MOST_WRONG = 2


def corrected(text):
    """The search as it was perhaps meant, in the spelling of the content; None where no other would find something."""
    query = parse_query(text)
    wrong = [word for word in query.words if is_unknown(word)]
    better = {word: spelling for word in wrong[:MOST_WRONG] if (spelling := correction(word))}
    meant = " ".join(better.get(word, word) for word in query.words)
    if better and found_by_kind(parse_query(meant)):
        return meant
    return name_alike(query) if wrong and len(query.words) > 1 else None


def is_unknown(word):
    """Whether no title or summary says a word, nor one that it begins."""
    return len(word) >= SHORTEST and not any(other.startswith(form) for form in forms(word) for other in known())


def correction(word):
    """What is most like a word that next to nothing says: a known word, or else a name that sounds alike."""
    query = parse_query(word)
    found = found_by_kind(query).values()
    if any(best_weight(answer) < REST for answer in found) or sum(map(len, found)) > bounds.FEW_RESULTS:
        return None
    alike = word_alike(word)
    return spelled(alike) if alike else name_alike(query)


def word_alike(word):
    """The known word that is most like another; without its article, which would make it more alike."""
    bare = word[front.end() :] if (front := ARTICLE.match(word)) else word
    if len(bare) < SHORTEST:
        return None
    alike = process.extract(bare, known(), scorer=OSA.normalized_similarity, score_cutoff=HEARD, limit=10)
    heard = set(sounds(word))
    good = [match for match in alike if match[1] >= ALIKE or not heard.isdisjoint(sounds(match[0]))]
    return max(good, key=lambda match: match[1], default=(None,))[0]


def name_alike(query):
    """What is public and has a name that only sounds like what was typed, as the reader knows it."""
    if not (names := query.names_alike):
        return None
    entries = Entry.objects.filter(any_of(Q(title__contains=f" ~{name} ") for name in names))
    for model in reversed(indexed_models()):
        keys = facet_index(model).all & BitMap(entries.of_kind(model).values_list("object_id", flat=True))
        for row in model.objects.in_bulk(list(keys[: bounds.RESULTS_ON_A_PAGE])).values():
            if not names.isdisjoint(name.replace(" ", "") for name in names_of_row(row)):
                return row.heading
    return None


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
