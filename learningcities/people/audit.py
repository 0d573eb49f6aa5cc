"""The security log: logins, refused tries, and changes of who may do what. Superusers read it, nobody edits it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.web.rate_limits import sender


class AuditQuerySet(models.QuerySet):
    def old(self):
        """What has been kept long enough, or is too much."""
        newest = self.order_by("-at", "-pk").values_list("pk", flat=True)[
            bounds.AUDIT_ENTRIES : bounds.AUDIT_ENTRIES + 1
        ]
        is_old = models.Q(at__lt=timezone.now() - bounds.AUDIT_LASTS)
        return self.filter(is_old | models.Q(pk__lte=newest[0]) if newest else is_old)


class AuditEntry(models.Model):
    class Kind(models.TextChoices):
        LOGIN = "login", _("logged in")
        NEW_BROWSER = "new_browser", _("logged in with a new browser")
        WRONG_PASSWORD = "wrong_password", _("wrong password")
        WRONG_CODE = "wrong_code", _("wrong code")
        TOO_MANY = "too_many", _("too many attempts")
        PASSWORD = "password", _("password changed")
        RESET = "reset", _("link to a new password asked for")
        FACTOR_ADDED = "factor_added", _("second factor added")
        FACTOR_REMOVED = "factor_removed", _("second factor taken away")
        RECOVERY_CODE = "recovery_code", _("recovery code used")
        INVITED = "invited", _("invited")
        REVOKED = "revoked", _("invitation revoked")
        ACCEPTED = "accepted", _("invitation accepted")
        ACCOUNT = "account", _("account changed")
        DELETED = "deleted", _("account deleted")

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("account")
    )
    #: As it was called then: the account may be deleted since.
    name = models.CharField(_("user name"), max_length=150, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("done by")
    )
    address = models.CharField(_("address"), max_length=45, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    #: {name of a field: [before, after]}
    changes = models.JSONField(_("changes"), default=dict)
    times = models.PositiveIntegerField(_("how often"), default=1)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the security log")
        verbose_name_plural = _("security log")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}".strip()

    @classmethod
    def record(cls, kind, person, request=None, by=None, changes=None):
        return cls.objects.create(
            kind=kind, person=person, by=by, changes=changes or {}, **named(person), **where(request)
        )

    @classmethod
    def refused(cls, kind, request, person=None):
        """A try that led nowhere yet; what was typed isn't kept, since it may be a password in the wrong field."""
        same = {"kind": kind, "person": person, "address": where(request)["address"]}
        now = timezone.now()
        lately = cls.objects.filter(at__gt=now - bounds.REFUSED_TOGETHER, **same).order_by("-at").values("pk")[:1]
        if not cls.objects.filter(pk__in=lately).update(times=models.F("times") + 1):
            cls.record(kind, person, request)


def named(person):
    return {"name": person.username if person else ""}


def where(request):
    """From where someone has come; a command of the operator comes from nowhere."""
    if not request:
        return {"address": "", "browser": ""}
    return {"address": sender(request)[:45], "browser": request.headers.get("User-Agent", "")[:200]}
