"""Invitations: a signed link that leads once, for some days, to the choice of a password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from . import mail
from .models import User

SALT = "learningcities.people.invitation"


def invite(person, by):
    """Send the person a link; one that they were sent before leads nowhere any more."""
    person.invited_at, person.is_active = timezone.now(), True
    person.save(update_fields=["invited_at", "is_active"])
    address = settings.SITE_ADDRESS + reverse("invitation", args=[token(person)])
    mail.invitation(person, by, address, ends_at(person)).send()


def revoke(person):
    """The link leads nowhere any more, and the account is closed until someone sends another one."""
    person.invited_at, person.is_active = None, False
    person.save(update_fields=["invited_at", "is_active"])


def accept(person, password):
    person.set_password(password)
    person.invited_at = None
    person.save(update_fields=["password", "invited_at"])


def ends_at(person):
    return person.invited_at + timedelta(days=settings.INVITATION_DAYS)


def token(person):
    return signing.dumps([person.pk, person.invited_at.isoformat()], salt=SALT)


def invited(text):
    """Whom a link invites; None if it was used, revoked, has expired or was never ours."""
    try:
        key, at = signing.loads(text, salt=SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
    except signing.BadSignature:
        return None
    people = User.objects.select_for_update().filter(pk=key, is_active=True, is_staff=True)
    return people.filter(invited_at=datetime.fromisoformat(at)).first()
