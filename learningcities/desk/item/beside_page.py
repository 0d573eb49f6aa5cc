"""Who edits an item, and whatever else stands beside what it says: it counts at once, and no draft waits with it."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learningcities.text.translation import listed

from .item_view import ItemView
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
            "seen": self.request.POST.get("seen") or signing.dumps(self.now, salt=self.salt),
        }
        return TemplateResponse(self.request, "admin/item/beside.html", context)

    def shown(self, token):
        """What a form showed when it was opened: {field: keys}; what is there now for whoever says nothing of it."""
        try:
            return signing.loads(token, salt=self.salt)
        except signing.BadSignature:
            return self.now

    @property
    def now(self):
        return {name: [row.pk for row in getattr(self.item, name).all()] for name in self.item.untracked}

    @property
    def salt(self):
        return f"beside:{self.item._meta.label_lower}:{self.item.pk}"

    def words(self):
        return listed(capfirst(self.item._meta.get_field(name).verbose_name) for name in self.item.untracked)

    def post(self, request):
        form = BesideForm(self.item, request.user, request.POST)
        if not form.is_valid():
            return self.page(form)
        shown = self.shown(request.POST.get("seen", ""))
        for name, chosen in form.cleaned_data.items():
            # What someone else has added or taken away since the form was opened stays so.
            was, chosen = set(shown[name]), {row.pk for row in chosen}
            getattr(self.item, name).add(*(chosen - was))
            getattr(self.item, name).remove(*(was - chosen))
        messages.success(request, _("Saved."))
        return self.to_outline()
