"""A backup: all rows of a site in one archive and its files beside it, which any database the site can use takes in.

    site-<moment>.tar.gz         with BACKUP_KEY encrypted, and named .tar.gz.enc
        data/<app>.<model>.jsonl a row a line, by the names of the columns
        manifest.json            what the archive holds, with a checksum of each member and each file; written last
    files/...                    the files of all archives, each once (file_store.py)

Rows are taken from one snapshot of the database, so the site may go on; files never change once they are stored. They
go back in raw: nothing is recorded, mailed or computed anew. What can be made from the rest (the words of the search),
opens a session, or holds links that still work (mails that wait) stays out. Archives of form 1 hold their files.
"""

import fcntl
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.sql import InsertQuery
from django.utils import timezone

from learningcities.web.errors import is_outage

from .checks import pending, wrong
from .encryption import Decrypting, DecryptionError, Encrypting, is_encrypted
from .file_store import FileStore, measured

LEFT_OUT = (
    "search.entry",
    "people.attempt",
    "sessions.session",
    "usersessions.usersession",
    "publishing.presence",
    "operations.queuedmail",
    "operations.letter",  # what queued mail was called until November 2026
    "reports.quota",
)
FORMS = (1, 2)
BATCH = 500
NAME = "site-%Y-%m-%d-%H%M%S"


class BackupError(Exception):
    """A sentence for the operator."""


# Making one


def make(folder, keep, tell):
    """Write an archive into the folder, then leave only the newest ones there, with their files; its path."""
    if pending():
        raise BackupError("Migrations are missing: run `manage.py migrate` before a backup.")
    folder.mkdir(parents=True, exist_ok=True)
    store = FileStore(folder / "files", settings.BACKUP_KEY)
    with alone(folder):
        begun = timezone.now()
        name = f"{begun.astimezone(UTC):{NAME}}.tar.gz{'.enc' if store.key else ''}"
        unfinished = folder / f".{name}"
        with unfinished.open("wb") as file:
            unfinished.chmod(0o600)
            if store.key:
                with closing(Encrypting(file, store.key, store.salt())) as encrypting:
                    write(encrypting, store, begun, tell)
            else:
                write(file, store, begun, tell)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(folder / name)
        for old in archives(folder)[:-keep]:
            old.unlink()
        prune(folder, store)
    return folder / name


def archives(folder):
    """The oldest first."""
    return sorted([*folder.glob("site-*.tar.gz"), *folder.glob("site-*.tar.gz.enc")])


@contextmanager
def alone(folder):
    """One backup at a time; what one that was killed has left goes."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being made in this folder.") from None
        try:
            yield
        finally:
            for left in folder.glob(".site-*"):
                left.unlink()


def prune(folder, store):
    """Files that no archive in the folder needs go; not where one has a name of its own, which tells no moment."""
    try:
        begun = [datetime.strptime(f"{path.name.partition('.')[0]}Z", f"{NAME}%z") for path in archives(folder)]
    except ValueError:
        return
    store.prune(min(begun).timestamp())


def write(file, store, begun, tell):
    members, files = {}, {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        with snapshot():
            applied = list(MigrationExecutor(connection).loader.applied_migrations)
            counters = {model._meta.label_lower: counter(model) for model in kept_models() if is_counted(model)}
            for model in kept_models():
                with tempfile.TemporaryFile() as lines:
                    number = write_rows(model, lines)
                    name = f"data/{model._meta.label_lower}.jsonl"
                    members[name] = add_file(archive, name, lines) | {"rows": number}
                tell(f"{number:>8} {model._meta.label_lower}")
        names = list(stored_files())
        for number, name in enumerate(names, start=1):
            with default_storage.open(name) as stored:
                files[name] = store.put(stored, begun.timestamp())
            if number % 500 == 0 or number == len(names):
                tell(f"{number:>8} of {len(names)} files")
        manifest = {
            "form": FORMS[-1],
            "made_at": timezone.localtime(begun).isoformat(timespec="seconds"),
            "release": settings.RELEASE,
            "migrations": sorted(map(list, applied)),
            "counters": counters,
            "members": members,
            "files": files,
        }
        add_file(archive, "manifest.json", BytesIO(json.dumps(manifest, indent=1).encode()))


def add_file(archive, name, file):
    """Add one member; how large it is, and its checksum."""
    file.seek(0)
    size, digest = measured(file)
    file.seek(0)
    member = tarfile.TarInfo(name)
    member.size = size
    archive.addfile(member, file)
    return {"size": size, "sha256": digest}


@contextmanager
def snapshot():
    """All that is read inside is of one moment; nobody who writes has to wait."""
    if connection.vendor == "sqlite":
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = usual


def kept_models(registry=apps):
    models = registry.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy and not is_left_out(model)]


def is_left_out(model):
    return model._meta.label_lower in LEFT_OUT


def write_rows(model, file):
    fields, number = model._meta.local_concrete_fields, 0
    for row in model._base_manager.order_by("pk").iterator(chunk_size=BATCH):
        line = {field.attname: value_of(field, row) for field in fields}
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        number += 1
    return number


def value_of(field, row):
    """As JSON says it without loss, else as the field's own text."""
    value = field.value_from_object(row)
    is_plain = value is None or isinstance(value, (bool, int, float)) or isinstance(field, models.JSONField)
    return value if is_plain else field.value_to_string(row)


def stored_files(folder=""):
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    inside = f"{folder}/" if folder else ""
    yield from (inside + name for name in sorted(files))
    for name in sorted(folders):
        yield from stored_files(inside + name)


# The numbers that a database gives: one that was given is never given again, since the record may still name it.


def is_counted(model):
    return isinstance(model._meta.auto_field, models.AutoField) and model._meta.auto_field is model._meta.pk


def counter(model):
    """The last number that was given to a row."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute("SELECT pg_sequence_last_value(%s::regclass)", [sequence(cursor, model)])
        row = cursor.fetchone()
    return (row and row[0]) or 0


def set_counter(model, last):
    table = model._meta.db_table
    last = max(last, model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute("SELECT setval(%s, %s, %s)", [sequence(cursor, model), max(last, 1), last > 0])


def sequence(cursor, model):
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
    return cursor.fetchone()[0]


# Taking one in


def restore(path, replace, tell):
    """Bring the archive's rows and files into an empty site, in the words of its own release, then migrate them."""
    with unpacked(path, tell) as (folder, manifest):
        executor = MigrationExecutor(connection)
        targets = newest(executor, {tuple(key) for key in manifest["migrations"]})
        refuse_unknown(manifest, executor.loader.project_state(targets))
        tables = connection.introspection.table_names()
        if not replace and has_rows(tables):
            raise BackupError("The database is not empty. A backup of it first, then --replace empties it.")
        if sentence := wrong("storage"):
            raise BackupError(f"{sentence} Nothing was touched.")
        with ending_in("No row and no file of the archive is back, and the tables may be gone."):
            if tables:
                drop(tables)
                executor = MigrationExecutor(connection)
            tell("Making the tables of the archive's release ...")
            state = executor.migrate(targets)
            restore_rows(folder, manifest, state, tell)
        with ending_in("All rows are back, but not all files: pages would lack photos."):
            for number, name in enumerate(restore_files(folder, manifest, store_of(path)), start=1):
                if number % 500 == 0:
                    tell(f"{number:>8} files, {name}")
        tell("Bringing everything to the present release, and the words to the search ...")
        with ending_in("All rows and files are back, but the tables are not those of the present release."):
            call_command("migrate", verbosity=0)


@contextmanager
def ending_in(state):
    """An outage in the middle is told in a sentence, with the state that it leaves the site in."""
    try:
        yield
    except Exception as error:
        if not is_outage(error):
            raise
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        advice = "Keep the site closed, mend the cause, and give the same command again with --replace."
        raise BackupError(f"The restore has stopped half way ({cause}). {state} {advice}") from error


def restore_rows(folder, manifest, state, tell):
    """All of them or none."""
    models_by_label = by_label(state)
    with transaction.atomic():
        empty(kept_models(state.apps))
        for label, member in tables_of(manifest):
            with (folder / f"data/{label}.jsonl").open() as lines:
                read_rows(models_by_label[label], lines)
            tell(f"{member['rows']:>8} {label}")
        for label, last in manifest["counters"].items():
            if label not in LEFT_OUT:
                set_counter(models_by_label[label], last)


def by_label(state):
    """The models of a release by their labels and, since the release before may have made the archive on tables that
    this one had migrated, by the earlier ones: a renamed model keeps its table."""
    kept = kept_models(state.apps)
    by_table = {model._meta.db_table.replace("_", ".", 1): model for model in kept}
    return by_table | {model._meta.label_lower: model for model in kept}


def tables_of(manifest):
    """The tables of an archive that are brought back; an older one also holds what stays out today."""
    for name, member in manifest["members"].items():
        label = name.removeprefix("data/").removesuffix(".jsonl")
        if name.startswith("data/") and label not in LEFT_OUT:
            yield label, member


def refuse_unknown(manifest, state):
    """Before anything is touched: what has no table in the archive's own release."""
    named = {label for label, _member in tables_of(manifest)} | set(manifest["counters"]) - set(LEFT_OUT)
    if unknown := sorted(named - by_label(state).keys()):
        raise BackupError(f"The archive has rows of {unknown[0]}, which this release doesn't know.")


@contextmanager
def unpacked(path, tell):
    """The members in a folder of their own, each compared with its checksum before anything is touched."""
    with tempfile.TemporaryDirectory(prefix="restore-") as name:
        folder = Path(name)
        tell("Comparing the archive with its checksums ...")
        try:
            with path.open("rb") as file:
                content = Decrypting(file, settings.BACKUP_KEY) if is_encrypted(file) else file
                with tarfile.open(fileobj=content, mode="r|gz") as archive:
                    unpack(archive, folder)
                while content.read(2**20):  # to its end, so that nothing of it is missing
                    pass
            manifest = json.loads((folder / "manifest.json").read_text())
        except DecryptionError as error:
            raise BackupError(f"{path} can't be read. {error}") from error
        except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
            raise BackupError(f"{path} is no complete backup of a site ({type(error).__name__}).") from error
        if manifest.get("form") not in FORMS:
            raise BackupError(f"{path} was made by another release, in a form that this one can't read.")
        compare(path, folder, manifest)
        yield folder, manifest


def compare(path, folder, manifest):
    """Each member and each file of the archive with its checksum."""
    for name, entry in manifest["members"].items():
        with (folder / name).open("rb") if (folder / name).is_file() else BytesIO() as member:
            if measured(member) != (entry["size"], entry["sha256"]):
                raise BackupError(f"{path} is damaged: {name} is not what it was.")
    store = store_of(path)
    for name, entry in manifest.get("files", {}).items():
        try:
            is_there = store.has(entry)
        except DecryptionError as error:
            raise BackupError(f"{store.path(entry['stored'])} can't be read. {error}") from error
        if not is_there:
            advice = "The folder of the archive has a folder `files`: it belongs to the archive."
            raise BackupError(f"{name} is missing or not what it was in {store.folder}. {advice}")


def store_of(path):
    """The files of an archive lie beside it."""
    return FileStore(path.parent / "files", settings.BACKUP_KEY)


def unpack(archive, folder):
    """The files, and nothing that leads out of the folder; Debian 12 has a Python whose tarfile can't filter."""
    for member in archive:
        to = folder / member.name
        if ".." in to.parts or not to.is_relative_to(folder) or not (member.isfile() or member.isdir()):
            raise tarfile.ExtractError(member.name)
        if member.isfile():
            to.parent.mkdir(parents=True, exist_ok=True)
            with to.open("wb") as file:
                shutil.copyfileobj(archive.extractfile(member), file)


def newest(executor, applied):
    """The last migrations of each app that the archive's release had."""
    graph = executor.loader.graph
    if unknown := sorted(key for key in applied - set(graph.nodes) if key not in executor.loader.replacements):
        raise BackupError(f"The archive is of a newer release, which had {unknown[0][0]}.{unknown[0][1]}.")
    applied &= set(graph.nodes)
    older = {(parent.key, key[0]) for key in applied for parent in graph.node_map[key].parents}
    return [key for key in applied if (key, key[0]) not in older]


def has_rows(tables):
    """Whether someone has worked here: a site that was only migrated has no users."""
    people = get_user_model()
    return people._meta.db_table in tables and people._base_manager.exists()


def drop(tables):
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cascade = " CASCADE" if connection.vendor == "postgresql" else ""
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{cascade}")


def empty(found):
    """The rows that migrations have brought: the archive has its own."""
    tables = [model._meta.db_table for model in found]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))


def read_rows(model, lines):
    fields = model._meta.local_concrete_fields
    size = max(1, min(BATCH, connection.ops.bulk_batch_size(fields, [None] * BATCH)))
    rows = []
    for line in lines:
        values = json.loads(line)
        # A renamed field keeps its column, and the release before names it by that.
        names = {field: field.attname if field.attname in values else field.column for field in fields}
        # What this release has added, the release before doesn't say.
        known = {field: values[name] for field, name in names.items() if name in values}
        rows.append(model(**{field.attname: read_value(field, value) for field, value in known.items()}))
        if len(rows) == size:
            insert(model, fields, rows)
            rows = []
    if rows:
        insert(model, fields, rows)


def read_value(field, value):
    """A file's name is taken as it is: the files come after the rows."""
    return value if isinstance(field, models.FileField) else field.to_python(value)


def insert(model, fields, rows):
    """Every value as it was: no field computes it anew (raw), no signal is sent."""
    query = InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(connection=connection).execute_sql()


def restore_files(folder, manifest, store):
    inside = {
        name.removeprefix("media/"): entry for name, entry in manifest["members"].items() if name.startswith("media/")
    }
    for name, entry in (inside | manifest.get("files", {})).items():
        if default_storage.exists(name):
            if default_storage.size(name) == entry["size"]:
                continue
            default_storage.delete(name)
        path = store.path(entry["stored"]) if "stored" in entry else folder / "media" / name
        with path.open("rb") as stored, tempfile.TemporaryFile() as file:
            shutil.copyfileobj(store.opened(path.name, stored), file)
            file.seek(0)
            default_storage.save(name, File(file))
        yield name
