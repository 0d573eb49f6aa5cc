"""Mail that the server doesn't take is queued in the database and sent again: nobody's work waits for it."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from .models import QueuedMail

logger = logging.getLogger(__name__)

#: What a server says of one mail; whatever else fails would fail for the next one, too.
ABOUT_THE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


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


def send_again(mails=None):
    """Send what is queued, or some of it, each mail by whoever claims it first; how many have gone."""
    gone = 0
    for mail in QueuedMail.objects.waiting() if mails is None else mails:
        if not mail.claim():
            continue
        try:
            server().send_messages([mail.message()])
        except (OSError, ValueError) as error:
            logger.warning("A kept letter could not be sent (%s)", type(error).__name__)
            mail.put_off(refusal_in(error))
            if not isinstance(error, (*ABOUT_THE_MAIL, ValueError)):
                break
        except Exception:
            logger.exception("A kept letter could not be sent")
            mail.put_off()
        else:
            mail.delete()
            gone += 1
    return gone


def refusal_in(error):
    """Why the server will never take a mail; nothing where it may do so later.

    That it refuses the sender is a matter of the settings, and so of all mails.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = error.recipients.values()
        return reply(*next(iter(replies))) if replies and all(code >= 500 for code, _words in replies) else ""
    if isinstance(error, smtplib.SMTPDataError):
        return reply(error.smtp_code, error.smtp_error) if error.smtp_code >= 500 else ""
    return f"It can't be written as a mail: {error}" if isinstance(error, ValueError) else ""


def reply(code, words):
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
