"""The actions on a list of items: what is refused, and why, is decided row by row."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learningcities.desk.bulk_actions import each
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.text.translation import about


class BulkAdmin:
    """For an ItemAdmin."""

    actions = ["publish_selected", "withdraw_selected", "bin_selected", "restore_selected"]

    def get_actions(self, request):
        """Nothing is deleted from a list: the bin takes the place of Django's own action."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description=gettext_lazy("Publish the selected rows"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        def publish(item):
            if item.is_public():
                raise ValidationError(_("It is public already."))
            with acting(request.user):
                item.publish()

        def done(number):
            said = ngettext("%(count)d row is public now.", "%(count)d rows are public now.", number)
            return said % {"count": number}

        self.each(request, queryset, lambda item: self.naming_fields(publish, item), done)

    @admin.action(description=gettext_lazy("Take the selected rows off the site"), permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        def withdraw(item):
            if item.withdrawn_at or not item.public_from:
                raise ValidationError(_("It is not on the site."))
            with acting(request.user):
                item.withdraw()

        def done(number):
            said = ngettext("%(count)d row is off the site.", "%(count)d rows are off the site.", number)
            return said % {"count": number}

        self.each(request, queryset, withdraw, done)

    @admin.action(description=gettext_lazy("Move the selected rows to the bin"), permissions=["delete"])
    def bin_selected(self, request, queryset):
        def move(item):
            self.check_may_bin(request, item)
            if item.binned_at:
                raise ValidationError(_("It is in the bin already."))
            self.delete_model(request, item)

        def done(number):
            said = ngettext("%(count)d row is in the bin.", "%(count)d rows are in the bin.", number)
            return said % {"count": number}

        self.each(request, queryset, move, done)

    @admin.action(description=gettext_lazy("Take the selected rows out of the bin"), permissions=["delete"])
    def restore_selected(self, request, queryset):
        def restore(item):
            self.check_may_bin(request, item)
            if not item.binned_at:
                raise ValidationError(_("It is not in the bin."))
            with acting(request.user):
                item.take_out_of_bin()

        def done(number):
            said = ngettext("%(count)d row is out of the bin.", "%(count)d rows are out of the bin.", number)
            return said % {"count": number}

        self.each(request, queryset, restore, done)

    def each(self, request, queryset, act, done):
        """With each row as it is once nobody else writes, and not as the list showed it."""

        def act_now(row):
            ContentVersion.lock_writes()
            if (row := self.get_queryset(request).filter(pk=row.pk).first()) is None:
                raise ValidationError(_("It is no longer there, or you may not change it."))
            act(row)

        each(request, queryset, act_now, done)

    def check_may_bin(self, request, item):
        if not self.has_delete_permission(request, item):
            raise PermissionDenied(_("Ask a coordinator: it has been public, or isn’t yours."))

    def naming_fields(self, act, item):
        """What an item lacks, each sentence with the name of its field."""
        try:
            act(item)
        except ValidationError as error:
            if not hasattr(error, "error_dict"):
                raise
            said = error.message_dict.items()
            sentences = [about(label(self.model, name), sentence) for name, some in said for sentence in some]
            raise ValidationError(sentences) from error
