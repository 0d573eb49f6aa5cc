"""The rows that someone has taken out of an item, with what they had written, until they are put back or forgotten."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.version.content_version import moment


class RemovedRowQuerySet(models.QuerySet):
    def of(self, item, person):
        return self.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk, person=person)

    def remember(self, item, person, key, sides):
        kind = ContentType.objects.get_for_model(item)
        values = {"patch": {key.row: sides}, "removed_at": moment()}
        self.update_or_create(values, person=person, content_type=kind, object_id=item.pk, row=key.uuid)

    def old(self):
        return self.filter(removed_at__lt=moment() - bounds.REMOVED_ROW_LASTS)


class RemovedRow(models.Model):
    """Apart from drafts, since a draft ends with its last word: it is in no patch, so nothing of it is ever sent."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    row = models.UUIDField()
    #: {its key: [what was live as far as the person knew, what they wanted of it]}, as in a patch.
    patch = models.JSONField()
    removed_at = models.DateTimeField(db_index=True)

    #: The columns that hold keys of patches: what a renamed field or part is renamed in.
    key_columns = ("patch",)

    objects = RemovedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("removed row")
        verbose_name_plural = _("removed rows")
        constraints = [
            models.UniqueConstraint(fields=["person", "content_type", "object_id", "row"], name="removed_row_once")
        ]

    def __str__(self):
        return f"{self.row} ({self.person})"
