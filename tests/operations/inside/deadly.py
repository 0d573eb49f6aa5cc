"""The site as a server that dies where a request says so, for the tests that kill it."""

import os
import signal
from contextvars import ContextVar

from learningcities.wsgi import application as site  # isort: split

from django.core.files.storage import FileSystemStorage
from django.db.backends.base.base import BaseDatabaseWrapper

from learningcities.publishing.workflow.change import Change

moment = ContextVar("moment", default="")


def die(at):
    if at and moment.get() == at:
        os.kill(os.getpid(), signal.SIGKILL)


def around(owner, name, before="", after=""):
    usual = getattr(owner, name)

    def deadly(*args, **kwargs):
        die(before)
        done = usual(*args, **kwargs)
        die(after)
        return done

    setattr(owner, name, deadly)


around(FileSystemStorage, "_save", after="file")
around(BaseDatabaseWrapper, "commit", before="before-commit", after="commit")
around(Change, "apply", after="applied")


def application(environ, start_response):
    moment.set(environ.get("HTTP_X_DIE", ""))
    answer = site(environ, start_response)
    die("answer")
    return answer
