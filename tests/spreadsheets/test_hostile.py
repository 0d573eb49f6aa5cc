"""Files that would do harm are refused with a sentence, at once, and change nothing."""

import io
import time
import tracemalloc

import pytest
from openpyxl import Workbook, load_workbook

from learningcities.publishing.models import Batch, Change
from tests import factories
from tests.conftest import thorough

from .helpers import Edited, errors, exported, repacked, send, tried

INITIATIVES, MAIN = "/admin/initiatives/initiative/", "initiatives.initiative"
SHEET = "xl/worksheets/sheet2.xml"


@pytest.fixture
def content(as_editor, city):
    factories.make_initiative(city)
    return exported(as_editor, INITIATIVES)


def row_of_number(number):
    return lambda xml: xml.replace(b"</sheetData>", b'<row r="%d"><c r="A%d"/></row></sheetData>' % (number, number))


def many_rows(xml):
    rows = b"".join(b'<row r="%d"><c r="D%d"><v>1</v></c></row>' % (n, n) for n in range(4, 300_000))
    return xml.replace(b"</sheetData>", rows + b"</sheetData>")


BOMB = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a '%s'>%s]><sst><si><t>&a9;</t></si></sst>" % (
    b"a" * 1000,
    b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(10)),
)

HOSTILE = {
    "a zip bomb": lambda content: repacked(content, **{SHEET: b"\0" * 200 * 2**20}),
    "a bomb of entities": lambda content: repacked(content, **{SHEET: BOMB}),
    "an external entity": lambda content: repacked(
        content, **{SHEET: b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"}
    ),
    "macros": lambda content: repacked(content, **{"xl/vbaProject.bin": b"x"}),
    "links to other files": lambda content: repacked(content, **{"xl/externalLinks/externalLink1.xml": b"<a/>"}),
    "too many entries": lambda content: repacked(content, **{f"xl/x{n}.xml": b"" for n in range(400)}),
    "broken XML": lambda content: repacked(content, **{SHEET: b"<worksheet><sheetData><row"}),
    "no XML": lambda content: repacked(content, **{"xl/workbook.xml": b"\xff\xfe\0"}),
    "too many rows": lambda content: repacked(content, **{SHEET: many_rows}),
    "half a file": lambda content: content[: len(content) // 2],
    "a zip that is no workbook": lambda content: repacked(content, **{"a.txt": b"x"}).replace(
        b"xl/workbook", b"xl/wirkbook"
    ),
    "an old spreadsheet": lambda content: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
    "a PDF": lambda content: b"%PDF-1.7",
    "an image": lambda content: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "nothing": lambda content: b" ",
    "another list": lambda content: b"cities.city;slug\r\n;\r\n;a\r\n",
    "no sheet of ours": lambda content: b"name;age\r\na;1\r\n",
    "an endless cell": lambda content: MAIN.encode() + b';seen\r\n;\r\n"' + b"a" * 300_000,
    "more bytes than allowed": lambda content: b"a" * (5 * 2**20 + 1),
}


@thorough
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_with_a_sentence(kind, as_editor, content):
    hostile, before = HOSTILE[kind](content), Change.objects.count()
    tracemalloc.start()
    start = time.monotonic()
    try:
        response = send(as_editor, INITIATIVES, hostile)
        taken, peak = time.monotonic() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    (sentence,) = response.context["form"].errors["file"]
    assert len(sentence) > 20
    assert taken < 10
    assert peak < 100 * 2**20
    assert not Batch.objects.exists()
    assert Change.objects.count() == before


@thorough
@pytest.mark.parametrize("number", [999_999_999, 1_048_576])
def test_a_row_that_claims_to_be_far_below_costs_nothing(as_editor, content, number):
    start = time.monotonic()
    assert tried(as_editor, INITIATIVES, repacked(content, **{SHEET: row_of_number(number)})).same == 1
    assert time.monotonic() - start < 5


@thorough
def test_a_formula_is_an_error_in_its_cell(as_editor, content):
    file = Edited(content).put(MAIN, 0, title_fr="=1+1")
    ((cell, sentence),) = errors(tried(as_editor, INITIATIVES, file.content))
    assert cell == "C3"
    assert "formule" in sentence.lower()


@thorough
def test_a_hidden_key_that_was_changed_is_an_error_in_its_row(as_editor, content):
    for key in ("x", "00000000-0000-0000-0000-000000000000", 12, "=1"):
        file = Edited(content)
        file.sheet(MAIN)["A3"].value = key
        assert len(errors(tried(as_editor, INITIATIVES, file.content))) == 1, key


@thorough
def test_a_stamp_that_was_changed_is_no_reason_to_fail(as_editor, content):
    for stamp in ("x", "9" * 17, "9" * 40, -1, None):
        file = Edited(content)
        file.sheet(MAIN)["B3"].value = stamp
        assert tried(as_editor, INITIATIVES, file.content).same == 1, stamp


@thorough
def test_a_workbook_of_ones_own_is_not_taken_for_an_export(as_editor, content):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Titre", "Ville"])
    book.save(out)
    assert "file" in send(as_editor, INITIATIVES, out.getvalue()).context["form"].errors
    # A sheet beside ours is nobody's business.
    book = load_workbook(io.BytesIO(content))
    book.create_sheet("Notes").append(["a.b", "c"])
    out = io.BytesIO()
    book.save(out)
    assert tried(as_editor, INITIATIVES, out.getvalue()).same == 1
