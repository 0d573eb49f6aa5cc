"""The remarks beside an item, for the staff who may see it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.rights.page_lock import LASTS, Hold
from learningcities.publishing.workflow.comment import LENGTH, Remark
from learningcities.web.primary_keys import chosen


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


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("the reason (optional)"),
        required=False,
        max_length=Hold._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


class RemarksAdmin:
    """For an ItemAdmin: who may see the item reads its remarks, writes some, settles them and opens them again."""

    def get_urls(self):
        return [self.step_path("<int:object_id>/remarks/", self.remarks_view, "remarks"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["open_remarks"] = obj.remarks.open().count() if obj else 0
        context["hold"] = hold = hold_of(obj) if obj else None
        # Whoever has typed something keeps the buttons: the page may be free in a minute.
        context["is_closed"] = bool(hold and hold.by != request.user and request.method == "GET")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def remarks_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, item):
            raise PermissionDenied
        if key := request.POST.get("settle"):
            return self.settle(request, item, key)
        if key := request.POST.get("reopen"):
            return self.reopen(request, item, key)
        step = request.POST.get("hold")
        if step == "let_go":
            return self.let_go(request, item)
        form, hold_form = RemarkForm(), HoldForm()
        if step:
            hold_form = HoldForm(request.POST)
            if hold_form.is_valid():
                return self.hold(request, item, hold_form.cleaned_data["reason"])
        elif request.method == "POST":
            form = RemarkForm(request.POST)
            if form.is_valid():
                return self.write(request, item, form.cleaned_data["text"])
        hold = hold_of(item)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remarks: %s") % item,
            "opts": self.opts,
            "object": item,
            "remarks": item.remarks.select_related("author", "settled_by"),
            "form": form,
            "hold": hold,
            "hold_form": hold_form,
            "may_hold": not hold and self.has_change_permission(request, item),
            "may_let_go": hold and hold.may_let_go(request.user),
            "days": LASTS.days,
        }
        return TemplateResponse(request, "admin/publishing/remarks.html", context)

    def write(self, request, item, text):
        try:
            remark = Remark.write(item, request.user, text)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.address("changelist"))
        messages.success(request, _("Your remark is kept, and those concerned are told by e-mail."))
        return redirect(f"{request.path}#remark-{remark.pk}")

    def settle(self, request, item, key):
        remark = chosen(item.remarks, key)
        if item.remarks.filter(pk=remark.pk).settle(request.user):
            messages.success(request, _("The remark is settled."))
        else:
            messages.info(request, _("Someone has settled this remark already."))
        return redirect(f"{request.path}#remark-{remark.pk}")

    def reopen(self, request, item, key):
        remark = chosen(item.remarks, key)
        item.remarks.filter(pk=remark.pk).reopen()
        messages.success(request, _("The remark is open again."))
        return redirect(f"{request.path}#remark-{remark.pk}")

    def hold(self, request, item, reason):
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        try:
            Hold.take(item, request.user, reason)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("You keep this page for yourself: nobody else changes it now."))
        return redirect(f"{request.path}#hold")

    def let_go(self, request, item):
        if hold := hold_of(item):
            hold.let_go(request.user)
        messages.success(request, _("Whoever looks after the page can change it again."))
        return redirect(f"{request.path}#hold")


def hold_of(item):
    return item.holds.active().select_related("by").first()
