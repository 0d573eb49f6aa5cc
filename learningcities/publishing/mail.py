"""A message to those whom a step of a change concerns, with one link."""

from django.conf import settings
from django.contrib import admin
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from learningcities.people.models import User

#: What is said of the state that a change has come to.
SUBJECTS = {
    "review": _("To review: %(title)s"),
    "returned": _("Returned to you: %(title)s"),
    "scheduled": _("Scheduled: %(title)s"),
    "applied": _("Visitors see it: %(title)s"),
    "discarded": _("Discarded: %(title)s"),
}


def concerned(change, before):
    """The coordinators when something is sent; its author when another one, or the clock, has decided."""
    if change.state == "review":
        return User.coordinators().exclude(pk=change.author_id) if before != "review" else User.objects.none()
    by_another = change.decided_by_id != change.author_id
    if change.state in SUBJECTS and (by_another or (before == "scheduled" and change.state in ("applied", "returned"))):
        return User.objects.filter(pk=change.author_id, is_active=True, is_staff=True)
    return User.objects.none()


def tell(change, before, state):
    """Write about a step from one state to another, in the site's first language; of several at once, the last."""
    if change.state != state:
        return
    to = list(concerned(change, before).exclude(email="").order_by("pk").values_list("email", flat=True))
    if not to:
        return
    with override(settings.LANGUAGE_CODE):
        title = str(change)
        subject = gettext(str(SUBJECTS[change.state])) % {"title": title}
        context = {"change": change, "title": title, "address": settings.SITE_ADDRESS + address(change)}
        body = render_to_string("publishing/mail.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=to).send()


def tell_batch(batch, changes, by):
    """One message for a step that the drafts of a batch have taken together."""
    state = changes[0].state
    if state == "review":
        people = User.coordinators().exclude(pk=batch.author_id)
    else:
        people = User.objects.filter(pk=batch.author_id, is_active=True, is_staff=True).exclude(pk=by.pk)
    to = list(people.exclude(email="").order_by("pk").values_list("email", flat=True))
    if not to:
        return
    with override(settings.LANGUAGE_CODE):
        subject = gettext(str(SUBJECTS[state])) % {"title": batch}
        page = settings.SITE_ADDRESS + reverse("admin:publishing_batch_change", args=[batch.pk])
        context = {"batch": batch, "changes": changes, "by": by, "address": page}
        body = render_to_string("publishing/batch_mail.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=to).send()


def tell_receiver(receiver, leaver, changes):
    """One message about all that was handed over to someone."""
    if not receiver.email:
        return
    with override(receiver.language):
        subject = gettext("Handed over to you by %(person)s") % {"person": leaver}
        lines = [(str(change), settings.SITE_ADDRESS + address(change)) for change in changes]
        body = render_to_string("publishing/handed_over.txt", {"lines": lines, "leaver": leaver})
    EmailMessage(" ".join(subject.split()), body, to=[receiver.email]).send()


def tell_of_remark(remark):
    """Tell each of those concerned, in their own language."""
    for person in remark.concerned():
        if not person.email:
            continue
        with override(person.language):
            title = str(remark.item)
            subject = gettext("A remark on %(title)s") % {"title": title}
            page = settings.SITE_ADDRESS + admin.site.address(remark.item, "remarks")
            body = render_to_string("publishing/remark.txt", {"remark": remark, "title": title, "address": page})
        EmailMessage(" ".join(subject.split()), body, to=[person.email]).send()


def address(change):
    """The form for an author who has something to mend, otherwise the change itself."""
    form = change.state == "returned" and change.item and admin.site.form_address(change.item)
    return form or reverse("admin:publishing_change_change", args=[change.pk])
