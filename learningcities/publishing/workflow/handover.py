"""Unfinished changes go from someone who leaves to a colleague; what can't go stays, with the reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learningcities.publishing.rights.patch_rights import allowed_part
from learningcities.publishing.version.content_version import ContentVersion

from . import mail
from .change import Change
from .steps import Situation, edits


def hand_over(leaver, receiver, by):
    """What was handed over, and what was not: [changes], [(change, reason)]."""
    given, refused = [], []
    with transaction.atomic():
        ContentVersion.lock_writes()
        for change in Change.objects.unfinished().filter(author=leaver).order_by("created_at").select_for_update():
            try:
                check(change, receiver)
            except ValidationError as error:
                refused.append((change, " ".join(error.messages)))
            else:
                change.begun_by, change.author = change.begun_by or leaver, receiver
                change.handed_over_by = by
                change.save(update_fields=["author", "begun_by", "handed_over_by"])
                given.append(change)
        if given:
            transaction.on_commit(lambda: mail.tell_receiver(receiver, leaver, given), robust=True)
    return given, refused


def check(change, receiver):
    item = change.item
    if item is None:
        raise ValidationError(_("What this change is about is no longer there."))
    if not edits(Situation(receiver, item)):
        raise ValidationError(_("%(person)s may not edit this page.") % {"person": receiver})
    if refused := allowed_part(receiver, item, change.patch)[1]:
        raise ValidationError(refused)
    if Change.objects.mine(item, receiver):
        sentence = _("%(person)s has an unfinished change of this page already: finish it, or choose someone else.")
        raise ValidationError(sentence % {"person": receiver})
