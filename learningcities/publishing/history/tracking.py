"""Whatever is written to a row of content is recorded, whoever writes it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from learningcities.publishing.patches.snapshot import DATES, diff, snapshot
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion, dry_running

from .signals import recorded

_author = ContextVar("author", default=None)
_open = ContextVar("open", default=frozenset())


@contextmanager
def acting(author):
    """All that is written inside the block is the work of this member of staff."""
    token = _author.set(author)
    try:
        yield
    finally:
        _author.reset(token)


def current_author():
    return _author.get()


@contextmanager
def track_changes(item, change=None):
    """Record as one change whatever the block does to the item and its parts.

    Reentrant: the saves of an item's own rows inside the block belong to the same change. `change` is the Change that
    is being applied. The outermost block is given the item's snapshot before; it is refused while someone else locks
    the item. What is written inside a block to other items only follows; `Change.apply` asks for itself who decides.
    """
    if is_tracked(item):
        yield
        return
    is_outermost = not _open.get()
    token = _open.set(_open.get() | {item.uuid})
    try:
        with transaction.atomic():
            ContentVersion.lock_writes()
            if is_outermost and not change and not is_dry_run():
                PageLock.objects.check_free(item, current_author())
            before, key = snapshot(item), item.pk
            yield before
            finish(item, before, key, change)
    finally:
        _open.reset(token)


def is_tracked(item):
    return item.uuid in _open.get()


def finish(item, before, key, change=None):
    """Tell what differs from the snapshot `before`, unless it is a dry run; the content's new version comes last."""
    if dry_running.get():
        return
    after = snapshot(item)
    if patch := diff(before, after):
        # Dates have rules of their own: who may publish, who may move to the bin.
        words = {key: sides for key, sides in patch.items() if key not in DATES}
        if refused := allowed_part(_author.get(), item, words, before)[1]:
            raise PermissionDenied(refused)
        recorded.send(type(item), row=item, key=key or item.pk, patch=patch, snapshot=after, change=change)
        if after:
            item.follow_change(patch)
        ContentVersion.bump()


def is_dry_run():
    """Whether what is written now is going to be undone."""
    return dry_running.get()


@contextmanager
def dry_run():
    """Whatever is written inside the block is undone at its end, as if it had never been."""
    token = dry_running.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        dry_running.reset(token)
