"""A new item: a few questions on one screen, in the language of whoever answers them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from js_asset import Media
from translated_fields import TranslatedField, to_attribute

from learningcities.publishing.history.tracking import acting, track_changes
from learningcities.publishing.items.item import Item, owner_path
from learningcities.publishing.patches.snapshot import save_values
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.text.translation import LANGUAGES, columns

from .item_view import forget_copy
from .section_form import form_field, is_picture, sent_value


class Question(forms.BoundField):
    """A field of the form as it is asked: the question, and the number that it has on the screen."""

    @property
    def is_ticked(self):
        return isinstance(self.field.widget, forms.CheckboxSelectMultiple)

    @property
    def is_about_picture(self):
        return self.name in ABOUT_PICTURE


#: What is asked along with a photo: {field: (words, letters at most)}.
ABOUT_PICTURE = {
    "shows": (gettext_lazy("What the photo shows"), 250),
    "taken_by": (gettext_lazy("Who took it?"), 160),
    "licence": (gettext_lazy("By which right may we show it? (own work, CC BY 4.0, with permission of …)"), 160),
}


class NewItemForm(forms.Form):
    """`questions` are the fields that are asked for, each with its words: {"title": "What is it called?"}."""

    bound_field_class = Question
    use_required_attribute = False

    def __init__(self, model, person, questions, data=None, files=None, initial=None, given=None):
        #: What goes without asking, {field: value}: never what an address says.
        self.given = given or {}
        self.model, self.instance, self.questions = model, model(), questions
        super().__init__(data, files, initial=initial, label_suffix="")
        for name, words in questions.items():
            for column in columns(name) if isinstance(getattr(model, name, None), TranslatedField) else [name]:
                self.fields[column] = self.field_of(model._meta.get_field(column), person)
                self.fields[column].label = words
        if self.picture:
            for name, (words, length) in ABOUT_PICTURE.items():
                box = forms.TextInput({"dir": "auto"})
                self.fields[name] = forms.CharField(label=words, required=False, max_length=length, widget=box)

    def field_of(self, field, person):
        """A relation to a picture is answered with a file."""
        if is_picture(field):
            return field.related_model._meta.get_field("file").formfield(required=False)
        return form_field(field, self.instance, person)

    @property
    def picture(self):
        """The field of the model that is answered with a file, if there is one."""
        own = (name for name in self.questions if self.is_of_model(name))
        return next((name for name in own if is_picture(self.model._meta.get_field(name))), "")

    def asked(self):
        """Each question with its fields, one for each language of a text: [(number, words, fields)]."""
        asked = []
        for name, words in self.questions.items():
            names = (*columns(name), name, *(ABOUT_PICTURE if name == self.picture else []))
            fields = [self[column] for column in names if column in self.fields]
            if not (self.is_settled(fields) or self.has_no_answer(fields)):
                asked.append((len(asked) + 1, words, fields))
        return asked

    def is_settled(self, fields):
        """Whether there is one possible answer only, which is given already: it is told and not asked."""
        choices = getattr(fields[0].field, "queryset", None)
        return choices is not None and bool(fields[0].value()) and choices.count() == 1 and not fields[0].errors

    def has_no_answer(self, fields):
        """Whether there is nothing to choose from yet, such as words of a vocabulary that is still empty."""
        choices = getattr(fields[0].field, "queryset", None)
        return choices is not None and not fields[0].field.required and not choices.exists()

    def settled(self):
        """The fields of what isn't asked."""
        shown = {field.name for _number, _words, fields in self.asked() for field in fields}
        return [field for field in self if field.name not in shown]

    def values(self):
        """What was answered, as a snapshot says it."""
        fields = self.model._meta
        answered = [name for name in self.fields if name in self.cleaned_data and name != self.picture]
        own = [name for name in answered if self.is_of_model(name)]
        given = [name for name in own if self.cleaned_data[name] not in fields.get_field(name).empty_values]
        values = {name: sent_value(fields.get_field(name), self.cleaned_data[name], self.instance) for name in given}
        return self.given | {name: value for name, value in values.items() if value not in (None, "", [])}

    def is_of_model(self, name):
        return name in {field.name for field in self.model._meta.get_fields()}

    def save(self):
        """The new row, or None where what was answered makes none yet: the form says why."""
        row = self.model()
        try:
            with transaction.atomic():
                values = self.values()
                if self.picture and self.cleaned_data.get(self.picture):
                    values[self.picture] = self.save_picture(values).pk
                with track_changes(row):
                    save_values(row, values, validate=True)
        except ValidationError as error:
            for name, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
                self.add_error(name if name in self.fields else None, sentences)
            return None
        return row

    def save_picture(self, values):
        """The photo that was sent, of the new row's owner; it says what it shows in the language that is written."""
        owner = owner_path(self.model)
        photo = self.model._meta.get_field(self.picture).related_model(**{f"{owner}_id": values.get(owner)})
        photo.file = self.cleaned_data[self.picture]
        language = self.data.get("_content_language")
        if language in LANGUAGES:
            setattr(photo, to_attribute("alternative", language), self.cleaned_data.get("shows", ""))
        photo.credit, photo.licence = (self.cleaned_data.get(name, "") for name in ("taken_by", "licence"))
        photo.full_clean()
        photo.save()
        return photo


class NewItemView(View):
    row_admin = None
    template = "admin/item/new.html"

    def dispatch(self, request, *args, **kwargs):
        if not self.row_admin.has_add_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_item(self):
        return issubclass(self.row_admin.model, Item)

    def form(self, data=None, files=None):
        initial = self.row_admin.get_changeform_initial_data(self.request)
        questions = self.row_admin.questions()
        given = self.row_admin.given_to_new()
        return NewItemForm(self.row_admin.model, self.request.user, questions, data, files, initial, given)

    def get(self, request):
        return self.page(self.form())

    def page(self, form):
        request, languages = self.request, getattr(self.request.user, "translates", None) or LANGUAGES
        asked = request.POST.get("_content_language") or request.GET.get("language") or get_language()
        context = {
            **self.row_admin.admin_site.each_context(request),
            "title": self.row_admin.new_title or _("New: %(name)s") % {"name": self.row_admin.opts.verbose_name},
            "is_item": self.is_item,
            "lost_file": bool(form.errors and request.FILES),
            "opts": self.row_admin.opts,
            "form": form,
            "form_id": request.POST.get("form_id") or get_random_string(12),
            "languages": [(code, get_language_info(code)["name_local"]) for code in languages],
            "language": asked if asked in languages else languages[0],
            "media": Media.from_media(self.row_admin.media + form.media, nonce=request.csp_nonce),
        }
        return TemplateResponse(request, self.template, context)

    def post(self, request):
        form = self.form(request.POST, request.FILES)
        # A file is looked at before anything is locked, so that nobody else has to wait for it.
        is_valid, row = form.is_valid(), None
        with transaction.atomic():
            ContentVersion.lock_writes()
            if is_valid:
                with acting(request.user):
                    row = form.save()
        if row is None:
            return self.page(form)
        text = _("“%(item)s” is saved.")
        if self.is_item:
            text = _("“%(item)s” is saved. Visitors don’t see it. Go on with whatever you like.")
        messages.success(request, text % {"item": row})
        response = redirect(reverse(self.row_admin.address("change"), args=[row.pk]))
        forget_copy(request, response)
        return response
