"""The form of a translated row: each late or missing translation beside what its source says, and "still right"."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import snapshot
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.translation.status import Translations
from learningcities.text.translation import LANGUAGES


class TranslatingAdmin:
    """For a TrackedAdmin."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if request.GET.get("language") in LANGUAGES:
            context["content_language"] = request.GET["language"]
        if obj:
            self.show_sources(request, context, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def show_sources(self, request, context, row):
        known = Translations.objects.of(row)
        late = set(known.stale) if self.has_change_permission(request, row) else set()
        if draft := getattr(request, "draft", None):
            known.follow(draft.patch, snapshot(row))
        forms = [(PatchKey(), context["adminform"].form)]
        for inline in context["inline_admin_formsets"]:
            name = inline.formset.fk.remote_field.related_name
            forms += [(PatchKey(name, form.instance.pk), form) for form in inline.formset.forms]
        for place, form in forms:
            form.translations, form.place, form.confirmable = known, place, late

    def response_change(self, request, obj):
        request.saved = True
        return redirect(request.get_full_path()) if "_right" in request.POST else super().response_change(request, obj)

    def confirm_translation(self, request, row, column):
        """A late translation that someone has read and found right counts as made from its source as it is now."""
        known = Translations.objects.of(row)
        if column in known.stale and not forbidden_keys(request.user, type(row), [column]):
            with acting(request.user):
                known.confirm(column)
            messages.success(request, _("The translation stays as it is, and counts as up to date."))
