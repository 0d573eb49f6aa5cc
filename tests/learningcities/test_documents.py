"""Evidence is taken by what it is, refused in words, stored under a random name, and served to be saved."""

import io
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from learningcities.media.documents import KINDS, MAX_READ, DocumentFormField
from tests import factories

PDF = factories.PDF


@pytest.fixture(autouse=True)
def _english(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


def zipped(entries, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
        file.comment = options.get("comment", b"")
    return out.getvalue()


def office(kind="docx", types="", **entries):
    said = f'<Types><Override ContentType="{KINDS[kind]}.main+xml"/>{types}</Types>'
    return zipped({"[Content_Types].xml": said, "word/document.xml": "<w/>"} | entries)


def open_document(kind="odt", manifest="<m/>", **entries):
    return zipped({"mimetype": KINDS[kind], "META-INF/manifest.xml": manifest, "content.xml": "<c/>"} | entries)


def locked():
    """The archive with the mark of an encrypted entry."""
    content = bytearray(office())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def packed(words):
    return b"%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1>>stream\n" + zlib.compress(words) + b"\nendstream endobj\n%%EOF"


TAKEN = {
    "pdf": PDF,
    **{kind: office(kind) for kind in ("docx", "xlsx", "pptx")},
    **{kind: open_document(kind) for kind in ("odt", "ods", "odp")},
}


@pytest.mark.parametrize("kind", TAKEN)
@pytest.mark.parametrize("name", ["report.exe", "page.html", "none", "é" * 150 + ".pdf"])
def test_a_document_is_known_by_its_content_whatever_its_name(kind, name):
    clean = DocumentFormField().clean(SimpleUploadedFile(name, TAKEN[kind]))
    stem, _dot, ending = clean.name.partition(".")
    assert (len(stem), ending) == (32, kind)


REFUSED = {
    "html": (b"<!doctype html><script>alert(1)</script>", "neither"),
    "svg": (b"<svg/>", "neither"),
    "a program": (b"MZ\x90\0", "neither"),
    "a photo": (b"\xff\xd8\xff\xe0", "neither"),
    "an old or protected office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, "old or a protected"),
    "a pdf with a page before it": (b"<html>" + PDF, "neither"),
    "a pdf with a page in its head": (PDF.replace(b"1 0 obj", b"<script>x</script>\n1 0 obj"), "damaged"),
    "a pdf with an archive behind it": (PDF + zipped({"a": "b"}), "damaged"),
    "a pdf that breaks off": (PDF[:30], "damaged"),
    "a pdf with a script": (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "macros"),
    "a script spelled oddly": (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript>>"), "macros"),
    "a script in a packed object": (packed(b"<</S /JavaScript /JS (x)>>"), "macros"),
    "a pdf that carries a file": (PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFiles 2 0 R>>"), "macros"),
    "a pdf that starts a program": (PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch>>"), "macros"),
    "a locked pdf": (PDF.replace(b"/Root", b"/Encrypt 3 0 R/Root"), "password"),
    "a bomb in a pdf": (packed(b"\0" * (MAX_READ + 100_000)), "too large"),
    "any other archive": (zipped({"a.txt": "b"}), "neither"),
    "an archive with something before it": (b"MZ" + office(), "neither"),
    "an archive with something behind it": (zipped({"a": "b"}, comment=b"<script>"), "damaged"),
    "a broken archive": (office()[:120], "damaged"),
    "a locked archive": (locked(), "password"),
    "a locked open document": (open_document(manifest="<m:encryption-data/>"), "password"),
    "a bomb": (office(**{"word/x.xml": b"\0" * (MAX_READ * 2)}), "too large"),
    "macros": (office(**{"word/vbaProject.bin": "x"}), "macros"),
    "macros by their type": (
        office(types='<Override ContentType="application/vnd.ms-word.document.macroEnabled"/>'),
        "macros",
    ),
    "macros of an open document": (open_document(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
    "an embedded program": (office(**{"word/embeddings/oleObject1.bin": "x"}), "macros"),
    "a page in an archive": (office(**{"word/a.html": "x"}), "macros"),
    "a way out of the archive": (office(**{"../a.xml": "x"}), "damaged"),
    "a template": (zipped({"[Content_Types].xml": "<Types/>"}), "neither"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_in_words(case):
    content, words = REFUSED[case]
    with pytest.raises(ValidationError, match=words):
        DocumentFormField().clean(SimpleUploadedFile("report.pdf", content))


def test_a_document_of_more_than_20_mb_is_refused_unread():
    file = SimpleUploadedFile("report.pdf", PDF)
    file.size = 21 * 2**20
    with pytest.raises(ValidationError, match="20 MB"):
        DocumentFormField().clean(file)


@pytest.mark.django_db
def test_a_document_is_only_ever_saved_under_its_title(client):
    document = factories.make_document(title_fr="Évaluation 2024")
    response = client.get(document.get_absolute_url())
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%89valuation%202024.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response) == PDF


@pytest.mark.django_db
def test_a_document_is_on_the_pages_it_belongs_to_as_long_as_it_is_public(client):
    city = factories.make_city(slug="fes")
    document = factories.make_document(city, title_fr="Enquête", public=False)
    factories.make_figure(city, document=document)
    initiative = factories.make_initiative(city, slug="library", public=False)
    initiative.documents.add(document)
    initiative.figures.create(label_fr="Lecteurs", value=3, year=2024, source_fr="Ville", document=document)
    pages = ["/fr/villes/fes/", "/fr/initiatives/library/"]
    assert "Enquête" not in client.get(pages[0]).content.decode()
    initiative.publish()
    for page, times in zip(pages, [1, 2], strict=True):
        assert client.get(page).content.decode().count(f'href="{document.get_absolute_url()}"') == times, page
    assert "(<bdi>PDF</bdi>, <bdi>" in client.get(pages[1]).content.decode()
    said = client.get("/api/v1/initiatives/library/").json()
    assert said["documents"][0] == said["figures"][0]["document"]
    assert said["documents"][0]["format"] == "pdf"
    assert "Enquête" in client.get("/fr/initiatives/?format=csv").getvalue().decode()
    document.refresh_from_db()
    document.withdraw()
    for page in pages:
        assert "Enquête" not in client.get(page).content.decode()
    assert client.get("/api/v1/initiatives/library/").json()["figures"][0]["document"] is None
    assert client.get(document.get_absolute_url()).status_code == 410
