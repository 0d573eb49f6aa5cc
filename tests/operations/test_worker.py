"""A worker that answers nobody any more is told of and replaced, on a real server."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException

from .site import Server, Site

THREADS = 4


def stand(server, number):
    """So many visitors whose requests are never answered; how to wait for their end."""

    def ask():
        with suppress(OSError, HTTPException):
            server.get("/stand")

    pool = ThreadPoolExecutor(number)
    for _ in range(number):
        pool.submit(ask)
    return pool


def test_a_worker_without_a_free_thread_is_replaced_and_healthz_tells_of_it_and_one_with_a_free_thread_stays(tmp_path):
    with Server(Site(tmp_path), "tests.operations.standing") as server:
        first = server.get("/process")[2]
        some = stand(server, THREADS - 1)
        time.sleep(1)
        assert server.get("/process")[2] == first
        assert server.get("/healthz")[0] == 200
        last = stand(server, 1)
        some.shutdown()
        last.shutdown()
        assert server.get("/process")[2] != first
        status, _headers, said = server.get("/healthz")
        assert (status, said) == (503, "a worker was stuck and has been replaced\n")
        (tmp_path / "stuck").unlink()
        assert server.get("/healthz")[0] == 200
    assert "in application" in (tmp_path / "server.log").read_text()
