"""The way in: by user name or e-mail address and a password, with a second factor for whoever can publish."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext_lazy as _

from . import factors, known_browser, mail
from .audit import AuditEntry
from .login_attempt import Attempt
from .models import User, visible
from .reauthentication import way_to_proof

#: The pages around the login that are no pages of the admin, but are shown in its frame.
FRAMED = ("account_", "mfa_", "usersessions_", "admin_password_reset", "password_reset_", "invitation")


class Backend(ModelBackend):
    """An active member of staff, by user name or e-mail address; it takes as long for whoever is none."""

    def authenticate(self, request, username=None, password=None, **others):
        person = User.named(username or "")
        return super().authenticate(request, username=person.username if person else username, password=password)

    def user_can_authenticate(self, user):
        return user.is_staff and super().user_can_authenticate(user)


class AccountAdapter(DefaultAccountAdapter):
    def authenticate(self, request, **credentials):
        typed = visible(credentials.get("username", ""))
        return self.counted(request, User.named(typed), typed, lambda: authenticate(request, **credentials))

    def reauthenticate(self, user, password):
        return self.counted(context.request, user, "", lambda: user.check_password(password))

    def counted(self, request, person, typed, check):
        """Each password that is tried counts, also where it is asked for once more."""
        attempt = Attempt.begin(request, "password", person, typed)
        if is_right := check():
            attempt.delete()
        else:
            AuditEntry.refused(AuditEntry.Kind.WRONG_PASSWORD, request, person)
        return is_right

    def post_login(self, request, user, **options):
        """The owner hears of a browser that they never logged in with."""
        response = super().post_login(request, user, **options)
        is_known = bool(known_browser.name_of(request, user))
        AuditEntry.record(AuditEntry.Kind.LOGIN if is_known else AuditEntry.Kind.NEW_BROWSER, user, request)
        known_browser.remember(request, response, user)
        if user.email and not is_known:
            mail.send_unseen(mail.new_browser(user, request))
        return response


class LoginForm(BaseLoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["password"].help_text = ""
        # A telephone would write a capital, or another word.
        plain = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autocomplete": "username"}
        for name, attrs in (("login", {"dir": "ltr", "autofocus": True, **plain}), ("password", {"dir": "ltr"})):
            widget = self.fields[name].widget
            widget.attrs.pop("placeholder", None)
            widget.attrs |= attrs

    def add_prefix(self, field_name):
        """The names that browsers and Django's admin know these fields by."""
        return super().add_prefix({"login": "username"}.get(field_name, field_name))


class CodeForm(AuthenticateForm):
    """A code of an app or a recovery code; each counts once, and so does each guess."""

    def clean_code(self):
        attempt = Attempt.begin(context.request, "code", self.user)
        try:
            self.authenticator = factors.use_code(self.user, self.cleaned_data["code"])
        except factors.UnreadableError as error:
            raise get_adapter().validation_error("unreadable") from error
        if not self.authenticator:
            AuditEntry.refused(AuditEntry.Kind.WRONG_CODE, context.request, self.user)
            raise get_adapter().validation_error("incorrect_code")
        attempt.delete()
        self.authenticator.user = self.user
        return self.cleaned_data["code"]


class ReauthenticateCodeForm(CodeForm, ReauthenticateForm):
    pass


class PasskeyForm(LoginWebAuthnForm):
    """Nothing can be guessed here, but each try costs the site something."""

    def clean_credential(self):
        attempt = Attempt.begin(context.request, "passkey")
        authenticator = super().clean_credential()
        attempt.delete()
        return authenticator


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("name of the passkey")
        self.fields["passwordless"].label = _("It is enough to log in, without a password")
        self.fields["passwordless"].initial = True


class Frame:
    """The pages around the login are shown in the admin's frame."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        is_asked = isinstance(exception, ReauthenticationRequired) and request.user.is_authenticated
        return way_to_proof(request) if is_asked else None

    def process_template_response(self, request, response):
        if request.resolver_match and (request.resolver_match.url_name or "").startswith(FRAMED):
            response.context_data = {
                **admin.site.each_context(request),
                # Who still lacks a second factor can log out, and sees where they are.
                "has_permission": request.user.is_authenticated,
                **(response.context_data or {}),
                "must_have_factor": settings.SECOND_FACTOR_REQUIRED,
            }
        return response
