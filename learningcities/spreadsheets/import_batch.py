"""The drafts that the right rows of a file become, in a batch, and what earlier files have left."""

from learningcities import bounds
from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import apply_part, save_values
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.change import Change


def make_drafts(rows, batch, user):
    """Turn rows into the drafts of a batch, or of several; a new item is made, and seen by nobody."""
    batches = [batch]
    for number, row in enumerate(rows):
        if number and number % bounds.BATCH_CHANGES == 0:
            name = f"{batch.name} ({len(batches) + 1})"
            batches.append(Batch.objects.create(author=user, name=name, content_type=batch.content_type))
        if row.replaced:
            discard(row.replaced, user)
        if row.is_new:
            make_item(row, batches[-1], user)
        else:
            change = Change.save_draft(row.item, user, row.patch_with_draft, batch=batches[-1])
            if row.draft:
                change.batch = batches[-1]
                change.save(update_fields=["batch"])
    return batches


def make_item(row, batch, user):
    item = row.again or row.item
    if row.again and (request := Change.objects.mine(item, user)):
        discard(request, user)
    values = [(PatchKey.parse(key), value) for key, value in row.wished.items()]
    with acting(user), track_changes(item):
        save_values(item, {key.field: value for key, value in values if not key.part}, validate=False)
        for name in item.parts if row.again else ():
            for part in getattr(item, name).all():
                part.delete()
        for key, part in values:
            if key.part:
                apply_part(item, key.part, key.uuid, part, validate=False)
    Change.save_draft(item, user, {"public_from": [None, moment().isoformat()]}, batch=batch)


def discard(change, by):
    """Discard a draft that another one takes the place of: nobody is told of it."""
    change.is_told = True
    change.discard(by)


def is_untouched(change):
    """Whether nobody has written in a draft since it was begun."""
    return change.created_at <= min((step.at for step in change.trail.all()), default=change.created_at)


def earlier_batches(batch, user, keys):
    """The batches that earlier files of theirs have become, as far as drafts are left (`rest`) of other items than
    those of this file (`keys`)."""
    earlier = user.batches.made().filter(content_type=batch.content_type).exclude(pk=batch.pk)
    batches = list(earlier.filter(changes__state__in=Change.UNFINISHED).distinct())
    for other in batches:
        changes = other.changes.unfinished().filter(author=user)
        rest = [change for change in changes.prefetch_related("trail") if change.object_id not in keys]
        other.is_replaced = other.name == batch.name or len(rest) < len(changes)
        other.rest = [change for change in rest if is_untouched(change)]
    return [other for other in batches if other.rest]
