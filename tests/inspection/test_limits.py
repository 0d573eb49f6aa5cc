"""Whoever uploads a file can't take the machine away from others: memory, time and number are limited."""

import os
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils.translation import override
from pikepdf import Array

from cities.models import Photo
from learningcities import bounds
from learningcities.inspection import child
from learningcities.media import images
from learningcities.operations import doctor
from tests import factories
from tests.conftest import thorough
from tests.document_files import many_packed_objects, office, pdf
from tests.forms import data_of, edit, form_at, section_at
from tests.hostile_files import LARGE_WEBP, flat_png, look_in_child, with_styles

UPLOAD = reverse("admin:cities_photo_add")
#: The limit of the process, and what the one that starts it may add where it is counted.
MOST = 500


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


@pytest.fixture
def in_child(settings):
    settings.INSPECT_IN_CHILD = True


@thorough
def test_a_photo_of_49_megapixels_in_few_bytes_is_taken_in_little_memory():
    look = look_in_child("photo", flat_png(7000, 7000, channels=4))
    assert look.answer == {"kind": "png", "has_content": True}
    assert look.megabytes < MOST
    assert look.seconds < 10


COSTLY_DOCUMENTS = {
    "packed objects that become a thousand times larger": lambda: many_packed_objects(12),
    "the word for packed objects again and again": lambda: b"%PDF-1.5\n" + b"/ObjStm " * 600_000 + b"\n%%EOF",
    "lists in lists": lambda: factories.PDF.replace(b"/Catalog", b"/Catalog/X " + b"[" * 400_000 + b"]" * 400_000),
    "a hundred thousand little lists": lambda: pdf(
        lambda document: document.Root.update({"/X": Array([Array([0])] * 10**5)})
    ),
    "a text that is packed well": lambda: office(**{"word/a.xml": b"<a>" + b"<b/>" * 10**6 + b"</a>"}),
    "a text that is packed too well": lambda: office(**{f"word/{n}.xml": b" " * 2**22 for n in range(9)}),
}


@thorough
@pytest.mark.parametrize("case", COSTLY_DOCUMENTS)
def test_a_document_takes_no_more_than_it_may(case):
    look = look_in_child("document", COSTLY_DOCUMENTS[case]())
    assert look.megabytes < MOST
    assert look.seconds < 15
    assert (look.answer.get("refused") == "too_much") is ("larger" in case or "too well" in case)


@thorough
@pytest.mark.django_db
def test_a_photo_that_needs_more_memory_than_there_is_for_it_is_refused_in_words(in_child, as_editor, city):
    answer = as_editor.post(UPLOAD, {"city": city.pk, "files": SimpleUploadedFile("a.webp", LARGE_WEBP)}, follow=True)
    assert "trop de mémoire" in answer.content.decode()
    assert not Photo.objects.exists()
    assert not default_storage.exists("photos")


@pytest.mark.django_db
def test_a_photo_is_taken_by_way_of_the_child(in_child, as_editor, city):
    as_editor.post(UPLOAD, {"city": city.pk, "files": SimpleUploadedFile("a.png", flat_png(30, 20))})
    assert (Photo.objects.get().width, Photo.objects.get().height) == (30, 20)


def test_the_doctor_says_when_no_upload_can_be_looked_at(monkeypatch):
    assert doctor.no_inspection() == ""
    monkeypatch.setattr(child.sys, "executable", "/bin/false")
    assert "No upload can be looked at" in doctor.no_inspection()


def test_the_child_has_neither_the_site_s_secrets_nor_its_database(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the child")
    seen = tmp_path / "seen"
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nenv > {seen}\nls -l /proc/$$/fd >> {seen}\nexit 1\n")
    script.chmod(0o700)
    monkeypatch.setattr(child.sys, "executable", str(script))
    settings.INSPECT_IN_CHILD = True
    with (tmp_path / "database").open("w") as database:
        os.set_inheritable(database.fileno(), True)
        with pytest.raises(ValidationError):
            child.inspect("photo", ContentFile(b"x"), images.SENTENCES)
    told = seen.read_text()
    assert "SECRET_KEY" not in told
    assert "database" not in told


def test_a_machine_looks_at_so_many_files_at_once_and_whoever_comes_next_waits_or_is_told(settings, monkeypatch):
    settings.INSPECT_IN_CHILD, settings.INSPECTIONS_AT_ONCE = True, 1
    monkeypatch.setattr(bounds, "INSPECTION_TURN_SECONDS", 0.2)
    photo = ContentFile(flat_png(3, 3))
    with child.turn(), pytest.raises(ValidationError, match="in a minute"):
        child.inspect("photo", photo, images.SENTENCES)
    monkeypatch.setattr(bounds, "INSPECTION_TURN_SECONDS", 30)
    waiting = threading.Thread(target=child.inspect, args=["photo", photo, images.SENTENCES])
    with child.turn():
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert not waiting.is_alive()
    settings.INSPECTIONS_AT_ONCE = 2
    with child.turn(), child.turn() as second:
        assert second
        with pytest.raises(ValidationError, match="in a minute"):
            # Two of the four threads of a process are left to visitors, however long the queue.
            child.inspect("photo", photo, images.SENTENCES)


@pytest.fixture
def depths(monkeypatch):
    """How deep in transactions the site was whenever it looked at a file."""
    numbers = []

    def look(*args):
        numbers.append(len(connection.atomic_blocks))
        return child.look(*args)

    monkeypatch.setattr(child, "inspect_in_child", look)
    return numbers


@thorough
def test_files_are_looked_at_once_and_outside_of_every_transaction(in_child, depths, as_editor, city):
    outside = len(connection.atomic_blocks)
    photo, document = factories.make_photo(city), factories.make_document(city)
    depths.clear()
    as_editor.post(UPLOAD, {"city": city.pk, "files": SimpleUploadedFile("a.png", flat_png(30, 20))})
    edit(as_editor, photo, {"file": SimpleUploadedFile("a.png", flat_png(20, 30))})
    edit(as_editor, photo, {"file": SimpleUploadedFile("a.png", b"no photo")})
    edit(as_editor, document, {"file": SimpleUploadedFile("a.pdf", factories.PDF)})
    edit(as_editor, document, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 broken")})
    where = reverse("admin:cities_document_add")
    new = data_of(form_at(as_editor, where)) | {"title_fr": "Bilan", "city": city.pk}
    as_editor.post(where, new | {"file": SimpleUploadedFile("a.pdf", factories.PDF)})
    assert depths == [outside] * 6


def test_an_open_form_that_keeps_its_words_sends_no_file(in_child, depths, as_editor, city):
    photo = factories.make_photo(city)
    depths.clear()
    file = SimpleUploadedFile("a.png", flat_png(20, 30))
    address, form = section_at(as_editor, photo, "picture")
    assert as_editor.post(f"{address}autosave/", form | {"focus_x": "20", "file": file}).json()["kept"]
    assert not depths
    assert len(list(Path(default_storage.location, "photos").glob("*.*"))) == 1


COSTLY_SHEETS = {
    "1.5 million styles in 15 kB": lambda: with_styles(1_500_000),
    "five million columns": lambda: b";" * 5_000_000,
    "columns by the million": lambda: b"ab\t" * 1_700_000,
}


@thorough
@pytest.mark.parametrize("case", COSTLY_SHEETS)
def test_a_spreadsheet_that_takes_too_much_is_refused_before_the_site_reads_it(case, in_child, as_editor, city):
    content = COSTLY_SHEETS[case]()
    look = look_in_child("spreadsheet", content)
    assert look.answer["refused"] == "too_much"
    assert look.megabytes < MOST
    assert look.seconds < 20
    where, file = reverse("admin:initiatives_initiative_import"), SimpleUploadedFile("a.xlsx", content)
    (refusal,) = as_editor.post(where, {"file": file}).context["form"].errors["file"].as_data()
    assert refusal.code == "too_much"


@thorough
def test_a_spreadsheet_with_many_styles_is_read():
    assert look_in_child("spreadsheet", with_styles(20_000)).answer == {"has_content": False}
