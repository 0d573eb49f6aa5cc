"""The rows that are edited on the form of their item."""

from django.contrib import admin

from learningcities.desk.translated_admin import TranslatedForm

from .form import PartFormSet
from .tracked_admin import KeepingForm, ScopedChoices
from .translator_form import TranslatorForm


class PartInline(TranslatorForm, ScopedChoices, TranslatedForm, admin.StackedInline):
    """Rows that belong to an item: who may change the item may change them; a translator, their texts only."""

    extra = 0
    form = KeepingForm
    formset = PartFormSet

    def may(self, request, obj=None):
        opts = self.parent_model._meta
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}", obj)

    def may_arrange(self, request, obj=None):
        return not request.user.translates and self.may(request, obj)

    has_view_permission = has_change_permission = may
    has_add_permission = has_delete_permission = may_arrange
