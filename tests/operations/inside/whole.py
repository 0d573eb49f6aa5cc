"""Whether a site is whole: run inside it, after whatever was done to it."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from cities.models import Photo
from learningcities import bounds
from learningcities.operations.backup import stored_files
from learningcities.operations.chores import tidy
from learningcities.publishing.models import Change
from learningcities.search.indexed import indexed_models
from learningcities.search.models import Entry
from tests.operations.helpers import WIDTH


def losses(confirmed):
    """What is lost of what was confirmed, and what is half written: sentences, or none."""
    bounds.UNUSED_FILE_LASTS = timedelta(0)
    tidy()
    return [*lost_photos(confirmed), *half_written_photos(), *half_written_words(), *damages()]


def lost_photos(confirmed):
    numbered = [f"photo {width - WIDTH}" for width in Photo.objects.values_list("width", flat=True)]
    yield from (f"{words} was confirmed and is not there" for words in set(confirmed) - set(numbered))
    yield from (f"{words} is there twice" for words in set(numbered) if numbered.count(words) > 1)


def half_written_photos():
    files = set()
    for photo in Photo.objects.all():
        names = {photo.file.name, *(picture.name for picture in photo.file.get_picture_files_list())}
        files |= names
        for name in names:
            try:
                with default_storage.open(name) as file, Image.open(file) as image:
                    image.load()
            except OSError:
                yield f"{name} is missing or broken"
        if not Change.objects.of(photo).filter(state="applied").exists():
            yield f"{photo} has no record"
    left = set(stored_files()) - files
    yield from (f"{name} belongs to nothing" for name in left)


def half_written_words():
    for model in indexed_models():
        entries = {entry.object_id: entry for entry in Entry.objects.of_kind(model)}
        for row in model._base_manager.all():
            if row.pk not in entries:
                yield f"{row} can't be found"
                continue
            entry = entries.pop(row.pk)
            before = {name: getattr(entry, name) for name in ("title", "summary", "rest")}
            row.index()
            after = Entry.objects.of_kind(model).get(object_id=row.pk)
            if before != {name: getattr(after, name) for name in before}:
                yield f"{row} is found by other words than its own"
        yield from (f"an entry of {model} leads nowhere" for _ in entries)


def damages():
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (row[0] for row in cursor.fetchall() if row[0] != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        yield from (f"{row[0]} {row[1]} points nowhere" for row in cursor.fetchall())
        # It raises an error where the index and the entries differ.
        cursor.execute("INSERT INTO search_entry_trigrams(search_entry_trigrams, rank) VALUES ('integrity-check', 1)")
