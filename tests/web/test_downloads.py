"""The name of a download is what its reader sees: nothing hides its ending, breaks a header or leaves a folder."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from learningcities.web.downloads import file_name
from tests import factories

ODD = {
    "a mark that turns what follows around": ("Rapport \u202efdp.exe", "Rapport fdp.exe.pdf"),
    "line ends": ("Bilan\r\nSet-Cookie: a=b\t2024", "Bilan Set-Cookie- a=b 2024.pdf"),
    "a letter that ends texts in C": ("Bilan\x00\x1b[31m", "Bilan[31m.pdf"),
    "letters that aren't seen": ("Bi\u200blan\u2066\ufeff\u00ad\ue000", "Bilan.pdf"),
    "folders": ("../../etc/passwd", "-..-etc-passwd.pdf"),
    "a drive": ("C:\\Windows\\x", "C-Windows-x.pdf"),
    "nothing that is seen": ("\u200f\u202e ", "document.pdf"),
    "dots": ("...", "document.pdf"),
    "Arabic": ("تقرير المدينة ٢٠٢٤", "تقرير المدينة ٢٠٢٤.pdf"),
    "French": ("Évaluation n° 2 – l’école", "Évaluation n° 2 – l’école.pdf"),
    "a long title": ("é" * 160, "é" * 100 + ".pdf"),
}


@pytest.mark.parametrize("case", ODD)
def test_a_file_is_named_by_what_is_seen_of_its_title(case):
    title, name = ODD[case]
    assert file_name(f"{title}.pdf") == name


@pytest.mark.django_db
def test_a_document_is_saved_under_such_a_name_by_visitors_and_staff(client, as_editor, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = factories.make_document(city, title_fr="Rapport\n\u202efdp.exe")
    staff_only = reverse("admin:cities_document_file", args=[document.file.name])
    for answer in (client.get(document.get_absolute_url()), as_editor.get(staff_only)):
        assert answer["Content-Disposition"] == 'attachment; filename="Rapport fdp.exe.pdf"'
        answer.getvalue()


@pytest.mark.django_db
def test_lists_are_saved_under_a_name_of_the_same_kind(client, as_editor, city):
    for person, address in (
        (client, "/fr/villes/?format=csv"),
        (as_editor, reverse("admin:cities_city_export", args=["csv"])),
    ):
        answer = person.get(address)
        name = unquote(answer["Content-Disposition"].rpartition("''")[2].rpartition("filename=")[2].strip('"'))
        assert file_name(name) == name
        assert name.endswith(".csv")


@pytest.mark.django_db
def test_the_name_of_an_upload_says_nothing_that_isnt_seen(as_editor, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    files = SimpleUploadedFile("a\u202egpj.exe\x1b", b"x")
    page = as_editor.post(reverse("admin:cities_photo_add"), {"city": city.pk, "files": files}, follow=True)
    assert "agpj.exe" in page.content.decode()
    assert "\u202e" not in page.content.decode()


def test_every_name_of_a_download_passes_the_one_rule():
    packages = ("learningcities", "cities", "initiatives")
    sources = [path for package in packages for path in Path(settings.BASE_DIR, package).rglob("*.py")]
    named = [path.name for path in sources if re.search(r"content_disposition_header|attachment;", path.read_text())]
    assert named == ["downloads.py"]
