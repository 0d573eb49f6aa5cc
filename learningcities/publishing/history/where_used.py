"""Where a row is used: covers, galleries, menus, what belongs to a city."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learningcities import bounds
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.text.translation import listed

from .tracking import current_author


def uses(item, most=bounds.USES_LISTED):
    """The rows that point at an item, by what the item is to them, and not many more than `most`: [(words, rows)]."""
    used = []
    for relation in relations_to(type(item)):
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{name: item})[: most + 1]
        if hasattr(model, "part_of"):
            rows = [part.tracked_row for part in rows.select_related(model.part_of)]
        if rows := list(dict.fromkeys(rows)):
            used.append((f"{capfirst(model._meta.verbose_name_plural)} – {relation.field.verbose_name}", rows))
    return used


def refuse_while_used(row):
    """What others use can't be deleted: a ValidationError names them."""
    if users := [user for _words, rows in uses(row, bounds.USES_NAMED) for user in rows]:
        names = list(dict.fromkeys(str(user) for user in users if is_seen(user, current_author())))
        more = ["…"] if len(names) > bounds.USES_NAMED or not names else []
        text = _("“%(row)s” can’t be deleted while it is used. First take it out of: %(names)s.")
        raise ValidationError(text % {"row": row, "names": listed(names[: bounds.USES_NAMED] + more)})


def is_seen(row, person):
    return person is None or rows_for(person, type(row)).filter(pk=row.pk).exists()


def is_used(model):
    """Whether anything points at a row of the model, as a condition."""
    pointing = ((relation.related_model._base_manager, relation.field.name) for relation in relations_to(model))
    return reduce(or_, (Exists(rows.filter(**{name: OuterRef("pk")})) for rows, name in pointing))


def leave(item):
    """Take an item out of everything that uses it, as a change of each; many-to-many relations go by themselves."""
    for relation in relations_to(type(item)):
        rows = relation.related_model.objects.filter(**{relation.field.name: item})
        if relation.many_to_many:
            continue
        if relation.field.null:
            rows.update(**{relation.field.name: None})
        else:
            rows.delete()


def relations_to(model):
    """From other content, except from the item's own parts."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and hasattr(relation.related_model, "tracked_row")
        and getattr(relation.related_model, "part_of", None) != relation.field.name
    ]
