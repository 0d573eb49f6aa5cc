"""A site of an earlier release becomes one of this release, with every row and word it had.

Each archive in tests/upgrade is a backup of tests/operations/lived_in.py, made by the release in its name. Before a
release, add one: in an empty VAR_DIR run migrate, load_demo, `live()` and `manage.py backup`.
"""

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command

from cities.models import City
from learningcities.operations.backup import LEFT_OUT, put
from learningcities.operations.models import Letter

ARCHIVES = sorted((Path(__file__).parents[1] / "upgrade").glob("*.tar.gz"))
#: What people have written, by model: none of it may be lost or altered.
WORDS = {
    "cities.city": ["slug", "name_fr", "name_ar", "summary_fr", "body_fr"],
    "initiatives.initiative": ["slug", "title_fr", "title_ar", "summary_fr", "start", "end"],
    "publishing.change": ["uuid", "state", "title", "patch"],
    "people.user": ["username", "password", "role"],
}
#: Someone who was logged in when the archive was made: releases up to November 2026 wrote that down.
LOGIN = {"id": 1, "user_id": 1, "ip": "192.0.2.1", "session_key": "thekeyofalivelogin", "data": {}}


def with_a_login(archive, path):
    """The archive as it would be with someone logged in, and its rows: {label: rows}."""
    with tarfile.open(archive) as old:
        content = {member.name: old.extractfile(member).read() for member in old}
    manifest = json.loads(content.pop("manifest.json"))
    content["data/usersessions.usersession.jsonl"] = json.dumps(LOGIN).encode() + b"\n"
    manifest["counters"]["usersessions.usersession"] = 1
    with tarfile.open(path, "w:gz") as new:
        for name, data in content.items():
            manifest["members"][name] = put(new, name, BytesIO(data)) | {"rows": data.count(b"\n")}
        put(new, "manifest.json", BytesIO(json.dumps(manifest).encode()))
    tables = {name: data for name, data in content.items() if name.startswith("data/")}
    rows = {name[5:].removesuffix(".jsonl"): list(map(json.loads, data.splitlines())) for name, data in tables.items()}
    return rows, manifest


def said(row):
    return json.dumps(row, sort_keys=True, default=str)


@pytest.mark.parametrize("archive", ARCHIVES, ids=[path.stem for path in ARCHIVES])
def test_an_earlier_site_is_migrated_without_losing_a_row_a_word_a_file_or_a_page_and_without_its_logins(
    archive, tmp_path, other_site, client
):
    rows, manifest = with_a_login(archive, tmp_path / "old.tar.gz")
    other_site()
    call_command("restore", tmp_path / "old.tar.gz", verbosity=0)
    for name in rows.keys() - set(LEFT_OUT):
        assert apps.get_model(name)._base_manager.count() >= len(rows[name]), name
    for name, fields in WORDS.items():
        there = {said(row) for row in apps.get_model(name)._base_manager.values(*fields)}
        assert {said({field: row[field] for field in fields}) for row in rows[name]} <= there
    files = {name.removeprefix("media/"): said for name, said in manifest["members"].items() if "media/" in name}
    assert files
    assert all(default_storage.size(name) == said["size"] for name, said in files.items())
    assert not UserSession.objects.exists()
    assert not Letter.objects.exists()
    public = City.objects.published()
    assert len(public) >= 3
    assert [client.get(city.get_absolute_url()).status_code for city in public] == [200] * len(public)
