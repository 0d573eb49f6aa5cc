"""A Report: what a visitor found wrong on a page. It is no content: nothing of it is public or on record.

A Quota counts how many have come.
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.items.item import about_items
from learningcities.publishing.version.content_version import moment
from learningcities.text import plain_text


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.NEW)

    def untold(self):
        """Those of which nobody has been written to yet, the first one first."""
        return self.open().filter(told_at=None, mailed_at=None).order_by("created_at", "id")

    def old_senders(self):
        return self.filter(created_at__lt=moment() - bounds.REPORT_SENDER_LASTS).exclude(
            sender_name="", sender_email=""
        )

    def forget(self):
        return self.update(sender_name="", sender_email="")

    def edited_by(self, user):
        """Those about items that a member of staff looks after today: all for a coordinator."""
        if user.is_coordinator:
            return self
        return self.filter(about_items(lambda kind: kind.objects.edited_by(user)))


class Report(models.Model):
    """What a visitor found wrong on a page, and whether the staff have dealt with it."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        DONE = "done", _("done")

    page = models.CharField(_("address of the page"), max_length=300)
    title = models.CharField(_("page"), max_length=200, help_text=_("As it was called when the report was sent."))
    content_type = models.ForeignKey(
        ContentType, models.SET_NULL, verbose_name=_("kind"), null=True, blank=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    item = GenericForeignKey()
    message = plain_text.TextField(_("message"), max_length=4000)
    sender_name = plain_text.CharField(_("name of the sender"), max_length=120, blank=True)
    sender_email = models.EmailField(_("e-mail of the sender"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    #: Of the form's token, which serves once; NULL where no form was sent.
    digest = models.UUIDField(unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("sent on"), default=moment, db_index=True)
    #: When a letter about it was written, by the one process that claimed it; it has gone at `mailed_at`.
    told_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(_("mailed on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    closed_at = models.DateTimeField(_("done on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, related_name="+"
    )
    answer = plain_text.TextField(
        _("note for colleagues"), blank=True, help_text=_("What was mended, or why nothing had to be.")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an error")
        verbose_name_plural = _("reports of errors")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="report_of_item")]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__startswith="/") & ~Q(page__startswith="//"), name="report_page_is_of_this_site"
            ),
            models.CheckConstraint(
                condition=Q(state="new", closed_at=None, closed_by=None) | Q(state="done", closed_at__isnull=False),
                name="report_done_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(state="new") | Q(sender_name="", sender_email=""), name="report_done_forgets_its_sender"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self):
        return self.state == self.State.NEW

    @property
    def is_old(self):
        return self.created_at < moment() - bounds.REPORT_SENDER_LASTS

    def claim(self):
        """Whether it is ours alone to write about: asked of the database."""
        ours = Report.objects.filter(pk=self.pk, told_at=None, mailed_at=None)
        return ours.update(told_at=moment()) == 1

    def close(self, by):
        """Dealt with: from now on nobody knows any more who sent it."""
        self.state, self.closed_at, self.closed_by = self.State.DONE, moment(), by
        self.sender_name = self.sender_email = ""
        self.save()


class QuotaQuerySet(models.QuerySet):
    def over(self):
        return self.filter(ends_at__lt=moment())

    def take(self, key, most, ends_at):
        """Whether one more is within the quota; it counts. All processes count together, and never past the most."""
        self.get_or_create(key=key, defaults={"ends_at": ends_at})
        return self.filter(key=key, number__lt=most).update(number=F("number") + 1) == 1

    def give_back(self, keys):
        self.filter(key__in=keys).update(number=F("number") - 1)


class Quota(models.Model):
    """How many reports have come in an hour, under a key that nobody can read an address out of."""

    key = models.CharField(max_length=100, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    objects = QuotaQuerySet.as_manager()

    def __str__(self):
        return self.key
