"""What a migration that renames something has to rename with it."""

from django.apps import apps as now
from django.db import migrations
from translated_fields import to_attribute

from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.translation import LANGUAGES

ACTIONS = ("add", "change", "delete", "view")
#: Enough rows to read at once.
BATCH = 200


def rename_permissions(app_label, old, new):
    """The permissions of a renamed model, granted ones too: Django renames its content type and leaves these."""

    def rename(old, new):
        def step(apps, schema_editor):
            permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
            for action in ACTIONS:
                granted = permissions.filter(content_type__app_label=app_label, codename=f"{action}_{old}")
                granted.update(codename=f"{action}_{new}")

        return step

    return migrations.RunPython(rename(old, new), rename(new, old))


def rename_field(app_label, model, old, new, part=""):
    """A field of an item or, with `part`, of the rows of one of its parts; of a translated one the columns of all
    languages. The model of the field keeps the old name in `former_names` for the spreadsheets that have it."""

    def rename(old, new):
        names = in_languages(old, new)
        return lambda key: key._replace(field=names.get(key.field, key.field)) if key.part == part else key

    return rename_keys(app_label, model, rename(old, new), rename(new, old))


def rename_part(app_label, model, old, new):
    """The relation from an item to the rows of a part."""

    def rename(old, new):
        return lambda key: key._replace(part=new) if key.part == old else key

    return rename_keys(app_label, model, rename(old, new), rename(new, old))


def rename_keys(app_label, model, forwards, backwards):
    """Rename the keys of patches wherever they are stored about the items of a model."""

    def step(rename):
        def rewrite(apps, schema_editor):
            for stored, columns in models_with_keys(apps):
                rows = stored._base_manager.using(schema_editor.connection.alias)
                rows = rows.filter(content_type__app_label=app_label, content_type__model=model.lower())
                for row in one_by_one(rows):
                    values = {column: getattr(row, column) for column in columns}
                    renamed = {column: rewritten(value, rename) for column, value in values.items()}
                    if renamed != values:
                        rows.filter(pk=row.pk).update(**renamed)

        return rewrite

    return migrations.RunPython(step(forwards), step(backwards))


def models_with_keys(apps):
    """The models that store keys of patches (`key_columns`), as far as they exist at this point of the migrations."""
    for model in now.get_models():
        if columns := getattr(model, "key_columns", ()):
            try:
                stored = apps.get_model(model._meta.label)
            except LookupError:
                continue
            names = {field.name for field in stored._meta.concrete_fields}
            yield stored, [column for column in columns if column in names]


def one_by_one(rows):
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def rewritten(stored, rename):
    """A key, a list of keys, or a dict by key; of a patch also the rows that come and go, which are dicts by field."""
    if isinstance(stored, str):
        return str(rename(PatchKey.parse(stored)))
    if isinstance(stored, list):
        return [rewritten(text, rename) for text in stored]
    return {rewritten(text, rename): rewritten_sides(text, value, rename) for text, value in stored.items()}


def rewritten_sides(text, sides, rename):
    key = PatchKey.parse(text)
    if not (key.is_row and isinstance(sides, list)):
        return sides
    return [row and {rename(key._replace(field=name)).field: value for name, value in row.items()} for row in sides]


def in_languages(old, new):
    """{old: new} of a field and of its columns in each language."""
    return {old: new} | {to_attribute(old, code): to_attribute(new, code) for code in LANGUAGES}


def current_names(model):
    """{earlier name: name of today} of the fields of a model; its own label may be among them."""
    names = getattr(model, "former_names", {})
    return {old: new for pair in names.items() for old, new in in_languages(*pair).items()}
