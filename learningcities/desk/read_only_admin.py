"""The admin of rows that follow from what happens elsewhere."""

from .spreadsheets import ListAdmin


class ReadOnlyAdmin:
    """Rows that staff look at: nobody adds, edits or deletes one by hand, alone or several at once."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ListOnlyAdmin(ListAdmin, ReadOnlyAdmin):
    """Rows without a page of their own: their list leads to the item that they are about."""

    list_display_links = None

    def get_urls(self):
        return [self.step_path("", self.changelist_view, "changelist"), self.export_path()]
