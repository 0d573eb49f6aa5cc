"""The screens of the record: what waits for a coordinator, and what has happened."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from .change import Change, acting
from .words import rows


@admin.register(Change)
class ChangeAdmin(ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """What waits for a coordinator, and what has happened. Nobody edits the record itself."""

    list_display = ["__str__", "content_type", "author", "state", "created_at"]
    list_filter = ["state", ("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["author", "content_type"]
    date_hierarchy = "created_at"
    search_fields = ["title"]
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        rows = super().get_queryset(request).prefetch_related("item")
        return rows if request.user.has_perm("publishing.decide_change") else rows.filter(author=request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        change = self.get_object(request, unquote(object_id))
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        if request.method == "POST":
            return self.decide(request, change)
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "opts": self.opts,
            "change": change,
            "rows": rows(change),
            "may_decide": change.is_waiting and request.user.has_perm("publishing.decide_change"),
            "may_discard": change.is_waiting and change.author_id == request.user.pk,
            "item_url": self.admin_site.form_address(change.item),
            "preview_url": change.is_waiting and self.admin_site.preview_address(change.item),
        }
        return TemplateResponse(request, "admin/publishing/change.html", context)

    def decide(self, request, change):
        """Apply, return or discard: each is possible once, and only for a change that waits."""
        coordinator = request.user.has_perm("publishing.decide_change")
        steps = {"apply": coordinator, "return": coordinator, "discard": coordinator or change.author == request.user}
        step = request.POST.get("step")
        if not steps.get(step):
            raise PermissionDenied
        with transaction.atomic():
            change = Change.objects.select_for_update().get(pk=change.pk)
            if not change.is_waiting:
                messages.warning(request, _("Someone has already decided about this change."))
            else:
                getattr(self, f"step_{step}")(request, change)
        return HttpResponseRedirect(request.path)

    def step_apply(self, request, change):
        try:
            with acting(change.author), transaction.atomic():
                change.apply(by=request.user)
        except ValidationError as error:
            messages.error(request, _("The change can't be applied. %s") % " ".join(error.messages))
        else:
            messages.success(request, _("The change is applied: visitors see it now."))

    def step_return(self, request, change):
        comment = request.POST.get("comment", "").strip()
        if not comment:
            messages.error(request, _("Say in a few words why you return the change, so that its author can mend it."))
            return
        change.give_back(request.user, comment)
        messages.success(request, _("The change is returned to its author."))

    def step_discard(self, request, change):
        change.discard(request.user)
        messages.success(request, _("The change is discarded. The page stays as it is."))
