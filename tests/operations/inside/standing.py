"""The site as a server whose threads stand still where a request says so, and that is soon seen to be stuck."""

import os
import threading

from learningcities import bounds
from learningcities.wsgi import application as site  # isort: split

from learningcities.operations import gunicorn_worker

bounds.WORKER_BUSY_SECONDS, gunicorn_worker.LOOK = 0.5, 0.1


def application(environ, start_response):
    if environ["PATH_INFO"] == "/stand":
        threading.Event().wait()
    if environ["PATH_INFO"] == "/process":
        start_response("200 OK", [])
        return [str(os.getpid()).encode()]
    return site(environ, start_response)
