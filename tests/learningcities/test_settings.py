"""A site starts safely or not at all, and says why in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
KEY = "a-long-random-text-of-at-least-fifty-characters-0123456789"

TILES = {"MAP_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png", "MAP_TILE_ATTRIBUTION": "© Example"}


def start(tmp_path, *command, **environment):
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, *(command or ["-c", "import learningcities.settings"])]
    return subprocess.run(command, cwd=TOP, env=path | environment, capture_output=True, text=True, check=False)  # noqa: S603


def said(tmp_path, code, environment):
    """What a line of Python prints in such a site."""
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    done = subprocess.run(command, cwd=TOP, env=path | environment, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": KEY}, "ALLOWED_HOSTS"),
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


def test_a_complete_environment_starts(tmp_path):
    done = start(tmp_path, "manage.py", "check", SECRET_KEY=KEY, ALLOWED_HOSTS="example.org")
    assert done.returncode == 0, done.stderr


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
