"""A patch in words that an editor understands: field by field, before and after."""

from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DecimalField, FileField, ImageField
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from learningcities.text.dates import PartialDateField, display, format_moment
from learningcities.text.richtext import RichTextField
from learningcities.text.richtext import lines as lines_of_words
from learningcities.text.text_diff import deleted, inserted, marked
from learningcities.text.translation import about, direction, language_of, listed

from .patch_key import PatchKey
from .snapshot import diff, snapshot


@dataclass
class Row:
    """One line of a comparison; `language` and `direction` are those of the texts."""

    label: str
    before: str
    after: str
    language: str = ""
    direction: str = ""
    conflict: bool = False
    is_confirmed: bool = False

    @property
    def marked(self):
        """Before and after in one."""
        if self.is_confirmed:
            return _("Read again and left as it is.")
        if isinstance(self.before or self.after, SafeString):
            return format_html("{}{}", deleted(self.before), inserted(self.after))
        if self.before == self.after:
            return _("Only the formatting or a link is another one.")
        return marked(self.before, self.after)


def rows(change):
    """The lines of a Change, in the order of the model's fields; those that clash with the live page are marked."""
    model = change.content_type.model_class()
    if model is None:
        return []
    return list(lines_of(model, shown_patch(change), set(change.conflicts())))


def shown_patch(change):
    """What there is to read of a Change: of a first publication, the whole item."""
    is_all = is_first_publication(change)
    return diff({}, snapshot(change.item)) | change.patch if is_all else change.patch


def is_first_publication(change):
    """Whether it asks for nothing but that visitors see the item."""
    return bool(change.is_unfinished and change.item and change.patch.keys() - {"public_until"} == {"public_from"})


def lines_of(model, patch, clashing=()):
    """The lines of a patch."""
    for key in in_order(model, patch):
        yield from lines(model, key, *patch[key], key in clashing)


def in_order(model, keys):
    """The keys of a patch in the order of the model's fields."""
    order = {field.name: place for place, field in enumerate(model._meta.get_fields())}
    return sorted(keys, key=lambda key: (order.get(PatchKey.parse(key).name, len(order)), key))


def lines(model, text, before, after, conflict=False, names=None):
    """The lines of one key; `names` are those of the rows that it may relate to, as `names_in` reads them."""
    key = PatchKey.parse(text)
    part = key.owner(model)
    if not key.part or part is None:
        return [line(model, text, before, after, conflict, names=names)]
    title = capfirst(part._meta.verbose_name)
    if key.is_row:
        what = _("added") if after else _("removed")
        title = f"{title} ({what})"
    return lines_of_row(part, key, before, after, conflict, title, names)


def lines_of_row(part, key, before, after, conflict, title="", names=None):
    """The lines of a row of a part, or of one of its fields."""
    if key.field:
        return [line(part, key.field, before, after, conflict, title, names)]
    said = [field for field in (after or before) if (after or before)[field] not in ("", None, [])]
    sides = [[(side or {}).get(field) for side in (before, after)] for field in said]
    return [line(part, field, *pair, conflict, title, names) for field, pair in zip(said, sides, strict=True)]


def label(model, key):
    """What an editor calls a field or the rows of a part; nothing if there is no such field."""
    try:
        field = model._meta.get_field(PatchKey.parse(key).name)
    except FieldDoesNotExist:
        return ""
    if field.auto_created:
        return capfirst(field.related_model._meta.verbose_name_plural)
    name, language = capfirst(field.verbose_name), language_of(field)
    return f"{name} ({get_language_info(language)['name_local']})" if language else name


def labels(model, keys):
    """What an editor calls the fields that a patch touches, each once."""
    return list(dict.fromkeys(filter(None, (str(label(model, key)) for key in keys))))


def line(model, name, before, after, conflict, part="", names=None):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Row(name, str(before), str(after), conflict=conflict)
    language, words = language_of(field) or "", label(model, name)
    return Row(
        f"{part} – {words}" if part else words,
        value_in_words(field, before, names),
        value_in_words(field, after, names),
        language,
        direction(language) if language else "",
        conflict,
        before == after,
    )


def gaps(item):
    """What an item lacks to be published, in sentences that begin with what they are about."""
    sentences = []
    try:
        item.check_complete()
    except ValidationError as error:
        sentences += sentences_of(type(item), error)
    for photo in item.carried():
        if photo.state == photo.State.NEVER:
            sentences += [about(photo, sentence) for sentence in photo.missing().values()]
    for name in item.public_through:
        if not (other := getattr(item, name)).is_public():
            sentences.append(_("“%(item)s” must be published first.") % {"item": other})
    return sentences


def sentences_of(model, error):
    """What a ValidationError says, each sentence with the field that it is about."""
    if not hasattr(error, "error_dict"):
        return error.messages
    subjects = {name: label(model, name) for name in error.message_dict}
    return [
        about(subjects[name], sentence) if subjects[name] else sentence
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    ]


def value_in_words(field, value, names=None):
    """A stored value as an editor reads it."""
    if value in (None, "", []):
        return ""
    if field.is_relation:
        keys = keys_in(field, value)
        known = names[field.related_model] if names is not None else names_of(field.related_model, keys)
        return listed(known.get(str(key), f"#{key}") for key in keys)
    if isinstance(field, FileField):
        return stored(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, DecimalField):
        return formats.number_format(f"{field.to_python(value).normalize():f}", force_grouping=True)
    if isinstance(field, PartialDateField):
        return display(value)
    if field.get_internal_type() == "DateField":
        return formats.date_format(field.to_python(value), "DATE_FORMAT")
    if field.get_internal_type() == "DateTimeField":
        return format_moment(field.to_python(value))
    return lines_of_words(value) if isinstance(field, RichTextField) else str(value).strip()


def keys_in(field, value):
    """The keys of the rows that a stored value of a relation names."""
    return (value if field.many_to_many else [value]) if value else []


def names_of(model, keys):
    """What rows are called, or were before they were deleted: {key as text: name}."""
    names = {str(row.pk): str(row) for row in model._base_manager.filter(pk__in=keys)}
    return names | deleted_names(model, [key for key in keys if str(key) not in names])


def names_in(model, patches):
    """The names of all rows that some patches relate to, in one query for each kind: {model: {key as text: name}}."""
    keys = {}
    for field, value in (pair for patch in patches for pair in values_in(model, patch)):
        if field.is_relation:
            keys.setdefault(field.related_model, set()).update(keys_in(field, value))
    return {related: names_of(related, sorted(found)) for related, found in keys.items()}


def values_in(model, patch):
    """Each value of a patch with its field, those of whole rows too."""
    for text, sides in patch.items():
        key = PatchKey.parse(text)
        owner = key.owner(model)
        for side in sides if owner else ():
            values = (side or {}).items() if key.is_row else [(key.field, side)]
            fields = ((PatchKey(field=name).model_field(owner), value) for name, value in values)
            yield from ((field, value) for field, value in fields if field)


#: What knows the names of deleted rows: functions of a model and keys that give {key: name}.
_names_of_deleted = []


def register_names_of_deleted(lookup):
    _names_of_deleted.append(lookup)


def deleted_names(model, keys):
    """What those of the keys were called whose rows are gone: {key as text: name}."""
    existing = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    deleted = [key for key in keys if isinstance(key, int) and key not in existing]
    names = [lookup(model, deleted) for lookup in _names_of_deleted if deleted]
    return {str(key): name for some in names for key, name in some.items()}


def stored(field, name):
    """A link to a stored file; a photo is seen at once."""
    opts = field.model._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_file", args=[name])
    is_photo = isinstance(field, ImageField)
    words = format_html('<img class="photo-preview" src="{}" alt="{}">', address, _("photo")) if is_photo else _("file")
    return format_html('<a href="{}">{}</a>', address, words)
