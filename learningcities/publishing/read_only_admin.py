"""The admin of rows that follow from what happens elsewhere."""


class ReadOnlyAdmin:
    """Rows that staff look at: nobody adds, edits or deletes one by hand, alone or several at once."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
