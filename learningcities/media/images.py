"""Uploaded photos: checked before they are decoded, re-encoded without metadata, randomly named."""

import io
import secrets
import warnings

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField
from PIL import Image, ImageCms, ImageOps

from .renditions import PhotoFile

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MAX_BYTES = 20 * 2**20
MAX_PIXELS = 50_000_000
#: The longest side that is kept, in pixels: enough for a wide screen.
LONGEST_SIDE = 2560

UNREADABLE = _("This file is not a photo we can read. Send a JPEG, PNG or WebP file.")
TOO_LARGE = _("The photo has more than 50 million pixels. Save it a little smaller.")
MOVING = _("This picture moves. Send a still one.")
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
    """A photo that was checked and re-encoded here: the only thing that is ever stored."""


def check_header(file):
    """Refuse what isn't a still photo of a sensible size, from its header alone: no pixel is decoded."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 20 MB. Save the photo a little smaller."))
    file.seek(0)
    start = file.read(16).lstrip()
    for offset, beginnings, sentence in MISTAKEN:
        if start[offset:].startswith(beginnings):
            raise ValidationError(sentence)
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
    # Many telephones write MPO: a JPEG with a second picture behind the first.
    if header.format != "MPO" and getattr(header, "is_animated", False):
        raise ValidationError(MOVING)


def cleaned(file):
    """The same picture, upright, at most 2560 pixels long, with nothing in the file but pixels."""
    check_header(file)
    try:
        return decoded(file)
    except Exception:
        # A file that breaks off or lies about itself: the decoders complain in many ways.
        raise ValidationError(UNREADABLE) from None
    finally:
        file.seek(0)


def decoded(file):
    with Image.open(file, formats=list(FORMATS)) as image:
        kind = "JPEG" if image.format == "MPO" else image.format
        # A large JPEG is decoded at a fraction of its size, which spares memory.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        # The camera's note on which way is up goes before the colours, which forget it.
        image = in_screen_colours(ImageOps.exif_transpose(image), kind)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
    out = io.BytesIO()
    bare.save(out, kind, quality=88)
    return CleanPhoto(out.getvalue(), name=f"{secrets.token_hex(16)}.{FORMATS[kind]}")


def in_screen_colours(image, kind):
    """sRGB with 8 bits, from whatever a camera or a printer's file has."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB"
    if (profile := image.info.get("icc_profile")) and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            # The colours are a little off without it, which is better than no photo.
            return image.convert(mode)
    return image.convert(mode)


class PhotoFormField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def to_python(self, data):
        data = super().to_python(data)
        return data and cleaned(data)


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
        if force:
            # Another file: what is known of the one before says nothing of it.
            vars(instance).update({self.width_field: None, self.height_field: None})
        super().update_dimension_fields(instance, force, *args, **kwargs)

    def pre_save(self, instance, add):
        file = getattr(instance, self.attname)
        if file and not file._committed:
            clean = file.file if isinstance(file.file, CleanPhoto) else cleaned(file)
            vars(file).pop("_dimensions_cache", None)
            file.save(clean.name, clean, save=False)
        return super().pre_save(instance, add)
