"""Mail that the server doesn't take is kept in the database and sent again: nobody's work waits for it."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from .models import QueuedMail

logger = logging.getLogger(__name__)

#: What a server says of one letter; whatever else fails would fail for the next one, too.
ABOUT_THE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


def server():
    return get_connection(settings.OUTBOX_BACKEND)


class Backend(BaseEmailBackend):
    """Sends at once by the backend of EMAIL_URL; says how many messages have really gone."""

    def send_messages(self, messages):
        return sum(self.send(message) for message in messages)

    def send(self, message):
        try:
            return server().send_messages([message]) or 0
        except OSError as error:  # smtplib's own are of this kind
            logger.warning("The mail server didn't take a letter (%s): it is kept", type(error).__name__)
            self.keep(message, error)
            return 0

    def keep(self, message, error):
        try:
            QueuedMail.keep(message, refusal_in(error))
        except DatabaseError:
            if not self.fail_silently:
                raise
            logger.exception("A letter could be neither sent nor kept")


def send_again(letters=None):
    """Send what was kept, or some of it, each letter by whoever claims it first; how many have gone."""
    gone = 0
    for letter in QueuedMail.objects.waiting() if letters is None else letters:
        if not letter.claim():
            continue
        try:
            server().send_messages([letter.message()])
        except (OSError, ValueError) as error:
            logger.warning("A kept letter could not be sent (%s)", type(error).__name__)
            letter.put_off(refusal_in(error))
            if not isinstance(error, (*ABOUT_THE_LETTER, ValueError)):
                break
        except Exception:
            logger.exception("A kept letter could not be sent")
            letter.put_off()
        else:
            letter.delete()
            gone += 1
    return gone


def refusal_in(error):
    """Why the server will never take a letter; nothing where it may do so later.

    That it refuses the sender is a matter of the settings, and so of all letters.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = error.recipients.values()
        return said(*next(iter(replies))) if replies and all(code >= 500 for code, _words in replies) else ""
    if isinstance(error, smtplib.SMTPDataError):
        return said(error.smtp_code, error.smtp_error) if error.smtp_code >= 500 else ""
    return f"It can't be written as a mail: {error}" if isinstance(error, ValueError) else ""


def said(code, words):
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
