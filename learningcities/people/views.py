"""The pages around the login: an invitation, a forgotten password, and where one is logged in."""

from datetime import UTC, timedelta

from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import activate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from . import known_browser, mail
from .audit import AuditEntry
from .invitation import accept, invited
from .login_attempt import Attempt
from .models import User, visible


@never_cache
@sensitive_post_parameters()
@transaction.atomic
def invitation(request, token):
    """A used, revoked, expired and invented link are the same to who asks."""
    person = invited(token)
    if person and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(person.language)
        request.LANGUAGE_CODE = person.language
    form = SetPasswordForm(person, request.POST or None) if person else None
    if form and form.is_valid():
        accept(person, form.cleaned_data["new_password1"])
        AuditEntry.record(AuditEntry.Kind.ACCEPTED, person, request)
        messages.success(request, _("Your password is chosen. Log in with it and your e-mail address."))
        response = redirect("admin:login")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        known_browser.remember(request, response, person)
        return response
    context = {"title": _("Your invitation"), "person": person, "form": form}
    response = TemplateResponse(request, "people/invitation.html", context, status=200 if person else 410)
    # What the page loads doesn't hear of the link that leads to it. (Without any, the form would be refused.)
    response["Referrer-Policy"] = "strict-origin"
    return response


class VisibleEmailField(forms.EmailField):
    def to_python(self, value):
        return super().to_python(visible(value or ""))


class ResetForm(PasswordResetForm):
    """The same answer, as quickly, whether or not someone has this address."""

    email = VisibleEmailField(
        label=PasswordResetForm.base_fields["email"].label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def get_users(self, email):
        people = User.objects.filter(email__iexact=email, is_active=True, is_staff=True)
        return (person for person in people if person.has_usable_password())

    def send_mail(self, subject_template_name, email_template_name, context, *args, **kwargs):
        address = reverse("password_reset_confirm", args=[context["uid"], context["token"]])
        mail.send_unseen(mail.reset(context["user"], settings.SITE_ADDRESS + address))


class ResetView(PasswordResetView):
    form_class = ResetForm

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        person = User.objects.filter(email__iexact=email).first()
        Attempt.begin(self.request, "reset", person, email)
        AuditEntry.refused(AuditEntry.Kind.RESET, self.request, person)
        return super().form_valid(form)


class ResetConfirmView(PasswordResetConfirmView):
    def form_valid(self, form):
        """Who reads the owner's mail isn't taken for a stranger by this browser any more."""
        response = super().form_valid(form)
        AuditEntry.record(AuditEntry.Kind.PASSWORD, self.user, self.request)
        known_browser.remember(self.request, response, self.user)
        return response


@require_safe
@cache_control(max_age=24 * 3600)
def security_txt(request):
    """RFC 9116: to whom a weakness is told. It holds for half a year from whenever it is read."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(dict(settings.LANGUAGES))}",
        f"Canonical: {settings.SITE_ADDRESS}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@never_cache
@login_required
def sessions(request):
    """Where this member of staff is logged in; they end one session, or all of them."""
    listed = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        chosen = [session for session in listed if request.POST.get("end") in ("all", str(session.pk))]
        is_leaving = request.POST.get("end") == "all" or any(session.is_current() for session in chosen)
        for session in chosen:
            session.end()
        if is_leaving:
            logout(request)
            return redirect("admin:login")
        messages.success(request, _("The session has ended."))
        return redirect("usersessions_list")
    listed.sort(key=lambda session: session.created_at, reverse=True)
    context = {"title": _("Where you are logged in"), "sessions": listed}
    return TemplateResponse(request, "people/sessions.html", context)
