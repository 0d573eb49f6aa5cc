"""The remarks beside an item, for the staff who may see it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from .remark import LENGTH, Remark


class Words(forms.CharField):
    """A browser counts the end of a line once, and sends it as two characters."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class RemarkForm(forms.Form):
    text = Words(
        label=_("your remark"),
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a few words first: nothing was sent.")},
    )


class RemarksAdmin:
    """For an ItemAdmin: who may see the item reads its remarks, writes some, and settles them."""

    def get_urls(self):
        view, name = self.admin_site.admin_view(self.remarks_view), self.address("remarks").partition(":")[2]
        return [path("<int:object_id>/remarks/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["open_remarks"] = obj.remarks.open().count() if obj else 0
        return super().render_change_form(request, context, add, change, form_url, obj)

    def remarks_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        if key := request.POST.get("settle"):
            return self.settle(request, item, key)
        form = RemarkForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            remark = Remark.write(item, request.user, form.cleaned_data["text"])
            messages.success(request, _("Your remark is kept, and those concerned are told by e-mail."))
            return redirect(f"{request.path}#remark-{remark.pk}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remarks: %s") % item,
            "opts": self.opts,
            "object": item,
            "remarks": item.remarks.select_related("author", "settled_by"),
            "form": form,
        }
        return TemplateResponse(request, "admin/publishing/remarks.html", context)

    def settle(self, request, item, key):
        remark = get_object_or_404(item.remarks, pk=key if key.isdecimal() else None)
        if item.remarks.filter(pk=remark.pk).settle(request.user):
            messages.success(request, _("The remark is settled."))
        else:
            messages.info(request, _("Someone has settled this remark already."))
        return redirect(f"{request.path}#remark-{remark.pk}")
