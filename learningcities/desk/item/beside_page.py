"""Who edits an item, and whatever else stands beside what it says: it counts at once, and no draft waits with it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .item_page import ItemView
from .section_form import form_field


class BesideForm(forms.Form):
    def __init__(self, item, person, *args, **kwargs):
        chosen = {name: [row.pk for row in getattr(item, name).all()] for name in item.untracked}
        super().__init__(*args, initial=chosen, **kwargs)
        self.fields |= {name: form_field(item._meta.get_field(name), item, person) for name in item.untracked}


class BesideView(ItemView):
    """For coordinators."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_coordinator:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(BesideForm(self.item, request.user))

    def page(self, form):
        context = {
            **self.site.each_context(self.request),
            "title": _("%(what)s: %(item)s") % {"what": self.words(), "item": self.item},
            "opts": self.row_admin.opts,
            "original": self.item,
            "form": form,
        }
        return TemplateResponse(self.request, "admin/item/beside.html", context)

    def words(self):
        return ", ".join(str(capfirst(self.item._meta.get_field(name).verbose_name)) for name in self.item.untracked)

    def post(self, request):
        form = BesideForm(self.item, request.user, request.POST)
        if not form.is_valid():
            return self.page(form)
        for name in form.changed_data:
            getattr(self.item, name).set(form.cleaned_data[name])
        messages.success(request, _("Saved."))
        return self.to_outline()
