"""What a running site keeps of itself: letters that wait, and what an older rule of the clocks has shifted."""

from datetime import timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
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


class ShiftedMomentQuerySet(models.QuerySet):
    def to_come(self):
        return self.filter(at__gt=moment())

    def untold(self):
        return self.filter(told_at=None)


class ShiftedMoment(models.Model):
    """A moment to come that was scheduled while the time zone had other rules; no new ones are made."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    field = models.CharField(max_length=20)
    at = models.DateTimeField()
    #: The date and time that were chosen, by the clocks of then.
    before = models.CharField(max_length=16)
    told_at = models.DateTimeField(null=True)

    objects = ShiftedMomentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.item} {self.before}"

    @property
    def is_scheduled(self):
        """Whether nobody has chosen another moment since."""
        return self.item is not None and getattr(self.item, self.field) == self.at
