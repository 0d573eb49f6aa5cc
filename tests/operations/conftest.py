import shutil
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from .site import Site


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

    def move():
        settings.MEDIA_ROOT = tmp_path / "other" / "media"
        (tmp_path / "other").mkdir()
        other = connections.create_connection("default")
        name = address.rpartition("/")[2] or str(tmp_path / "other" / "site.sqlite3")
        other.settings_dict = usual.settings_dict | {"NAME": name}
        connections["default"] = other
        ContentType.objects.clear_cache()

    usual = connections["default"]
    with django_db_blocker.unblock(), database() as address:
        yield move
        if connections["default"] is not usual:
            connections["default"].close()
        connections["default"] = usual
        ContentType.objects.clear_cache()
