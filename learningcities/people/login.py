"""The way in: by user name or e-mail address and a password, with a second factor for whoever can publish."""

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .models import User

#: The pages around the login that are no pages of the admin, but are shown in its frame.
FRAMED = ("account_", "mfa_", "usersessions_", "admin_password_reset", "password_reset_", "invitation")


def unreadable(key, key_prefix, version):
    """What a counter of the login is stored under: the key names an address or an account."""
    return salted_hmac("learningcities.people.login", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class Backend(ModelBackend):
    """An active member of staff, by user name or e-mail address; it takes as long for whoever is none."""

    def authenticate(self, request, username=None, password=None, **others):
        person = User.objects.filter(email__iexact=username).exclude(email="").first() if username else None
        return super().authenticate(request, username=person.username if person else username, password=password)

    def user_can_authenticate(self, user):
        return user.is_staff and super().user_can_authenticate(user)


class LoginForm(BaseLoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")
        self.fields["password"].help_text = ""
        for name, attrs in (("login", {"dir": "ltr", "autofocus": True}), ("password", {"dir": "ltr"})):
            widget = self.fields[name].widget
            widget.attrs.pop("placeholder", None)
            widget.attrs |= attrs

    def add_prefix(self, field_name):
        """The names that browsers and Django's admin know these fields by."""
        return super().add_prefix({"login": "username"}.get(field_name, field_name))


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
