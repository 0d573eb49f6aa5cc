import logging
from functools import update_wrapper

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import IntegrityError
from django.shortcuts import redirect
from django.urls import path, re_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog, set_language

from learningcities.people.models import Attempt, AuditEntry
from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_key import PatchKey

from .form_hints import hints_view
from .help import has_news, help_part, help_view, news_view
from .home.first_page import first_page
from .home.kept import kept_view
from .photo_picker import PhotoPicker
from .search_all import search_view
from .section import section_of
from .to_form import to_form_view

logger = logging.getLogger(__name__)

#: Addresses of earlier releases, which stand in mails that were sent, and what took their place.
MOVED = {
    r"^\w+/\w+/(?P<rest>(?:care|overview)/)$": "%(rest)s",
    r"^publishing/hold/(?P<rest>.*)$": "publishing/pagelock/%(rest)s",
    r"^publishing/remark/(?P<rest>.*)$": "publishing/comment/%(rest)s",
    r"^(?P<item>\w+/\w+/\d+)/(remarks|comments)/$": "%(item)s/happened/",
}
#: The screens of the desk that are of no model, by their names, which are their addresses; boards add theirs.
VIEWS = {
    "search": search_view,
    "edit": to_form_view,
    "kept": kept_view,
    "help": help_view,
    "news": news_view,
    "hints": hints_view,
}


class DeskSite(AdminSite):
    site_title = site_header = _("Learning cities: editing")
    index_title = _("What would you like to edit?")
    index_template = "admin/desk.html"

    def has_permission(self, request):
        return super().has_permission(request) and not request.user.lacks_second_factor

    def admin_view(self, view, cacheable=False):
        """Each view of the admin passes here: who only lacks a second factor is led to where they choose one."""
        guarded = super().admin_view(view, cacheable)

        def led(request, *args, **kwargs):
            if getattr(request.user, "lacks_second_factor", False):
                return redirect("mfa_index")
            try:
                return guarded(request, *args, **kwargs)
            except IntegrityError:
                logger.exception("Two did the same at once: %s", request.path)
                sentence = _("Someone has done the same at the same moment. Look at what is there now.")
                messages.error(request, sentence)
                return redirect(page_before(request))

        return update_wrapper(led, guarded)

    def get_app_list(self, request, app_label=None):
        """What the site is about comes before what helps to run it."""
        listed = super().get_app_list(request, app_label)
        return sorted(listed, key=lambda app: apps.get_app_config(app["app_label"]).name.startswith("learningcities"))

    def get_urls(self):
        # The language cookie is the staff's own, and its path ends at the admin. Django's detour to a row's
        # page ("r/…") goes: it would lead an editor to any draft of any city.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        own = [path(f"{name}/", self.admin_view(view), name=name) for name, view in VIEWS.items()]
        picker = path("photos/pick/", self.admin_view(PhotoPicker.as_view()), name="pick_photo")
        moved = [re_path(old, MovedView.as_view(url=new)) for old, new in MOVED.items()]
        return [path("language/", set_language, name="set_language"), *own, picker, *moved, *urls]

    def each_context(self, request):
        return {**super().each_context(request), "help_part": help_part(self, request)}

    def password_change(self, request, extra_context=None):
        """A wrong old password counts like one at the login."""
        attempt = Attempt.begin(request, "password", request.user) if request.method == "POST" else None
        response = super().password_change(request, extra_context)
        is_changed = response.status_code == 302
        if attempt and (is_changed or "old_password" not in response.context_data["form"].errors):
            attempt.delete()
        if is_changed:
            AuditEntry.record(AuditEntry.Kind.PASSWORD, request.user, request, by=request.user)
        return response

    def i18n_javascript(self, request, extra_context=None):
        # All packages, so that our own catalogue can add the words they lack.
        return JavaScriptCatalog.as_view()(request)

    def index(self, request, extra_context=None):
        """The desk: where one left off, and what waits."""
        return super().index(request, first_page(self, request) | {"has_news": has_news(request.user)})

    def form_address(self, row):
        """Where staff edit a row, or None."""
        return self.address(row, "change") if type(row) in self._registry else None

    def field_address(self, row, key):
        """Where staff edit what a key of a patch names of a row, or None."""
        form, row_admin = self.form_address(row), self._registry.get(type(row))
        parsed = PatchKey.parse(key)
        section = section_of(getattr(row_admin, "sections", ()), parsed, type(row))
        language = parsed.language(type(row)) if parsed.owner(type(row)) else None
        query = f"?language={language}" if language else ""
        if not (form and section):
            return form
        step, names = ("row", [section.name, parsed.uuid]) if parsed.uuid else ("section", [section.name])
        address = self.address(row, step, *names)
        return f"{address}{query}#id_{parsed.field}" if parsed.field else f"{address}#section-{section.name}"

    def send_address(self, row):
        """Where what someone wants of a row is sent or published; of what has no states, its page."""
        return self.address(row, "send") if isinstance(row, Item) else self.form_address(row)

    def picker_address(self, row, key, **asked):
        """Where staff pick the photo that a key of a patch names: `cover`, `gallery` for new rows, or a row of it."""
        query = {"item": f"{row._meta.label_lower}.{row.pk}", "key": key, **asked}
        return f"{reverse('admin:pick_photo')}?{urlencode(query, doseq=True)}"

    def preview_address(self, row):
        """Where staff see the page of a row before visitors do, or None."""
        is_previewed = getattr(self._registry.get(type(row)), "is_previewed", False)
        return self.address(row, "preview") if is_previewed else None

    def site_address(self, row):
        """Where visitors see the page of a row now, or None."""
        row_admin = self._registry.get(type(row))
        return row_admin.get_view_on_site_url(row) if hasattr(row, "is_public") and row_admin else None

    def address(self, row, step, *names):
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk, *names])

    def may_see(self, request, row):
        row_admin = self._registry.get(type(row))
        return bool(row_admin) and row_admin.has_view_permission(request, row)


class MovedView(RedirectView):
    """Leads from an earlier address of the desk to today's, with all that follows it."""

    permanent, query_string = True, True

    def get_redirect_url(self, **names):
        return reverse("admin:index") + super().get_redirect_url(**names)

    def post(self, request, *args, **names):
        """What someone has typed into a page that was opened before the upgrade goes along."""
        response = super().post(request, *args, **names)
        response.status_code = 308
        return response


def page_before(request):
    """The page of this site that a form was sent from."""
    address = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if is_ours else "admin:index"
