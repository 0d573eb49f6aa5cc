"""What is in an archive, who can read it, and that nothing is touched by one that can't be taken in."""

import json
import os
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cities.models import City, Photo
from learningcities.operations import backup
from learningcities.operations.encryption import (
    HEADER,
    PIECE,
    TAG,
    Decrypting,
    DecryptionError,
    Encrypting,
    encrypted_size,
)
from learningcities.operations.models import QueuedMail
from learningcities.people.models import User
from tests import factories
from tests.conftest import thorough

KEY = "a text of more than twenty letters"


@pytest.fixture
def site(db, settings, tmp_path):
    """A site with a photo, someone who is logged in, and a letter that waits; its backups lie in a folder."""
    if connection.vendor != "sqlite":
        pytest.skip("the commands themselves are tried on PostgreSQL in test_backup.py")
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    city = factories.make_city(name_fr="Benguérir")
    factories.make_photo(city, credit="Ä « œuvre » 😀")
    person = User.objects.create_user("amina", password="secret")
    UserSession.objects.create(user=person, session_key="thekeyofalivelogin", ip="192.0.2.1", user_agent="x")
    QueuedMail.objects.create(
        to=["a@example.org"], sender="s@example.org", subject="s", body="https://site/reset/token/"
    )
    return tmp_path / "backups"


def made(folder, **options):
    call_command("backup", folder=folder, verbosity=0, **options)
    return backup.archives(folder)[-1]


def manifest_of(path):
    with tarfile.open(path) as archive:
        return json.load(archive.extractfile("manifest.json"))


def test_what_an_archive_holds_is_no_login_no_letter_and_no_file(site):
    archive = made(site)
    text = all_text(archive)
    assert "Benguérir" in text
    assert "thekeyofalivelogin" not in text
    assert "reset/token" not in text
    assert "media/" not in " ".join(manifest_of(archive)["members"])
    assert manifest_of(archive)["files"].keys() == set(backup.stored_files())


def all_text(archive):
    with tarfile.open(archive) as opened:
        return "".join(opened.extractfile(member).read().decode(errors="replace") for member in opened)


@thorough
def test_an_encrypted_archive_and_its_files_bring_a_site_back(site, other_site, settings, monkeypatch):
    settings.BACKUP_KEY = KEY
    archive = made(site)
    everything = b"".join(path.read_bytes() for path in site.rglob("*") if path.is_file())
    name = Photo.objects.get().file.name
    with default_storage.open(name) as file:
        photo = file.read()
    assert b"Beng" not in everything
    assert photo[100:200] not in everything
    other_site()
    for key, sentence in (("", "put the BACKUP_KEY"), (KEY + "x", "BACKUP_KEY is not the one")):
        settings.BACKUP_KEY = key
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", archive)
    assert not connection.introspection.table_names()
    settings.BACKUP_KEY = KEY
    call_command("restore", archive, verbosity=0)
    assert City.objects.get().name_fr == "Benguérir"
    assert Photo.objects.get().credit == "Ä « œuvre » 😀"
    with default_storage.open(name) as file:
        assert file.read() == photo
    assert not UserSession.objects.exists()
    assert not QueuedMail.objects.exists()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", archive)


def written(path, content, manifest):
    with tarfile.open(path, "w:gz") as archive:
        members = {name: backup.add_file(archive, name, BytesIO(data)) for name, data in content.items()}
        for name, member in members.items():
            member["rows"] = content[name].count(b"\n")
        backup.add_file(archive, "manifest.json", BytesIO(json.dumps(manifest | {"members": members}).encode()))
    return path


# What is refused, before anything is touched


@pytest.fixture
def refused(monkeypatch):
    """The sentence with which an archive is refused, for certain before a table is dropped."""
    monkeypatch.setattr(backup, "drop", lambda tables: pytest.fail("a table is dropped"))

    def refused(path, **options):
        with pytest.raises(CommandError) as error:
            call_command("restore", path, replace=True, verbosity=0, **options)
        assert len(str(error.value).splitlines()) == 1
        return str(error.value)

    return refused


def test_what_is_damaged_or_of_another_kind_touches_nothing(site, refused, tmp_path):
    archive = made(site)
    (tmp_path / "cut.tar.gz").write_bytes(archive.read_bytes()[:-2000])
    (tmp_path / "other.tar.gz").write_bytes(b"no archive")
    for name in ("cut.tar.gz", "other.tar.gz", "none.tar.gz"):
        assert "no complete backup" in refused(tmp_path / name)


def test_one_changed_word_is_noticed(site, refused, tmp_path):
    archive = made(site)
    with tarfile.open(archive) as old, tarfile.open(tmp_path / "changed.tar.gz", "w:gz") as new:
        for member in old:
            data = old.extractfile(member).read()
            if member.name == "data/cities.city.jsonl":
                data = data.replace("Benguérir".encode(), b"Ailleurs!!")
            member.size = len(data)
            new.addfile(member, BytesIO(data))
    assert "data/cities.city.jsonl is not what it was" in refused(tmp_path / "changed.tar.gz")


def test_rows_without_a_table_are_named_before_anything_is_dropped(site, refused, tmp_path):
    with tarfile.open(made(site)) as now:
        content = {member.name: now.extractfile(member).read() for member in now}
    manifest = json.loads(content.pop("manifest.json"))
    odd = written(tmp_path / "odd.tar.gz", content | {"data/cities.ghost.jsonl": b"{}\n"}, manifest | {"files": {}})
    assert "rows of cities.ghost" in refused(odd)


def test_a_file_that_is_missing_or_damaged_in_the_folder_beside_is_named(site, refused):
    archive = made(site)
    name = Photo.objects.get().file.name
    stored = site / "files" / manifest_of(archive)["files"][name]["stored"][:2]
    [path] = stored.iterdir()
    path.write_bytes(b"x" * path.stat().st_size)
    assert f"{name} is missing or not what it was" in refused(archive)
    path.unlink()
    assert f"{name} is missing or not what it was" in refused(archive)


def test_nothing_is_unpacked_outside(refused, tmp_path, db):
    link = tarfile.TarInfo("media/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for member in (tarfile.TarInfo("../outside"), tarfile.TarInfo(f"{tmp_path}/outside"), link):
        with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
            archive.addfile(member)
        assert "ExtractError" in refused(tmp_path / "evil.tar.gz")
        assert not list(tmp_path.rglob("outside"))


def test_a_storage_that_can_not_be_written_to_is_named(site, refused, settings, tmp_path):
    archive = made(site)
    (tmp_path / "no-folder").write_text("")
    settings.MEDIA_ROOT = tmp_path / "no-folder"
    assert "The storage can't be used" in refused(archive)


def test_what_fails_half_way_is_a_sentence_on_what_is_back_and_a_mistake_of_ours_is_none():
    sentence = r"No space left.*All rows are back.*--replace"
    with pytest.raises(backup.BackupError, match=sentence), backup.ending_in("All rows are back, but not all files."):
        raise OSError(28, "No space left on device")
    with pytest.raises(KeyError), backup.ending_in("All rows are back."):
        raise KeyError


def test_a_second_backup_at_the_same_time_is_refused(site):
    site.mkdir()
    with backup.alone(site), pytest.raises(CommandError, match="Another backup"):
        made(site)


# Files lie once beside the archives


@pytest.fixture
def on_day(monkeypatch):
    """Make a backup on a day of January."""

    def make(folder, day, **options):
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: datetime(2026, 1, day, 3, tzinfo=UTC))
            return made(folder, **options)

    return make


def files_of(folder):
    return set((folder / "files").glob("??/*"))


@thorough
@pytest.mark.parametrize("key", ["", KEY])
def test_a_file_lies_once_for_all_archives_and_goes_with_the_last_that_needs_it(site, on_day, settings, key):
    settings.BACKUP_KEY = key
    lost = default_storage.save("photos/lost.jpg", ContentFile(b"lost"))
    on_day(site, 1, keep=3)
    first = files_of(site)
    on_day(site, 2, keep=3)
    assert files_of(site) == first
    default_storage.delete(lost)
    for day in (3, 4):
        on_day(site, day, keep=3)
    assert len(backup.archives(site)) == 3
    assert files_of(site) == first  # that of the second day needs it
    on_day(site, 5, keep=3)
    assert len(files_of(site)) == len(first) - 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*files_of(site), *backup.archives(site)])


@thorough
def test_where_an_archive_has_a_name_of_its_own_no_file_goes(site, on_day):
    lost = default_storage.save("photos/lost.jpg", ContentFile(b"lost"))
    on_day(site, 1).rename(site / "site-before-the-move.tar.gz")
    first = files_of(site)
    default_storage.delete(lost)
    for day in (2, 3, 4):
        on_day(site, day, keep=2)
    assert files_of(site) == first


def test_a_file_that_was_cut_short_is_stored_anew(site):
    archive = made(site)
    path = sorted(files_of(site))[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:10])
    made(site)
    assert path.read_bytes() == whole
    assert archive.exists()


# Pieces


def encrypted(data, text=KEY):
    out = BytesIO()
    with closing(Encrypting(out, text, b"s" * 16)) as file:
        for begin in range(0, len(data), 300_000):
            file.write(data[begin : begin + 300_000])
    return out.getvalue()


def decrypted(data, text=KEY):
    file, found = Decrypting(BytesIO(data), text), b""
    while piece := file.read(500_001):
        found += piece
    return found


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_encrypted_comes_back(size):
    data = os.urandom(size)
    assert decrypted(encrypted(data)) == data
    assert len(encrypted(data)) == encrypted_size(size)


def test_a_piece_that_is_cut_off_altered_moved_doubled_or_foreign_is_refused():
    data = encrypted(bytes(3 * PIECE))
    head, rest = data[:HEADER], data[HEADER:]
    pieces = [rest[begin : begin + PIECE + TAG] for begin in range(0, len(rest), PIECE + TAG)]
    assert decrypted(head + b"".join(pieces)) == bytes(3 * PIECE)
    foreign = encrypted(bytes(3 * PIECE))[HEADER : HEADER + PIECE + TAG]
    for wrong in (
        [],
        pieces[:2],
        pieces[1:],
        [pieces[1], pieces[0], pieces[2]],
        [pieces[0], *pieces],
        [foreign, *pieces[1:]],
        [*pieces, pieces[2]],
        [pieces[0], pieces[1], pieces[2][:-1]],
        [bytes([pieces[0][0] ^ 1]) + pieces[0][1:], *pieces[1:]],
    ):
        with pytest.raises(DecryptionError):
            decrypted(head + b"".join(wrong))
    with pytest.raises(DecryptionError):
        decrypted(data, "another text of twenty letters")
