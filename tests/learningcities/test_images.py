"""What is stored is never the file that was sent."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cities.models import Photo
from learningcities.media.images import PhotoFormField, check_header


def upload(kind="JPEG", size=(64, 48), name="mayor at home.jpg", **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def with_gps():
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    return upload(exif=exif)


@pytest.mark.django_db
def test_the_stored_photo_has_no_metadata_and_a_random_name(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        photo = Photo.objects.create(file=with_gps(), decorative=True)
    assert "mayor" not in photo.file.name
    assert len(photo.file.name.rpartition("/")[2].partition(".")[0]) == 32
    with photo.file.open() as stored, Image.open(stored) as image:
        assert not image.getexif()
    assert (photo.width, photo.height) == (64, 48)


@pytest.mark.django_db
def test_renditions_exist_as_soon_as_the_photo_is_saved(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        photo = Photo.objects.create(file=upload(size=(900, 600)), decorative=True)
    pictures = photo.file.get_picture_files_list()
    assert 2 <= len(pictures) <= 8
    assert all(default_storage.exists(picture.name) for picture in pictures)


@pytest.mark.django_db
def test_a_large_photo_is_made_smaller():
    photo = Photo.objects.create(file=upload(size=(4000, 1000)), decorative=True)
    assert (photo.width, photo.height) == (2560, 640)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("a.jpg", b""),
        upload("GIF", name="a.jpg"),
        upload("PNG", size=(12000, 12000), name="bomb.png"),
    ],
    ids=["html", "svg", "empty", "gif", "144 megapixels"],
)
def test_other_files_are_refused_before_a_pixel_is_decoded(file):
    with pytest.raises(ValidationError):
        check_header(file)


@pytest.mark.django_db
def test_a_photo_saved_by_a_program_is_checked_too():
    with pytest.raises((ValidationError, OSError)):
        Photo.objects.create(file=SimpleUploadedFile("a.jpg", b"no photo"), decorative=True)
    assert not Photo.objects.exists()


@pytest.mark.django_db
def test_a_transparent_drawing_stays_transparent_and_a_broken_photo_is_refused():
    out = io.BytesIO()
    picture = Image.new("P", (40, 40), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0] + [0] * 762)
    picture.save(out, "PNG", transparency=0)
    photo = Photo.objects.create(file=SimpleUploadedFile("a.png", out.getvalue()), decorative=True)
    with photo.file.open() as stored, Image.open(stored) as image:
        assert image.mode == "RGBA"
    whole = upload(size=(200, 200)).read()
    with pytest.raises(ValidationError):
        PhotoFormField().to_python(SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]))
