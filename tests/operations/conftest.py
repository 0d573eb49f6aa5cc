import shutil
from contextlib import ExitStack, contextmanager
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.test import override_settings

from .helpers import Site


@contextmanager
def database(template="template1"):
    """The address of a new PostgreSQL database, or nothing where the tests run on SQLite."""
    if connection.vendor != "postgresql":
        yield ""
        return
    import psycopg

    given = settings.DATABASES["default"]
    name = f"site_{uuid4().hex[:12]}"
    host, port = given["HOST"] or "127.0.0.1", given["PORT"] or 5432
    server = {"host": host, "port": port, "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as open_:
        open_.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"postgres://{given['USER']}:{quote(given['PASSWORD'])}@{host}:{port}/{name}"
        open_.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql():
    with database() as address:
        yield address


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A site with the starting content, which is copied and never served."""
    with database() as address:
        yield Site(tmp_path_factory.mktemp("prepared"), address).begin()


@pytest.fixture
def live(tmp_path, prepared):
    """A site with the starting content, on the kind of database that the tests run on."""
    shutil.copytree(prepared.folder, tmp_path, dirs_exist_ok=True)
    with database(prepared.address.rpartition("/")[2] or "template1") as address:
        yield Site(tmp_path, address)


@pytest.fixture
def other_site(db, tmp_path, settings, django_db_blocker):
    """From its call on the database and the files are others, which are empty."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        yield lambda: stack.enter_context(elsewhere(tmp_path / "other"))


@contextmanager
def elsewhere(folder):
    """Inside, the database and the files are others, which are empty."""
    folder.mkdir()
    usual = connections["default"]
    with database() as address, override_settings(MEDIA_ROOT=folder / "media"):
        other = connections.create_connection("default")
        other.settings_dict = usual.settings_dict | {"NAME": address.rpartition("/")[2] or str(folder / "site.sqlite3")}
        connections["default"] = other
        ContentType.objects.clear_cache()
        try:
            yield
        finally:
            other.close()
            connections["default"] = usual
            ContentType.objects.clear_cache()
