"""Letters to people, each in their own language, and what they are written about their account."""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

logger = logging.getLogger(__name__)

#: Whether someone is written to must not be seen from how long an answer takes.
unseen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def write_to(people, compose, **options):
    """Write to each of some people in their own language; how many mails have gone. `compose()`: subject and body."""
    gone = 0
    for person in (person for person in people if person.email):
        with override(person.language):
            subject, body = compose()
        gone += EmailMessage(" ".join(subject.split()), body, to=[person.email], **options).send()
    return gone


def invitation(person, by, address, ends_at):
    with override(person.language):
        subject = gettext("Your invitation to the site of the learning cities")
        context = {"person": person, "by": by, "address": address, "ends_at": ends_at}
        return EmailMessage(subject, render_to_string("people/invitation.txt", context), to=[person.email])


def reset(person, address):
    with override(person.language):
        subject = gettext("Choose a new password")
        context = {"person": person, "address": address}
        return EmailMessage(subject, render_to_string("people/reset.txt", context), to=[person.email])


def new_browser(person, request):
    with override(person.language):
        subject = gettext("A new browser has logged in to your account")
        context = {
            "person": person,
            "now": timezone.now(),
            "browser": request.headers.get("User-Agent", "")[:200],
            "address": settings.SITE_ADDRESS + reverse("admin_password_reset"),
        }
        return EmailMessage(subject, render_to_string("people/new_browser.txt", context), to=[person.email])


def send_unseen(message):
    """Nobody waits for it."""
    unseen.submit(send, message)


def send(message):
    try:
        message.send()
    except OSError:
        logger.exception("A letter about an account could not be mailed")
