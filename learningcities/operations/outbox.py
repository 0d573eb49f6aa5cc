"""Mail that the server doesn't take is kept in the database and sent again: nobody's work waits for it."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from .models import Letter

logger = logging.getLogger(__name__)


def server():
    return get_connection(settings.OUTBOX_BACKEND)


class Backend(BaseEmailBackend):
    """Sends at once by the backend of EMAIL_URL; says how many messages have really gone."""

    def send_messages(self, messages):
        return sum(self.send(message) for message in messages)

    def send(self, message):
        try:
            return server().send_messages([message]) or 0
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("The mail server doesn't answer (%s): a letter is kept", type(error).__name__)
            self.keep(message)
            return 0

    def keep(self, message):
        try:
            Letter.keep(message)
        except DatabaseError:
            if not self.fail_silently:
                raise
            logger.exception("A letter could be neither sent nor kept")


def send_again():
    """Send what was kept, the oldest first, until the server fails again; how many have gone."""
    gone = 0
    for letter in Letter.objects.all():
        try:
            server().send_messages([letter.message()])
        except smtplib.SMTPRecipientsRefused:
            logger.warning("A kept letter has no recipient that the mail server takes")
            continue
        except (OSError, smtplib.SMTPException):
            break
        letter.delete()
        gone += 1
    return gone
