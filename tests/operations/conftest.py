from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from .site import Site


@pytest.fixture
def postgresql():
    """The address of an empty PostgreSQL database, or nothing where the tests run on SQLite."""
    if connection.vendor != "postgresql":
        yield ""
        return
    import psycopg

    given = settings.DATABASES["default"]
    name = f"site_{uuid4().hex[:12]}"
    host, port = given["HOST"] or "127.0.0.1", given["PORT"] or 5432
    server = {"host": host, "port": port, "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as open_:
        open_.execute(f"CREATE DATABASE {name}")
        yield f"postgres://{given['USER']}:{quote(given['PASSWORD'])}@{host}:{port}/{name}"
        open_.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def live(tmp_path, postgresql):
    """A site with the starting content, on the kind of database that the tests run on."""
    return Site(tmp_path, postgresql).begin()
