"""What leaves a list as a file, and that sending it back unchanged changes nothing."""

import csv
import io
from datetime import date

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cities.models import City, CityFigure, Recognition
from initiatives.models import Initiative, Partner, Theme
from learningcities import bounds
from learningcities.text.plain_text import in_one_line
from tests import factories
from tests.conftest import logged_in, make_person, thorough

from .helpers import Edited, exported, tried

INITIATIVES, CITIES = "/admin/initiatives/initiative/", "/admin/cities/city/"


@pytest.fixture
def initiative(city):
    return factories.make_initiative(
        city, title_ar="مبادرة", checked_on=date(2024, 3, 2), start="2020-09", themes=Theme.objects.all()[:2]
    )


@thorough
def test_the_file_holds_the_list_as_it_is_filtered_and_searched(as_editor, city, initiative):
    factories.make_initiative(city, "done", title_fr="Lecture", status="completed")
    factories.make_initiative(city, "planned", title_fr="Lecture au parc", status="planned")
    file = Edited(exported(as_editor, INITIATIVES, query="?status__exact=planned&q=lecture"))
    assert file.get("initiatives.initiative", 0, "title_fr") == "Lecture au parc"
    assert file.get("initiatives.initiative", 1, "title_fr") is None


@thorough
def test_an_editor_exports_their_own_cities_and_nobody_else_anything(as_editor, city, other_city, client):
    factories.make_initiative(other_city, "theirs")
    file = Edited(exported(as_editor, CITIES))
    assert file.get("cities.city", 0, "slug") == "own-city"
    assert file.get("cities.city", 1, "slug") is None
    assert Edited(exported(as_editor, INITIATIVES)).get("initiatives.initiative", 0, "slug") is None
    assert client.get(f"{CITIES}export/xlsx/").status_code == 302
    assert as_editor.get("/admin/pages/page/export/xlsx/").status_code == 403


@thorough
def test_cells_have_types_lists_to_choose_from_and_a_heading_that_stays(as_editor, initiative):
    book = load_workbook(io.BytesIO(exported(as_editor, INITIATIVES)))
    instructions, main, *parts, lists = book.worksheets
    assert [sheet["A1"].value for sheet in parts] == [
        "initiatives.partner",
        "initiatives.initiativefigure",
        "initiatives.update",
        "initiatives.initiativephoto",
    ]
    assert main.freeze_panes == "A3"
    assert main.row_dimensions[1].hidden
    row = {name.value: cell for name, cell in zip(main[1], main[3], strict=True)}
    assert row["checked_on"].is_date
    assert row["start"].value == "09/2020"
    assert row["status"].value == "en cours"
    assert row["themes"].value == " | ".join(sorted(map(str, initiative.themes.all())))
    offered = {str(rule.sqref).partition(":")[0]: rule.formula1 for rule in main.data_validations.dataValidation}
    assert f"{row['status'].column_letter}3" in offered
    assert "en cours" in [cell.value for column in lists.columns for cell in column]
    assert any("formules" in str(cell.value) for cell in instructions["A"])


@thorough
def test_the_file_speaks_the_language_of_the_editor(as_editor, initiative):
    as_editor.cookies["django_language"] = "ar"
    book = load_workbook(io.BytesIO(exported(as_editor, INITIATIVES)))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.worksheets[1]["D2"].value.startswith("العنوان")


@thorough
def test_csv_holds_the_items_alone(as_editor, initiative):
    Partner.objects.create(initiative=initiative, name_fr="Une association")
    text = exported(as_editor, INITIATIVES, "csv").decode("utf-8-sig")
    names, headings, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert names[0] == "initiatives.initiative"
    assert "Titre (français)" in headings
    assert len(rows) == 1
    assert "association" not in text


@thorough
def test_no_program_takes_a_text_for_a_formula(as_editor, city):
    factories.make_initiative(city, title_fr="=HYPERLINK(1)", summary_fr="@SUM(1)")
    book = load_workbook(io.BytesIO(exported(as_editor, INITIATIVES)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells if cell.data_type == "s"]
    assert not [cell for cell in cells if cell.data_type == "f"]
    text = exported(as_editor, INITIATIVES, "csv").decode()
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text


@thorough
def test_more_rows_than_a_file_holds_are_refused_with_a_sentence(as_coordinator, city, monkeypatch):
    monkeypatch.setattr(bounds, "SHEET_ROWS", 1)
    factories.make_many(city, range(2))
    response = as_coordinator.get(f"{INITIATIVES}export/xlsx/", follow=True)
    assert "1" in str(next(iter(response.context["messages"])))


# Sending it back unchanged

NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\t\n\r|;,<>&_x041F 005'\u00a0\u200f\u2028\x0b\ufffe"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def world(module_db):
    city = factories.make_city(slug="round", latitude="35.16878", longitude="-5.2636")
    person = make_person("round-editor")
    city.editors.add(person)
    initiative = factories.make_initiative(city, "round-trip", themes=Theme.objects.all()[:3])
    figure = factories.make_figure(city, value="12345678901234.56")
    recognition = Recognition.objects.create(city=city, kind="member", title_fr="Membre", date="2020")
    partner = Partner.objects.create(initiative=initiative, name_fr="Association")
    return logged_in(person), city, initiative, figure, recognition, partner


@thorough
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example("=1+1", "'=1", "_x0041_ _x005F_x0041_", "<b>a</b>", "fr")
@example("'", "''-1", "1e5", "&lt;b&gt; & <3\n\n'x", "ar")
@example("\U0001da00", "", "\u200f", "\U0001da00", "fr")
@given(NASTY, NASTY, NASTY, NASTY, st.sampled_from(["fr", "ar", "en"]))
def test_what_was_not_changed_makes_no_difference(world, title, name, summary, story, language):
    client, city, initiative, figure, recognition, partner = world
    with transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(
            title_fr=title, summary_ar=summary, context_fr=story, method_ar=f"<p>{story}</p><ul><li>{title}</li></ul>"
        )
        City.objects.filter(pk=city.pk).update(note=summary, also_known_as=title, contact_phone=name)
        Partner.objects.filter(pk=partner.pk).update(name_fr=name, role_ar=story)
        CityFigure.objects.filter(pk=figure.pk).update(label_fr=in_one_line(title) or "x", source_fr=name)
        Recognition.objects.filter(pk=recognition.pk).update(text_fr=summary)
        client.cookies["django_language"] = language
        for address in (INITIATIVES, CITIES):
            for kind in ("xlsx", "csv"):
                trial = tried(client, address, exported(client, address, kind), f"list.{kind}")
                assert (trial.same, trial.told, [row.patch for row in trial.right]) == (1, [], []), (address, kind)
        transaction.set_rollback(True)


@thorough
def test_a_file_in_one_language_is_understood_by_a_reader_of_another(world):
    client = world[0]
    client.cookies["django_language"] = "ar"
    content = exported(client, INITIATIVES)
    client.cookies["django_language"] = "fr"
    assert tried(client, INITIATIVES, content).same == 1
    with override("fr"):
        assert tried(
            client, INITIATIVES, Edited(content).put("initiatives.initiative", 0, status="Prévue").content
        ).right
