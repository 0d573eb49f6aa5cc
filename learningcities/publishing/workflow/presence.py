"""Who has the form of a row open just now."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.version.content_version import moment


class PresenceQuerySet(models.QuerySet):
    def meet(self, row, user):
        """Note that someone is at the form of a row, and say who else is."""
        kind, now = ContentType.objects.get_for_model(row), moment()
        self.filter(seen_at__lt=now - bounds.PRESENCE_LASTS).delete()
        here = Presence(user=user, content_type=kind, object_id=row.pk, seen_at=now)
        unique = ["user", "content_type", "object_id"]
        self.bulk_create([here], update_conflicts=True, unique_fields=unique, update_fields=["seen_at"])
        others = self.filter(content_type=kind, object_id=row.pk).exclude(user=user).values("user")
        return list(get_user_model().objects.filter(pk__in=others).order_by("pk"))


class Presence(models.Model):
    """One person at one form: a row that is renewed while the form is open, and gone a minute after."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="presence_one_each")]

    def __str__(self):
        return f"{self.user} ({self.seen_at:%H:%M})"
