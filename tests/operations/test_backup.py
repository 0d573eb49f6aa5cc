"""One archive brings a whole site back, on the same database or another one."""

import json
import shutil
import tarfile

import pytest

from tests.conftest import thorough

from .helpers import Site

#: The quick ones are in test_archive.py: they fail where an archive isn't taken in whole, or takes in too much.
pytestmark = thorough

LIVE = "from tests.operations.inside.lived_in import live; live()"


def made(site):
    site.manage("backup", "--keep", "1")
    [path] = (site.folder / "backups").glob("site-*")
    return path


def content(path):
    """All that an archive holds, rows by name: {member: lines or checksum}, and the counters."""
    with tarfile.open(path) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
        members = {f"media/{name}": entry["sha256"] for name, entry in manifest["files"].items()} | {
            name: [json.loads(line) for line in archive.extractfile(name)]
            if name.startswith("data/")
            else entry["sha256"]
            for name, entry in manifest["members"].items()
        }
    return members, manifest["counters"], manifest["migrations"]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """(site, archive)"""
    site = Site(tmp_path_factory.mktemp("lived-in")).begin()
    site.run(LIVE)
    # Apart from those that `made` keeps, of which only the last one stays.
    archive, apart = made(site), tmp_path_factory.mktemp("archive") / "backups"
    return site, shutil.copytree(archive.parent, apart) / archive.name


def test_every_row_and_file_comes_back_in_an_empty_folder_and_the_site_goes_on(lived_in, tmp_path):
    site, archive = lived_in
    again = Site(tmp_path)
    assert "The site is as it was" in again.manage("restore", archive).stdout
    members, counters, migrations = content(archive)
    assert content(made(again)) == (members, counters, migrations)
    assert len(members["data/publishing.change.jsonl"]) > 100
    assert any(name.startswith("media/photos/") for name in members)
    # The record still names the row that is gone: its number is not given again.
    gone = [row["object_id"] for row in members["data/publishing.change.jsonl"] if row["title"] == "Initiative"]
    ask = "from tests.factories import *; print(make_initiative(City.objects.first(), slug='neuve').pk)"
    assert int(again.run(ask)) > max(gone)
    entries = "from learningcities.search.models import Entry; print(Entry.objects.count())"
    assert int(again.run(entries)) == int(site.run(entries)) + 1


#: A storage that is full after three files, while a backup is brought in.
FULL = """
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
save, saved = FileSystemStorage._save, []
def full(self, name, content):
    saved.append(name)
    if len(saved) > 4:
        raise OSError(28, "No space left on device")
    return save(self, name, content)
FileSystemStorage._save = full
try:
    call_command("restore", {archive!r}, replace=True, verbosity=0)
except CommandError as error:
    print(error)
"""


def test_a_storage_that_fails_in_the_middle_is_a_sentence_on_what_is_back_and_what_is_not(lived_in, tmp_path):
    _site, archive = lived_in
    site = Site(tmp_path)
    output = site.run(FULL.format(archive=str(archive)))
    assert "No space left on device" in output
    assert "All rows are back, but not all files" in output
    assert "--replace" in output
    assert len(output.splitlines()) == 1
    site.manage("restore", archive, "--replace")
    assert content(made(site)) == content(archive)


def test_a_database_that_fails_in_the_middle_is_a_sentence_too(lived_in, tmp_path):
    _site, archive = lived_in
    (tmp_path / "site.sqlite3").write_bytes(b"")
    full = "from django.db import OperationalError; from learningcities.operations import backup\n"
    full += 'def fail(*args): raise OperationalError("database or disk is full")\nbackup.read_rows = fail\n'
    output = Site(tmp_path).run(full + FULL.format(archive=str(archive)))
    assert "database or disk is full" in output
    assert "No row and no file of the archive is back" in output


def test_a_site_with_people_is_only_replaced_when_asked_to(lived_in):
    site, archive = lived_in
    done = site.manage("restore", archive, check=False)
    assert "not empty" in done.stderr
    before = content(archive)
    site.run("from learningcities.people.models import User; User.objects.update(first_name='X')")
    site.manage("restore", archive, "--replace")
    assert content(made(site)) == before


def test_old_archives_make_room(lived_in, tmp_path):
    site, _archive = lived_in
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in range(4):
        (folder / f"site-2020-01-0{day + 1}-000000.tar.gz").write_bytes(b"old")
    site.manage("backup", "--folder", folder, "--keep", 2)
    names = sorted(path.name for path in folder.glob("site-*"))
    assert len(names) == 2
    assert names[0].startswith("site-2020-01-04")


def test_a_site_moves_to_postgresql_and_back_without_losing_anything(lived_in, tmp_path, postgresql):
    if not postgresql:
        pytest.skip("a move to PostgreSQL is tried where the tests run on it")
    _site, archive = lived_in
    before = content(archive)
    moved = Site(tmp_path / "there", postgresql)
    moved.manage("restore", archive)
    archive = made(moved)
    assert content(archive) == before
    back = Site(tmp_path / "back")
    back.manage("restore", archive)
    assert content(made(back)) == before
