"""The way of a list into a file and back: export, upload, a dry run to look at, and the batch of drafts."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import DataError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learningcities import bounds
from learningcities.inspection.child import inspect
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.steps import BATCH_STEPS, Situation
from learningcities.spreadsheets.import_dry_run import DryRun
from learningcities.spreadsheets.import_reader import read
from learningcities.spreadsheets.list_export import ListExport
from learningcities.spreadsheets.workbook import ExportWorkbook
from learningcities.web.downloads import disposition
from learningcities.web.primary_keys import is_key

from .list_search import found_in
from .saved_views import SavedViews

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


#: Why a file isn't even read.
SENTENCES = {"too_much": _("This file holds too much. Export fewer rows, and send them in several files.")}


class SpreadsheetForm(forms.Form):
    file = forms.FileField(
        label=_("file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}), help_text=_("XLSX or CSV")
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if settings.INSPECT_IN_CHILD:
            # Only there it meets a limit.
            inspect("spreadsheet", file, SENTENCES)
        self.grids = read(file)
        return file


class ListAdmin:
    """For any ModelAdmin: its list as a file, in the rights of whoever asks."""

    change_list_template = "admin/spreadsheets/change_list.html"
    #: What makes the file.
    book = ListExport
    #: The columns that a file doesn't have.
    only_on_screen = ()

    def get_urls(self):
        return [self.export_path(), *super().get_urls()]

    def get_search_results(self, request, queryset, search_term):
        """Accents, capitals and marks needn't be typed, as on the public site."""
        term = search_term.replace("\0", "")
        rows = found_in(queryset, self.get_search_fields(request), term)
        return super().get_search_results(request, queryset, term) if rows is None else (rows, False)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        views, title = SavedViews(request, self.model), capfirst(self.opts.verbose_name_plural)
        context = {"title": title, **views.context(), **(extra_context or {})}
        return views.respond() or super().changelist_view(request, context)

    def get_object(self, request, object_id, from_field=None):
        """A field without a name is no other than the key."""
        return super().get_object(request, object_id, from_field or None)

    def get_changelist_instance(self, request):
        """A filter by a number that no database holds is a wrong one."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError) as error:
            raise IncorrectLookupParameters from error

    def response_action(self, request, queryset):
        """What is named by a key that can't be one isn't selected."""
        request.POST = posted = request.POST.copy()
        keys = posted.getlist(ACTION_CHECKBOX_NAME)
        posted.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if is_key(self.model, key)])
        return super().response_action(request, queryset)

    def export_path(self):
        return self.step_path("export/<slug:kind>/", self.export_view, "export")

    def step_path(self, route, view, step):
        return path(route, self.admin_site.admin_view(view), name=self.address(step).partition(":")[2])

    def address(self, step):
        """The name of an address of this admin."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{step}"

    def export_view(self, request, kind):
        """The list as it is filtered and searched."""
        if kind not in TYPES:
            raise Http404
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        back = f"{reverse(self.address('changelist'))}?{request.GET.urlencode()}"
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(back)
        if rows.count() > bounds.SHEET_ROWS:
            text = _("A file holds at most %(count)s rows. Filter or search the list first.")
            messages.error(request, text % {"count": bounds.SHEET_ROWS})
            return redirect(back)
        book = self.book(self, request, rows)
        answer = HttpResponse(getattr(book, f"as_{kind}")(), content_type=TYPES[kind])
        name = f"{capfirst(self.opts.verbose_name_plural)} {book.seen:%Y-%m-%d}.{kind}"
        answer["Content-Disposition"] = disposition(name)
        answer["Cache-Control"] = "no-store"
        return answer


class SheetAdmin(ListAdmin):
    """For a RecordedAdmin: its list as a spreadsheet to be edited, and back."""

    book = ExportWorkbook

    def get_urls(self):
        views = {
            "import/": (self.import_view, "import"),
            "import/<int:batch_id>/": (self.dry_run_view, "dryrun"),
        }
        return [self.step_path(route, *view) for route, view in views.items()] + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        may_import = self.has_change_permission(request)
        return super().changelist_view(request, {"may_import": may_import, **(extra_context or {})})

    def import_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = SpreadsheetForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                DryRun(self, request, form.grids)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return redirect(self.address("dryrun"), self.keep_file(request, form.cleaned_data["file"]).pk)
        context = {"form": form, "most_rows": bounds.SHEET_ROWS, "most_megabytes": bounds.SHEET_BYTES // bounds.MIB}
        return self.sheet_page(request, "import", _("Import a spreadsheet"), context)

    def keep_file(self, request, file):
        """The file until its sender has decided, one for each person."""
        file.seek(0)
        request.user.batches.exclude(file=None).delete()
        kind = ContentType.objects.get_for_model(self.model)
        return Batch.objects.create(author=request.user, name=file.name[:200], content_type=kind, file=file.read())

    def dry_run_view(self, request, batch_id):
        """What the file would change; on "make", its drafts."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        mine = request.user.batches.filter(content_type=ContentType.objects.get_for_model(self.model))
        batch = get_object_or_404(mine, pk=batch_id)
        if batch.file is None:
            return redirect("admin:publishing_batch_change", batch.pk)
        if "discard" in request.POST:
            batch.delete()
            messages.success(request, _("The file is discarded. Nothing was changed."))
            return redirect(self.address("import"))
        if "make" in request.POST:
            return self.make_drafts(request, batch)
        dry_run = DryRun(self, request, self.grids(batch))
        page = Paginator(dry_run.right, bounds.IMPORT_PAGE_ROWS).get_page(request.GET.get("p"))
        context = {"batch": batch, "dry_run": dry_run, "page": page, "earlier": dry_run.left_over(batch)}
        return self.sheet_page(request, "dry_run", _("What this file would change"), context)

    def grids(self, batch):
        return read(ContentFile(bytes(batch.file)))

    def make_drafts(self, request, batch):
        grids = self.grids(batch)
        with transaction.atomic():
            ContentVersion.lock_writes()
            batch = get_object_or_404(request.user.batches, pk=batch.pk)
            if batch.file is None:
                messages.info(request, _("The drafts of this file are made already."))
                return redirect("admin:publishing_batch_change", batch.pk)
            dry_run = DryRun(self, request, grids, further=request.POST.getlist("further"))
            count = len(dry_run.right)
            if not count:
                messages.warning(request, _("There is nothing in this file to make drafts of."))
                return redirect(self.address("dryrun"), batch.pk)
            chosen = request.POST.getlist("give_up")
            given_up = [earlier for earlier in dry_run.left_over(batch) if str(earlier.pk) in chosen]
            batches = dry_run.make(batch)
            for earlier in given_up:
                for change in earlier.rest:
                    change.is_told = True
                    BATCH_STEPS["discard"].take(Situation(request.user, change.item, change))
            batch.file = None
            batch.save()
        text = ngettext(
            "%(count)d draft is made. Visitors see nothing of it yet.",
            "%(count)d drafts are made. Visitors see nothing of them yet.",
            count,
        )
        messages.success(request, text % {"count": count})
        if len(batches) == 1:
            return redirect("admin:publishing_batch_change", batch.pk)
        text = _("They are in several batches: at most %(count)s changes are published together.")
        messages.info(request, text % {"count": bounds.BATCH_CHANGES})
        return redirect("admin:publishing_batch_changelist")

    def sheet_page(self, request, template, title, context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/spreadsheets/{template}.html", shared | context)
