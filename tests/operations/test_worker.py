"""A worker that answers nobody any more is told of and replaced."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from types import SimpleNamespace

import pytest

from learningcities import bounds
from learningcities.operations import health
from learningcities.operations.gunicorn_worker import Worker
from tests.conftest import thorough

from .helpers import Server, Site

THREADS = 4
LONG, SHORT = bounds.WORKER_BUSY_SECONDS + 1, bounds.WORKER_BUSY_SECONDS - 5


@pytest.mark.parametrize(
    ("busy", "is_stuck"),
    [([], False), ([LONG], False), ([LONG, SHORT], False), ([LONG, LONG], True), ([LONG, LONG * 9], True)],
)
def test_a_worker_is_stuck_once_all_its_threads_have_been_busy_for_a_minute(busy, is_stuck):
    worker = Worker.__new__(Worker)
    worker.cfg = SimpleNamespace(threads=2)
    worker.busy = {number: time.monotonic() - seconds for number, seconds in enumerate(busy)}
    assert worker.is_stuck() == is_stuck


def test_all_workers_tell_for_a_minute_of_one_that_was_stuck(client, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "STUCK", tmp_path / "stuck")
    assert client.get("/healthz").status_code == 200
    health.tell_of_stuck()
    assert client.get("/healthz").status_code == 503
    then = time.time() - health.TOLD - 1
    os.utime(health.STUCK, (then, then))
    assert client.get("/healthz").status_code == 200


def stand(server, number):
    """So many visitors whose requests are never answered; how to wait for their end."""

    def ask():
        with suppress(OSError, HTTPException):
            server.get("/stand")

    pool = ThreadPoolExecutor(number)
    for _ in range(number):
        pool.submit(ask)
    return pool


@thorough
def test_a_worker_without_a_free_thread_is_replaced_and_healthz_tells_of_it_and_one_with_a_free_thread_stays(tmp_path):
    with Server(Site(tmp_path), "tests.operations.inside.standing") as server:
        first = server.get("/process")[2]
        some = stand(server, THREADS - 1)
        time.sleep(1)
        assert server.get("/process")[2] == first
        assert server.get("/healthz")[0] == 200
        last = stand(server, 1)
        some.shutdown()
        last.shutdown()
        assert server.get("/process")[2] != first
        status, _headers, body = server.get("/healthz")
        assert (status, body) == (503, "a worker was stuck and has been replaced\n")
        (tmp_path / "stuck").unlink()
        assert server.get("/healthz")[0] == 200
    assert "in application" in (tmp_path / "server.log").read_text()
