from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone of the staff: the editor of some cities, or a coordinator of the network."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("editor of cities")
        COORDINATOR = "coordinator", _("coordinator of the network")

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
    invited_at = models.DateTimeField(_("invited on"), null=True, editable=False)

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
        ]

    def __str__(self):
        return self.get_full_name() or self.username

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
