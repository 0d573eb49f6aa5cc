"""Lists as someone has filtered, searched and ordered them, under names: each person sees and removes their own."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
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
    """One person's views of one list, which they may see."""

    def __init__(self, request, model):
        self.request, self.query = request, query_of(request)
        self.key = {"user": request.user, "model": model._meta.label_lower}
        self.own = SavedView.objects.filter(**self.key)

    def context(self):
        return {"saved_views": self.own, "saved_view_form": SavedViewForm(), "shown_query": self.query}

    def respond(self):
        """Save or remove what was asked for; None where nothing was."""
        posted = self.request.POST
        if "remove_view" in posted:
            self.remove(posted["remove_view"])
        elif "save_view" in posted:
            form = SavedViewForm(posted)
            if form.is_valid():
                self.save(form.cleaned_data["name"])
            else:
                messages.error(self.request, _("Give the view a name."))
        else:
            return None
        return HttpResponseRedirect(self.request.get_full_path())

    def save(self, name):
        """Keep the list as it is shown; what had the name before is replaced."""
        if len(self.query) > bounds.SAVED_VIEW_CHARACTERS:
            return messages.error(self.request, TOO_LONG)
        with transaction.atomic():
            # Two windows of one person save one after the other.
            User.objects.select_for_update().get(pk=self.request.user.pk)
            if not self.own.filter(name=name).exists() and self.own.count() >= bounds.SAVED_VIEWS:
                return messages.error(self.request, TOO_MANY % {"count": bounds.SAVED_VIEWS})
            SavedView.objects.update_or_create(**self.key, name=name, defaults={"query": self.query})
        return messages.success(self.request, _("“%(name)s” is saved. You find it above this list.") % {"name": name})

    def remove(self, name):
        if view := self.own.filter(name=name).first():
            view.delete()
            messages.success(self.request, _("“%(name)s” is removed.") % {"name": view})


def query_of(request):
    """The filters, the search and the order of the list that is shown, always in the same order."""
    chosen = ((name, values) for name, values in request.GET.lists() if name not in NOT_SAVED)
    return urlencode(sorted((name, values) for name, values in chosen if any(values)), doseq=True)
