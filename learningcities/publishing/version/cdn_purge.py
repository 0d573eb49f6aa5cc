"""Tells an outer cache, where the operator names one, that everything is different now."""

import logging
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction

from learningcities import bounds

logger = logging.getLogger(__name__)

#: The words that the best-known service expects; others look at the method alone.
EVERYTHING = b'{"purge_everything": true}'


def after_commit():
    """Once for each transaction; whatever comes of it, what was saved stays saved."""
    waiting = [after for _savepoints, after, _robust in transaction.get_connection().run_on_commit]
    if settings.PURGE_URL and everything not in waiting:
        transaction.on_commit(everything, robust=True)


def everything():
    headers = {"Content-Type": "application/json"}
    if settings.PURGE_TOKEN:
        headers["Authorization"] = f"Bearer {settings.PURGE_TOKEN}"
    request = Request(settings.PURGE_URL, EVERYTHING, headers, method=settings.PURGE_METHOD)  # noqa: S310
    try:
        with urlopen(request, timeout=bounds.PURGE_SECONDS):  # noqa: S310 settings let only web addresses in
            pass
    except (URLError, OSError):
        logger.exception("The outer cache could not be purged; it shows the old state for up to a minute")
