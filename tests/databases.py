"""The tests' database: migrated once for each state of the migrations, then copied.

To migrate takes seconds in each worker, so the result is kept: for SQLite as a file in var/tests, for PostgreSQL as a
database beside the one of the tests. Its name is a hash of all that migrations follow from.
"""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.test.utils import setup_databases

TOP = Path(__file__).parents[1]


def migrations_hash():
    """Of the migrations, the words they bring along, and the packages."""
    folders = sorted(Path(app.path) / "migrations" for app in apps.get_app_configs() if TOP in Path(app.path).parents)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".toml")]
    digest = hashlib.blake2b(repr(settings.LANGUAGES).encode(), digest_size=6)
    for path in [*files, TOP / "requirements.txt"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def make_database():
    """The tests' database, as teardown_databases takes it. What newer migrations ask for is done to a copy as well."""
    is_file = connection.vendor == "sqlite"
    kept = (KeptFile if is_file else KeptDatabase)(migrations_hash())
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=(), keepdb=kept.exists and is_file)
    if not kept.exists:
        kept.keep()
    return made


class KeptFile:
    """Of SQLite."""

    def __init__(self, key):
        self.folder = TOP / "var" / "tests"
        self.path = self.folder / f"{key}.sqlite3"
        self.exists = self.path.exists()
        if self.exists:
            shutil.copyfile(self.path, connection.settings_dict["TEST"]["NAME"])

    def keep(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(f".{os.getpid()}")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(new)])
        for older in self.folder.glob("*.sqlite3"):
            older.unlink(missing_ok=True)
        new.replace(self.path)


class KeptDatabase:
    """Of PostgreSQL, which copies one that nobody is connected to."""

    def __init__(self, key):
        self.family = f"kept_{connection.settings_dict['NAME']}_"
        self.name = self.family + key
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            self.exists = bool(cursor.fetchone())
        connection.settings_dict["TEST"]["TEMPLATE"] = self.name if self.exists else None

    def keep(self):
        name = connection.settings_dict["NAME"]
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.family])
            for (older,) in cursor.fetchall():
                cursor.execute(f'DROP DATABASE IF EXISTS "{older}"')
            with suppress(DatabaseError):  # Another worker has kept its own meanwhile.
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{name}"')
