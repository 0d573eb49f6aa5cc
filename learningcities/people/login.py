"""The way in: by user name or e-mail address and a password, with a second factor for whoever can publish."""

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from .models import User

#: What someone who still lacks a second factor needs of the admin, by the names of the addresses.
WAY_TO_A_SECOND_FACTOR = ("account_", "mfa_", "usersessions_", "logout", "set_language", "jsi18n")
#: The pages around the login that are no pages of the admin, but are shown in its frame.
FRAMED = ("account_", "mfa_", "usersessions_", "admin_password_reset", "password_reset_", "invitation")


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
    """The pages around the login are shown in the admin's frame; who lacks a second factor gets no further."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.SECOND_FACTOR_REQUIRED and lacks_second_factor(request):
            return redirect("mfa_index")
        return None

    def process_template_response(self, request, response):
        if request.resolver_match and (request.resolver_match.url_name or "").startswith(FRAMED):
            response.context_data = {**admin.site.each_context(request), **(response.context_data or {})}
            response.context_data["must_have_factor"] = settings.SECOND_FACTOR_REQUIRED
        return response


def lacks_second_factor(request):
    """Whether someone who can publish asks for more of the admin than the way to a second factor."""
    name = request.resolver_match.url_name or ""
    return (
        request.path.startswith(settings.SESSION_COOKIE_PATH)
        and not name.startswith(WAY_TO_A_SECOND_FACTOR)
        and request.user.is_authenticated
        and request.user.is_coordinator
        and not is_mfa_enabled(request.user)
    )
