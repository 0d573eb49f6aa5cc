"""The form of one section: a few fields of one row, each taken by itself, and none of them required."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import Picture
from learningcities.desk.hinted_form import HintedField, HintedForm
from learningcities.publishing.items.item import owner_path
from learningcities.publishing.patches.patch_display import label, value_in_words
from learningcities.publishing.patches.snapshot import plain, with_row_fields
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.text.dates import DayFirst
from learningcities.text.richtext import RichTextField
from learningcities.text.text_diff import marked
from learningcities.text.translation import direction, language_of
from learningcities.web.primary_keys import RowsField

TOO_OLD = _("This form can't be read any more. What you typed is still here: look at it, then save again.")
TAKEN = _("Another page has this already.")


#: Kinds of field whose content is written from left to right in every language.
LATIN = (models.SlugField, models.EmailField, models.URLField, models.DecimalField)


class ShortDecimal(forms.NumberInput):
    """Shows a number as it was written: 120, and not 120.00."""

    def format_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else super().format_value(value)


class SectionField(HintedField):
    """A field that also says what its author has changed of what visitors see, and what is asked about it."""

    @property
    def key(self):
        return self.form.place.of_field(self.name)

    @property
    def language(self):
        return language_of(self.db_field) if self.db_field else None

    @property
    def language_local(self):
        return get_language_info(self.language)["name_local"]

    @property
    def is_short(self):
        return isinstance(self.field.widget, (forms.NumberInput, forms.DateInput, DayFirst))

    @property
    def pick_address(self):
        """Where a photo is chosen among pictures."""
        is_own = self.db_field and is_picture(self.db_field) and not self.form.place.part
        return admin.site.picker_address(self.form.editing.item, self.name) if is_own else ""

    @property
    def is_ticked(self):
        return isinstance(self.field.widget, forms.CheckboxSelectMultiple)

    @property
    def questions(self):
        return self.form.questions.get(self.key, ())

    @property
    def faults(self):
        return self.form.faults.get(self.name, ())

    @cached_property
    def change(self):
        """The words of the draft beside those that visitors see, the differences marked."""
        editing = self.form.editing
        if self.form.is_bound or self.key not in editing.patch or not self.db_field:
            return ""
        sides = with_row_fields(editing.live).get(self.key), editing.patch[self.key][1]
        return marked(*(value_in_words(self.db_field, side) for side in sides))


class SectionForm(HintedForm, forms.Form):
    """`editing` is whose form it is, `key` the row: of a part, or the item itself."""

    bound_field_class = SectionField
    use_required_attribute = False

    #: What keeps the row from being sent: {field: sentences}, and the open comments on each key.
    faults, questions = {}, {}

    def __init__(self, editing, section, key, data=None, files=None):
        self.editing, self.section, self.place, self.instance = editing, section, key, editing.row_at(key)
        if key.row in editing.shown:
            self.instance._state.adding = False
        self.columns = allowed_columns(editing, section, key)
        self.was = self.knew = None
        self.is_readable = data is None or self.read(data.get("seen", ""))
        super().__init__(data, files, initial=self.shown_values(), label_suffix="")
        fields = {field.name: field for field in self.instance._meta.get_fields() if not field.auto_created}
        self.fields |= {name: form_field(fields[name], self.instance, editing.person) for name in self.columns}

    def read(self, token):
        try:
            self.was, self.knew = self.editing.read(self.place, token)
        except signing.BadSignature:
            return False
        return True

    def shown_values(self):
        """What the form showed when it was opened; what it shows now, where that isn't known."""
        if self.was is None:
            return {name: self.value_of(name) for name in self.columns}
        fields = self.instance._meta
        return {name: stored(fields.get_field(name), self.was.get(name)) for name in self.columns}

    @property
    def has_file(self):
        return any(isinstance(field, forms.FileField) for field in self.fields.values())

    def value_of(self, name):
        field = self.instance._meta.get_field(name)
        if field.many_to_many:
            return [row.pk for row in getattr(self.instance, name).all()]
        return field.value_from_object(self.instance)

    @property
    def row_faults(self):
        """What is wrong with the row as a whole, or with what the form doesn't show."""
        return [sentence for name, said in self.faults.items() if name not in self.fields for sentence in said]

    @property
    def has_languages(self):
        return any(self[name].language for name in self.fields)

    @property
    def read_only(self):
        """What a translator reads beside their texts."""
        columns = [name for name in self.section.columns(self.editing.model) if name not in self.fields]
        return [to_read(self.instance, name, value) for name in columns if (value := self.value_of(name))]

    @property
    def token(self):
        return self.editing.token(self.place, self.columns)

    def clean(self):
        cleaned = super().clean()
        if not self.is_readable:
            raise ValidationError(TOO_OLD)
        for name in self.changed_data:
            if name in cleaned:
                self.check(name, cleaned[name])
        return cleaned

    def check(self, name, value):
        field = self.instance._meta.get_field(name)
        if field.is_relation or isinstance(field, models.FileField) or value in field.empty_values:
            return
        try:
            field.run_validators(field.to_python(value))
        except ValidationError as error:
            self.add_error(name, error)
            return
        others = type(self.instance)._base_manager.filter(**{name: value}).exclude(pk=self.instance.pk)
        if field.unique and others.exists():
            self.add_error(name, TAKEN)

    def changed(self):
        """What its author changed, as a snapshot says it: {field: value}; what is wrong or wasn't sent is left out."""
        return {
            name: sent_value(self.instance._meta.get_field(name), self.cleaned_data[name], self.instance)
            for name in self.changed_data
            if name in self.cleaned_data and not (self.is_omitted(name) or self.is_emptied_slug(name))
        }

    def is_emptied_slug(self, name):
        """What has a short name keeps it: links carry it."""
        return isinstance(self.instance._meta.get_field(name), models.SlugField) and not self.cleaned_data[name]

    def is_omitted(self, name):
        bound = self[name]
        return bound.field.widget.value_omitted_from_data(self.data, self.files, bound.html_name)


def allowed_columns(editing, section, key):
    """The columns of a section that its author may change: a translator's form has no others."""
    columns = section.columns(editing.model)
    forbidden = set(forbidden_keys(editing.person, editing.model, [key.of_field(name) for name in columns]))
    return [name for name in columns if key.of_field(name) not in forbidden]


def to_read(row, name, value):
    """A field that its reader doesn't change: (label, language, direction, words)."""
    field = row._meta.get_field(name)
    # A rich text was cleaned when it was saved.
    words = mark_safe(value) if isinstance(field, RichTextField) else value_in_words(field, plain(value))
    language = language_of(field)
    return label(type(row), name), language or "", direction(language) if language else "auto", words


def stored(field, value):
    """A value of a snapshot as a form shows it."""
    is_as_it_is = field.is_relation or isinstance(field, models.FileField) or value is None
    return value if is_as_it_is else field.to_python(value)


def sent_value(field, value, row):
    """A value of a form as a snapshot says it; a file, which was looked at, is stored for that."""
    if isinstance(field, models.FileField):
        file = field.attr_class(row, field, value.name)
        file.save(value.name, value, save=False)
        return file.name
    if field.many_to_many:
        return plain(sorted(row.pk for row in value))
    if field.is_relation:
        return plain(value and value.pk)
    if value in field.empty_values:
        return None if field.null else field.get_default() if not field.blank and field.has_default() else ""
    return plain(field.get_prep_value(field.to_python(value)))


def form_field(field, row, person):
    """The form field of a model field, in its language; of a relation, with what may be chosen."""
    options = {"required": False, "label": capfirst(field.verbose_name)}
    if field.is_relation:
        # A text may be missing from a draft; a row that belongs to nothing can't be shown.
        options["required"] = not (field.null or field.many_to_many) or is_own_city(field, row, person)
        options |= chosen_among(field, row, person)
        if is_picture(field):
            options["empty_label"] = _("No photo")
    elif isinstance(field, models.DecimalField):
        options["widget"] = ShortDecimal
    elif isinstance(field, models.DateField):
        options["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    made = field.formfield(**options)
    if isinstance(field, models.FileField) and row.pk:
        made.label = _("Replace the file")
        made.help_text = _("Wherever it is used, the new file takes the place of this one.")
    if language := language_of(field):
        name = get_language_info(language)["name_local"]
        made.widget.attrs |= {"lang": language, "dir": direction(language), "data-language": language}
        made.widget.attrs["aria-label"] = f"{made.label} – {name}"
    elif isinstance(field, LATIN):
        made.widget.attrs["dir"] = "ltr"
    elif isinstance(made.widget, (forms.TextInput, forms.Textarea)):
        made.widget.attrs["dir"] = "auto"
    return made


def is_own_city(field, row, person):
    """Whether it says to which city something belongs, which only a coordinator may leave open."""
    return field.name == owner_path(type(row)) and not person.is_coordinator


def chosen_among(field, row, person):
    """What a relation may lead to: what is chosen already, and what the person may choose for the owner of the row."""
    is_stored = row.pk is not None
    chosen = is_stored and getattr(row, field.name).all() if field.many_to_many else [getattr(row, field.name, None)]
    keys = [one.pk for one in chosen or () if one]
    rows = rows_for(person, field.related_model)
    rows = rows.active() if hasattr(rows, "active") else rows
    rows = of_owner(rows, row)
    model = field.related_model
    allowed = Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=keys)
    options = {"queryset": model._default_manager.filter(allowed)}
    if field.many_to_many:
        options |= {"form_class": RowsField, "widget": forms.CheckboxSelectMultiple}
    return options


def of_owner(rows, row):
    """Of what belongs to an owner, such as a city: what is this row's own or nobody's."""
    item = getattr(row, row.part_of) if hasattr(row, "part_of") else row
    way, path = owner_path(type(item)), owner_path(rows.model) or getattr(rows.model, "part_of", None)
    if way is None or not path or owner_path(rows.model) == "":
        return rows
    owner = getattr(item, way, None) if way else item
    return rows.filter(Q(**{path: owner}) | Q(**{path: None})) if owner and owner.pk else rows


def is_picture(field):
    return bool(field.is_relation and field.related_model and issubclass(field.related_model, Picture))
