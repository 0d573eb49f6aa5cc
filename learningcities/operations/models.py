"""A Letter: a message that the mail server didn't take, kept until it does."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.clock import moment

#: After this time it would only confuse whoever got it.
KEPT = timedelta(days=30)


class LetterQuerySet(models.QuerySet):
    def too_old(self):
        return self.filter(created_at__lt=moment() - KEPT)


class Letter(models.Model):
    to = models.JSONField()
    reply_to = models.JSONField(default=list)
    sender = models.CharField(max_length=320)
    subject = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(default=moment, db_index=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["created_at", "id"]

    def __str__(self):
        return self.subject

    @classmethod
    def keep(cls, message):
        """Messages of this site are plain text with one sender; what else they may hold isn't kept."""
        return cls.objects.create(
            to=message.recipients(),
            reply_to=list(message.reply_to),
            sender=message.from_email,
            subject=str(message.subject),
            body=str(message.body),
        )

    def message(self):
        return EmailMessage(self.subject, self.body, self.sender, self.to, reply_to=self.reply_to)
