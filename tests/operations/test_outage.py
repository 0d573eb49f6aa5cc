"""A full disk, a database that is busy: a page that says so, and recovery without a hand."""

import sqlite3
import subprocess

import pytest

from tests.conftest import thorough

from .helpers import ADD, Desk, Server, Site, losses, photo, save

pytestmark = [thorough, pytest.mark.django_db]


def refused(desk, server, number):
    """The page that a save gets which can't be kept now."""
    status, headers, page = desk.send(server, ADD, {}, [("files", photo(number))])
    assert (status, headers["Retry-After"]) == (503, "30"), page
    assert '<section lang="ar" dir="rtl">' in page


def test_while_the_database_is_busy_visitors_read_and_a_save_is_refused_whole(tmp_path):
    site = Site(tmp_path).begin()
    desk = Desk(site)
    with Server(site) as server:
        assert save(desk, server, 1)
        other = sqlite3.connect(tmp_path / "site.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert server.get("/fr/villes/benguerir/")[0] == 200
        refused(desk, server, 2)
        other.close()
        assert save(desk, server, 3)
    assert losses(site, ["photo 1", "photo 3"]) == []


@pytest.fixture
def small_disk(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("a small disk can only be made by root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)  # noqa: S603, S607


def test_on_a_full_disk_visitors_read_a_save_is_refused_whole_and_room_is_all_it_needs(small_disk):
    site = Site(small_disk).begin()
    desk, filler = Desk(site), small_disk / "filler"
    with Server(site) as server:
        assert save(desk, server, 1)
        with pytest.raises(OSError, match="space"):
            filler.write_bytes(bytes(16 * 2**20))
        assert server.get("/fr/villes/benguerir/")[0] == 200
        refused(desk, server, 2)
        assert server.get("/readyz")[0] == 503
        filler.unlink()
        assert save(desk, server, 3)
        assert server.get("/readyz")[0] == 200
    assert losses(site, ["photo 1", "photo 3"]) == []
