"""A site of its own in a folder of its own: its commands, its servers, and what an editor sends to it."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from PIL import Image

TOP = Path(__file__).parents[2]


class Site:
    """On SQLite in the folder, or on the database named by `address`."""

    def __init__(self, folder, address="", **environment):
        self.folder, self.address = Path(folder), address
        self.environment = {"PATH": os.environ["PATH"], "MODE": "test", "VAR_DIR": str(folder), **environment}
        if address:
            self.environment["DATABASE_URL"] = address

    def manage(self, *arguments, check=True):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=TOP, env=self.environment, capture_output=True, text=True, check=False)  # noqa: S603
        assert not check or done.returncode == 0, done.stderr
        return done

    def run(self, code):
        """What some lines of Python print inside the site."""
        return self.manage("shell", "-v0", "-c", code).stdout.strip()

    def begin(self):
        self.manage("migrate", "-v0")
        self.manage("load_demo", "--accounts")
        return self


class Server:
    """A real server process, which can be killed and started again on its port."""

    #: How many seconds an answer is waited for.
    patience = 60

    def __init__(self, site, wsgi="learningcities.wsgi", workers=1, options=(), **environment):
        self.site, self.wsgi, self.workers, self.environment = site, wsgi, workers, environment
        self.options = options
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", self.wsgi]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers), "--log-level", "error"]
        command += self.options
        with (self.site.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command, cwd=TOP, env=self.site.environment | self.environment, stdout=log, stderr=log, process_group=0
            )
        self.wait()
        return self

    def wait(self):
        for _ in range(300):
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError((self.site.folder / "server.log").read_text()[-2000:])

    def kill(self, how=signal.SIGKILL):
        if self.process:
            os.killpg(self.process.pid, how)
            self.process.wait()
            self.process = None

    __enter__ = start

    def __exit__(self, *_):
        self.kill(signal.SIGKILL)

    def get(self, path, **headers):
        return self.ask("GET", path, headers)

    def ask(self, method, path, headers=None, body=None, raw=None):
        """(status, headers, text); an OSError where the server was killed. `raw` headers are sent letter by letter."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
            connection.request(method, path, body, named | (raw or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            connection.close()


class Desk:
    """A member of staff with a session and a form token, who sends forms to a server."""

    def __init__(self, site, name="admin"):
        code = (
            "from django.conf import settings as s; from django.contrib.auth import *; from django.test import Client;"
            f"u = get_user_model().objects.get(username='{name}'); c = Client(); c.force_login(u);"
            "print(c.cookies[s.SESSION_COOKIE_NAME].value)"
        )
        self.token = "a" * 32
        self.cookie = f"sessionid={site.run(code)}; csrftoken={self.token}"

    def get(self, server, path, **headers):
        return server.get(path, Cookie=self.cookie, **headers)

    def send(self, server, path, fields, files=(), **headers):
        """As a browser sends a form with files; what was answered."""
        edge = uuid4().hex
        parts = [
            (f'name="{name}"', str(value).encode())
            for name, value in {**fields, "csrfmiddlewaretoken": self.token}.items()
        ]
        parts += [(f'name="{name}"; filename="photo.jpg"', content) for name, content in files]
        body = b"".join(
            f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
            for head, content in parts
        )
        headers |= {"Cookie": self.cookie, "Content-Type": f"multipart/form-data; boundary={edge}"}
        return server.ask("POST", path, headers, body + f"--{edge}--\r\n".encode())


ADD = "/admin/cities/photo/add/"
#: How wide the photo with the number nought is.
WIDTH = 640


def photo(number=0):
    """A photo that says its number by its width: nothing is asked about it before it is there."""
    out = io.BytesIO()
    Image.effect_noise((WIDTH + number, 480), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def save(desk, server, number, **headers):
    """Send a photo that says its number; whether the server has confirmed it."""
    try:
        status, _headers, page = desk.send(server, ADD, {}, [("files", photo(number))], **headers)
    except (OSError, HTTPException):
        return False
    assert status == 302, page
    return True


def losses(site, confirmed):
    path = site.folder / "confirmed.json"
    path.write_text(json.dumps(confirmed))
    return json.loads(
        site.run(
            "import json; from tests.operations.inside.whole import losses;"
            f"print(json.dumps(losses(json.load(open({str(path)!r})))))"
        )
    )
