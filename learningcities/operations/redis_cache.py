"""Redis, which may be away: then nothing is found in it and nothing is cached, and pages come all the same."""

import logging

from django.core.cache.backends import redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def forgiving(method, otherwise):
    """The method of the cache, with what it answers while Redis is away."""

    def call(self, key, *args, **kwargs):
        try:
            return getattr(super(RedisCache, self), method)(key, *args, **kwargs)
        except RedisError:
            logger.warning("The cache is away")
            return otherwise(key, *args, **kwargs)

    return call


def missing(key, *args, **kwargs):
    """What a cache says where it would count up what it doesn't hold."""
    raise ValueError(key)


class RedisCache(redis.RedisCache):
    get = forgiving("get", lambda key, default=None, version=None: default)
    add = forgiving("add", lambda *args, **kwargs: True)
    set = forgiving("set", lambda *args, **kwargs: None)
    touch = forgiving("touch", lambda *args, **kwargs: False)
    delete = forgiving("delete", lambda *args, **kwargs: False)
    has_key = forgiving("has_key", lambda *args, **kwargs: False)
    incr = forgiving("incr", missing)
    get_many = forgiving("get_many", lambda *args, **kwargs: {})
    set_many = forgiving("set_many", lambda data, *args, **kwargs: list(data))
    delete_many = forgiving("delete_many", lambda *args, **kwargs: None)
