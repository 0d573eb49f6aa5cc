"""The admin of what is recorded: a row and its parts are saved as one Change."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import AdminErrorList
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.forms import ModelForm
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities import bounds
from learningcities.desk.hinted_form import HintedForm
from learningcities.desk.spreadsheets import SheetAdmin
from learningcities.desk.translated_admin import TranslatedAdmin
from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.publishing.history.where_used import uses
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.web.primary_keys import RowsField

from .editing import MergingAdmin
from .happened import HappenedAdmin
from .stale_translations import TranslatingAdmin
from .translator_form import TranslatorForm, name_what_stays

#: The search fields of an admin whose rows are found by their words in any spelling, as on the public site.
BY_WORDS = ("entries__title",)


class ScopedChoices:
    """Only what this member of staff may see can be chosen, on the form and in what is posted."""

    def get_field_queryset(self, db, db_field, request):
        related = self.admin_site._registry.get(db_field.remote_field.model)
        rows = related.get_queryset(request) if related else super().get_field_queryset(db, db_field, request)
        return rows.active() if hasattr(rows, "active") else rows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A cross empties the field; a second one beside it would delete what others use as well."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field, "widget") and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Each choice has its own cross: one that empties the whole field would stand in a list without being in it."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs | {"form_class": RowsField})
        field.widget.is_required = True
        return field


class KeepingForm(HintedForm, ModelForm):
    """What is chosen already stays a choice, even where it could not be chosen anew: in the bin, or another's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if (chosen := self.initial.get(name)) and getattr(field, "queryset", None) is not None:
                keys = [getattr(row, "pk", row) for row in (chosen if isinstance(chosen, list) else [chosen])]
                keep = Q(pk__in=field.queryset.order_by().values("pk")) | Q(pk__in=keys)
                field.queryset = field.queryset.model._default_manager.filter(keep)


RESTORED = _("This is what you had typed. It isn't saved yet: look at it, then save.")


class TrackedForm(KeepingForm):
    def clean(self):
        cleaned = super().clean()
        if "_again" in self.data:
            # static/js/autosave.js sends it: the form is to show the words, not to save them.
            raise ValidationError(RESTORED, code="restored")
        return cleaned


class TrackedAdmin(
    SheetAdmin,
    MergingAdmin,
    TranslatorForm,
    ScopedChoices,
    HappenedAdmin,
    TranslatingAdmin,
    ObjectPermissionsModelAdminMixin,
    TranslatedAdmin,
):
    """Saves a row and its parts as one Change, by the member of staff who saves."""

    form = TrackedForm
    delete_confirmation_template = "admin/publishing/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/publishing/delete_selected_confirmation.html"

    class Media:
        js = ("js/autosave.js",)

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """What is shown again is no error: it is said as other news are, and only real errors stay."""
        form = context["adminform"].form
        if form.has_error(NON_FIELD_ERRORS, "restored"):
            messages.info(request, RESTORED)
            errors = form.errors.pop(NON_FIELD_ERRORS).data
            if others := [error for error in errors if error.code != "restored"]:
                form.add_error(None, others)
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context |= {"errors": AdminErrorList(form, formsets), "restored": True}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        ContentVersion.apply_due_and_read()
        with transaction.atomic():
            if request.method == "POST":
                # What is read from here on is what will be written over: one writer at a time.
                ContentVersion.lock_writes()
            response = self.held_view(request, object_id, form_url, extra_context)
            if getattr(request, "saved", False) and (column := request.POST.get("_right")):
                self.confirm_translation(request, self.get_object(request, unquote(object_id)), column)
        if request.method == "POST" and response.status_code == 302 and getattr(request, "has_saved", False):
            # The browser forgets what it has kept of the form: static/js/typed.js.
            secure, form_id = settings.SESSION_COOKIE_SECURE, request.POST.get("form_id", "")
            # A header holds no other letters, whatever was posted.
            name = re.sub("[^A-Za-z0-9]", "", form_id)[:20]
            response.set_cookie("saved_form", name, path="/admin/", secure=secure, samesite="Lax")
        return response

    def get_search_results(self, request, queryset, search_term):
        """Rows are found as visitors find them; what lies in the bin can't be chosen."""
        term = search_term.replace("\0", "")
        if self.search_fields is BY_WORDS:
            rows, has_duplicates = queryset.matching(term), False
        else:
            rows, has_duplicates = super().get_search_results(request, queryset, term)
        is_choice = request.path.endswith("/autocomplete/")
        return (rows.active() if is_choice and hasattr(rows, "active") else rows), has_duplicates

    def save_model(self, request, obj, form, change):
        """Nothing yet: save_related saves the row together with its parts."""

    def save_related(self, request, form, formsets, change):
        if not self.is_autosave(request):
            name_what_stays(request, self.model)
        with acting(request.user), track_changes(form.instance):
            form.instance.save()
            super().save_related(request, form, formsets, change)

    # Deleting: what is used stays, and is said to be used

    def seen_uses(self, request, item):
        """Where the item is used: links to what this member of staff may see, and how many rows more there are."""
        places = []
        for words, rows in uses(item):
            seen = [row for row in rows if self.admin_site.may_see(request, row)]
            links = [(str(row), self.admin_site.form_address(row)) for row in seen[: bounds.USES_LISTED]]
            hidden = len(rows) - len(seen)
            places.append((words, links + [("…", None)] * (len(rows) > bounds.USES_LISTED), hidden))
        return places

    def get_deleted_objects(self, objs, request):
        """Nothing goes along with a row; the rows that use it keep it from going."""
        denied = {str(self.opts.verbose_name) for row in objs if not self.has_delete_permission(request, row)}
        used = {row: places for row in objs if (places := self.seen_uses(request, row))}
        return [str(row) for row in objs], {self.opts.verbose_name_plural: len(objs)}, denied, list(used.items())

    def delete_model(self, request, obj):
        with acting(request.user):
            obj.delete()

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for row in queryset:
                self.delete_model(request, row)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.address("change"), object_id)

    def changelist_view(self, request, extra_context=None):
        try:
            return super().changelist_view(request, extra_context)
        except ValidationError as error:
            # Of the rows that were to be deleted, someone has begun to use one meanwhile.
            messages.error(request, " ".join(error.messages))
            return redirect(request.get_full_path())

    # The Changes are the one record of what happened; the admin's own log stays empty.

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass
