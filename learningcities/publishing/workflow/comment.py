"""A Comment: what the staff say to each other about an item. It is no content: neither public nor in the history."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.history.signals import recorded
from learningcities.publishing.history.tracking import current_author
from learningcities.publishing.items.item import NOT_THERE, about_items
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.text import plain_text

from . import mail


class CommentQuerySet(models.QuerySet):
    def of(self, item):
        return self.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk)

    def words(self):
        """What someone has written, without the notes of what was done."""
        return self.exclude(kind__in=Comment.Kind.notes())

    def open(self):
        return self.filter(resolved_at=None)

    def questions(self):
        """Those that began a conversation."""
        return self.words().filter(answers=None)

    def requests(self):
        """Open requests to take an item out of the bin."""
        return self.open().filter(kind=Comment.Kind.BIN)

    def resolved(self):
        return self.exclude(resolved_at=None)

    def old(self):
        return self.filter(resolved_at__lt=moment() - bounds.RESOLVED_COMMENT_LASTS)

    def seen_by(self, user):
        """Those beside the items that a member of staff looks after."""
        return self.filter(about_items(lambda kind: kind.objects.edited_by(user)))

    def to_read(self, user):
        """What others have written to someone, and nobody has settled."""
        return self.seen_by(user).open().exclude(author=user)

    def resolve(self, by):
        return self.open().update(resolved_at=moment(), resolved_by=by)

    def reopen(self):
        return self.resolved().update(resolved_at=None, resolved_by=None)


class Comment(models.Model):
    """A working note on an item or a field of it, open until someone of the staff says that it is settled."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("remark")
        BIN = "bin", _("to be taken out of the bin")
        LOCK = "lock", _("reserved")
        RELEASE = "release", _("released")

        @classmethod
        def notes(cls):
            """What is only noted: nobody has to answer it."""
            return [cls.LOCK, cls.RELEASE]

    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("author"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("written on"), default=moment)
    text = plain_text.TextField(_("remark"), max_length=bounds.COMMENT_CHARACTERS)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.REMARK, db_default="remark")
    #: The key of a patch that names the field which it is about; empty for the whole page.
    key = models.CharField(_("field"), max_length=200, blank=True, default="", db_default="")
    #: The comment that began the conversation in which this one is an answer.
    answers = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("answer to"), null=True, blank=True, related_name="replies"
    )
    resolved_at = models.DateTimeField(_("settled on"), null=True, db_index=True, db_column="settled_at")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("settled by"),
        null=True,
        related_name="+",
        db_column="settled_by_id",
    )

    #: The columns that hold keys of patches: what a renamed field or part is renamed in.
    key_columns = ("key",)

    objects = CommentQuerySet.as_manager()

    class Meta:
        db_table = "publishing_remark"
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="remark_of_item")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False), name="remark_settled_has_its_date"
            )
        ]

    def __str__(self):
        return Truncator(self.text or str(self.get_kind_display())).chars(90)

    @classmethod
    def write(cls, item, author, text, **values):
        """Write a comment, and tell the others concerned once it is written; ValidationError if the item is gone."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            if not type(item)._base_manager.filter(pk=item.pk).exists():
                raise ValidationError(NOT_THERE)
            comment = cls.objects.create(item=item, author=author, text=text, **values)
            transaction.on_commit(lambda: mail.tell_of_comment(comment), robust=True)
        return comment

    @classmethod
    def ask_out_of_bin(cls, item, author):
        """Ask the coordinators to take an item out of the bin; nothing where it isn't there, or while such a request is
        open."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            is_binned = type(item)._base_manager.filter(pk=item.pk, binned_at__isnull=False).exists()
            if not is_binned or cls.objects.of(item).requests().exists():
                return None
            return cls.write(item, author, "", kind=cls.Kind.BIN)

    @classmethod
    def note(cls, item, author, kind, text=""):
        """Keep what was done beside an item: nobody is told, and nothing is to be settled."""
        now = moment()
        return cls.objects.create(
            item=item, author=author, text=text, kind=kind, at=now, resolved_at=now, resolved_by=author
        )

    @property
    def conversation(self):
        """The comment that this one answers, or itself, with all answers."""
        first = self.answers_id or self.pk
        return Comment.objects.filter(Q(pk=first) | Q(answers=first))

    def concerned(self):
        """Who looks after the item and who has written beside it, as far as they may see it; never the author.

        Of a request, those who can do something about it.
        """
        if self.kind == self.Kind.BIN:
            return list(get_user_model().coordinators().exclude(pk=self.author_id).order_by("pk"))
        wrote = Comment.objects.of(self.item).words().exclude(author=None).values("author")
        concerned = Q(pk__in=self.item.responsible_staff().values("pk")) | Q(pk__in=wrote)
        people = get_user_model().objects.filter(concerned, is_active=True, is_staff=True).exclude(pk=self.author_id)
        view = f"{self.item._meta.app_label}.view_{self.item._meta.model_name}"
        return [person for person in people.order_by("pk") if person.has_perm(view, self.item)]


@receiver(recorded)
def answer_requests(row, patch, **_):
    """Whoever asked for an item to be taken out of the bin has been heard once it is."""
    if patch.get("binned_at", [None, True])[1] is None:
        Comment.objects.of(row).requests().resolve(current_author())


def delete_with_item(instance, **_):
    Comment.objects.of(instance).delete()
