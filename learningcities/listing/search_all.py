"""One search over everything public: the results of each kind, the best match first, then the newest."""

from django.contrib.contenttypes.models import ContentType
from pyroaring import BitMap

from learningcities.facets.facet_index import KeysOf, facet_index, keys_in
from learningcities.facets.result_set import ResultSet
from learningcities.search.entry import LIGHTEST, Entry
from learningcities.search.indexed import indexed_models


def found_by_kind(query):
    """{model: ResultSet} for the kinds that have results, the best first."""
    return by_kind(Entry.objects.matching(query).weighed(query))


def proposed_by_kind(query):
    """The same for titles alone: those that begin with what was typed first."""
    return by_kind(Entry.objects.proposed(query))


def by_kind(entries):
    """The public rows of weighed entries."""
    groups = entries.order_by("content_type", "weight").values_list("content_type", "weight")
    sets = {}
    for kind, weight, keys in groups.annotate(keys=KeysOf("object_id")):
        sets.setdefault(kind, {})[weight] = keys_in(keys)
    results = {}
    for model in reversed(indexed_models()):
        weighed = sets.get(ContentType.objects.get_for_model(model).pk, {})
        public = [weighed.get(weight, BitMap()) & facet_index(model).all for weight in range(LIGHTEST + 1)]
        if any(public):
            results[model] = ResultSet(model.objects, facet_index(model).order("-public_from", "-id"), *public)
    return dict(sorted(results.items(), key=lambda kind: best_weight(kind[1])))


def best_weight(answer):
    return next(weight for weight, keys in enumerate(answer.sets) if keys)
