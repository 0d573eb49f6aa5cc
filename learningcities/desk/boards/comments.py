"""The list of the comments on what a member of staff looks after."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.read_only_admin import ListOnlyAdmin
from learningcities.publishing.workflow.comment import Comment


class ResolvedFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("to_read", _("to read")), ("open", _("open")), ("settled", _("settled"))]

    def queryset(self, request, queryset):
        if self.value() == "to_read":
            return queryset.to_read(request.user)
        if self.value() == "open":
            return queryset.open()
        return queryset.resolved() if self.value() == "settled" else queryset


@admin.register(Comment)
class CommentAdmin(ListOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Comments are written and resolved on the page of what happened to their item; this leads there."""

    help_part = "what-happened"
    list_display = ["beginning", "page", "author", "at", "state"]
    list_filter = [ResolvedFilter, "kind"]
    list_select_related = ["author"]
    search_fields = ["text"]
    ordering = ["-at", "-id"]

    def get_queryset(self, request):
        return super().get_queryset(request).words().seen_by(request.user).prefetch_related("item")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Remarks"), **(extra_context or {})})

    # Columns

    @admin.display(description=_("remark"))
    def beginning(self, comment):
        return format_html('<span dir="auto">{}</span>', comment)

    @admin.display(description=_("page"))
    def page(self, comment):
        address, place = self.admin_site.address(comment.item, "happened"), f"remark-{comment.pk}"
        return format_html('<a href="{}?at={}#{}"><bdi>{}</bdi></a>', address, place, place, comment.item)

    @admin.display(description=_("state"), ordering="resolved_at")
    def state(self, comment):
        return _("settled") if comment.resolved_at else _("open")
