"""A site starts safely or not at all, and says why in one sentence."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import thorough

TOP = Path(__file__).parents[2]
KEY = "a-long-random-text-of-at-least-fifty-characters-0123456789"
LIVE = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "example.org"}

SETTINGS = TOP / "learningcities" / "settings.py"
NAME = re.compile(r"#?([A-Z0-9_]+)=")

TILES = {"MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png", "MAP_TILE_ATTRIBUTION": "© Example"}


def start(tmp_path, *arguments, **environment):
    """Read the settings or, with arguments, check the site."""
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    task = ["manage.py", "check", *arguments] if arguments else ["-c", "import learningcities.settings"]
    command = [sys.executable, *task]
    return subprocess.run(command, cwd=TOP, env=path | environment, capture_output=True, text=True, check=False)  # noqa: S603


def said(tmp_path, code, environment):
    """What a line of Python prints in such a site."""
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    done = subprocess.run(command, cwd=TOP, env=path | environment, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


@thorough
@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": KEY}, "ALLOWED_HOSTS"),
        (LIVE | {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (LIVE | {"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        (LIVE | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        (LIVE | {"SITE_ADDRESS": "example.org"}, "SITE_ADDRESS"),
        (LIVE | {"PROXIES": "0"}, "PROXIES"),
        (LIVE | {"PROXIES": "one"}, "PROXIES"),
        (LIVE | {"DATABASE_URL": "mysql://localhost/site"}, "DATABASE_URL"),
        (LIVE | {"DATABASE_URL": "site.sqlite3"}, "DATABASE_URL"),
        (LIVE | {"CACHE_URL": "nonsense://"}, "CACHE_URL"),
        (LIVE | {"EMAIL_URL": "mail.example.org"}, "EMAIL_URL"),
        (LIVE | {"VAR_DIR": "/proc/nowhere"}, "VAR_DIR"),
        ({"MODE": "live"}, "MODE"),
        ({"MODE": "demo", "PREVIEW_DAYS": "0"}, "PREVIEW_DAYS"),
        ({"MODE": "demo", **TILES, "MAP_TILE_URL": "https://tiles.example.org/{x}/{y}.png"}, "MAP_TILE_URL"),
        ({"MODE": "demo", **TILES, "MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}{q}"}, "MAP_TILE_URL"),
        ({"MODE": "demo", **TILES, "MAP_TILE_URL": "http://tiles.example.org/{z}/{x}/{y}.png"}, "MAP_TILE_URL"),
        ({"MODE": "demo", **TILES, "MAP_TILE_URL": "https://a.org; script-src x/{z}/{x}/{y}.png"}, "MAP_TILE_URL"),
        ({"MODE": "demo", **TILES, "MAP_TILE_ATTRIBUTION": ""}, "MAP_TILE_ATTRIBUTION"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_in_one_sentence(tmp_path, environment, word):
    done = start(tmp_path, **environment)
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@thorough
@pytest.mark.parametrize(
    ("name", "value", "package"),
    [
        ("DATABASE_URL", "postgres://site@127.0.0.1/site", "psycopg"),
        ("CACHE_URL", "redis://127.0.0.1:6379/0", "redis"),
        ("S3_BUCKET", "media", "storages"),
        ("SENTRY_DSN", "https://key@sentry.example.org/1", "sentry_sdk"),
    ],
)
def test_a_package_that_a_setting_needs_is_named_in_one_sentence(tmp_path, name, value, package):
    code = f"import sys; sys.modules[{package!r}] = None; import learningcities.settings"
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "MODE": "demo"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=TOP, env=path | {name: value}, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    assert f"{name} is set, but {package} is not installed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_complete_environment_starts_and_django_has_nothing_to_warn_of(tmp_path):
    done = start(tmp_path, "--deploy", "--fail-level=WARNING", **LIVE)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_every_setting_is_explained_in_the_example_in_one_line_and_no_other():
    read = set(re.findall(r'(?:env\.\w+\(\s*|parsed\(env\.\w+, )"([A-Z0-9_]+)"', SETTINGS.read_text()))
    lines = (TOP / ".env.example").read_text().splitlines()
    explained = {found[1]: above for above, line in pairwise(lines) if (found := NAME.match(line))}
    assert len(read) > 15
    assert set(explained) == read
    assert all(re.match(r"# [A-Z].*[^ ]$", line) for line in explained.values())


@thorough
def test_a_production_site_tells_browsers_what_is_not_allowed(tmp_path):
    code = (
        "from django.test import Client; c = Client(headers={'host': 'example.org', 'x-forwarded-proto': 'https'});"
        "r = c.get('/robots.txt'); print(r.status_code); [print(k, v, sep=': ') for k, v in r.headers.items()]"
    )
    said_ = said(tmp_path, code, LIVE)
    assert said_.startswith("200")
    for header in (
        "Strict-Transport-Security: max-age=31536000",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin",
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Referrer-Policy: same-origin",
    ):
        assert header in said_
    assert "camera=()" in said_


@thorough
def test_only_our_own_proxy_can_say_that_a_request_came_by_https(tmp_path):
    code = (
        "from django.test import Client; r = Client(headers={'host': 'example.org'}).get('/robots.txt');"
        "print(r.status_code, r['Location']); print(Client(headers={'host': 'any'}).get('/healthz').status_code)"
    )
    assert said(tmp_path, code, LIVE).splitlines() == ["301 https://example.org/robots.txt", "200"]
    code = "from django.conf import settings as s; print(s.SECURE_PROXY_SSL_HEADER, s.SECURE_SSL_REDIRECT)"
    plain = LIVE | {"PROXIES": "0", "SITE_ADDRESS": "http://example.org"}
    assert said(tmp_path, code, plain) == "None False"


@thorough
@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("", "'self' data:"),
        ("/tiles/{z}/{x}/{y}.png", "'self' data:"),
        ("https://tiles.example.org/{z}/{x}/{y}.png", "'self' data: https://tiles.example.org"),
        ("https://{s}.example.org:8080/a/{z}/{x}/{y}{r}.png?key=1", "'self' data: https://*.example.org:8080"),
    ],
)
def test_pages_may_ask_the_host_of_the_map_tiles_for_images_and_no_other(tmp_path, address, hosts):
    code = "from django.conf import settings as s; print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    environment = {"MODE": "demo", **TILES, "MAP_TILE_URL": address}
    assert said(tmp_path, code, environment) == hosts


def test_sqlite_is_in_wal_mode_and_its_transactions_begin_at_once(tmp_path):
    code = (
        "from django.db import connection as c; k = c.cursor(); k.execute('PRAGMA journal_mode');"
        "print(k.fetchone()[0], c.settings_dict['OPTIONS']['transaction_mode'])"
    )
    assert said(tmp_path, code, {"MODE": "demo"}) == "wal IMMEDIATE"
