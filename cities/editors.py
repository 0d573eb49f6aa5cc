"""Who edits a city: whoever gives or takes that right has just proved who they are, and it is written down."""

from allauth.core import context
from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from learningcities.people.models import AuditEntry, User
from learningcities.people.reauthentication import ask_for_proof

from .models import City


@receiver(m2m_changed, sender=City.editors.through)
def changed(instance, action, reverse, pk_set, **_):
    """Both ways: the editors of a city, and (reverse) the cities of a person."""
    if context.request and (action == "pre_clear" or (action in ("pre_add", "pre_remove") and pk_set)):
        ask_for_proof(context.request)
    if action in ("post_add", "post_remove") and pk_set:
        people = [instance] if reverse else User.objects.filter(pk__in=pk_set)
        names = ", ".join(map(str, City.objects.filter(pk__in=pk_set) if reverse else [instance]))
        for person in people:
            AuditEntry.record(
                AuditEntry.Kind.ACCOUNT,
                person,
                context.request,
                by=getattr(context.request, "user", None),
                changes={"cities": ["", names] if action == "post_add" else [names, ""]},
            )
