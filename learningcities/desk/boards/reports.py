from urllib.parse import quote

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.bulk_actions import each
from learningcities.desk.log_entries import LogAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.reports.models import Report
from learningcities.text.dates import format_moment


@admin.register(Report)
class ReportAdmin(LogAdmin, ListAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Reports come from visitors; the staff read them, write a note, and close them."""

    help_part = "reports-of-errors"
    list_display = ["title", "beginning", "created_at", "state", "is_mailed"]
    list_filter = ["state", "created_at"]
    search_fields = ["title", "page", "message"]
    actions = ["close_selected"]
    readonly_fields = ["words", "where", "sender", "spoken", "created_at", "mailed_at", "state", "closed"]
    fieldsets = [
        (None, {"fields": ["words", "where", "sender", "spoken"]}),
        (_("What became of it"), {"fields": ["created_at", "mailed_at", "state", "closed", "answer"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).edited_by(request.user)

    def changelist_view(self, request, extra_context=None):
        Report.objects.old_senders().forget()
        return super().changelist_view(request, extra_context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "_done" in request.POST and obj.is_open:
            obj.close(request.user)

    @admin.action(description=_("Mark the selected reports as done"), permissions=["change"])
    def close_selected(self, request, queryset):
        def close(report):
            if not report.is_open:
                raise ValidationError(_("It is done already."))
            report.close(request.user)

        def done(number):
            text = ngettext("%(count)d report is done.", "%(count)d reports are done.", number)
            return text % {"count": number}

        each(request, queryset, close, done)

    # Columns and fields

    @admin.display(description=_("message"))
    def beginning(self, report):
        return format_html('<span dir="auto">{}</span>', truncatechars(report.message, 90))

    @admin.display(description=_("mailed"), boolean=True, ordering="mailed_at")
    def is_mailed(self, report):
        return report.mailed_at is not None

    @admin.display(description=_("message"))
    def words(self, report):
        return format_html('<div class="report-words" dir="auto">{}</div>', report.message)

    @admin.display(description=_("page"))
    def where(self, report):
        """The page as visitors see it, and its form."""
        page = format_html('<a href="{}">{}</a><br><bdi>{}</bdi>', report.page, report.title, report.page)
        edit = self.admin_site.form_address(report.item)
        return format_html('{}<br><a href="{}">{}</a>', page, edit, _("Edit this page")) if edit else page

    @admin.display(description=_("sender"))
    def sender(self, report):
        if not report.is_open:
            return _("Forgotten when the report was done.")
        if report.is_old:
            return _("Forgotten twelve months after the report came.")
        if not report.sender_email:
            return report.sender_name or _("Gave neither name nor e-mail.")
        address = format_html('<a href="mailto:{}" dir="ltr">{}</a>', quote(report.sender_email), report.sender_email)
        return format_html("<bdi>{}</bdi> {}", report.sender_name, address)

    @admin.display(description=_("language"))
    def spoken(self, report):
        return get_language_info(report.language)["name_local"]

    @admin.display(description=_("done by"))
    def closed(self, report):
        if report.is_open:
            return "–"
        return format_html("<bdi>{}</bdi>, <bdi>{}</bdi>", report.closed_by, format_moment(report.closed_at))
