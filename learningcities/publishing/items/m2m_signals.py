"""Many-to-many relations are content too: a change of one outside a form is tracked here."""

from django.apps import apps
from django.db.models.signals import m2m_changed, pre_delete
from django.dispatch import receiver

from learningcities.publishing.history.tracked_models import Part, Tracked
from learningcities.publishing.history.tracking import finish, is_tracked
from learningcities.publishing.history.where_used import refuse_while_used
from learningcities.publishing.patches.snapshot import snapshot
from learningcities.publishing.version.content_version import ContentVersion

from .item import Item


def refuse_deletion(sender, instance, **kwargs):
    """Whoever deletes a row by a way of Django's own would take it out of what uses it without a record."""
    refuse_while_used(instance)


for kind in apps.get_models():
    if issubclass(kind, Tracked) and not issubclass(kind, Item):
        pre_delete.connect(refuse_deletion, sender=kind, dispatch_uid="refuse deletion")


@receiver(m2m_changed)
def record_relation(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Before: remember what the items say. After, in the same transaction: write down the difference."""
    remembered = vars(instance).setdefault("_remembered", {})
    if action.startswith("pre_"):
        for row in rows(sender, instance, reverse, model, pk_set):
            if isinstance(row, (Tracked, Part)) and not is_tracked(row.tracked_row):
                ContentVersion.lock_writes()
                remembered[row.tracked_row] = snapshot(row.tracked_row)
    else:
        while remembered:
            item, before = remembered.popitem()
            finish(item, before, item.pk)


def rows(sender, instance, reverse, model, pk_set):
    """The rows that have the relation: the instance or, seen from the other end, those it gains or loses."""
    if not reverse:
        return [instance]
    if pk_set is not None:
        return model._base_manager.filter(pk__in=pk_set)
    field = next(field for field in model._meta.many_to_many if field.remote_field.through is sender)
    return model._base_manager.filter(**{field.name: instance})
