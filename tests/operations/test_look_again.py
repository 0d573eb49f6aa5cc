"""Between the list of a chore and its deed someone may have used what is on it: each row is looked at again."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cities.models import City
from learningcities import bounds
from learningcities.operations import chores
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.forms import edit

BIN, FILES, DRAFTS = (
    "items that were in the bin for 30 days",
    "files that belong to nothing",
    "drafts that nobody has touched for a year",
)


@pytest.fixture
def chore():
    """A chore by its name, and what is on its list now."""

    def begun(name):
        chore = next(chore for chore in chores.CHORES if chore.name == name)
        return chore, list(chore.find())

    return begun


def test_what_is_taken_out_of_the_bin_meanwhile_stays_and_the_rest_goes(city, other_city, chore):
    long_ago = moment() - timedelta(days=bounds.BIN_DAYS + 1)
    for row in (city, other_city):
        row.set_dates(binned_at=long_ago)
    emptying, rows = chore(BIN)
    City.objects.get(pk=city.pk).take_out_of_bin()
    assert emptying.do(rows) == 1
    assert City.objects.filter(pk=city.pk).exists()
    assert not City.objects.filter(pk=other_city.pk).exists()


def test_a_draft_that_its_author_goes_on_with_meanwhile_stays_with_its_newer_words(as_editor, city, other_city, chore):
    edit(as_editor, city, {"summary_fr": "Il y a un an"})
    old = Change.objects.unfinished().get()
    other = Change.objects.create(item=other_city, author=old.author, state="open", patch={}, title="Autre")
    Change.objects.update(created_at=moment() - bounds.DRAFT_LASTS - timedelta(days=1))
    discarding, rows = chore(DRAFTS)
    assert {change.pk for change in rows} == {old.pk, other.pk}
    edit(as_editor, city, {"summary_fr": "Aujourd’hui"})
    assert discarding.do(rows) == 1
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.state, old.patch["summary_fr"][1], other.state) == ("open", "Aujourd’hui", "discarded")


def test_a_file_that_a_draft_asks_for_meanwhile_stays(editor, city, chore, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city)
    names = [default_storage.save(f"photos/{name}.jpg", ContentFile(b"x")) for name in ("wanted", "unwanted")]
    monkeypatch.setattr(bounds, "UNUSED_FILE_LASTS", -timedelta(days=1))
    deleting, names_found = chore(FILES)
    assert set(names_found) == set(names)
    Change.save_draft(photo, editor, {"file": [photo.file.name, names[0]]})
    assert deleting.do(names_found) == 1
    assert [default_storage.exists(name) for name in (*names, photo.file.name)] == [True, False, True]


def test_a_file_that_a_row_has_meanwhile_stays_with_its_renditions(city, chore, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city)
    monkeypatch.setattr(bounds, "UNUSED_FILE_LASTS", -timedelta(days=1))
    name, pk = photo.file.name, photo.pk
    used = {file.name for file in photo.file.get_picture_files_list()} | {name}
    type(photo)._base_manager.filter(pk=pk).update(file="")
    Change.objects.of(photo).delete()
    deleting, names_found = chore(FILES)
    assert name in names_found
    type(photo)._base_manager.filter(pk=pk).update(file=name)
    assert deleting.do(names_found) == 0
    assert all(default_storage.exists(name) for name in used)
