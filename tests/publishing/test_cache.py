"""What is computed from the content is computed once, and nobody who waits for it can be made to wait for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.utils import timezone

from learningcities import bounds
from learningcities.publishing.version import content_version, version_cache


@pytest.fixture(autouse=True)
def reading(monkeypatch):
    """A state of the content that nothing else has."""
    found = content_version.Version(content_version.new_stamp(), timezone.now())
    monkeypatch.setattr(content_version.ContentVersion, "current", lambda: found)
    return found


@pytest.fixture
def pool():
    with ThreadPoolExecutor() as pool:
        yield pool


def test_many_who_ask_at_once_let_one_of_them_build(pool):
    built, begun = [], Event()

    def build(moment):
        built.append(moment)
        begun.wait(0.1)
        return object()

    answers = [pool.submit(version_cache.cached, "name", build) for _ in range(5)]
    assert len({answer.result() for answer in answers}) == 1
    assert len(built) == 1


def test_who_builds_holds_nobody_up_who_asks_for_something_else_and_the_rest_not_for_long(pool, monkeypatch):
    monkeypatch.setattr(bounds, "CACHE_WAIT_SECONDS", 0.05)
    begun, end = Event(), Event()

    def slow(moment):
        begun.set()
        end.wait(10)
        return "late"

    first = pool.submit(version_cache.cached, "name", slow)
    begun.wait(10)
    try:
        assert version_cache.cached("other", lambda moment: "at once") == "at once"
        assert version_cache.cached("name", lambda moment: "built twice") == "built twice"
    finally:
        end.set()
    assert first.result() == version_cache.cached("name", slow) == "built twice"


def test_a_build_that_fails_leaves_the_next_one_its_turn():
    with pytest.raises(ZeroDivisionError):
        version_cache.cached("name", lambda moment: 1 / 0)
    assert version_cache.cached("name", lambda moment: 1) == 1


def test_only_the_last_readings_are_kept(reading):
    readings = [reading._replace(stamp=str(number)) for number in range(5)]
    stores = [version_cache.cache_of(one) for one in readings]
    assert list(version_cache._caches) == readings[-bounds.CACHED_VERSIONS :]
    assert version_cache.cache_of(readings[-1]) is stores[-1]
