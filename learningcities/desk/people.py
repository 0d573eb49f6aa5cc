import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.people.audit import AuditEntry
from learningcities.people.invitation import ends_at, invite, revoke
from learningcities.people.models import User
from learningcities.people.reauthentication import ask_for_proof, is_proven

from .bulk_actions import each
from .log_entries import LogAdmin
from .read_only_admin import ListOnlyAdmin
from .spreadsheets import ListAdmin

logger = logging.getLogger(__name__)

# Rights follow from the role and the cities (rules.py), and each person keeps their own login: no second way.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


class Languages(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options):
        super().__init__(choices=settings.LANGUAGES, **options)


class InvitationForm(forms.ModelForm):
    """Whom to invite, and to what: the address is what they log in with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True
        self.fields["email"].validators.append(MaxLengthValidator(User._meta.get_field("username").max_length))

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(username__iexact=email).exists():
            raise ValidationError(_("Someone of the staff has this e-mail address already."))
        self.instance.username = email
        return email


class InvitationFilter(admin.SimpleListFilter):
    title = _("invitation")
    parameter_name = "invitation"

    def lookups(self, request, model_admin):
        return [("open", _("not answered yet")), ("expired", _("not answered, the link has expired"))]

    def queryset(self, request, queryset):
        oldest = timezone.now() - timedelta(days=settings.INVITATION_DAYS)
        if self.value() == "open":
            return queryset.filter(invited_at__isnull=False)
        if self.value() == "expired":
            return queryset.filter(invited_at__lt=oldest)
        return queryset


@admin.register(User)
class UserAdmin(LogAdmin, ListAdmin, ObjectPermissionsModelAdminMixin, BaseUserAdmin):
    """Coordinators invite people and give them a role."""

    add_form = InvitationForm
    add_form_template = change_form_template = "admin/people/user/change_form.html"
    list_display = ["username", "first_name", "last_name", "email", "role", "is_active", "invitation"]
    list_filter = ["role", "is_active", InvitationFilter]
    filter_horizontal = []
    actions = ["invite_selected", "revoke_selected", "free_selected"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language"]}),
        (_("Work"), {"fields": ["role", "languages", "is_active"]}),
    ]
    add_fieldsets = [
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language"]}),
        (_("Work"), {"fields": ["role", "languages"]}),
    ]

    def get_queryset(self, request):
        people = super().get_queryset(request)
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "languages":
            return Languages(label=capfirst(db_field.verbose_name), help_text=db_field.help_text, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("invitation"), ordering="invited_at")
    def invitation(self, person):
        if not person.invited_at:
            return "" if person.has_usable_password() else _("revoked")
        if ends_at(person) < timezone.now():
            return _("not answered, the link has expired")
        return _("not answered, the link works until %(date)s") % {
            "date": date_format(localtime(ends_at(person)), "DATE_FORMAT")
        }

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["invitation"] = obj and self.invitation(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Whoever finds a browser open can't give themselves rights with it

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and self.has_change_permission(request):
            ask_for_proof(request)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and self.has_change_permission(request):
            ask_for_proof(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method == "POST" and self.has_delete_permission(request):
            ask_for_proof(request)
        return super().delete_view(request, object_id, extra_context)

    def user_change_password(self, request, id, form_url=""):  # noqa: A002
        """Asked for before it is typed: a password isn't kept anywhere until then."""
        if self.has_change_permission(request):
            if request.method == "POST" and not is_proven(request):
                return redirect(request.path)
            ask_for_proof(request)
        response = super().user_change_password(request, id, form_url)
        if response.status_code == 302 and request.method == "POST":
            person = User.objects.filter(pk=unquote(id)).first()
            AuditEntry.record(AuditEntry.Kind.PASSWORD, person, request, by=request.user)
        return response

    def save_model(self, request, obj, form, change):
        obj.is_staff = True
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        names = {field.name for field in obj._meta.fields} & {*form.changed_data}
        changes = {name: [plain(form.initial.get(name)), plain(form.cleaned_data[name])] for name in sorted(names)}
        if change and changes:
            AuditEntry.record(AuditEntry.Kind.ACCOUNT, obj, request, by=request.user, changes=changes)

    def response_add(self, request, obj, post_url_continue=None):
        self.send(request, obj)
        return redirect("admin:people_user_changelist")

    def response_change(self, request, obj):
        if not obj.has_usable_password():
            if "_invite" in request.POST:
                self.send(request, obj)
            elif "_revoke" in request.POST:
                self.revoke(request, obj)
                messages.success(request, _("The invitation of %(person)s is revoked.") % {"person": obj})
        return super().response_change(request, obj)

    def send(self, request, person):
        try:
            self.invite(request, person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The invitation is sent to %(email)s.") % {"email": person.email})

    def invite(self, request, person):
        if person.has_usable_password():
            raise ValidationError(_("This person has chosen a password already."))
        if not person.email:
            raise ValidationError(_("This person has no e-mail address."))
        try:
            invite(person, by=request.user)
            AuditEntry.record(AuditEntry.Kind.INVITED, person, request, by=request.user)
        except OSError as error:
            logger.exception("An invitation could not be mailed")
            raise ValidationError(_("The e-mail could not be sent. Send the invitation again later.")) from error

    def revoke(self, request, person):
        if not person.invited_at:
            raise ValidationError(_("There is no open invitation."))
        revoke(person)
        AuditEntry.record(AuditEntry.Kind.REVOKED, person, request, by=request.user)

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
    def invite_selected(self, request, queryset):
        def done(number):
            text = ngettext("%(count)d invitation is sent.", "%(count)d invitations are sent.", number)
            return text % {"count": number}

        each(request, queryset, lambda person: self.invite(request, person), done)

    @admin.action(description=_("Revoke the invitation"), permissions=["change"])
    def revoke_selected(self, request, queryset):
        def done(number):
            text = ngettext("%(count)d invitation is revoked.", "%(count)d invitations are revoked.", number)
            return text % {"count": number}

        each(request, queryset, lambda person: self.revoke(request, person), done)

    def has_free_permission(self, request):
        """Who lost their telephone and their codes proves it to someone they know: a superuser."""
        return request.user.is_superuser

    @admin.action(description=_("Take the second factor away: it is lost"), permissions=["free"])
    def free_selected(self, request, queryset):
        def free(person):
            if not Authenticator.objects.filter(user=person).delete()[0]:
                raise ValidationError(_("There is no second factor."))
            AuditEntry.record(AuditEntry.Kind.FACTOR_REMOVED, person, request, by=request.user)

        def done(number):
            text = ngettext(
                "%(count)d person chooses a new second factor after the next login.",
                "%(count)d people choose a new second factor after the next login.",
                number,
            )
            return text % {"count": number}

        each(request, queryset, free, done)


def plain(value):
    """What a form says of a field, in words that can be kept."""
    return ", ".join(value) if isinstance(value, list) else str("" if value is None else value)


@admin.register(AuditEntry)
class AuditAdmin(ListOnlyAdmin, admin.ModelAdmin):
    """Read by superusers, edited and deleted by nobody."""

    list_display = ["at", "kind", "name", "by", "what_changed", "address", "browser", "times"]
    list_filter = ["kind", "at"]
    list_select_related = ["by"]
    search_fields = ["name", "address"]
    search_help_text = _("A user name or an address")

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    @admin.display(description=_("changes"))
    def what_changed(self, entry):
        return " · ".join(
            f"{label(name)}: {before or '–'} → {after or '–'}" for name, (before, after) in entry.changes.items()
        )


def label(name):
    """What staff call a field of a person."""
    others = {"cities": _("cities"), "factor": _("second factor")}
    return others.get(name) or User._meta.get_field(name).verbose_name
