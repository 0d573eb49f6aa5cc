"""Stored files that nothing needs any more."""

import logging
from datetime import timedelta
from functools import reduce
from operator import or_

from django.core.files.storage import default_storage
from django.db.models import Q

from learningcities import bounds
from learningcities.publishing.items.item import item_kinds
from learningcities.publishing.models import Change
from learningcities.publishing.version import content_version

logger = logging.getLogger(__name__)


def unneeded_files():
    """The files and renditions that no row needs, nor a draft or an undo of the last days."""
    before = content_version.moment() - bounds.UNUSED_FILE_LASTS
    return [
        name
        for model in kept_in_files()
        for needed in [needed_names(model)]
        for name in stored_under(model.file.field.upload_to)
        if name not in needed and default_storage.get_modified_time(name) < before
    ]


def unneeded_still(names):
    """Those of some files that still nothing needs, for whoever has locked all writes."""
    needed = set()
    for model in kept_in_files():
        folder = f"{model.file.field.upload_to}/"
        # A rendition lies in a folder that is named like the file.
        stems = {name.removeprefix(folder).partition("/")[0].partition(".")[0] for name in names}
        of_a_row = reduce(or_, (Q(file__startswith=f"{folder}{stem}.") for stem in stems), Q(pk__in=()))
        needed |= needed_names(model, model._base_manager.filter(of_a_row))
    return [name for name in names if name not in needed]


def uninspected_items(again=False):
    """The items whose file is to be looked at by the rules of today; all of them, if it is to be done again."""
    return [
        item
        for model in inspected_kinds()
        for item in (model.objects.exclude(file="") if again else model.objects.uninspected())
    ]


def doubtful_items():
    return [item for model in inspected_kinds() for item in model.objects.doubtful()]


def inspected_kinds():
    return [model for model in kept_in_files() if hasattr(model, "inspect")]


def inspect_items(items):
    done = 0
    for item in items:
        try:
            done += item.inspect()
        except FileNotFoundError:
            logger.warning("The file of %s %s is missing", item._meta.label, item.pk)
    return done


def kept_in_files():
    """The models of the media library, each with its files in a folder of its own."""
    return [model for model in item_kinds() if hasattr(model, "file")]


def needed_names(model, rows=None):
    """Every stored file of the rows, with its renditions, and those that an unfinished or recent change speaks of."""
    names = set()
    for item in (model._base_manager.all() if rows is None else rows).exclude(file=""):
        names |= {item.file.name, *(rendition.name for rendition in renditions(item.file))}
    since = content_version.moment() - timedelta(days=bounds.BIN_DAYS)
    changes = Change.objects.of_kind(model).filter(
        Q(state__in=Change.UNFINISHED) | Q(decided_at__gt=since) | Q(created_at__gt=since),
        object_id__in=model._base_manager.values("pk"),
        patch__has_key="file",
    )
    for patch in changes.values_list("patch", flat=True):
        names.update(filter(None, patch["file"]))
    return names


def renditions(file):
    return file.get_picture_files_list() if hasattr(file, "get_picture_files_list") else []


def stored_under(folder):
    """The names of all files in a folder and the folders in it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from stored_under(f"{folder}/{inner}")
