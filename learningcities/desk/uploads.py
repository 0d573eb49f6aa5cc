"""Adding photos: several at once, each accepted or refused on its own, then described in a row."""

import json
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import modelform_factory, modelformset_factory
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learningcities import bounds
from learningcities.media.images import PhotoFormField
from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.text.translation import columns
from learningcities.web.primary_keys import is_key

from .hinted_form import HintedForm


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotoUploadForm(forms.ModelForm):
    """What all photos of an upload have in common."""

    files = forms.Field(
        label=_("Photos"),
        required=False,
        widget=SeveralFiles(attrs=PhotoFormField.widget.attrs),
        help_text=format_lazy(
            _("JPEG, PNG or WebP, up to {megabytes} MB each, as large as you have them."),
            megabytes=bounds.PHOTO_BYTES // bounds.MIB,
        ),
    )


class DescriptionForm(HintedForm, forms.ModelForm):
    unwanted = forms.BooleanField(label=_("Don’t keep this photo"), required=False)


class UploadAdmin:
    """For the admin of photos: its form to add is a drop area, and then a page to describe what is new."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.upload_form(request)
        if request.method == "POST" and form.is_valid():
            outcomes = [self.take(request, form, *file) for file in enumerate(request.FILES.getlist("files"))]
            if request.headers.get("X-Requested-With") == "fetch":
                return HttpResponse(format_html_join("", '<li data-photo="{}">{}</li>', outcomes))
            if outcomes:
                return self.after_upload(request, outcomes)
            form.add_error("files", _("Choose at least one photo."))
        return self.page(request, "admin/media/upload.html", _("Add photos"), form=form, media=self.media + form.media)

    def upload_form(self, request):
        posted = request.POST if request.method == "POST" else None
        form_class = modelform_factory(self.model, PhotoUploadForm, fields=["city", "credit", "licence", "tags"])
        form = form_class(posted, initial=self.get_changeform_initial_data(request))
        for name in ("city", "tags"):
            field = self.model._meta.get_field(name)
            form.fields[name].queryset = self.get_field_queryset(None, field, request)
        form.fields["city"].required = not request.user.is_coordinator
        form.fields["tags"].widget = AutocompleteSelectMultiple(self.model._meta.get_field("tags"), self.admin_site)
        form.fields["tags"].widget.choices = form.fields["tags"].choices
        return form

    def take(self, request, form, place, file):
        """Save a photo or refuse it: (its key or nothing, a sentence that names the file)."""
        try:
            if place >= bounds.PHOTOS_AT_ONCE:
                raise ValidationError(
                    _("Send at most %(count)d photos at once."), params={"count": bounds.PHOTOS_AT_ONCE}
                )
            photo = self.save_photo(request, form, PhotoFormField().clean(file))
        except ValidationError as error:
            text = _("“%(file)s” is not kept. %(reason)s")
            return "", text % {"file": file.name, "reason": " ".join(error.messages)}
        if not (alike := self.alike(request, photo)):
            return photo.pk, _("“%(file)s” is kept.") % {"file": file.name}
        text = _("“%(file)s” is kept, but it looks like a photo that is here already:") % {"file": file.name}
        return photo.pk, format_html("{} {}", text, format_html_join(", ", '<a href="{}">{}</a>', alike))

    def save_photo(self, request, form, file):
        common = {name: form.cleaned_data[name] for name in ("city", "credit", "licence")}
        photo = self.model(**common)
        try:
            # The renditions take a moment, and nobody else has to wait: they are made before anything is written.
            photo.file.save(file.name, file, save=False)
            with acting(request.user), track_changes(photo):
                photo.save()
                photo.tags.set(form.cleaned_data["tags"])
        except Exception:
            photo.file.discard()
            raise
        return photo

    def alike(self, request, photo):
        """The photos that seem to show the same, each with the address of its form."""
        return [(self.admin_site.form_address(other), other) for other in self.get_queryset(request).alike(photo)]

    def after_upload(self, request, outcomes):
        for key, sentence in outcomes:
            (messages.info if key else messages.error)(request, sentence)
        keys = [key for key, _sentence in outcomes if key]
        return redirect(self.description_address(request, keys) if keys else request.get_full_path())

    def description_address(self, request, keys):
        popup = {"_popup": 1} if "_popup" in request.GET else {}
        return f"{reverse(self.address('describe'))}?{urlencode({'photo': keys} | popup, doseq=True)}"

    # Then: what do they show?

    def get_urls(self):
        return [self.step_path("describe/", self.describe_view, "describe"), *super().get_urls()]

    def describe_view(self, request):
        """The alternative texts of new photos in a row. Those that were public have the form of their own."""
        keys = [key for key in request.GET.getlist("photo") if is_key(self.model, key)]
        rows = self.get_queryset(request).active().open_to(request.user).filter(pk__in=keys, public_from=None)
        mine = [photo.pk for photo in rows if self.has_change_permission(request, photo)]
        if not mine:
            return redirect(self.address("changelist"))
        build = partial(self.formfield_for_dbfield, request=request)
        fields = [*columns("alternative"), "decorative", "credit", "licence"]
        formset_class = modelformset_factory(
            self.model, DescriptionForm, fields=fields, extra=0, formfield_callback=build
        )
        formset = formset_class(request.POST or None, queryset=rows.filter(pk__in=mine).order_by("pk"))
        if request.method == "POST" and formset.is_valid():
            return self.after_description(request, formset)
        for form in formset:
            form.alike = self.alike(request, form.instance)
            form.picture = self.picture(form.instance, 0)
        return self.page(request, "admin/media/describe.html", _("What do the photos show?"), formset=formset)

    def after_description(self, request, formset):
        photos = []
        with acting(request.user):
            for form in formset:
                if form.cleaned_data["unwanted"]:
                    form.instance.move_to_bin()
                else:
                    form.save()
                    photos.append(form.instance)
        if photos and "_popup" in request.GET:
            chosen = {"value": str(photos[0].pk), "obj": str(photos[0])}
            return TemplateResponse(request, "admin/popup_response.html", {"popup_response_data": json.dumps(chosen)})
        text = ngettext("%(count)d photo is in the library.", "%(count)d photos are in the library.", len(photos))
        messages.success(request, text % {"count": len(photos)})
        return redirect(self.address("changelist"))

    def page(self, request, template, title, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, template, shared | {"is_popup": "_popup" in request.GET} | context)
