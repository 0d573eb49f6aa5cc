"""The record: whatever is written to an item becomes an applied Change."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction

from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion, dry_running
from learningcities.text.translation import lasting_name

from .snapshot import DATES, diff, snapshot

_author = ContextVar("author", default=None)
_open = ContextVar("open", default=frozenset())


@contextmanager
def acting(author):
    """Everything recorded inside the block is the work of this member of staff."""
    token = _author.set(author)
    try:
        yield
    finally:
        _author.reset(token)


def current_author():
    return _author.get()


@contextmanager
def track_changes(item, change=None):
    """Put on record, as one applied Change, whatever the block does to the item.

    Reentrant: the saves of an item's own rows inside the block belong to the same Change.
    With `change`, the Change that is being applied is that record; its patch becomes what really happened.
    The outermost block is given what the item said before; it is refused while another one holds the item. What is
    written inside a block to other items only follows, and `Change.apply` asks for itself who decides.
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
    """Write down what differs from `before`, unless it is only tried, then all that follows, the Clock last."""
    if dry_running.get():
        return
    after = snapshot(item)
    if patch := diff(before, after):
        # Dates have rules of their own: who may publish, who may move to the bin.
        words = {key: sides for key, sides in patch.items() if key not in DATES}
        if refused := allowed_part(_author.get(), item, words, before)[1]:
            raise PermissionDenied(refused)
        write_change(item, key or item.pk, patch, change)
        apps.get_model("publishing.Translations").objects.follow(item, key or item.pk, patch, after)
        apps.get_model("care.Mention").objects.follow(item, key or item.pk, patch)
        if after:
            item.written(patch)
        ContentVersion.bump()


def write_change(item, key, patch, change):
    """For whoever holds the Clock: `change` is what was applied, or nothing yet."""
    change_model = apps.get_model("publishing.Change")
    said = {"title": lasting_name(item)[:200], "patch": patch}
    if change:
        vars(change).update(said)
        change.save(update_fields=said)
        return
    change_model.objects.create(
        content_type=ContentType.objects.get_for_model(item),
        object_id=key,
        author=_author.get(),
        state="applied",
        sequence=change_model.objects.last_sequence() + 1,
        **said,
    )


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
