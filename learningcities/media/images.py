"""Uploaded photos: checked before they are decoded, re-encoded without metadata, randomly named."""

import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField

from learningcities import bounds
from learningcities.inspection.child import inspect

from .renditions import PhotoFile
from .uploads import InspectedFileField

#: The endings under which photos are stored.
ENDINGS = ("jpg", "png", "webp")

SENTENCES = {
    "unreadable": _("This file is not a photo we can read. Send a JPEG, PNG or WebP file."),
    "too_large": format_lazy(
        _("The photo has more than {millions} million pixels. Save it a little smaller."),
        millions=bounds.PHOTO_PIXELS // 10**6,
    ),
    "too_much": _("It takes too much memory to read this photo. Save it as JPEG or a little smaller, and send that."),
    "moving": _("This picture moves. Send a still one."),
}
#: What people send by mistake, by how such a file begins (after so many bytes), and what to send instead.
MISTAKEN = [
    (4, (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1"), _("This is a HEIC photo. Save it as JPEG, and send that.")),
    (4, (b"ftyp",), _("This is an AVIF picture or a film. Send a JPEG, PNG or WebP file.")),
    (0, (b"GIF8",), _("This is a GIF picture. Save it as PNG or JPEG, and send that.")),
    (0, (b"II*\0", b"MM\0*"), _("This is a TIFF or raw photo. Save it as JPEG, and send that.")),
    (0, (b"%PDF",), _("This is a PDF. Add it under Documents, or send a photo.")),
    (0, (b"<", b"\xef\xbb\xbf<"), _("This is a drawing or a web page, not a photo. Send a JPEG, PNG or WebP file.")),
]


class CleanPhoto(ContentFile):
    """A photo that was checked and re-encoded: the only thing that is ever stored."""


def cleaned(file):
    """The same picture, upright, no longer than is stored, with nothing in the file but pixels."""
    if file.size > bounds.PHOTO_BYTES:
        text = _("The file is larger than %(megabytes)d MB. Save the photo a little smaller.")
        raise ValidationError(text, params={"megabytes": bounds.PHOTO_BYTES // bounds.MIB})
    file.seek(0)
    start = file.read(16).lstrip()
    for offset, beginnings, sentence in MISTAKEN:
        if start[offset:].startswith(beginnings):
            raise ValidationError(sentence)
    answer, content = inspect("photo", file, SENTENCES)
    return CleanPhoto(content, name=f"{secrets.token_hex(16)}.{answer['kind']}")


class PhotoFormField(InspectedFileField):
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    clean_class, cleaned = CleanPhoto, staticmethod(cleaned)


class PhotoField(PictureField):
    """A photo with its renditions; what is stored is never the file that was sent."""

    attr_class = PhotoFile

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"upload_to": "photos", **kwargs})

    def formfield(self, **kwargs):
        fixed = {"form_class": PhotoFormField, "widget": PhotoFormField.widget, "max_length": None}
        return super().formfield(**kwargs | fixed)

    def to_python(self, value):
        """A stored name, as a Change has it, must still lead to a file: earlier ones are not kept for ever."""
        if isinstance(value, str) and value and not self.storage.exists(value):
            raise ValidationError(_("The earlier photo is no longer kept."))
        return super().to_python(value)

    def update_dimension_fields(self, instance, force=False, *args, **kwargs):
        names = (self.width_field, self.height_field)
        known = {name: getattr(instance, name) for name in names} if force else {}
        # Another file: what is known of the one before says nothing of it.
        vars(instance).update(dict.fromkeys(known))
        try:
            super().update_dimension_fields(instance, force, *args, **kwargs)
        except FileNotFoundError:
            # A photo without its file, on a site that was restored without its media, still opens in the desk.
            vars(instance).update(known)

    def pre_save(self, instance, add):
        file = getattr(instance, self.attname)
        if file and not file._committed:
            clean = file.file if isinstance(file.file, CleanPhoto) else cleaned(file)
            vars(file).pop("_dimensions_cache", None)
            file.save(clean.name, clean, save=False)
        return super().pre_save(instance, add)
