"""What is stored is never the photo that was sent: hostile files are refused in words, odd ones made harmless."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from PIL import Image, ImageCms, ImageDraw

from cities.models import Photo
from learningcities.media.images import PhotoFormField
from tests.conftest import thorough
from tests.hostile_files import flat_png

UPLOAD = reverse("admin:cities_photo_add")


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(kind="JPEG", size=(48, 36), mode="RGB", colour="teal", **options):
    return encoded(Image.new(mode, size, colour), kind, **options)


def sent(content, name="mayor at home.jpg"):
    return SimpleUploadedFile(name, content)


def turned(number):
    """A camera's note of how it was held."""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0" % number


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("index.html", "<script>alert(1)</script>")
    return out.getvalue()


def with_header(width, height):
    """A PNG of a few bytes that says it is as large as this."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return start + b"\0\0\0\x10IDAT"


def moving(kind):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


REFUSED = {
    "html": (b"<!doctype html><script>alert(1)</script>", "drawing or a web page"),
    "html after a mark": (b"\xef\xbb\xbf<html>", "drawing or a web page"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "drawing or a web page"),
    "pdf": (b"%PDF-1.4", "This is a PDF"),
    "words": (b"GIFT", "not a photo"),
    "gif": (picture("GIF", mode="P", colour=0), "GIF"),
    "tiff": (picture("TIFF"), "TIFF"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "avif": (picture("AVIF"), "AVIF"),
    "moving png": (moving("PNG"), "moves"),
    "moving webp": (moving("WEBP"), "moves"),
    "144 megapixels": (with_header(12000, 12000), "50 million"),
    "beyond every bound": (with_header(2**31 - 1, 2**31 - 1), "50 million"),
    "broken off": (picture(size=(200, 200))[:600], "not a photo"),
    "pixels missing": (with_header(100, 100), "not a photo"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_still_photo_is_refused_in_words(case):
    content, words = REFUSED[case]
    with pytest.raises(ValidationError, match=words):
        PhotoFormField().clean(sent(content, "innocent.jpg"))


def test_a_file_of_more_than_20_mb_is_refused_unread():
    file = sent(b"x")
    file.size = 21 * 2**20
    with pytest.raises(ValidationError, match="20 MB"):
        PhotoFormField().clean(file)


HARMLESS = {
    "a page behind a photo": picture() + b"<script>alert(1)</script>",
    "an archive behind a photo": picture("PNG") + archive(),
    "a comment with markup": picture(comment=b"<script>alert(1)</script>"),
    "a camera's note of the place": picture(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
    "colours of a printer": picture(mode="CMYK", colour=(255, 0, 0, 0)),
    "16 bits of grey": picture("PNG", mode="I;16", colour=40000),
    "a palette": picture("PNG", mode="P", colour=0),
    "the colours of a telephone": picture(
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ),
    "a profile that is none": picture(icc_profile=b"<script>" * 20),
    "two pictures of a telephone": moving("MPO"),
}


@pytest.mark.parametrize("case", HARMLESS)
@pytest.mark.parametrize("name", ["photo.jpg", "page.html", "none", "x" * 200 + ".svg"])
def test_what_surrounds_the_pixels_is_never_stored(case, name):
    clean = PhotoFormField().clean(sent(HARMLESS[case], name))
    stored = clean.read()
    assert b"script" not in stored
    assert b"PK" not in stored[-100:]
    with Image.open(io.BytesIO(stored)) as image:
        assert image.mode in ("RGB", "RGBA")
        assert not {"exif", "icc_profile", "comment"} & image.info.keys()
    stem, _dot, ending = clean.name.partition(".")
    assert len(stem) == 32
    assert ending in ("jpg", "png")


def test_16_bits_of_grey_keep_their_brightness():
    with Image.open(PhotoFormField().clean(sent(HARMLESS["16 bits of grey"]))) as image:
        assert image.getpixel((0, 0)) == (156, 156, 156)


@pytest.mark.django_db
def test_a_large_photo_is_made_smaller_and_its_renditions_are_there_as_soon_as_it_is_saved():
    photo = Photo.objects.create(file=sent(picture(size=(2600, 260))), decorative=True)
    assert (photo.width, photo.height) == (2560, 256)
    renditions = photo.file.get_picture_files_list()
    assert all(default_storage.exists(rendition.name) for rendition in renditions)
    assert {rendition.file_type for rendition in renditions} == {"AVIF", "WEBP"}
    assert len(renditions) <= 20


def side_by_side():
    """Red on the left, green in the middle, blue on the right."""
    image = Image.new("RGB", (90, 30), "red")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 0, 59, 30), fill="lime")
    draw.rectangle((60, 0, 90, 30), fill="blue")
    return encoded(image, "PNG")


@pytest.mark.django_db
def test_a_crop_keeps_the_focal_point_and_follows_it():
    photo = Photo.objects.create(file=sent(side_by_side()), decorative=True, focus_x=100)
    seen = [middle_of_crop(photo)]
    photo.focus_x = 0
    photo.save()
    seen.append(middle_of_crop(photo))
    photo.focus_x = 50
    photo.save()
    seen.append(middle_of_crop(photo))
    assert seen == ["blue", "red", "lime"]


def middle_of_crop(photo):
    (crop,) = photo.file.aspect_ratios["1/1"]["WEBP"].values()
    with default_storage.open(crop.name) as file, Image.open(file) as image:
        assert image.size == (30, 30)
        pixel = image.convert("RGB").getpixel((15, 15))
    return {0: "red", 1: "lime", 2: "blue"}[pixel.index(max(pixel))]


@pytest.mark.django_db
def test_a_photo_saved_by_a_program_is_checked_too():
    with pytest.raises((ValidationError, OSError)):
        Photo.objects.create(file=sent(b"no photo"), decorative=True)
    assert not Photo.objects.exists()


def test_a_transparent_drawing_stays_transparent():
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 255, 0, 0] + [0] * 762)
    with Image.open(PhotoFormField().clean(sent(encoded(image, "PNG", transparency=0)))) as stored:
        assert stored.mode == "RGBA"


def noise(size=(192, 160)):
    return Image.merge("RGB", [Image.effect_noise(size, 90) for _n in "rgb"])


PHOTO = encoded(noise(), "JPEG", quality=90)
PROGRESSIVE = encoded(noise(), "JPEG", quality=90, progressive=True)
HONEST = {
    "a JPEG without the mark of its end": PHOTO[:-2],
    "a JPEG with half of the mark": PHOTO[:-1],
    "a progressive JPEG without it": PROGRESSIVE[:-2],
    "a JPEG with zeros behind it": PHOTO + b"\0" * 4096,
    "a PNG with a long text": flat_png(60, 40, 3, (b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 3 * 2**20))),
    "a PNG with a long text unpacked": flat_png(60, 40, 3, (b"tEXt", b"Comment\0" + b"a" * 3 * 2**20)),
    "a PNG with a large colour profile": flat_png(60, 40, 3, (b"iCCP", b"p\0\0" + zlib.compress(b"a" * 3 * 2**20))),
    **{f"a JPEG turned by {n}": encoded(noise(), "JPEG", exif=b"Exif\0\0" + turned(n)) for n in range(9)},
}


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_photo_is_taken_whatever_is_odd_about_its_file(case):
    with Image.open(PhotoFormField().clean(sent(HONEST[case]))) as image:
        assert image.size in ((192, 160), (160, 192), (60, 40))


@pytest.mark.parametrize("missing", [60, 500, 5000])
@pytest.mark.parametrize("photo", [PHOTO, PROGRESSIVE])
def test_a_photo_of_which_pixels_are_missing_is_refused(photo, missing):
    with pytest.raises(ValidationError, match="not a photo"):
        PhotoFormField().clean(sent(photo[:-missing]))


#: Width and height, and how the pixels are kept.
ODD = [(2560, 1), (1, 2560), (1, 1), (1, 5000), (5000, 1), (2, 3000), (3, 2), (200, 3)]
MODES = ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"]


@thorough
@pytest.mark.django_db
@pytest.mark.parametrize("size", ODD)
def test_a_photo_of_any_shape_is_kept_and_shown(size, as_editor, city, client):
    as_editor.post(UPLOAD, {"city": city.pk, "files": sent(encoded(Image.new("RGB", size), "PNG"))})
    photo = Photo.objects.get()
    photo.decorative, photo.credit, photo.licence = True, "La ville", "CC BY 4.0"
    photo.save()
    renditions = photo.file.get_picture_files_list()
    assert all(default_storage.exists(rendition.name) for rendition in renditions)
    assert min(photo.file.shape()) > 0
    city.cover = photo
    city.save()
    photo.publish()
    assert photo.file.url.partition(".")[0] in client.get(city.get_absolute_url()).content.decode()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(2600, 1), (1, 7000), (6000, 20)])
def test_a_large_photo_is_made_smaller_however_its_pixels_are_kept(mode, size):
    with Image.open(PhotoFormField().clean(sent(encoded(Image.new(mode, size), "PNG")))) as image:
        assert max(image.size) in (2560, 2600)
        assert image.mode in ("RGB", "RGBA")


@thorough
@pytest.mark.django_db
def test_whatever_goes_wrong_with_an_upload_leaves_no_file_behind(as_editor, city, monkeypatch):
    as_editor.raise_request_exception = False
    for target in ("learningcities.media.renditions.Rendition.resize", "cities.models.Photo.save"):
        with monkeypatch.context() as broken:
            broken.setattr(target, lambda *_args, **_options: 1 / 0)
            answer = as_editor.post(UPLOAD, {"city": city.pk, "files": sent(PHOTO)})
        assert answer.status_code == 500
        assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    for case, (content, _words) in REFUSED.items():
        as_editor.post(UPLOAD, {"city": city.pk, "files": sent(content)})
        assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()], case
    assert not Photo.objects.exists()
