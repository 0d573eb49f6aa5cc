"""Many-to-many relations are content too: a change of one outside a form is put on record here."""

from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from .change import close, is_open
from .clock import Clock
from .recorded import Part, Recorded
from .snapshot import snapshot


@receiver(m2m_changed)
def record_relation(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Before: remember what the item says. After, in the same transaction: write down the difference."""
    for row in rows(instance, reverse, model, pk_set):
        if not isinstance(row, (Recorded, Part)) or is_open(row.recorded):
            continue
        if action.startswith("pre_"):
            Clock.hold()
            said = vars(instance).setdefault("_said", {})
            said[row.recorded.uuid] = snapshot(row.recorded)
        elif before := vars(instance).get("_said", {}).pop(row.recorded.uuid, None):
            close(row.recorded, before, row.recorded.pk)


def rows(instance, reverse, model, pk_set):
    """The rows that have the relation: the instance or, seen from the other end, those it gains or loses."""
    if not reverse:
        return [instance]
    return model._base_manager.filter(pk__in=pk_set) if pk_set else []
