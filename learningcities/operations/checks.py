"""The parts that the site stands on: each is used once, and says in a sentence what is wrong with it."""

import secrets

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def database():
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations():
    if missing := len(pending()):
        raise BrokenError(f"{missing} migrations are missing: run `manage.py migrate`.")


def pending():
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def shared_cache():
    """Redis forgives where it is away, so it is asked whether it has kept what it was given."""
    key, value = f"check:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, 10)
    if cache.get(key) != value:
        raise BrokenError("The cache doesn't answer: look at CACHE_URL.")
    cache.delete(key)


def storage():
    name = f"check-{secrets.token_hex(8)}"
    try:
        default_storage.save(name, ContentFile(b"check"))
    finally:
        # A full disk takes the name of a file and not what is in it.
        default_storage.delete(name)


#: What /readyz asks.
PARTS = {"database": database, "migrations": migrations, "cache": shared_cache, "storage": storage}


class BrokenError(Exception):
    """A part answers, but not as it should."""


def wrong(part):
    """The sentence that says what is wrong with a part, or nothing."""
    try:
        PARTS[part]()
    except BrokenError as error:
        return str(error)
    except Exception as error:
        return f"The {part} can't be used ({type(error).__name__})."
    return ""
