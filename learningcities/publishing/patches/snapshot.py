"""What a row and its parts say, the difference that an edit makes, and how one is laid over a row.

A *snapshot* is everything an item says, as {key: JSON value}: its fields by name,
its many-to-many relations as sorted keys, and each row of its parts as
{"figures:<uuid>": {field: value}}. A *patch* is the difference of two snapshots,
{key: [before, after]}, where an edited row of a part gives "figures:<uuid>:value".
"""

import json
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, FileField, Prefetch
from django.utils.translation import gettext as _

from .patch_key import PatchKey

#: The dates that publishing writes.
DATES = ["public_from", "public_until", "withdrawn_at", "binned_at"]


def snapshot(item):
    """What the item and its parts say in the database now; {} when it isn't there."""
    return snapshots(type(item)._base_manager.filter(uuid=item.uuid)).get(item.uuid, {})


def snapshots(rows):
    """What each of some rows says, in their order, in as many queries as for one: {uuid: snapshot}."""
    states = {}
    for row in rows.prefetch_related(*relations(rows.model)):
        state = values(row)
        for name in row.parts:
            state |= {str(PatchKey(name, part.pk)): values(part) for part in getattr(row, name).all()}
        states[row.uuid] = plain(state)
    return states


def plain(state):
    """The same as JSON keeps it."""
    return json.loads(json.dumps(state, cls=DjangoJSONEncoder))


def relations(model, prefix=""):
    """What is to be read along with a row: its parts, and the keys of the rows that it and they name."""
    for field in tracked_fields(model):
        if field.many_to_many:
            yield Prefetch(prefix + field.name, field.related_model._base_manager.order_by().only("pk"))
    for name in getattr(model, "parts", ()):
        part = model._meta.get_field(name).related_model
        yield Prefetch(name, part._base_manager.order_by("pk"))
        yield from relations(part, f"{name}__")


def tracked_fields(model):
    """The fields that are content: neither keys, nor derived, nor the link from a part to its item."""
    skipped = {"uuid", getattr(model, "part_of", None), *getattr(model, "untracked", ())}
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [f for f in fields if f.editable and not f.primary_key and f.name not in skipped]


def values(row):
    return {
        field.name: sorted(other.pk for other in getattr(row, field.name).all())
        if field.many_to_many
        else field.get_prep_value(field.value_from_object(row))
        for field in tracked_fields(type(row))
    }


def diff(before, after):
    """The patch that leads from one snapshot to another."""
    patch = {}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            row = PatchKey.parse(key)
            patch |= {row.of_field(name): change for name, change in diff(old, new).items()}
        elif not same(old, new):
            patch[key] = [old, new]
    return patch


def unknown(model, keys):
    """The keys that name nothing of the model: what a release has renamed or removed."""
    return [key for key in keys if not is_known(model, PatchKey.parse(key))]


def is_known(model, key):
    owner = key.owner(model)
    return bool(owner) and (key.is_row or key.field in {field.name for field in tracked_fields(owner)})


def refuse_unknown(model, patch):
    if keys := unknown(model, patch):
        text = _(
            "The site no longer has what this changes: %(fields)s."
            " Open the form of the page and save it: the rest of the change stays."
        )
        raise ValidationError(text % {"fields": ", ".join(keys)})


def inverse(patch):
    return {key: [after, before] for key, (before, after) in patch.items()}


def state_before(state, patches):
    """What a row said before these patches, which come the last first."""
    for patch in patches:
        state = patched(state, inverse(patch))
    return state


def patched(state, patch):
    """The snapshot with a patch laid over it."""
    state = {key: dict(value) if isinstance(value, dict) else value for key, value in state.items()}
    for text, (_before, after) in patch.items():
        key = PatchKey.parse(text)
        if key.part and key.field:
            state.setdefault(key.row, {})[key.field] = after
        elif key.part and after is None:
            state.pop(text, None)
        else:
            state[text] = after
    return state


def conflicts(patch, live):
    """The keys of a patch whose live value is neither what its author saw nor what they want."""
    live_values = with_row_fields(live)
    return [
        key
        for key, sides in patch.items()
        if not any(same(live_values.get(key), seen) for seen in sides) or is_of_lost_row(key, live)
    ]


def with_row_fields(state):
    """A snapshot in which each field of a row of a part has a key of its own as well."""
    rows = [(PatchKey.parse(key), row) for key, row in state.items() if isinstance(row, dict)]
    return state | {key.of_field(name): value for key, row in rows for name, value in row.items()}


def rows_of_part(state, part):
    """The rows of a part in a snapshot, each with its key."""
    keys = ((PatchKey.parse(key), row) for key, row in state.items() if isinstance(row, dict))
    return [(key, row) for key, row in keys if key.part == part]


def is_of_lost_row(key, live):
    """Whether the key names a field of a row that is no longer there."""
    key = PatchKey.parse(key)
    return bool(key.part and key.field) and key.row not in live


def restore_removed_rows(patch, live, rows):
    """The patch with [before, after] of a row in the place of its single fields, where the row is no longer there."""
    restored = {}
    for text, sides in patch.items():
        key = PatchKey.parse(text)
        if is_of_lost_row(text, live) and key.row in rows:
            _before, after = restored.setdefault(key.row, [rows[key.row], dict(rows[key.row])])
            after[key.field] = sides[1]
        else:
            restored[text] = sides
    return restored


def same(value, other):
    """Nothing is nothing, whether it is stored as null, an empty text or an empty list."""
    return value == other or not (value or other or isinstance(value, (bool, int)) or isinstance(other, (bool, int)))


def apply_patch(item, patch, validate=True):
    """Write a patch over the live item; a ValidationError names the fields that no longer fit."""
    refuse_unknown(type(item), patch)
    own, parts = {}, {}
    for text, (_before, after) in patch.items():
        key = PatchKey.parse(text)
        row = parts.setdefault((key.part, key.uuid), {}) if key.part else own
        row |= (after or {"removed": True}) if key.is_row else {key.field: after}
    item.refresh_from_db()
    wrong = {}
    with named_errors(PatchKey(), wrong):
        save_values(item, own, validate)
    make_room_among(item, parts)
    # What goes makes room for what comes: a figure of the same year, say.
    for (name, uuid), row in sorted(parts.items(), key=lambda part: not part[1].get("removed")):
        with named_errors(PatchKey(name, uuid), wrong):
            apply_part(item, name, uuid, row, validate)
    if wrong:
        raise ValidationError(wrong)


@contextmanager
def named_errors(key, wrong):
    """Collect what doesn't fit in a row, each sentence under the key of its field."""
    try:
        yield
    except ValidationError as error:
        for name, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
            text = name if name == NON_FIELD_ERRORS and not key.part else key.of_field(name)
            wrong.setdefault(text.removesuffix(f":{NON_FIELD_ERRORS}"), []).extend(sentences)


def make_room_among(item, parts):
    """Let rows of the item's parts swap what only one of them can have; what one gives up is among its words again."""
    for name in {name for name, _uuid in parts}:
        model = getattr(item, name).model
        rows = {str(row.pk): row for row in getattr(item, name).all()}
        changed = {key: parts[name, key].keys() for key in rows if (name, key) in parts}
        for key, column in make_room(model, changed):
            parts[name, key].setdefault(column, rows[key].serializable_value(column))


def make_room(model, changed):
    """Take away in each of the changed rows ({key: fields}) a column of what is unique, until all are written.

    So two figures can swap their years, and two rows of a gallery their photos. A relation that can't be empty leads
    nowhere meanwhile, which the database allows until the transaction ends.
    """
    taken = []
    for constraint in model._meta.constraints:
        fields = [model._meta.get_field(name) for name in reversed(getattr(constraint, "fields", ()))]
        column = next((f for f in fields if f.null), None) or next((f for f in fields if f.is_relation), None)
        keys = [key for key, names in changed.items() if {f.name for f in fields} & set(names)]
        if column and len(keys) > 1:
            meanwhile = None if column.null else -F(column.attname)
            model._base_manager.filter(pk__in=keys).update(**{column.attname: meanwhile})
            taken += [(key, column.name) for key in keys]
    return taken


def apply_part(item, name, uuid, row, validate):
    relation = getattr(item, name)
    part = relation.filter(pk=uuid).first()
    if row.pop("removed", False):
        if part:
            part.delete()
        return
    save_values(part or relation.model(pk=uuid, **{relation.model.part_of: item}), row, validate)


def save_values(row, values, validate):
    """Give a row these words and save it. Of a stored row, no other text is written by the way: it may be another's."""
    set_values(row, values)
    if validate:
        row.full_clean()
    fields = tracked_fields(type(row))
    others = {field.name for field in fields} - values.keys()
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key and field.name not in others]
    row.save(update_fields=None if row._state.adding else names)
    for field in fields:
        if field.many_to_many and field.name in values:
            rows = field.related_model._base_manager.filter(pk__in=values[field.name] or [])
            getattr(row, field.name).set(rows)


def set_values(row, values):
    """Give a row these words, without those that need it to be stored."""
    for field in tracked_fields(type(row)):
        if field.name in values and not field.many_to_many:
            value = values[field.name]
            if isinstance(field, FileField) and getattr(row, field.attname) == value:
                # It is the row's own, wherever the file may be.
                continue
            setattr(row, field.attname, value if field.is_relation else field.to_python(value))


def unify_newlines(row):
    """A browser sends other line ends than a file; the same text must not count as a change."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname) if field.attname in row.__dict__ else None
        if type(value) is str and "\r" in value:
            setattr(row, field.attname, value.replace("\r\n", "\n").replace("\r", "\n"))
