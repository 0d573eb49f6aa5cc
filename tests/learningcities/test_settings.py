"""A site starts safely or not at all, and says why in one sentence."""

import json
import os
import re
import runpy
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection

TOP = Path(__file__).parents[2]
KEY = "a-long-random-text-of-at-least-fifty-characters-0123456789"
LIVE = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "example.org"}

SETTINGS = TOP / "learningcities" / "settings.py"
NAME = re.compile(r"#?([A-Z0-9_]+)=")

TILES = {"MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png", "MAP_TILE_ATTRIBUTION": "© Example"}


def settings_of(tmp_path, **environment):
    """The settings that a site with this environment starts with, by their names; or the refusal, as SystemExit."""
    with mock.patch.dict(os.environ, {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | environment, clear=True):
        return SimpleNamespace(**runpy.run_path(str(SETTINGS)))


def refusal(tmp_path, **environment):
    """What a site that doesn't start says on the way out."""
    with pytest.raises(SystemExit) as stopped:
        settings_of(tmp_path, **environment)
    return stopped.value.code


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What a production site answers to a few requests, by what they ask for."""
    code = """
from django.test import Client
import json
ours, plain, stranger = {"host": "example.org", "x-forwarded-proto": "https"}, {"host": "example.org"}, {"host": "any"}
asked = {"robots": ("/robots.txt", ours), "plain": ("/robots.txt", plain), "health": ("/healthz", stranger)}
answers = {name: Client(headers=headers).get(path) for name, (path, headers) in asked.items()}
print(json.dumps({name: [answer.status_code, dict(answer.headers)] for name, answer in answers.items()}))
"""
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path_factory.mktemp("production"))}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    done = subprocess.run(command, cwd=TOP, env=path | LIVE, capture_output=True, text=True, check=True)  # noqa: S603
    return json.loads(done.stdout)


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
    sentence = refusal(tmp_path, **environment)
    assert word in sentence
    assert len(sentence.strip().splitlines()) == 1


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
    with mock.patch.dict(sys.modules, {package: None}):
        sentence = refusal(tmp_path, **{"MODE": "demo", name: value})
    assert f"{name} is set, but {package} is not installed" in sentence
    assert len(sentence.strip().splitlines()) == 1


def test_a_complete_environment_starts_and_django_has_nothing_to_warn_of(tmp_path):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=TOP, env=path | LIVE, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_every_setting_is_explained_in_the_example_in_one_line_and_no_other():
    read = set(re.findall(r'(?:env\.\w+\(\s*|parsed\(env\.\w+, )"([A-Z0-9_]+)"', SETTINGS.read_text()))
    lines = (TOP / ".env.example").read_text().splitlines()
    explained = {found[1]: above for above, line in pairwise(lines) if (found := NAME.match(line))}
    assert len(read) > 15
    assert set(explained) == read
    assert all(re.match(r"# [A-Z].*[^ ]$", line) for line in explained.values())


def test_a_production_site_tells_browsers_what_is_not_allowed(production):
    status, headers = production["robots"]
    assert status == 200
    expected = {
        "Strict-Transport-Security": "max-age=31536000",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
    }
    assert headers | expected == headers
    assert "camera=()" in headers["Permissions-Policy"]


def test_only_our_own_proxy_can_say_that_a_request_came_by_https(tmp_path, production):
    status, headers = production["plain"]
    assert (status, headers["Location"]) == (301, "https://example.org/robots.txt")
    assert production["health"][0] == 200
    plain = settings_of(tmp_path, **LIVE, PROXIES="0", SITE_ADDRESS="http://example.org")
    assert (plain.SECURE_PROXY_SSL_HEADER, plain.SECURE_SSL_REDIRECT) == (None, False)


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
    site = settings_of(tmp_path, **{"MODE": "demo", **TILES, "MAP_TILE_URL": address})
    assert " ".join(site.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]) == hosts


@pytest.mark.skipif(not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="it is about SQLite")
def test_sqlite_is_in_wal_mode_and_its_transactions_begin_at_once(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
