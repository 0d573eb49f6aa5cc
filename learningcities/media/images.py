"""Uploaded photos: checked before they are decoded, re-encoded without metadata, randomly named."""

import io
import secrets
import warnings

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField
from PIL import Image, ImageOps

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MAX_BYTES = 20 * 2**20
MAX_PIXELS = 50_000_000
#: The longest side that is kept, in pixels: enough for a wide screen.
LONGEST_SIDE = 2560


def check_header(file):
    """Refuse what isn't a photo of a sensible size, from its header alone: no pixel is decoded."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 20 MB. Save the photo a little smaller."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            header = Image.open(file, formats=list(FORMATS))
        width, height = header.size
    except Image.DecompressionBombError:
        raise ValidationError(TOO_LARGE) from None
    except Exception:
        raise ValidationError(UNREADABLE) from None
    finally:
        file.seek(0)
    if width * height > MAX_PIXELS:
        raise ValidationError(TOO_LARGE)


def check_pixels(file):
    """Refuse a photo that breaks off: every pixel is decoded, once its header is known to be sensible."""
    try:
        with Image.open(io.BytesIO(file.read()), formats=list(FORMATS)) as image:
            image.load()
    except Exception:
        raise ValidationError(UNREADABLE) from None
    finally:
        file.seek(0)


UNREADABLE = _("This file is not a photo we can read. Send a JPEG, PNG or WebP file.")
TOO_LARGE = _("The photo has more than 50 million pixels. Save it a little smaller.")


def cleaned(file):
    """The same picture, upright, at most 2560 pixels long, with nothing in the file but pixels."""
    with Image.open(file, formats=list(FORMATS)) as image:
        # Many telephones write MPO: a JPEG with a second picture behind the first.
        kind = "JPEG" if image.format == "MPO" else image.format
        image = ImageOps.exif_transpose(image)
        image = image.convert("RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
    out = io.BytesIO()
    bare.save(out, kind, quality=88)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(16)}.{FORMATS[kind]}")


class PhotoFormField(forms.ImageField):
    def to_python(self, data):
        if data not in self.empty_values:
            check_header(data)
            check_pixels(data)
        return super().to_python(data)


class PhotoField(PictureField):
    """A photo with its renditions; what is stored is never the file that was sent."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"upload_to": "photos", **kwargs})

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PhotoFormField, **kwargs})

    def pre_save(self, instance, add):
        file = getattr(instance, self.attname)
        if file and not file._committed:
            check_header(file)
            clean = cleaned(file)
            vars(file).pop("_dimensions_cache", None)
            file.save(clean.name, clean, save=False)
        return super().pre_save(instance, add)
