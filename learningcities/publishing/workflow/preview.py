"""A Preview: a page as it would be once published, stored for those who are to look at it before."""

import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.version.content_version import moment

from .change import Change
from .preview_rendering import pages_and_gaps


def new_token():
    """128 random bits: nobody finds a preview by trying."""
    return secrets.token_urlsafe(16)


def as_text(digest):
    """128 bits of it, in the letters of an address."""
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def hashed(token):
    return as_text(sha256(token.encode()).digest())


def usual_end():
    return moment() + timedelta(days=settings.PREVIEW_DAYS)


class PreviewQuerySet(models.QuerySet):
    def of(self, item):
        return self.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)

    def open(self):
        """Those whose link still leads to them."""
        return self.filter(revoked_at=None, expires_at__gt=moment())

    def opened_by(self, token):
        return self.open().filter(token=hashed(token))

    def over(self):
        return self.exclude(revoked_at=None, expires_at__gt=moment())

    def kept_by(self, user):
        """Those a member of staff may show and revoke: their own, and for a coordinator all."""
        return self if user.is_coordinator else self.filter(author=user)


class Preview(models.Model):
    """The pages of an item in each language, as they were rendered: the token leads to these bytes only."""

    #: The hash of what stands in the link.
    token = models.CharField(max_length=22, default=new_token, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    change = models.ForeignKey(Change, models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="previews")
    created_at = models.DateTimeField(default=moment)
    expires_at = models.DateTimeField(default=usual_end)
    revoked_at = models.DateTimeField(null=True)
    #: {language: HTML}, and what the item lacked to be published: {language: [sentence]}.
    pages = models.JSONField()
    gaps = models.JSONField(default=dict)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-created_at"], name="preview_of_item")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="preview_ends_after_it_was_made"
            )
        ]

    def __str__(self):
        return f"{self.item} ({self.created_at:%Y-%m-%d %H:%M})"

    @classmethod
    def make(cls, request, item, change=None):
        """Store the item's pages as the change wants them; what no longer fits raises an error of laying."""
        preview = cls(item=item, change=change, author=request.user)
        preview.pages, preview.gaps = pages_and_gaps(request, preview)
        cls.objects.over().delete()
        preview.save()
        return preview

    def save(self, *args, **kwargs):
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            self.token = hashed(self.link_token)
            super().save(update_fields=["token"])

    @property
    def link_token(self):
        """What stands in the link: it follows from the row and the site's key, so that no database holds it."""
        name = f"{self.pk}:{self.created_at.timestamp()}"
        return as_text(salted_hmac("learningcities.publishing.preview", name, algorithm="sha256").digest())

    @property
    def is_link_known(self):
        """Not of previews from before links followed from the key, nor of those under another key."""
        return self.token == hashed(self.link_token)

    def address(self, language):
        return reverse("preview", args=[self.link_token, language])

    def revoke(self):
        """The link ends, and so do the stored pages."""
        self.revoked_at, self.pages, self.gaps = moment(), {}, {}
        self.save()
