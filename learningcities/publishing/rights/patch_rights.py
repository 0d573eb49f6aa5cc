"""What an author may ask for of an item: every patch passes here, by whichever way it comes in."""

from django.utils.translation import gettext as _

from learningcities.publishing.patches.patch_display import deleted_names, label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import same, snapshot, with_row_fields
from learningcities.text.translation import listed

from .translator_rights import forbidden_keys, refusal


def rows_for(user, model):
    """The rows of a model that a member of staff works with, and may choose where something relates to it."""
    rows = model._default_manager.all()
    return rows.seen_by(user) if hasattr(rows, "seen_by") else rows


def allowed_part(author, item, patch, live=None):
    """The part of a patch that its author may ask for, and a sentence about the rest.

    What the item relates to already (`live`, a snapshot: now, unless it is given) stays a choice. Whoever has left asks
    for nothing new: what is applied in their name was looked at when they asked. Without an author the site writes.
    """
    model, rest = type(item), forbidden_keys(author, type(item), patch)
    allowed = {key: sides for key, sides in patch.items() if key not in rest}
    sentences, lost = [refusal(author, model, rest)] if rest else [], []
    relations = [key for key in allowed if relation_of(model, key)] if author and author.is_active else []
    if relations:
        live = with_row_fields(snapshot(item) if live is None else live)
    for key in relations:
        before, after = allowed[key]
        choice, refused = choosable(author, model, key, after, live)
        lost += refused
        if refused and (not choice or same(choice, live.get(key))):
            del allowed[key]
        else:
            allowed[key] = [before, choice]
    if lost:
        text = _("Not for %(person)s to choose, or no longer there: %(what)s.")
        sentences.append(text % {"person": author, "what": listed(dict.fromkeys(lost))})
    return allowed, " ".join(sentences)


def relation_of(model, key):
    """The field by which a key of a patch names other rows, or the relation to the parts one of which it brings."""
    field = PatchKey.parse(key).model_field(model)
    return field if field and field.is_relation else None


def choosable(author, model, key, value, live):
    """What remains of the value that a key of a patch asks for, and the names of what its author may not choose."""
    field = relation_of(model, key)
    if not (field and value):
        return value, []
    if field.auto_created:
        return choosable_row(author, field.related_model, key, value, live)
    keys, known = (value, live.get(key)) if field.many_to_many else ([value], [live.get(key)])
    new = set(keys) - set(known or ())
    rows = rows_for(author, field.related_model).filter(pk__in=new) if new else ()
    lost = new - {row.pk if isinstance(row.pk, int) else str(row.pk) for row in rows}
    if not lost:
        return value, []
    names, words = sorted(deleted_names(field.related_model, lost).values()), str(label(field.model, field.name))
    left = [key for key in keys if key not in lost] if field.many_to_many else None
    return left, [f"{words} ({', '.join(names)})" if names else words]


def choosable_row(author, part, key, row, live):
    """A row of a part without what it can't relate to; nothing, where it would be no row without that."""
    values, refused, key = dict(row), [], PatchKey.parse(key)
    for name, value in values.items():
        values[name], lost = choosable(author, part, name, value, {name: live.get(key.of_field(name))})
        refused += lost
        if lost and values[name] is None and not part._meta.get_field(name).null:
            return None, refused
    return values, refused
