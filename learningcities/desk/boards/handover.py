"""The page on which a coordinator hands over what someone has left unfinished."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.handover import hand_over


class HandOverForm(forms.Form):
    receiver = forms.ModelChoiceField(None, label=_("who goes on with them"))

    def __init__(self, people, *args):
        super().__init__(*args)
        self.fields["receiver"].queryset = people


class HandOverAdmin:
    """For the admin of people: closing an account leads to what its owner has left unfinished."""

    def get_urls(self):
        return [self.step_path("<int:person_id>/hand-over/", self.hand_over_view, "hand_over"), *super().get_urls()]

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        if not obj.is_active and Change.objects.unfinished().filter(author=obj).exists():
            return redirect("admin:people_user_hand_over", obj.pk)
        return response

    def hand_over_view(self, request, person_id):
        leaver = get_object_or_404(self.get_queryset(request), pk=person_id)
        if not self.has_change_permission(request, leaver):
            raise PermissionDenied
        people = self.get_queryset(request).filter(is_active=True, is_staff=True).exclude(pk=leaver.pk)
        form = HandOverForm(people, request.POST or None)
        if request.method == "POST" and form.is_valid():
            self.say(request, *hand_over(leaver, form.cleaned_data["receiver"], by=request.user))
            return redirect(request.path)
        changes = Change.objects.unfinished().filter(author=leaver).select_related("content_type")
        context = {
            **self.admin_site.each_context(request),
            "title": _("What %(person)s has left unfinished") % {"person": leaver},
            "opts": self.opts,
            "original": leaver,
            "changes": changes.prefetch_related("item"),
            "form": form,
        }
        return TemplateResponse(request, "admin/people/hand_over.html", context)

    def say(self, request, given, refused):
        if given:
            text = ngettext("%(count)d change is handed over.", "%(count)d changes are handed over.", len(given))
            messages.success(request, text % {"count": len(given)})
        if refused:
            text = ngettext(
                "%(count)d change stays where it is:", "%(count)d changes stay where they are:", len(refused)
            )
            listed = format_html_join("", "<li><bdi>{}</bdi>: {}</li>", refused)
            messages.warning(request, format_html("{}<ul>{}</ul>", text % {"count": len(refused)}, listed))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and Change.objects.unfinished().filter(author=obj).exists():
            context["hand_over_url"] = reverse("admin:people_user_hand_over", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)
