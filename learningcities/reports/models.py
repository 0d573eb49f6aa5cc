"""A Report: what a visitor found wrong on a page. It is no content: nothing of it is public or on record."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.clock import moment
from learningcities.publishing.item import about_items

#: For how long the site knows who sent a report that nobody deals with.
SENDER_KEPT = timedelta(days=365)


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.NEW)

    def old_senders(self):
        return self.filter(created_at__lt=moment() - SENDER_KEPT).exclude(sender_name="", sender_email="")

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
    message = models.TextField(_("message"), max_length=4000)
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    sender_email = models.EmailField(_("e-mail of the sender"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    #: Of the form and its message, so that a double click is one report; NULL where no form was sent.
    digest = models.UUIDField(unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("sent on"), default=moment, db_index=True)
    mailed_at = models.DateTimeField(_("mailed on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    closed_at = models.DateTimeField(_("done on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, related_name="+"
    )
    answer = models.TextField(
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
        return self.created_at < moment() - SENDER_KEPT

    def close(self, by):
        """Dealt with: from now on nobody knows any more who sent it."""
        self.state, self.closed_at, self.closed_by = self.State.DONE, moment(), by
        self.sender_name = self.sender_email = ""
        self.save()
