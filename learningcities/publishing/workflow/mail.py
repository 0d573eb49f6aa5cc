"""A message to those whom a step of a change concerns, with one link."""

from django.conf import settings
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learningcities.people.mail import write_to
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
    """Write about a step from one state to another; of several at once, about the last."""
    if change.state != state:
        return

    def compose():
        title = str(change)
        context = {"change": change, "title": title, "address": settings.SITE_ADDRESS + address(change)}
        return SUBJECTS[change.state] % {"title": title}, render_to_string("publishing/mail.txt", context)

    write_to(concerned(change, before), compose)


def tell_part(part, rest):
    """One message to the author of a change of which a part is published and the rest is returned."""

    def compose():
        title = str(rest)
        context = {"change": rest, "said": part.comment, "title": title}
        body = render_to_string(
            "publishing/part_mail.txt", context | {"address": settings.SITE_ADDRESS + address(rest)}
        )
        return gettext("Published in part: %(title)s") % {"title": title}, body

    write_to(concerned(rest, "review"), compose)


def tell_batch(batch, changes, by=None, stopped=None):
    """One message for a step that the drafts of a batch have taken together: by someone or, at their time, by the
    clock, where one of them may have stopped all."""
    state = changes[0].state
    if state == "review":
        people = User.coordinators().exclude(pk=batch.author_id)
    else:
        authors = {batch.author_id, *(change.author_id for change in changes)}
        people = User.objects.filter(pk__in=authors, is_active=True, is_staff=True).exclude(pk=by and by.pk)

    def compose():
        page = settings.SITE_ADDRESS + reverse("admin:publishing_batch_change", args=[batch.pk])
        context = {"batch": batch, "changes": changes, "by": by, "stopped": stopped, "address": page}
        return SUBJECTS[state] % {"title": batch}, render_to_string("publishing/batch_mail.txt", context)

    write_to(people, compose)


def tell_receiver(receiver, leaver, changes):
    """One message about all that was handed over to someone."""

    def compose():
        lines = [(str(change), settings.SITE_ADDRESS + address(change)) for change in changes]
        body = render_to_string("publishing/handed_over.txt", {"lines": lines, "leaver": leaver})
        return gettext("Handed over to you by %(person)s") % {"person": leaver}, body

    write_to([receiver], compose)


def tell_of_comment(comment):
    def compose():
        title, page = str(comment.item), admin.site.address(comment.item, "happened")
        place = f"remark-{comment.pk}"
        address = f"{settings.SITE_ADDRESS}{page}?at={place}#{place}"
        body = render_to_string("publishing/comment.txt", {"comment": comment, "title": title, "address": address})
        subject = (
            gettext("To take out of the bin: %(title)s") if comment.kind == "bin" else gettext("A remark on %(title)s")
        )
        return subject % {"title": title}, body

    write_to(comment.concerned(), compose)


def address(change):
    """The form for an author who has something to mend, otherwise the change itself."""
    form = change.state == "returned" and change.item and admin.site.form_address(change.item)
    return form or reverse("admin:publishing_change_change", args=[change.pk])
