"""What happens to a login elsewhere, and is written into the security log."""

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete
from django.dispatch import receiver

from . import factors
from .audit import AuditEntry

Kind, Type = AuditEntry.Kind, Authenticator.Type


@receiver(signals.authenticator_added)
def added(request, user, authenticator, **_):
    """The code with which a telephone was set up has counted."""
    if authenticator.type == Type.TOTP:
        factors.use_code(user, request.POST.get("code", ""))
    AuditEntry.record(Kind.FACTOR_ADDED, user, request, changes=named(authenticator))


@receiver(signals.authenticator_reset)
def renewed(request, user, authenticator, **_):
    AuditEntry.record(Kind.FACTOR_ADDED, user, request, changes=named(authenticator))


@receiver(signals.authenticator_removed)
def removed(request, user, authenticator, **_):
    AuditEntry.record(Kind.FACTOR_REMOVED, user, request, changes=named(authenticator))


@receiver(signals.authenticator_used)
def used(request, user, authenticator, **_):
    if authenticator.type == Type.RECOVERY_CODES:
        AuditEntry.record(Kind.RECOVERY_CODE, user, request)


def named(authenticator):
    return {"factor": ["", authenticator.type]}


@receiver(post_delete, sender=get_user_model())
def deleted(instance, **_):
    by = getattr(context.request, "user", None)
    AuditEntry.objects.create(kind=Kind.DELETED, name=instance.username, by_id=by and by.pk if by != instance else None)
