"""Rows that a new site starts with: read from TOML files that a person can read and correct."""

import tomllib
from uuid import NAMESPACE_URL, uuid5

from django.db import migrations


def read(path):
    """The tables of a file, with `name.fr` as `name_fr`."""
    return {name: with_columns(table) for name, table in tomllib.loads(path.read_text("utf-8")).items()}


def with_columns(value):
    if isinstance(value, list):
        return [with_columns(row) for row in value]
    if not isinstance(value, dict):
        return value
    row = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            row |= {f"{name}_{language}": text.strip() for language, text in inner.items()}
        else:
            row[name] = with_columns(inner)
    return row


def key(*names):
    """A row's uuid, the same on every site, by which a second run knows what it brought the first time."""
    return uuid5(NAMESPACE_URL, "learningcities:" + ":".join(names))


def rows_of(path, app, models):
    """A migration step that adds the tables of a file to an app's models: {"themes": "Theme"}."""

    def add(apps, schema_editor):
        for table, rows in read(path).items():
            model = apps.get_model(app, models[table])
            ordered = "position" in [field.name for field in model._meta.fields]
            for position, row in enumerate(rows, start=1):
                uuid = key(models[table].lower(), str(row.get("slug", row.get("number"))))
                model.objects.get_or_create(uuid=uuid, defaults=row | ({"position": position} if ordered else {}))

    return migrations.RunPython(add, migrations.RunPython.noop)
