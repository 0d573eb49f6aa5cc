import unicodedata

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from learningcities.text import plain_text

from .audit import AuditEntry
from .login_attempt import Attempt
from .saved_view import SavedView

NAME_TAKEN = _("Someone of the staff has this user name already.")

__all__ = ["Attempt", "AuditEntry", "SavedView", "User"]


def visible(typed):
    """What someone typed or pasted, without marks of direction and other letters that nobody sees."""
    text = unicodedata.normalize("NFKC", typed)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf")).strip()


class User(AbstractUser):
    """Someone of the staff: the editor of some cities, or a coordinator of the network."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("editor of cities")
        COORDINATOR = "coordinator", _("coordinator of the network")

    # As Django has them, but without what no text may hold.
    first_name = plain_text.CharField(_("first name"), max_length=150, blank=True)
    last_name = plain_text.CharField(_("last name"), max_length=150, blank=True)
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=Role,
        default=Role.EDITOR,
        help_text=_("An editor prepares the pages of their cities; a coordinator reviews and publishes everything."),
    )

    languages = models.JSONField(
        _("translates into"),
        default=list,
        blank=True,
        help_text=_("A translator changes only the texts in these languages. Without a choice: everything."),
    )

    language = models.CharField(
        _("language of messages"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    #: The digest of the last news of the desk that they have read.
    news_read = models.CharField(max_length=16, default="", db_default="", editable=False)
    invited_at = models.DateTimeField(_("invited on"), null=True, editable=False)
    is_double = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The user name differs from an older account's only in capitals, from before that was refused.",
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["editor", "coordinator"]),
                name="user_role_known",
                violation_error_message=_("Choose one of the two roles."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Someone of the staff has this e-mail address already."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                condition=models.Q(is_double=False),
                name="user_name_once",
                violation_error_message=NAME_TAKEN,
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    def clean(self):
        """The constraint by itself says nothing in a form, which doesn't show all of its fields."""
        super().clean()
        if not self.is_double and self.called_alike().exists():
            raise ValidationError(NAME_TAKEN)

    def save(self, *args, **kwargs):
        """A double that has got a name of its own is no double any more."""
        self.is_double = self.is_double and self.called_alike().exists()
        super().save(*args, **kwargs)

    def called_alike(self):
        return User.objects.filter(username__iexact=self.username).exclude(pk=self.pk)

    @classmethod
    def named(cls, typed):
        """Whom someone means who types this to log in; capitals and letters that nobody sees make no difference."""
        typed = visible(typed)
        people = cls.objects.filter(models.Q(email__iexact=typed) | models.Q(username__iexact=typed)) if typed else ()
        by_name = sorted(people, key=lambda person: (person.email.lower() != typed.lower(), person.username != typed))
        return next(iter(by_name), None)

    @classmethod
    def coordinators(cls):
        """Those of whom `is_coordinator` is true."""
        may = models.Q(is_superuser=True) | models.Q(role=cls.Role.COORDINATOR)
        return cls.objects.filter(may, is_active=True, is_staff=True)

    @property
    def translates(self):
        """The languages that a translator is kept to; none for whoever may change everything."""
        return [] if self.is_coordinator else self.languages

    @property
    def is_coordinator(self):
        return self.is_active and self.is_staff and (self.is_superuser or self.role == self.Role.COORDINATOR)

    @property
    def lacks_second_factor(self):
        """Whether they can publish, have to prove it with a second factor, and have none."""
        return settings.SECOND_FACTOR_REQUIRED and self.is_coordinator and not self.authenticator_set.exists()
