"""How a file is read: what spreadsheets do to it on the way is understood, or named."""

import io
import pickle
import zipfile

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook
from openpyxl.styles import Border, Side

from initiatives.models import Initiative, Theme
from learningcities.spreadsheets.import_reader import read
from tests import factories
from tests.conftest import thorough

from .helpers import Edited, errors, exported, repacked, send, tried

INITIATIVES, MAIN = "/admin/initiatives/initiative/", "initiatives.initiative"
LONG = "<p>" + "Une phrase de plus. " * 2_000 + "Fin.</p>"


@pytest.fixture
def initiative(city):
    return factories.make_initiative(city)


@pytest.fixture
def file(as_editor, initiative):
    return Edited(exported(as_editor, INITIATIVES))


def patch_of(client, content, name="list.xlsx"):
    trial = tried(client, INITIATIVES, content, name)
    assert not trial.told, errors(trial)
    return [{key: after for key, (_before, after) in row.patch.items()} for row in trial.right]


def as_csv(client):
    return exported(client, INITIATIVES, "csv").decode("utf-8-sig")


@thorough
def test_formatted_empty_rows_are_no_data(as_editor, file):
    sheet = file.sheet(MAIN)
    for row in range(4, 5_000):
        sheet.cell(row, 3).border = Border(Side("thin"))
    sheet.cell(5_000, file.columns(MAIN)["title_fr"]).value = "Tout en bas"
    sheet.cell(5_000, file.columns(MAIN)["city"]).value = "Nulle part"
    ((cell, _sentence),) = errors(tried(as_editor, INITIATIVES, file.content))
    assert cell.endswith("5000")


@thorough
@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_a_line_for_excel_is_understood(as_editor, initiative, line):
    text = as_csv(as_editor).replace(initiative.summary_fr, "Lire, écrire, compter")
    assert patch_of(as_editor, f"{line}\n{text}".encode(), "l.csv") == [{"summary_fr": "Lire, écrire, compter"}]


def test_the_line_for_excel_counts_more_than_what_seems_to_separate(as_editor):
    content = (
        f"sep=|\n{MAIN}|title_fr|city|summary_fr|status_on\nClé|T|V|R|E\n|A;b;c|Ville à soi|Un projet.|2024\n".encode()
    )
    assert patch_of(as_editor, content, "l.csv")[0]["title_fr"] == "A;b;c"


@thorough
@pytest.mark.parametrize("blank", ["\r\n", "\n\n", ";;;;\r\n", " ; \n"])
def test_blank_first_lines_are_passed_over_and_counted(as_editor, initiative, blank):
    text = blank + as_csv(as_editor)
    assert tried(as_editor, INITIATIVES, text.encode(), "l.csv").same == 1
    text = text.replace("2024", "jamais")
    ((cell, _sentence),) = errors(tried(as_editor, INITIATIVES, text.encode(), "l.csv"))
    assert cell[-1] == str(blank.count("\n") + 3)


@thorough
def test_a_blank_first_row_of_a_workbook_is_passed_over(as_editor, file):
    file.sheet(MAIN).insert_rows(1)
    assert tried(as_editor, INITIATIVES, file.content).same == 1


@thorough
def test_a_file_without_its_row_of_headings_loses_no_row(as_editor, initiative):
    lines = as_csv(as_editor).splitlines(keepends=True)
    text = "".join([lines[0], *lines[2:]]).replace(initiative.summary_fr, "Changé.")
    assert patch_of(as_editor, text.encode(), "l.csv") == [{"summary_fr": "Changé."}]
    text = f"{MAIN};title_fr;city;summary_fr;status_on\n;Une;Ville à soi;Un projet.;2024\n"
    assert patch_of(as_editor, text.encode(), "l.csv")[0]["title_fr"] == "Une"


@thorough
def test_a_column_that_stands_twice_is_named(as_editor, file):
    sheet, column = file.sheet(MAIN), file.columns(MAIN)["title_fr"]
    sheet.insert_cols(column + 2)
    for row in (1, 2, 3):
        sheet.cell(row, column + 2).value = sheet.cell(row, column).value
    sheet.cell(3, column).value = "Un autre titre"
    (sentence,) = send(as_editor, INITIATIVES, file.content).context["form"].errors["file"]
    assert sheet.cell(1, column).column_letter in sentence
    assert sheet.cell(1, column + 2).column_letter in sentence


@thorough
def test_what_is_read_can_be_handed_to_another_process(file):
    grids = read(ContentFile(file.put(MAIN, 0, title_fr="=1+1").content))
    assert pickle.loads(pickle.dumps(grids)) == grids  # noqa: S301 - it is our own


# Letters by their number


def shared(content, *texts):
    """The workbook as Excel saves it, with its texts in a table of their own; the first of them in the cell C3."""
    strings = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    table = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'

    def cell(xml):
        start = xml.index(b'<c r="C3"')
        end = xml.index(b"</c>", start) + 4
        return xml[:start] + b'<c r="C3" t="s"><v>0</v></c>' + xml[end:]

    def types(xml):
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
        return xml if kind in xml else xml.replace(b"</Types>", part)

    changed = {"xl/worksheets/sheet2.xml": cell, "xl/sharedStrings.xml": table.encode(), "[Content_Types].xml": types}
    return repacked(content, **changed)


@thorough
@pytest.mark.parametrize(
    ("written", "meant"),
    [("L_x00E9_a", "Léa"), ("a_x000D__x000A_b", "a\nb"), ("a_x0007_b", "ab"), ("_xD83D_ reste", "_xD83D_ reste")],
)
def test_a_letter_that_is_written_by_its_number_is_read(as_editor, initiative, written, meant):
    (patch,) = patch_of(as_editor, shared(exported(as_editor, INITIATIVES), written))
    assert patch["title_fr"].split() == meant.split()


@thorough
def test_a_text_that_looks_like_such_a_number_comes_back(as_editor, initiative):
    initiative.title_fr = "Fichier _x000D_ et _x00E9_"
    initiative.save()
    content = exported(as_editor, INITIATIVES)
    assert tried(as_editor, INITIATIVES, content).same == 1
    assert tried(as_editor, INITIATIVES, exported(as_editor, INITIATIVES, "csv"), "l.csv").same == 1


def test_public_workbooks_write_such_a_text_so_that_it_stays_one(client, initiative):
    initiative.title_fr, initiative.summary_fr = "Fichier _x000D_", "=_x0041_"
    initiative.save()
    content = b"".join(client.get("/fr/initiatives/?format=xlsx").streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "Fichier _x005F_x000D_" in sheet
    assert "_x005F_x0041_" in sheet


# Texts that no cell can hold


def stretch(initiative, text=LONG):
    initiative.context_fr = text
    initiative.save()


@thorough
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_word_and_stays_whole_on_the_site(as_editor, initiative, kind):
    stretch(initiative)
    content = exported(as_editor, INITIATIVES, kind)
    as_editor.cookies["django_language"] = "ar"
    assert tried(as_editor, INITIATIVES, content, f"l.{kind}").same == 1
    if kind == "xlsx":
        cell = Edited(content).get(MAIN, 0, "context_fr")
        assert 30_000 < len(cell) <= 32_767
        assert "coupé" in cell[-120:]


@thorough
def test_a_cut_text_that_was_changed_is_refused_in_its_cell(as_editor, initiative):
    stretch(initiative)
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(MAIN, 0, context_fr=file.get(MAIN, 0, "context_fr").replace("Une phrase", "Deux phrases", 1))
    assert len(errors(tried(as_editor, INITIATIVES, file.content))) == 1


@thorough
def test_a_cut_text_never_takes_the_place_of_one_that_was_shortened_since(as_editor, initiative):
    stretch(initiative)
    content = exported(as_editor, INITIATIVES)
    stretch(initiative, "<p>Court.</p>")
    trial = tried(as_editor, INITIATIVES, content)
    assert "context_fr" not in {key for row in trial.right for key in row.patch}


@pytest.mark.parametrize("sign", ["a", "\U0001f600", "_x0041_"])
def test_a_public_workbook_cuts_with_a_word_and_the_table_not_at_all(client, initiative, sign):
    stretch(initiative, f"<p>{sign * 33_000}</p>")
    content = b"".join(client.get("/fr/initiatives/?format=xlsx").streaming_content)
    longest = max(
        (cell.value for row in load_workbook(io.BytesIO(content)).active for cell in row), key=lambda v: len(str(v))
    )
    assert len(longest.encode("utf-16-le")) // 2 <= 32_767
    assert "coupé" in longest[-120:]
    text = b"".join(client.get("/fr/initiatives/?format=csv").streaming_content).decode()
    assert sign * 33_000 in text


# Names


@thorough
def test_a_name_with_a_bar_in_it_can_be_chosen(as_editor, initiative, file):
    first, second = Theme.objects.order_by("pk")[:2]
    Theme.objects.filter(pk=first.pk).update(name_fr="Lire | écrire")
    file.put(MAIN, 0, themes=f"Lire | écrire | {second.name_fr}")
    (patch,) = patch_of(as_editor, file.content)
    assert patch["themes"] == sorted([first.pk, second.pk])
    assert patch_of(as_editor, file.put(MAIN, 0, themes="Lire|écrire").content)[0]["themes"] == [first.pk]
    initiative.themes.set([first, second])
    Initiative.objects.get(pk=initiative.pk).save()
    assert tried(as_editor, INITIATIVES, exported(as_editor, INITIATIVES)).same == 1


@thorough
def test_the_error_of_a_row_points_at_a_cell_that_is_seen(as_editor, file):
    file.sheet(MAIN)["A3"].value = "00000000-0000-0000-0000-000000000000"
    ((cell, _sentence),) = errors(tried(as_editor, INITIATIVES, file.content))
    assert cell not in ("A3", "B3", "3")
    assert file.sheet(MAIN)[cell].value
