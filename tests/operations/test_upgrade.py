"""A site of an earlier release becomes one of this release, with every row and word it had.

Each archive in tests/upgrade is a backup of tests/operations/lived_in.py, made by the release in its name. Before a
release, add one: in an empty VAR_DIR run migrate, load_demo, `live()` and `manage.py backup`.
"""

import json
import tarfile
from pathlib import Path

import pytest

from learningcities.operations.backup import LEFT_OUT
from tests.conftest import thorough

from .site import Site

ARCHIVES = sorted((Path(__file__).parents[1] / "upgrade").glob("*.tar.gz"))
#: What people have written, by model: none of it may be lost or altered.
WORDS = {
    "cities.city": ["slug", "name_fr", "name_ar", "summary_fr", "body_fr"],
    "initiatives.initiative": ["slug", "title_fr", "title_ar", "summary_fr", "start", "end"],
    "publishing.change": ["uuid", "state", "title", "patch"],
    "people.user": ["username", "password", "role"],
}

ASK = """
import json
from django.apps import apps
from django.test import Client
counts = {one._meta.label_lower: one._base_manager.count() for one in apps.get_models(include_auto_created=True)}
words = {name: list(apps.get_model(name)._base_manager.values(*fields)) for name, fields in WORDS.items()}
answers = [Client(headers={"host": "localhost"}).get(path).status_code for path in PATHS]
print(json.dumps([counts, words, answers], default=str))
"""


def rows_of(archive):
    with tarfile.open(archive) as old:
        return {
            name.removeprefix("data/").removesuffix(".jsonl"): list(map(json.loads, old.extractfile(name)))
            for name in old.getnames()
            if name.startswith("data/")
        }


@thorough
@pytest.mark.parametrize("archive", ARCHIVES, ids=[path.stem for path in ARCHIVES])
def test_an_earlier_site_is_migrated_without_losing_a_row_a_word_or_a_page(archive, tmp_path):
    site = Site(tmp_path)
    site.manage("restore", archive)
    rows = rows_of(archive)
    public = [row for row in rows["cities.city"] if row["public_from"]]
    paths = [f"/fr/villes/{row['slug']}/" for row in public]
    counts, words, answers = json.loads(site.run(f"PATHS = {paths!r}; WORDS = {WORDS!r}{ASK}"))
    for name in rows.keys() - set(LEFT_OUT):
        old = rows[name]
        assert counts[name] >= len(old), name
    for name, fields in WORDS.items():
        for row in rows[name]:
            assert {field: row[field] for field in fields} in words[name]
    assert answers == [200] * len(public)
    assert len(public) >= 3
