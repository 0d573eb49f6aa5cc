"""The list of the pages that someone keeps to themselves."""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.admin import Task

from .hold import Hold
from .item import about_items
from .read_only_admin import ReadOnlyAdmin


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Pages are held and let go of beside their remarks; this leads there."""

    list_display = ["page", "by", "at", "until", "reason"]
    list_display_links = None
    list_select_related = ["by"]

    def get_queryset(self, request):
        mine = about_items(lambda kind: kind.objects.edited_by(request.user))
        return super().get_queryset(request).active().filter(mine).prefetch_related("item")

    def get_urls(self):
        """A hold has no page of its own."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.changelist_view), name=name)]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Held pages"), **(extra_context or {})})

    def desk(self, request):
        """What a coordinator's desk says of held pages."""
        number = self.get_queryset(request).count() if request.user.is_coordinator else 0
        held = Task(_("Held pages"), number, reverse("admin:publishing_hold_changelist"))
        return {"tasks": [], "under_way": [held]}

    # Columns

    @admin.display(description=_("page"))
    def page(self, hold):
        address = self.admin_site.address(hold.item, "remarks")
        return format_html('<a href="{}#hold"><bdi>{}</bdi></a>', address, hold.item)

    @admin.display(description=_("until"), ordering="at")
    def until(self, hold):
        return hold.until
