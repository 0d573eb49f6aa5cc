"""What a process computes from public content, cached for one version of it: never cleared, and never stale."""

from threading import Lock

from learningcities import bounds

from .content_version import ContentVersion

_caches = {}


def cached(name, build):
    """What `build(moment)` computes from public content, computed once for each version and process.

    It is never cleared and never stale: another state of the content is another version.
    """
    version = ContentVersion.current()
    if not version.stamp:
        return build(version.moment)
    cache = cache_of(version)
    if name not in cache:
        turn = cache.turns.setdefault(name, Lock())
        is_mine = turn.acquire(timeout=bounds.CACHE_WAIT_SECONDS)
        try:
            if name not in cache:
                cache.setdefault(name, build(version.moment))
        finally:
            if is_mine:
                turn.release()
    return cache[name]


class VersionCache(dict):
    """All that is cached of a version, by its name; `turns` has a lock for each name that is being built."""

    def __init__(self):
        super().__init__()
        self.turns = {}


class BoundedCache(dict):
    """Values that weigh no more than `most` together: the oldest make room for new ones."""

    def __init__(self, most, weigh=lambda value: 1):
        super().__init__()
        self.most, self.weigh, self.weight, self.lock = most, weigh, 0, Lock()

    def store(self, key, value):
        with self.lock:
            if key in self:
                return self[key]
            self[key] = value
            self.weight += self.weigh(value)
            while self.weight > self.most:
                self.weight -= self.weigh(self.pop(next(iter(self))))
        return value


def cache_of(version):
    """All that is cached of a version. Without a lock: each line is one step of a dictionary."""
    if (cache := _caches.get(version)) is None:
        cache = _caches.setdefault(version, VersionCache())
        for old in list(_caches)[: -bounds.CACHED_VERSIONS]:
            _caches.pop(old, None)
    return cache
