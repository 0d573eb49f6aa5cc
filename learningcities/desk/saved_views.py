"""Lists as someone has filtered, searched and ordered them, under names: each person sees and removes their own."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.people.models import SavedView, User

#: What says nothing of which rows are shown, and how.
NOT_SAVED = {PAGE_VAR, ERROR_FLAG, IS_POPUP_VAR, TO_FIELD_VAR}
TOO_MANY = _("You have %(count)s saved views of this list. Remove one first.")
TOO_LONG = _("This list has too many filters to be saved. Take some off first.")


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name"]


class SavedViews:
    """For the admin of a list: views of it are saved by name, for whoever sees the list."""

    def changelist_view(self, request, extra_context=None):
        form = SavedViewForm()
        if request.method == "POST" and {"save_view", "remove_view"} & request.POST.keys():
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            form = SavedViewForm(request.POST if "save_view" in request.POST else None)
            if not form.is_bound:
                self.remove_view(request)
            elif form.is_valid():
                self.save_view(request, form.cleaned_data["name"])
            else:
                messages.error(request, _("Give the view a name."))
            return HttpResponseRedirect(request.get_full_path())
        context = {"saved_views": self.saved_views(request), "saved_view_form": form, "shown_query": query_of(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def saved_views(self, request):
        """Their own views of this list."""
        return SavedView.objects.filter(user=request.user.pk, model=self.opts.label_lower)

    def save_view(self, request, name):
        """Keep the list as it is shown; what had the name before is replaced."""
        query, views = query_of(request), self.saved_views(request)
        if len(query) > bounds.SAVED_VIEW_CHARACTERS:
            return messages.error(request, TOO_LONG)
        with transaction.atomic():
            # Two windows of one person save one after the other.
            User.objects.select_for_update().get(pk=request.user.pk)
            if not views.filter(name=name).exists() and views.count() >= bounds.SAVED_VIEWS:
                return messages.error(request, TOO_MANY % {"count": bounds.SAVED_VIEWS})
            key = {"user": request.user, "model": self.opts.label_lower, "name": name}
            SavedView.objects.update_or_create(**key, defaults={"query": query})
        return messages.success(request, _("“%(name)s” is saved. You find it above this list.") % {"name": name})

    def remove_view(self, request):
        view = self.saved_views(request).filter(name=request.POST["remove_view"]).first()
        if view:
            view.delete()
            messages.success(request, _("“%(name)s” is removed.") % {"name": view})


def query_of(request):
    """The filters, the search and the order of the list that is shown, always in the same order."""
    chosen = ((name, values) for name, values in request.GET.lists() if name not in NOT_SAVED)
    return urlencode(sorted((name, values) for name, values in chosen if any(values)), doseq=True)
