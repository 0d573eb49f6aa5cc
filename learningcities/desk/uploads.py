"""Adding photos: several at once, each accepted or refused on its own, then described on one screen."""

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
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext_lazy as _
from translated_fields import to_attribute

from learningcities import bounds
from learningcities.media.images import PhotoFormField
from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.text.translation import LANGUAGES, columns, direction, fallback
from learningcities.web.primary_keys import is_key

from .hinted_form import HintedForm

#: What is said once for all photos, and of one that is another's by itself.
RIGHTS = ("credit", "licence")


#: The places that most photos are shown in, where none is known yet.
CROPS = (("4/5", "doorway", _("covers")), ("3/2", "picture", _("galleries")), ("1/1", "square", _("lists")))


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotoUploadForm(forms.ModelForm):
    """The photos, and where they belong."""

    files = forms.Field(
        label=_("Photos"),
        required=False,
        # A copy: the widget writes "multiple" into what it is given.
        widget=SeveralFiles(attrs={**PhotoFormField.widget.attrs}),
        help_text=format_lazy(
            _("JPEG, PNG or WebP, up to {megabytes} MB each, as large as you have them."),
            megabytes=bounds.PHOTO_BYTES // bounds.MIB,
        ),
    )


def words_box(language):
    """The box for a sentence in a language."""
    return forms.Textarea({"rows": 2, "lang": language, "dir": direction(language)})


class DescriptionForm(HintedForm, forms.ModelForm):
    unwanted = forms.BooleanField(label=_("Don’t keep this photo"), required=False)

    @property
    def focus(self):
        return [self["focus_x"], self["focus_y"]]

    @property
    def words(self):
        """What it shows, in the language of the person first."""
        return [self[to_attribute("alternative", code)] for code in fallback(get_language())]

    @property
    def ticks(self):
        return [self["decorative"], self["unwanted"]]

    @property
    def rights(self):
        return [self[name] for name in RIGHTS]

    @property
    def photo(self):
        return self.instance

    def fill(self, common):
        """Give the photo what is said for all of them and not of it by itself."""
        for name in RIGHTS:
            setattr(self.instance, name, self.cleaned_data[name] or common[name])


class UploadAdmin:
    """For the admin of photos: its form to add is a drop area, and then a page to describe what is new."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.upload_form(request)
        if request.method == "POST" and form.is_valid():
            outcomes = self.take_files(request, form.cleaned_data["city"])
            if request.headers.get("X-Requested-With") == "fetch":
                return lines(outcomes)
            if outcomes:
                return self.after_upload(request, outcomes)
            form.add_error("files", _("Choose at least one photo."))
        return self.page(request, "admin/media/upload.html", _("Add photos"), form=form, media=self.media + form.media)

    def upload_form(self, request):
        posted = request.POST if request.method == "POST" else None
        form_class = modelform_factory(self.model, PhotoUploadForm, fields=["city"])
        form = form_class(posted, initial=self.get_changeform_initial_data(request))
        field = form.fields["city"]
        field.queryset = rows_for(request.user, field.queryset.model).active()
        field.required = not request.user.is_coordinator
        if field.required and len(field.queryset) == 1:
            field.widget = forms.HiddenInput()
        return form

    def take_files(self, request, city):
        """What became of each file that was sent: [(its key or nothing, a sentence that names the file)]."""
        return [self.take(request, city, *file) for file in enumerate(request.FILES.getlist("files"))]

    def take(self, request, city, place, file):
        """Save a photo or refuse it."""
        try:
            if place >= bounds.PHOTOS_AT_ONCE:
                raise ValidationError(
                    _("Send at most %(count)d photos at once."), params={"count": bounds.PHOTOS_AT_ONCE}
                )
            photo = self.save_photo(request, city, PhotoFormField().clean(file))
        except ValidationError as error:
            text = _("“%(file)s” is not kept. %(reason)s")
            return "", text % {"file": file.name, "reason": " ".join(error.messages)}
        if not (alike := self.alike(request, photo)):
            return photo.pk, _("“%(file)s” is kept.") % {"file": file.name}
        text = _("“%(file)s” is kept, but it looks like a photo that is here already:") % {"file": file.name}
        return photo.pk, format_html("{} {}", text, format_html_join(", ", '<a href="{}">{}</a>', alike))

    def save_photo(self, request, city, file):
        photo = self.model(city=city)
        try:
            # The renditions take a moment, and nobody else has to wait: they are made before anything is written.
            photo.file.save(file.name, file, save=False)
            with acting(request.user), track_changes(photo):
                photo.save()
        except Exception:
            photo.file.discard()
            raise
        return photo

    def alike(self, request, photo):
        """The photos that seem to show the same, each with the address of its form."""
        return [(self.admin_site.form_address(other), other) for other in self.get_queryset(request).alike(photo)]

    def after_upload(self, request, outcomes):
        say(request, outcomes)
        keys = [key for key, _sentence in outcomes if key]
        return redirect(self.description_address(request, keys) if keys else request.get_full_path())

    def description_address(self, request, keys):
        return f"{reverse(self.address('describe'))}?{urlencode({'photo': keys}, doseq=True)}"

    # Then: what do they show?

    def pages(self):
        return [*super().pages(), ("describe/", self.describe_view, "describe")]

    def describe_view(self, request):
        """What new photos show, on one screen. Those that were public have the form of their own."""
        keys = [key for key in request.GET.getlist("photo") if is_key(self.model, key)]
        rows = self.get_queryset(request).active().open_to(request.user).filter(pk__in=keys, public_from=None)
        mine = [photo.pk for photo in rows if self.has_change_permission(request, photo)]
        if not mine:
            return redirect(self.address("changelist"))
        posted = request.POST if request.method == "POST" else None
        formset = self.description_formset(request, posted, rows.filter(pk__in=mine).order_by("pk"))
        common = self.common_form(request, posted)
        if posted is not None and formset.is_valid() and common.is_valid():
            return self.after_description(request, formset, common.cleaned_data)
        for form in formset:
            form.alike = self.alike(request, form.instance)
            form.picture = self.rendition(form.instance, size=1)
            form.crops = [self.crop(form.instance, *crop) for crop in CROPS]
        context = {"formset": formset, "common": common, "media": self.media + common.media}
        return self.page(request, "admin/media/describe.html", _("What do the photos show?"), **context)

    def description_formset(self, request, posted, rows):
        fields = ["focus_x", "focus_y", *columns("alternative"), "decorative", *RIGHTS]
        widgets = {to_attribute("alternative", code): words_box(code) for code in LANGUAGES}
        labels = {to_attribute("alternative", code): get_language_info(code)["name_local"] for code in LANGUAGES}
        options = {"fields": fields, "widgets": widgets, "labels": labels, "extra": 0}
        formset_class = modelformset_factory(self.model, DescriptionForm, **options)
        return formset_class(posted, queryset=rows)

    def common_form(self, request, posted):
        """What is said once for all photos."""
        form = modelform_factory(self.model, fields=[*RIGHTS, "tags"])(posted, prefix="all")
        tags, field = form.fields["tags"], self.model._meta.get_field("tags")
        tags.widget = AutocompleteSelectMultiple(field, self.admin_site)
        tags.widget.choices = tags.choices
        return form

    def after_description(self, request, formset, common):
        photos = []
        with acting(request.user):
            for form in formset:
                if form.cleaned_data["unwanted"]:
                    form.instance.move_to_bin()
                    continue
                form.fill(common)
                with track_changes(form.instance):
                    form.save()
                    form.instance.tags.add(*common["tags"])
                photos.append(form.instance)
        text = ngettext("%(count)d photo is in the library.", "%(count)d photos are in the library.", len(photos))
        messages.success(request, text % {"count": len(photos)})
        return redirect(self.address("changelist"))

    def crop(self, photo, shape, name, words):
        """How visitors see a photo in one place: the address of a rendition, and what it is drawn in."""
        address = self.rendition(photo, shape, 0 if shape else 1)
        return {"address": address, "shape": shape, "name": name, "words": words}

    def page(self, request, template, title, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, template, shared | context)


def lines(outcomes):
    """For static/js/upload.js: what became of each file."""
    return HttpResponse(format_html_join("", '<li data-photo="{}">{}</li>', outcomes))


def say(request, outcomes):
    for key, sentence in outcomes:
        (messages.info if key else messages.error)(request, sentence)
