"""Once public, an address works for ever, and so does a slug in the parameters of a list."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.signals import recorded


class Redirect(models.Model):
    """A slug that an item or a row of a vocabulary once had in public."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=80)
    item_uuid = models.UUIDField()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="redirect_once_per_slug")]

    def __str__(self):
        return self.slug

    @classmethod
    def remember(cls, item, slug):
        cls.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(item), slug=slug, defaults={"item_uuid": item.uuid}
        )

    @classmethod
    def is_taken(cls, item, slug):
        """Whether the slug once was the public address of another item of the kind."""
        kind = ContentType.objects.get_for_model(item)
        return cls.objects.filter(content_type=kind, slug=slug).exclude(item_uuid=item.uuid).exists()

    @classmethod
    def target(cls, model, slug):
        """The item that once had this slug, or None."""
        redirect = cls.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=slug).first()
        return redirect and model.objects.filter(uuid=redirect.item_uuid).first()


@receiver(recorded)
def remember_slug(row, patch, snapshot, **_):
    """A changed slug leaves a redirect, if visitors ever saw it."""
    old, _new = patch.get("slug", (None, None))
    if old and snapshot and row.was_public:
        Redirect.remember(row, old)


def renamed(rows):
    """{a slug that one of some rows of a model once had: the slug it has now}."""
    slugs = {row.uuid: row.slug for row in rows}
    if not slugs:
        return {}
    redirects = Redirect.objects.filter(content_type=ContentType.objects.get_for_model(rows[0]))
    return {old: slugs[uuid] for old, uuid in redirects.values_list("slug", "item_uuid") if uuid in slugs}


def successor(model, slug):
    """The public item that an old address leads to now, or None."""
    item = Redirect.target(model, slug)
    return item if item and item.is_public() else None


def is_gone(model, slug):
    """Whether there was a public item at this address once."""
    item = Redirect.target(model, slug) or model.objects.filter(slug=slug).first()
    return bool(item) and was_shown(item)


def was_shown(item):
    """Once public, together with the items it is public through."""
    return item.was_public and all(getattr(item, name).was_public for name in item.public_through)
