"""A site starts safely or not at all, and says why in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
KEY = "a-long-random-text-of-at-least-fifty-characters-0123456789"


def start(tmp_path, **environment):
    path = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=TOP, env=path | environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": KEY}, "ALLOWED_HOSTS"),
        ({"MODE": "live"}, "MODE"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_in_one_sentence(tmp_path, environment, word):
    done = start(tmp_path, **environment)
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_complete_environment_starts(tmp_path):
    done = start(tmp_path, SECRET_KEY=KEY, ALLOWED_HOSTS="example.org")
    assert done.returncode == 0, done.stderr


def test_sqlite_is_in_wal_mode_and_its_transactions_begin_at_once(tmp_path):
    code = (
        "from django.db import connection as c; k = c.cursor(); k.execute('PRAGMA journal_mode');"
        "print(k.fetchone()[0], c.settings_dict['OPTIONS']['transaction_mode'])"
    )
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "MODE": "demo"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["wal", "IMMEDIATE"]
