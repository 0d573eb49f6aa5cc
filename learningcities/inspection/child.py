"""The site's side: starts the process that looks at a file, and hears what it says."""

import contextlib
import fcntl
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from tempfile import TemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from learningcities import bounds

from . import Refused
from .__main__ import look

logger = logging.getLogger(__name__)

THREADS = threading.BoundedSemaphore(bounds.INSPECTION_THREADS)
#: What the child is told of its surroundings: no key and no password of the site.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
ENVIRONMENT |= {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}


BUSY = _("The site is looking at other files just now. Send this one again in a minute.")


def inspect(job, file, sentences):
    """What is said of a file, and its content written anew or None where it stays as it is.

    A ValidationError has the sentence for why it isn't taken. No transaction is open where that can be helped:
    others would wait for it.
    """
    file.seek(0)
    try:
        return inspect_in_child(job, file) if settings.INSPECT_IN_CHILD else look(job, file)
    except Refused as refusal:
        raise ValidationError({"busy": BUSY, **sentences}[refusal.code], code=refusal.code) from None
    finally:
        file.seek(0)


def inspect_in_child(job, file):
    with turn() as held, TemporaryFile() as sent, TemporaryFile() as made, TemporaryFile() as errors:
        shutil.copyfileobj(file, sent)
        sent.seek(0)
        command = [sys.executable, "-m", __package__, job]
        pipes = {"stdin": sent, "stdout": made, "stderr": errors, "pass_fds": [held]}
        try:
            done = subprocess.run(  # noqa: S603
                command, cwd=settings.BASE_DIR, env=ENVIRONMENT, timeout=bounds.INSPECTION_SECONDS, **pipes
            )
        except subprocess.TimeoutExpired:
            raise Refused("too_much") from None
        made.seek(0)
        answer = json.loads(made.readline() or "{}") if done.returncode == 0 else {}
        if "refused" in answer:
            raise Refused(answer["refused"])
        if not answer:
            errors.seek(0)
            # Killed at its limits, which is all that most of them say; or the installation isn't whole.
            logger.warning("%s was looked at in vain (%d): %s", job, done.returncode, errors.read()[-500:].decode())
            raise Refused("too_much")
        return answer, made.read() if answer.pop("has_content") else None


@contextlib.contextmanager
def turn():
    """One of the turns that a machine gives at a time. The child holds it as well: should its parent die, it may live
    on for a moment."""
    if not THREADS.acquire(blocking=False):
        raise Refused("busy")
    try:
        yield from held_turn()
    finally:
        THREADS.release()


def held_turn():
    files = [os.open(settings.VAR_DIR / f"inspection-{n}.lock", os.O_RDWR | os.O_CREAT, 0o600) for n in turns()]
    until = time.monotonic() + bounds.INSPECTION_TURN_SECONDS
    try:
        while (held := next(filter(locked, files), None)) is None:
            if time.monotonic() > until:
                raise Refused("busy")
            time.sleep(0.05)
        yield held
    finally:
        for file in files:
            os.close(file)


def turns():
    return range(settings.INSPECTIONS_AT_ONCE)


def locked(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
