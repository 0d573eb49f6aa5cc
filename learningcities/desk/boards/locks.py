"""The list of the pages that someone keeps to themselves."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.read_only_admin import ListOnlyAdmin
from learningcities.publishing.items.item import about_items
from learningcities.publishing.rights.page_lock import PageLock


@admin.register(PageLock)
class PageLockAdmin(ListOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Pages are locked and released on the page of what happened to them; this leads there."""

    help_part = "what-happened"
    list_display = ["page", "by", "at", "until", "reason"]
    list_select_related = ["by"]

    def get_queryset(self, request):
        mine = about_items(lambda kind: kind.objects.edited_by(request.user))
        return super().get_queryset(request).active().filter(mine).prefetch_related("item")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Reserved pages"), **(extra_context or {})})

    # Columns

    @admin.display(description=_("page"))
    def page(self, lock):
        address = self.admin_site.address(lock.item, "happened")
        return format_html('<a href="{}#hold"><bdi>{}</bdi></a>', address, lock.item)

    @admin.display(description=_("until"), ordering="at")
    def until(self, lock):
        return lock.until
