"""The preview in the admin: the form's own button, the screen that shows it, and the links that were given out."""

from dataclasses import replace

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from learningcities.publishing.views import HEADERS
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.preview import Preview
from learningcities.publishing.workflow.preview_rendering import page_in
from learningcities.publishing.workflow.steps import ITEM_STEPS, Situation
from learningcities.text.translation import LANGUAGES
from learningcities.web.primary_keys import chosen

WIDTHS = {"desktop": _("Computer"), "phone": _("Phone")}


class PreviewedAdmin:
    """Adds to an ItemAdmin, whose items have a page of their own, that page as visitors would see it."""

    # The form: save as usual, then look

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        item = getattr(request, "saved_item", None)
        if item and "_preview" in request.POST:
            made = self.make_preview(request, item, self.own_change(request, item))
            made.cookies.update(response.cookies)
            return made
        return response

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.saved_item = form.instance

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["is_previewed"] = True
        return super().render_change_form(request, context, add, change, form_url, obj)

    def form_steps(self, situation):
        """The preview stands beside the first button."""
        steps, preview = super().form_steps(situation), ITEM_STEPS["preview"]
        if steps and preview.when(situation):
            first = replace(steps[0], line=steps[0].line or "save")
            steps[:1] = [first, replace(preview, line=first.line)]
        return steps

    def own_change(self, request, item):
        """What this member of staff wants of the item, where visitors don't see it yet."""
        return Change.objects.mine(item, request.user)

    def make_preview(self, request, item, change):
        try:
            preview = Preview.make(request, item, change)
        except (DatabaseError, ValidationError, ValueError):
            messages.error(request, _("There is no preview: the change no longer fits the page as it is now."))
            return redirect(self.address("change"), item.pk)
        return redirect(f"{reverse(self.address('preview'), args=[item.pk])}?shown={preview.pk}")

    # The screen

    def get_urls(self):
        views = {
            "<int:object_id>/preview/": (self.preview_view, "preview"),
            "<int:object_id>/page/<slug:language>/": (self.page_view, "page"),
        }
        return [*(self.step_path(route, *view) for route, view in views.items()), *super().get_urls()]

    @method_decorator(require_safe)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def page_view(self, request, object_id, language):
        """The page as this member of staff wants it, for the frame beside the outline."""
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        if language not in LANGUAGES:
            raise Http404
        if not ITEM_STEPS["preview"].may(Situation(request.user, item)):
            raise PermissionDenied
        preview = Preview(item=item, change=self.own_change(request, item), author=request.user)
        try:
            return HttpResponse(page_in(request, preview, language), headers=HEADERS)
        except (DatabaseError, ValidationError, ValueError):
            sentence = _("There is no preview: the change no longer fits the page as it is now.")
            return HttpResponse(format_html("<!DOCTYPE html><p>{}</p>", sentence), headers=HEADERS)

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not ITEM_STEPS["preview"].may(Situation(request.user, item)):
            raise PermissionDenied
        if request.method == "POST":
            return self.preview_step(request, item)
        previews = list(self.previews(request, item).select_related("author").defer("pages"))
        key = request.GET.get("shown")
        newest = previews[0] if previews else None
        shown = next((preview for preview in previews if str(preview.pk) == key), newest)
        language = request.GET.get("language")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview: %s") % item,
            "opts": self.opts,
            "original": item,
            "previews": previews,
            **(self.as_shown(request, shown, language if language in LANGUAGES else get_language()) if shown else {}),
        }
        return TemplateResponse(request, "admin/publishing/preview.html", context)

    def as_shown(self, request, shown, language):
        width = request.GET.get("width")
        path = shown.address(language) if shown.is_link_known else ""
        return {
            "shown": shown,
            "language": language,
            "width": width if width in WIDTHS else "fitting",
            "widths": WIDTHS.items(),
            "path": path,
            "link": request.build_absolute_uri(path),
            "gaps": shown.gaps.get(get_language()),
        }

    def previews(self, request, item):
        return Preview.objects.of(item).open().kept_by(request.user)

    def preview_step(self, request, item):
        """Revoke a link, or make a new preview: of a change that is being reviewed, or of one's own."""
        if key := request.POST.get("revoke"):
            chosen(self.previews(request, item), key).revoke()
            messages.success(request, _("The link is revoked: it leads nowhere any more."))
            return redirect(self.address("preview"), item.pk)
        if key := request.POST.get("change"):
            change = chosen(Change.objects.of(item).unfinished(), key)
            if not request.user.has_perm("publishing.view_change", change):
                raise PermissionDenied
            return self.make_preview(request, item, change)
        return self.make_preview(request, item, self.own_change(request, item))
