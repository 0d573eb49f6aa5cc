"""What is installed is what was resolved: every package in its one version, every file by its hash."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
#: The files, and the groups of pyproject.toml that are in each besides what the site itself needs.
FILES = {
    "requirements.txt": (),
    "deploy/requirements.txt": ("deploy",),
    "tests/requirements.txt": ("tests",),
    "tests/clients/requirements.txt": ("tests", "clients"),
    "tests/operations/requirements.txt": ("deploy", "tests", "bucket"),
}
PINNED = re.compile(r"^([\w.-]+)==([\w.]+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def plain(name):
    return re.sub(r"[-_.]+", "-", re.sub(r"\[.*\]", "", name)).lower()


@pytest.mark.parametrize(("name", "groups"), FILES.items())
def test_every_package_is_pinned_by_hash_and_in_the_version_that_the_project_names(name, groups):
    text = (TOP / name).read_text()
    pinned = {plain(package): version for package, version, _hashes in PINNED.findall(text)}
    assert PINNED.sub("", re.sub(r"^#.*\n", "", text, flags=re.M)) == "", "something isn't pinned: make requirements"
    asked = [*PROJECT["dependencies"], *(line for group in groups for line in PROJECT["optional-dependencies"][group])]
    named = dict(line.split("==") for line in asked)
    assert {plain(package): version for package, version in named.items()}.items() <= pinned.items()
