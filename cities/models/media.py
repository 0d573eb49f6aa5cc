"""What photos and documents of the media library have in common."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learningcities.media.serving import stem
from learningcities.publishing.history.where_used import is_used, leave
from learningcities.publishing.models import Item, ItemQuerySet
from learningcities.text.folding import fold

from .vocabulary import Term


class Tag(Term):
    """A word by which the staff find photos and documents again; visitors don't see it."""

    class Meta(Term.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def follow_change(self, patch):
        super().follow_change(patch)
        for item in [*self.photos.all(), *self.documents.all()]:
            item.store_words()


class MediaQuerySet(ItemQuerySet):
    def matching(self, text):
        """Those in whose words every word of a search occurs, in any spelling."""
        return self.filter(*(Q(words__contains=word) for word in fold(text).split()))

    def seen_by(self, user):
        """An editor may use the network's photos and documents as well."""
        if user.is_coordinator:
            return self
        return self.filter(Q(**{self.model.edited_through: user}) | Q(city=None))

    def unused(self):
        return self.exclude(is_used(self.model))

    def of_file(self, name):
        """The one whose file, or a rendition of it, is stored under this name."""
        return self.filter(file__in=[f"{stem(name)}.{ending}" for ending in self.model.ENDINGS])


class Media(Item):
    """A file of the media library, owned by a city or, without one, by the network."""

    city = models.ForeignKey(
        "City",
        models.PROTECT,
        verbose_name=_("city"),
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text=_("The city whose editors look after it. Empty: the network's coordinators."),
    )
    tags = models.ManyToManyField(
        Tag,
        verbose_name=_("tags"),
        blank=True,
        related_name="%(class)ss",
        help_text=_("Words by which your colleagues find it again."),
    )
    #: What it is found by, in one spelling.
    words = models.TextField(editable=False, default="")

    objects = MediaQuerySet.as_manager()

    edited_through = "city__editors"
    #: The endings that a stored file can have.
    ENDINGS = ()
    #: What the file is called once it is saved; without a name it is shown.
    download_name = ""

    class Meta(Item.Meta):
        abstract = True
        ordering = ["-id"]

    @property
    def is_gone(self):
        """Whether visitors have lost it: what was never public is shown by previews to whoever knows its name."""
        return self.state in (self.State.WITHDRAWN, self.State.BINNED, self.State.ENDED)

    def texts(self):
        """Its own texts, which it is found by."""
        raise NotImplementedError

    def follow_change(self, patch):
        super().follow_change(patch)
        self.store_words()

    def store_words(self):
        texts = [*self.texts(), *(name for tag in self.tags.all() for name in (tag.name_fr, tag.name_ar, tag.name_en))]
        self.store_derived(words=fold(" ".join(filter(None, texts))))

    def store_derived(self, **values):
        """Store what follows from its content and is no content itself."""
        vars(self).update(values)
        type(self)._base_manager.filter(pk=self.pk).update(**values)

    def delete(self, *args, **kwargs):
        """Whatever uses it loses it first, each as a change of its own."""
        with transaction.atomic():
            leave(self)
            return super().delete(*args, **kwargs)
