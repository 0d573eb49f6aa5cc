"""The preview in the admin: the screen that shows it, and the links that were given out."""

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
from django.views import View
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


class PreviewedView(View):
    """One page of an item as visitors would see it, for one member of staff who may."""

    row_admin = None

    def dispatch(self, request, *args, object_id, **kwargs):
        self.item = get_object_or_404(self.row_admin.get_queryset(request), pk=object_id)
        if not ITEM_STEPS["preview"].may(Situation(request.user, self.item)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def own_change(self):
        """What this member of staff wants of the item, where visitors don't see it yet."""
        return Change.objects.mine(self.item, self.request.user)


@method_decorator(require_safe, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": [SELF]}), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PageView(PreviewedView):
    """The page as this member of staff wants it, for the frame beside the outline."""

    def get(self, request, language):
        if language not in LANGUAGES:
            raise Http404
        preview = Preview(item=self.item, change=self.own_change, author=request.user)
        try:
            return HttpResponse(page_in(request, preview, language), headers=HEADERS)
        except (DatabaseError, ValidationError, ValueError):
            sentence = _("There is no preview: the change no longer fits the page as it is now.")
            return HttpResponse(format_html("<!DOCTYPE html><p>{}</p>", sentence), headers=HEADERS)


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class PreviewView(PreviewedView):
    """The screen that shows a preview, makes links to it and revokes them."""

    def get(self, request):
        site, previews = self.row_admin.admin_site, list(self.previews().select_related("author").defer("pages"))
        key = request.GET.get("shown")
        newest = previews[0] if previews else None
        shown = next((preview for preview in previews if str(preview.pk) == key), newest)
        language = request.GET.get("language")
        context = {
            **site.each_context(request),
            "title": _("Preview: %s") % self.item,
            "opts": self.row_admin.opts,
            "original": self.item,
            "previews": previews,
            **(self.as_shown(shown, language if language in LANGUAGES else get_language()) if shown else {}),
        }
        return TemplateResponse(request, "admin/publishing/preview.html", context)

    def as_shown(self, shown, language):
        width = self.request.GET.get("width")
        path = shown.address(language) if shown.is_link_known else ""
        return {
            "shown": shown,
            "language": language,
            "width": width if width in WIDTHS else "fitting",
            "widths": WIDTHS.items(),
            "path": path,
            "link": self.request.build_absolute_uri(path),
            "gaps": shown.gaps.get(get_language()),
        }

    def previews(self):
        return Preview.objects.of(self.item).open().kept_by(self.request.user)

    def post(self, request):
        """Revoke a link, or make a new preview: of a change that is being reviewed, or of one's own."""
        if key := request.POST.get("revoke"):
            chosen(self.previews(), key).revoke()
            messages.success(request, _("The link is revoked: it leads nowhere any more."))
            return redirect(self.row_admin.address("preview"), self.item.pk)
        if key := request.POST.get("change"):
            change = chosen(Change.objects.of(self.item).unfinished(), key)
            if not request.user.has_perm("publishing.view_change", change):
                raise PermissionDenied
            return make_preview(self.row_admin, request, self.item, change)
        return make_preview(self.row_admin, request, self.item, self.own_change)


def make_preview(row_admin, request, item, change):
    """Keep the page of an item as a change wants it, and lead to it."""
    try:
        preview = Preview.make(request, item, change)
    except (DatabaseError, ValidationError, ValueError):
        messages.error(request, _("There is no preview: the change no longer fits the page as it is now."))
        return redirect(row_admin.address("change"), item.pk)
    return redirect(f"{reverse(row_admin.address('preview'), args=[item.pk])}?shown={preview.pk}")
