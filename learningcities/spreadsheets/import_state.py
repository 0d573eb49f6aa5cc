"""What the items of a file say now, and what they said when the file was made."""

from collections import defaultdict
from math import inf

from django.contrib.contenttypes.models import ContentType

from learningcities.publishing.patches.snapshot import patched, rows_of_part, snapshots, state_before
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.workflow.change import Change

from .sheet import SEEN


def read_state(file):
    stored = [row for row in file.rows if row.item and row.item.pk]
    keys = [row.item.pk for row in stored]
    read_marks(file)
    later = later_changes(file, keys)
    live = snapshots(file.model._base_manager.filter(pk__in=keys))
    for row in stored:
        row.live = live[row.item.uuid]
        since = [change for change in later[row.item.pk] if change.sequence is None or change.sequence > row.seen]
        row.base = state_before(row.live, [change.patch for change in since])
        row.wished = patched(row.base, {})
    drafts = Change.objects.of_kind(file.model).unfinished().filter(author=file.user, object_id__in=keys)
    drafts = {change.object_id: change for change in drafts.select_related("batch").prefetch_related("trail")}
    kind = ContentType.objects.get_for_model(file.model)
    locks = PageLock.objects.against(file.user).filter(content_type=kind, object_id__in=keys)
    locks = {lock.object_id: lock for lock in locks}
    for row in stored:
        row.unfinished, row.lock = drafts.get(row.item.pk), locks.get(row.item.pk)
    for sheet in file.sheets:
        for column in sheet.columns:
            column.learn(values[column.name] for row in stored for values in values_of(row, sheet))


def read_marks(file):
    """The number of the last applied change when each item was exported; of several, the first."""
    places = [(row, row.places.get("")) for row in file.rows]
    places += [(file.row_of(place), place) for sheet in file.parts for place in file.places[sheet]]
    marks = [(row, str(place.cells.get(SEEN) or "")) for row, place in places if row and place]
    numbers = Change.objects.numbers({mark for _row, mark in marks})
    for row, mark in marks:
        row.seen = min(row.seen, numbers.get(mark, inf))


def later_changes(file, keys):
    """What has happened to the items since the first of them was exported: {key: changes, the last first}."""
    later, first = defaultdict(list), min((row.seen for row in file.rows), default=inf)
    if first < inf:
        for change in Change.objects.of_kind(file.model).since(first).filter(object_id__in=keys):
            later[change.object_id].append(change)
    return later


def values_of(row, sheet):
    """The values of the rows of an item on a sheet, as they were and as they are."""
    for state in (row.base, row.live):
        if not sheet.part:
            yield state
        else:
            yield from (values for _key, values in rows_of_part(state, sheet.part))
