"""The admin of what is recorded: a row and its parts are edited by sections, and each save is one Change."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.utils.text import capfirst
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities import bounds
from learningcities.care.completeness import called
from learningcities.desk.section import fields_of
from learningcities.desk.spreadsheets import SheetAdmin
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.history.where_used import uses
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.workflow.steps import ITEM_STEPS, Situation
from learningcities.web.primary_keys import chosen

from .autosave import AutosaveView
from .going_back import GoingBack
from .happened import Happened
from .new_item import NewItemView
from .section_view import SectionView
from .step_view import StepView

#: The search fields of an admin whose rows are found by their words in any spelling, as on the public site.
BY_WORDS = ("entries__title",)


class TrackedAdmin(SheetAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Django's lists, filters and rights; the screens of one row are views of their own."""

    #: The sections by which a row is edited, in the order in which visitors see them; one for all is always open.
    sections = ()
    #: What is asked for a new row: {field: question}, a translated field without its language; all, if nothing is said.
    new_questions = {}
    new_title = ""
    #: Whether the page of a row says where it is used.
    tells_uses = False
    delete_confirmation_template = "admin/publishing/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/publishing/delete_selected_confirmation.html"

    class Media:
        js = ("js/admin.js", "js/hints.js", "js/slugs.js", "js/autosave.js")

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def get_search_results(self, request, queryset, search_term):
        """Rows are found as visitors find them, what is called so first; what lies in the bin can't be chosen."""
        term = search_term.replace("\0", "")
        if self.search_fields is BY_WORDS:
            rows, has_duplicates = queryset.matching(term), False
        else:
            rows, has_duplicates = super().get_search_results(request, queryset, term)
        if term and hasattr(rows, "exact_first") and "o" not in request.GET:
            rows = rows.exact_first(term)
        is_choice = request.path.endswith("/autocomplete/")
        return (rows.active() if is_choice and hasattr(rows, "active") else rows), has_duplicates

    # The screens of a row

    def get_urls(self):
        return [*(self.step_path(*page) for page in self.pages()), *super().get_urls()]

    def pages(self):
        """The screens beside Django's: [(route, view, name)]."""
        section, row = "<int:object_id>/sections/<slug:section>/", "<uuid:row>/"
        outline, autosave = SectionView.as_view(row_admin=self), AutosaveView.as_view(row_admin=self)
        return [
            (section, outline, "section"),
            (f"{section}{row}", outline, "row"),
            (f"{section}autosave/", autosave, "section_autosave"),
            (f"{section}{row}autosave/", autosave, "row_autosave"),
            ("<int:object_id>/steps/", StepView.as_view(row_admin=self), "steps"),
            ("<int:object_id>/happened/", self.happened_view, "happened"),
            ("<int:object_id>/happened/<int:change_id>/", self.go_back_view, "back"),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return SectionView.as_view(row_admin=self)(request, object_id=unquote(object_id))

    def add_view(self, request, form_url="", extra_context=None):
        return NewItemView.as_view(row_admin=self)(request)

    def questions(self):
        """What is asked for a new row."""
        names = [name for section in self.sections for name in section.fields]
        return self.new_questions or {name: capfirst(called(self.model, name)) for name in names}

    def given_to_new(self):
        """What a new one says without being asked: {field: value}."""
        return {}

    def happened_view(self, request, object_id):
        return Happened(self, request, object_id).respond()

    def go_back_view(self, request, object_id, change_id):
        return GoingBack(self, request, object_id, change_id).respond()

    def history_view(self, request, object_id, extra_context=None):
        """An earlier address: what was typed into such a page goes along."""
        item = chosen(self.get_queryset(request), unquote(str(object_id)))
        if not ITEM_STEPS["comment"].may(Situation(request.user, item)):
            raise PermissionDenied
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        response = HttpResponsePermanentRedirect(self.admin_site.address(item, "happened") + query)
        response.status_code = 301 if request.method == "GET" else 308
        return response

    # Spreadsheets

    def sheet_fields(self, person):
        """What a file can change of the rows and of each of their parts: [(part, model, fields)]."""
        return [
            (part, model, [name for name in names if not forbidden_keys(person, model, [name])])
            for part, model, names in fields_of(self.sections, self.model)
        ]

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
