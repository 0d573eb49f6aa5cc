"""What a running site keeps of itself: mails that wait, and what an older rule of the clocks has shifted."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.version.content_version import moment


class QueuedMailQuerySet(models.QuerySet):
    def too_old(self):
        return self.filter(created_at__lt=moment() - bounds.QUEUED_MAIL_LASTS)

    def waiting(self):
        """Those that may still be sent, the ones that failed last at the end."""
        return self.filter(refusal="").order_by(F("next_try_at").asc(nulls_first=True), "created_at", "id")

    def due(self):
        """Those whose pause is over."""
        return self.waiting().filter(Q(next_try_at=None) | Q(next_try_at__lte=moment()))

    def refused(self):
        return self.exclude(refusal="")


class QueuedMail(models.Model):
    """A message that the mail server didn't take, queued until it does."""

    to = models.JSONField()
    reply_to = models.JSONField(default=list)
    sender = models.CharField(max_length=320)
    subject = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField(default=moment, db_index=True)
    tries = models.PositiveSmallIntegerField(db_default=0)
    next_try_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    #: Why the server will never take it.
    refusal = models.TextField(db_default="")

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        db_table = "operations_letter"
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["created_at", "id"]

    def __str__(self):
        return self.subject

    @classmethod
    def keep(cls, message, refusal=""):
        """Messages of this site are plain text with one sender; what else they may hold isn't kept."""
        return cls.objects.create(
            to=message.recipients(),
            reply_to=list(message.reply_to),
            sender=message.from_email,
            subject=str(message.subject),
            body=str(message.body),
            tries=0,
            next_try_at=moment() + bounds.QUEUED_MAIL_FIRST_PAUSE,
            refusal=refusal[:500],
        )

    def message(self):
        return EmailMessage(self.subject, self.body, self.sender, self.to, reply_to=self.reply_to)

    def claim(self):
        """Whether it is ours alone to send, for a while: asked of the database, so that no two send it at once."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=moment())
        ours = QueuedMail.objects.filter(free, pk=self.pk, refusal="", tries=self.tries)
        self.tries += 1
        return ours.update(claimed_until=moment() + bounds.QUEUED_MAIL_CLAIM, tries=self.tries) == 1

    def put_off(self, refusal=""):
        """It was not taken: it is tried again after a pause or, with a reason, never."""
        pause = min(bounds.QUEUED_MAIL_FIRST_PAUSE * 3 ** min(self.tries, 9), bounds.QUEUED_MAIL_LONGEST_PAUSE)
        values = {"claimed_until": None, "next_try_at": moment() + pause, "refusal": refusal[:500]}
        # Where the claim had run out, someone else may have it by now.
        QueuedMail.objects.filter(pk=self.pk, tries=self.tries).update(**values)


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
