"""An item as a snapshot says it, in memory: with its parts and relations, and without a write."""

import copy
from collections import defaultdict

from django.db.models import F, FileField, OrderBy
from django.db.models.constants import LOOKUP_SEP

from .patch_key import PatchKey
from .snapshot import rows_of_part, set_values, tracked_fields


def in_memory(item, state):
    """A copy of the item that says what the snapshot says; rows of its parts that aren't stored are `adding`."""
    row = copy.copy(item)
    row._state = copy.copy(item._state)
    row._state.fields_cache = {}
    row._prefetched_objects_cache = {}
    own = {key: value for key, value in state.items() if not isinstance(value, dict)}
    lost = lost_files(row, own)
    set_values(row, {name: value for name, value in own.items() if name not in lost})
    parts = {name: [part_in_memory(row, *keyed) for keyed in rows_of_part(state, name)] for name in row.parts}
    states = [(row, state), *((part, state[key]) for rows in parts.values() for key, part in rows)]
    relate(states)
    for name, keyed in parts.items():
        rows = ordered([part for _key, part in keyed], getattr(row, name).model)
        row._prefetched_objects_cache[name] = cached_rows(getattr(row, name), rows)
    return row


def lost_files(row, values):
    """The fields whose values name another file than the row's own, which is no longer kept: the row shows its own."""
    files = [field for field in tracked_fields(type(row)) if isinstance(field, FileField)]
    others = [field for field in files if values.get(field.name) not in ("", None, getattr(row, field.attname))]
    return {field.name for field in others if not field.storage.exists(values[field.name])}


def part_in_memory(item, key, values):
    model = getattr(item, key.part).model
    part = model(pk=model._meta.pk.to_python(key.uuid), **{model.part_of: item})
    set_values(part, values)
    return str(key), part


def relate(states):
    """Fetch what the rows relate to, in one query for each model: [(row, its values)]."""
    wanted = defaultdict(set)
    for row, values in states:
        for field in relations_of(row):
            value = values.get(field.name)
            wanted[field.related_model].update(value or () if field.many_to_many else [value] if value else ())
    related = {model: model._base_manager.in_bulk(keys) for model, keys in wanted.items() if keys}
    for row, values in states:
        for field in relations_of(row):
            rows, value = related.get(field.related_model, {}), values.get(field.name)
            if field.many_to_many:
                chosen = [rows[key] for key in value or () if key in rows]
                row._prefetched_objects_cache = getattr(row, "_prefetched_objects_cache", {})
                row._prefetched_objects_cache[field.name] = cached_rows(getattr(row, field.name), chosen)
            elif value in rows:
                setattr(row, field.name, rows[value])


def relations_of(row):
    return [field for field in tracked_fields(type(row)) if field.is_relation]


def cached_rows(manager, rows):
    """A queryset that answers with these rows and asks no database."""
    queryset = manager.get_queryset()
    queryset._result_cache, queryset._prefetch_done = rows, True
    return queryset


def ordered(rows, model):
    """Rows in the order of their model; what is empty comes last, and new ones after those of the same."""
    for ordering in reversed(model._meta.ordering):
        name, is_last_first = name_of(ordering)
        rows = sorted(rows, key=lambda row: str_or_number(value_at(row, name)), reverse=is_last_first)
        rows = sorted(rows, key=lambda row: value_at(row, name) in (None, ""))
    return rows


def name_of(ordering):
    if isinstance(ordering, OrderBy):
        return ordering.expression.name, ordering.descending
    if isinstance(ordering, F):
        return ordering.name, False
    return ordering.lstrip("-"), ordering.startswith("-")


def value_at(row, path):
    for name in path.split(LOOKUP_SEP):
        row = getattr(row, name, None)
    return row


def str_or_number(value):
    return (1, str(value)) if not isinstance(value, (int, float)) else (0, value)


def row_at(item, key):
    """The row of an item in memory that a key names: the item itself, a row of a part, or None."""
    key = PatchKey.parse(key) if isinstance(key, str) else key
    if not key.part:
        return item
    return next((row for row in getattr(item, key.part).all() if str(row.pk) == str(key.uuid)), None)
