"""The list of the pages that someone keeps to themselves."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.read_only_admin import ListOnlyAdmin
from learningcities.desk.site import Task
from learningcities.publishing.items.item import about_items
from learningcities.publishing.rights.page_lock import PageLock


@admin.register(PageLock)
class PageLockAdmin(ListOnlyAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Pages are locked and released on the page of what happened to them; this leads there."""

    list_display = ["page", "by", "at", "until", "reason"]
    list_select_related = ["by"]

    def get_queryset(self, request):
        mine = about_items(lambda kind: kind.objects.edited_by(request.user))
        return super().get_queryset(request).active().filter(mine).prefetch_related("item")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Reserved pages"), **(extra_context or {})})

    def dashboard_tasks(self, request):
        """What a coordinator's desk says of held pages."""
        number = self.get_queryset(request).count() if request.user.is_coordinator else 0
        held = Task(_("Reserved pages"), number, reverse("admin:publishing_pagelock_changelist"))
        return {"tasks": [], "under_way": [held]}

    # Columns

    @admin.display(description=_("page"))
    def page(self, lock):
        address = self.admin_site.address(lock.item, "happened")
        return format_html('<a href="{}#hold"><bdi>{}</bdi></a>', address, lock.item)

    @admin.display(description=_("until"), ordering="at")
    def until(self, lock):
        return lock.until
