"""Two people, or two presses, at the same moment: each has a connection of its own, as in two workers."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import BrokenBarrierError

from django.db import connection


def at_once(*acts):
    """What each of these gives, done together."""

    def alone(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


def meeting(act, barrier):
    """The same act, whose doers wait for each other after it, as long as the other can come."""

    def met(*args, **kwargs):
        result = act(*args, **kwargs)
        with suppress(BrokenBarrierError):
            barrier.wait()
        return result

    return met
