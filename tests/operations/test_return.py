"""The database and the cache go away while the site runs, and come back: it says so, loses nothing, needs no hand."""

import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.conftest import thorough

from .helpers import ADD, Desk, Server, Site, losses, photo, save

pytestmark = thorough

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)
REDIS = shutil.which("redis-server")
WORKERS, THREADS = 2, 4
PAGE = "/fr/villes/benguerir/"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Cluster:
    """A PostgreSQL of its own, in a folder of its own; it refuses to run as root."""

    def __init__(self, folder):
        self.folder, self.port = folder / "data", free_port()
        self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.owner:
            shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-A", "trust", "-U", "site", "-E", "UTF8", "--no-locale", "--no-sync")
        self.address = f"postgres://site@127.0.0.1:{self.port}/postgres"

    def run(self, name, *arguments):
        command = [str(BINARIES.with_name(name)), "-D", str(self.folder), *arguments]
        # Not a pipe: the server that pg_ctl starts would hold it open.
        with (self.folder.parent / "said").open("wb") as output_file:
            output = {"stdout": output_file, "stderr": output_file, "cwd": self.folder.parent}
            done = subprocess.run(command, check=False, **output, **self.owner)  # noqa: S603
        assert done.returncode == 0, (self.folder.parent / "said").read_text()

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder.parent}"
        self.run("pg_ctl", "start", "-w", "-o", options, "-l", str(self.folder.parent / "log"))

    def stop(self):
        """As if the machine lost its current: nobody says good-bye."""
        self.run("pg_ctl", "stop", "-m", "immediate")

    def connections(self):
        """How many threads of the site are connected."""
        import psycopg

        with psycopg.connect(self.address) as asking:
            clients = (
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return len(asking.execute(clients).fetchall())


class Redis:
    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.address = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        until(lambda: socket.create_connection(("127.0.0.1", self.port)).close() or True)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def until(is_so, seconds=20):
    """Wait for it; what is refused meanwhile is not so yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if is_so():
                return
        time.sleep(0.1)
    raise AssertionError("It has not come about.")


@pytest.fixture
def folder():
    """Outside pytest's own, into which nobody else may look."""
    with tempfile.TemporaryDirectory(prefix="return-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def cluster(folder):
    pytest.importorskip("psycopg", reason="the site's way to PostgreSQL is not installed")
    if not BINARIES:
        pytest.skip("there is no PostgreSQL on this machine to start and stop")
    (folder / "postgresql").mkdir()
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgresql")
    cluster.start()
    yield cluster
    with suppress(AssertionError):
        cluster.stop()


@pytest.fixture
def redis(folder):
    if not REDIS:
        yield None
        return
    pytest.importorskip("redis", reason="the site's way to Redis is not installed")
    (folder / "redis").mkdir()
    redis = Redis(folder / "redis")
    redis.start()
    yield redis
    redis.stop()


#: The number of the photo that is saved once all is over.
AFTER = 3000


class Crowd:
    """Visitors and an editor who go on, whatever they are answered."""

    numbers = itertools.count(1)

    def __init__(self, server, desk):
        self.server, self.desk = server, desk
        self.confirmed, self.read, self.wrong, self.is_over = [], [], [], threading.Event()
        work = [self.visit, self.visit, self.write]
        self.threads = [threading.Thread(target=self.go_on, args=[one]) for one in work]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def go_on(self, work):
        while not self.is_over.is_set():
            try:
                work(secrets.token_hex(4))
            except (OSError, HTTPException) as error:
                self.wrong.append(repr(error))

    def visit(self, word):
        for path in (PAGE, f"/fr/villes/?unknown={word}", f"/ar/search/?q={word}", "/api/v1/cities/", "/admin/login/"):
            self.note(path, self.server.get(path), 200)

    def write(self, word):
        number = next(self.numbers)
        if self.note(ADD, self.desk.send(self.server, ADD, {"word": word}, [("files", photo(number))]), 302):
            self.confirmed.append(f"photo {number}")

    def note(self, path, answer, usual):
        """Whether it was answered as usual; else only the page will do that says when to come again."""
        status, headers, page = answer
        self.read.append(status)
        if status not in (usual, 503) or (status == 503 and not headers["Retry-After"]) or "Traceback" in page:
            self.wrong.append(f"{path}: {status} {page[-2000:]}")
        return status == usual

    def sees(self, status, number=10):
        """Whether so many of the next answers have this status."""
        before = self.read.count(status)
        until(lambda: self.read.count(status) >= before + number or self.wrong)


def statuses(server, number=48):
    """What a rush of visitors to pages that nobody keeps is answered, by all threads of all workers."""
    with ThreadPoolExecutor(16) as pool:
        addresses = [f"/fr/initiatives/?unknown={secrets.token_hex(4)}" for _ in range(number)]
        return {status for status, _headers, _page in pool.map(server.get, addresses)}


def ready(server):
    """What /readyz says is broken; its status goes with it."""
    status, _headers, body = server.get("/readyz")
    parts = json.loads(body)
    broken = {part for part, state in parts.items() if state == "broken"}
    assert (status, parts["ready"]) == ((503, False) if broken else (200, True))
    return broken


def fill(server, cluster):
    """Have more threads connected than one worker has."""
    until(lambda: statuses(server) == {200} and cluster.connections() > THREADS)


def test_a_database_that_went_down_hard_and_came_back_is_used_again_by_every_worker(folder, cluster, redis):
    site = Site(folder, cluster.address, **({"CACHE_URL": redis.address} if redis else {})).begin()
    desk = Desk(site)
    with Server(site, workers=WORKERS) as server:
        fill(server, cluster)
        assert ready(server) == set()
        with Crowd(server, desk) as crowd:
            until(lambda: len(crowd.confirmed) > 1)
            cluster.stop()
            assert {"database"} <= ready(server) <= {"database", "migrations"}
            crowd.sees(503)
            assert server.get("/healthz")[0] == 200
            cluster.start()
            until(lambda: ready(server) == set())
            before = len(crowd.confirmed)
            until(lambda: len(crowd.confirmed) > before)
        fill(server, cluster)
        assert crowd.wrong == []

        # Nobody came while it was away: no thread has met the outage when it is over.
        cluster.stop()
        cluster.start()
        assert statuses(server) == {200}
        assert save(desk, server, AFTER)
        confirmed = [*crowd.confirmed, f"photo {AFTER}"]
        if redis:
            confirmed += saved_without_cache(server, desk, redis)
    assert losses(site, confirmed) == []


def saved_without_cache(server, desk, redis):
    """Whatever Redis does, pages come and what is sent is saved; what was confirmed."""
    with Crowd(server, desk) as crowd:
        crowd.sees(200)
        redis.stop()
        assert ready(server) == {"cache"}
        confirmed = len(crowd.confirmed)
        crowd.sees(200)
        until(lambda: len(crowd.confirmed) > confirmed)
        redis.start()
        until(lambda: ready(server) == set())
        crowd.sees(200)
    assert crowd.wrong == []
    assert set(crowd.read) == {200, 302}
    return crowd.confirmed
