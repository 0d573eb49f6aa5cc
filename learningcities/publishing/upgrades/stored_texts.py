"""What was stored before a rule about texts, brought under it by a migration: rows, and the drafts over them."""

from django.apps import apps as now

from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.links import URLField
from learningcities.text.plain_text import Tidy
from learningcities.text.richtext import RichTextField

#: Enough rows to read at once.
BATCH = 200


def tidy_stored(apps, schema_editor):
    """Rewrite the texts that say something else by the rules of today, in rows and in the changes that are about them.

    An editor who changes one text of a row must not be told to have changed the others, and a change must not be in
    conflict with words that only lost what nobody sees.
    """
    database = schema_editor.connection.alias
    tidied = {}
    for model in now.get_models():
        if not (fields := text_fields(model)) or not hasattr(model, "tracked_row"):
            continue
        old = historical(apps, model)
        for row in rows_of(old, database) if old else ():
            values = {name: tidy(field, getattr(row, name)) for name, field in fields.items() if hasattr(row, name)}
            if changed := {name: value for name, value in values.items() if value != getattr(row, name)}:
                for name in {"missing_aspects", "lacks"} & {field.name for field in old._meta.fields}:
                    changed[name] = None  # to be measured again; "lacks" was its name in earlier migrations
                old._base_manager.using(database).filter(pk=row.pk).update(**changed)
                owner = f"{model.part_of}_id" if getattr(model, "part_of", None) else "pk"
                item = model._meta.get_field(model.part_of).related_model if owner != "pk" else model
                tidied.setdefault(item._meta.label_lower, set()).add(getattr(row, owner))
    tidy_changes(apps, database, tidied)


def text_fields(model):
    fields = model._meta.concrete_fields
    return {field.attname: field for field in fields if isinstance(field, (Tidy, RichTextField, URLField))}


def historical(apps, model):
    try:
        return apps.get_model(model._meta.label)
    except LookupError:
        return None


def rows_of(model, database):
    return model._base_manager.using(database).order_by("pk").iterator(chunk_size=BATCH)


def tidy(field, value):
    """A value as its field would keep it; an address of a site that can't be mended is left to who reads it next."""
    if not isinstance(value, str) or not value or isinstance(field, URLField):
        return value
    return field.cleaned(value) if isinstance(field, RichTextField) else field.tidied(value)


def tidy_changes(apps, database, tidied):
    """The patches of what isn't finished, and of all that happened to the rows whose words are others now."""
    change_model = apps.get_model("publishing", "Change")
    states = ("open", "review", "returned", "scheduled")
    for change in rows_of(change_model, database):
        kind = f"{change.content_type.app_label}.{change.content_type.model}"
        if change.state not in states and change.object_id not in tidied.get(kind, ()):
            continue
        try:
            model = now.get_model(kind)
        except LookupError:
            continue
        patch = {key: [tidy_side(model, key, side) for side in sides] for key, sides in change.patch.items()}
        if patch != change.patch:
            change_model._base_manager.using(database).filter(pk=change.pk).update(patch=patch)
    translations = apps.get_model("publishing", "Translations")
    for kind, keys in tidied.items():
        app_label, name = kind.split(".")
        known = translations._base_manager.using(database)
        known.filter(content_type__app_label=app_label, content_type__model=name, object_id__in=keys).delete()


def tidy_side(model, key, side):
    key = PatchKey.parse(key)
    owner = key.owner(model)
    fields = text_fields(owner) if owner else {}
    if key.is_row:
        return side and {name: tidy(fields[name], value) if name in fields else value for name, value in side.items()}
    return tidy(fields[key.field], side) if key.field in fields else side
