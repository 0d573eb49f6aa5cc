"""A web of our own: what other sites answer, on this machine, and a checker that is let into it."""

import threading
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from learningcities.care import models
from learningcities.care.checker import Checker, public_addresses
from learningcities.care.management.commands import check_links
from learningcities.desk.boards import links as care_admin


class Web:
    """Answers by path: {"/path": (status, where it leads on to)}; whatever isn't said is 404."""

    def __init__(self, address):
        self.address, self.answers, self.asked = address, {}, []

    def says(self, path, status=200, location="", head=None):
        self.answers[path] = (status, location, head or status)
        return self.address + path


def handler(web):
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            web().asked.append((self.command, self.path, self.headers["User-Agent"]))
            status, location, head = web().answers.get(self.path, (404, "", 404))
            self.send_response(head if self.command == "HEAD" else status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        do_HEAD = do_GET = answer  # noqa: N815

        def log_message(self, *args):
            """Quiet."""

    return Handler


def this_machine_too(host, port):
    """Hosts that end in .test are here; of all others the rule of production decides."""
    return ["127.0.0.1"] if host.endswith(".test") else public_addresses(host, port)


@pytest.fixture
def web(monkeypatch):
    """The web as the command and the button meet it."""
    found = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(lambda: found[0]))
    found.append(Web(f"http://web.test:{server.server_port}"))
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    checker = partial(Checker, resolve=this_machine_too, pause=0, timeout=2)
    monkeypatch.setattr(check_links.Command, "checker", staticmethod(checker))
    monkeypatch.setattr(care_admin.LinkAdmin, "checker", staticmethod(checker))
    yield found[0]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def days_later(monkeypatch):
    """Let days pass."""

    def pass_(days):
        now = models.moment()
        later = lambda: now + timedelta(days=days)  # noqa: E731
        for module in (models, check_links, care_admin):
            monkeypatch.setattr(module, "moment", later)

    return pass_
