"""A photo: still, of a sensible size, and written anew as nothing but upright pixels in the colours of a screen."""

import io
import warnings

from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from learningcities import bounds

from . import Refused

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
#: Texts and colour profiles of a PNG may be long: they are thrown away, and memory is limited as it is.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 32 * 2**20

END_OF_JPEG = b"\xff\xd9"
#: Pixels that no decoder would guess, for where a JPEG breaks off.
ANY_PIXELS = bytes(range(1, 200))


def look(file):
    check_header(file)
    file.seek(0)
    try:
        kind, content = decoded(with_end(file))
    except (Refused, MemoryError):
        raise
    except Exception:
        # A file that breaks off or lies about itself: the decoders complain in many ways.
        raise Refused("unreadable") from None
    return {"kind": FORMATS[kind]}, content


def check_header(file):
    """Refuse what isn't a still photo of a sensible size, from its header alone: no pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            header = Image.open(file, formats=list(FORMATS))
        width, height = header.size
    except Image.DecompressionBombError:
        raise Refused("too_large") from None
    except MemoryError:
        raise
    except Exception:
        raise Refused("unreadable") from None
    if width * height > bounds.PHOTO_PIXELS:
        raise Refused("too_large")
    # Many telephones write MPO: a JPEG with a second picture behind the first.
    if header.format != "MPO" and getattr(header, "is_animated", False):
        raise Refused("moving")


def with_end(file):
    """The file, a JPEG with the mark of its end, which some programs leave out.

    Whether pixels are missing, too, shows when others follow: where all are there, those change nothing.
    """
    content = file.read()
    if not content.startswith(b"\xff\xd8") or END_OF_JPEG in content[-64:]:
        return io.BytesIO(content)
    content = content.removesuffix(END_OF_JPEG[:1])
    try:
        Image.open(io.BytesIO(content)).load()
    except OSError:
        if pixels(content + END_OF_JPEG) != pixels(content + ANY_PIXELS + END_OF_JPEG):
            raise Refused("unreadable") from None
        return io.BytesIO(content + END_OF_JPEG)
    return io.BytesIO(content)


def pixels(content):
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        image.draft("RGB", (bounds.PHOTO_LONGEST_SIDE, bounds.PHOTO_LONGEST_SIDE))
        return image.tobytes()


def decoded(file):
    with Image.open(file, formats=list(FORMATS)) as image:
        kind = "JPEG" if image.format == "MPO" else image.format
        # A large JPEG is decoded at a fraction of its size, which spares memory.
        image.draft("RGB", (bounds.PHOTO_LONGEST_SIDE, bounds.PHOTO_LONGEST_SIDE))
        image.load()
        # The camera's note on which way is up goes before the colours, which forget it.
        image = in_screen_colours(ImageOps.exif_transpose(smaller(image)), kind)
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
    out = io.BytesIO()
    bare.save(out, kind, quality=88)
    return kind, out.getvalue()


def smaller(image):
    """At most 2560 pixels long, before anything else is done to it: each step needs a copy."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if max(image.size) <= bounds.PHOTO_LONGEST_SIDE:
        return image
    if image.mode in ("1", "P", "PA"):
        info = image.info
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.info = {**info, **image.info}
    if image.mode == "RGBA":
        image = coarser(image)
    image.thumbnail((bounds.PHOTO_LONGEST_SIDE, bounds.PHOTO_LONGEST_SIDE))
    return image


def coarser(image):
    """Made smaller by a whole number, strip by strip: resizing with transparency takes two more copies of it all."""
    factor = max(image.size) // bounds.PHOTO_LONGEST_SIDE
    if factor < 2:
        return image
    width, height = image.size
    reduced = Image.new(image.mode, (-(-width // factor), -(-height // factor)))
    reduced.info = image.info
    for row in range(0, height, strip := 256 * factor):
        reduced.paste(image.crop((0, row, width, min(row + strip, height))).reduce(factor), (0, row // factor))
    return reduced


def in_screen_colours(image, kind):
    """sRGB with 8 bits, from whatever a camera or a printer's file has."""
    mode = "RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB"
    if (profile := image.info.get("icc_profile")) and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            # The colours are a little off without it, which is better than no photo.
            return image.convert(mode)
    return image.convert(mode)
