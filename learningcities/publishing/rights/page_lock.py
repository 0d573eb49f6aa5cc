"""The lock of a page: someone keeps an item to themselves for a while, and nobody else changes it."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learningcities import bounds
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.text import plain_text
from learningcities.text.dates import format_moment


class PageLockQuerySet(models.QuerySet):
    def of(self, item):
        return self.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)

    def active(self):
        """Those that haven't ended by themselves."""
        return self.filter(at__gt=moment() - bounds.PAGE_LOCK_LASTS)

    def ended(self):
        return self.filter(at__lte=moment() - bounds.PAGE_LOCK_LASTS)

    def against(self, person):
        """Those that keep someone from changing the item."""
        return self.active().exclude(by=person).select_related("by")

    def check_free(self, item, person):
        """Refuse, with a sentence, whoever wants to change what another one has locked."""
        if item.pk and person and (lock := self.of(item).against(person).first()):
            raise ValidationError(lock.sentence)


class PageLock(models.Model):
    """One for each item: who keeps it to themselves, since when and why."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=gettext_lazy("reserved by"), related_name="+"
    )
    at = models.DateTimeField(gettext_lazy("reserved since"), default=moment)
    reason = plain_text.CharField(gettext_lazy("reason"), max_length=200, blank=True)

    objects = PageLockQuerySet.as_manager()

    class Meta:
        db_table = "publishing_hold"
        verbose_name = gettext_lazy("reserved page")
        verbose_name_plural = gettext_lazy("reserved pages")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="hold_one_for_each_item")]

    def __str__(self):
        return f"{self.item} ({self.by})"

    @property
    def until(self):
        return self.at + bounds.PAGE_LOCK_LASTS

    @property
    def sentence(self):
        since, until = map(format_moment, (self.at, self.until))
        text = _("%(person)s has reserved this page since %(since)s. Nobody else changes it until %(until)s.")
        text %= {"person": self.by, "since": since, "until": until}
        reason = self.reason and _("The reason: %s") % self.reason
        return f"{text} {reason}".rstrip()

    @classmethod
    def acquire(cls, item, person, reason=""):
        """Lock an item, or keep it locked for as long again; ValidationError while someone else has it."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            cls.objects.check_free(item, person)
            cls.objects.of(item).delete()
            return cls.objects.create(item=item, by=person, reason=reason)

    def may_release(self, person):
        return self.by_id == person.pk or person.is_coordinator

    def release(self, person):
        if not self.may_release(person):
            raise PermissionDenied
        with transaction.atomic():
            ContentVersion.lock_writes()
            self.delete()
