"""Whatever stands in a cell, the answer is a page: what the cell asks for, or a sentence that names the cell."""

import csv
import io
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction

from cities.models import City
from initiatives.models import Initiative, Partner
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough

from .helpers import Edited, errors, exported, send, tried

INITIATIVES, CITIES, PLACES = "/admin/initiatives/initiative/", "/admin/cities/city/", "/admin/cities/learningplace/"
FIGURES = "cities.cityfigure"
NOON = datetime(2024, 3, 2, 12)  # noqa: DTZ001 - spreadsheets know no time zones
ODD = [
    "9" * 30,
    int("9" * 30),
    "9" * 300,
    "9" * 5000,
    "0." + "3" * 30,
    1e300,
    -1e300,
    1e-300,
    float("inf"),
    "-0",
    "1e5",
    "inf",
    "nan",
    True,
    NOON,
    time(12, 30),
    timedelta(days=3),
    "0000",
    "2020-99",
    "31/12/9999",
    "30/02/2024",
    "٩" * 30,
    "²²²",
    "=1+1",
    "#REF!",
    "_xD800_",
    "_x0000_",
    "a_x0007_b",
    "a\u202eb",
    "\u200f",
    "mot " * 8_000,
    "|" * 5_000,
    "<p><b>" * 5_000,
    1.5,
    "99 %",
    "\U0001f600" * 500,
]


@pytest.fixture(scope="module")
def world(module_db):
    city = factories.make_city(slug="odd")
    person = make_person("odd-editor")
    city.editors.add(person)
    initiative = factories.make_initiative(city, "odd-initiative")
    factories.make_figure(city)
    factories.make_place(city, "odd-place")
    Partner.objects.create(initiative=initiative, name_fr="Une")
    return logged_in(person)


@pytest.fixture
def client(world):
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)


def put(sheet, row, column, value):
    cell = sheet.cell(row, column)
    cell.value = value
    if value == "#REF!":
        cell.data_type = "e"


@pytest.mark.parametrize("address", [CITIES, *(pytest.param(place, marks=thorough) for place in (INITIATIVES, PLACES))])
def test_rows_of_odd_cells_are_answered_cell_by_cell(client, address):
    """Each value in every column of a row, and alone in a row that is right otherwise."""
    file = Edited(exported(client, address))
    before = Change.objects.count()
    for sheet in file.book:
        if "." in str(sheet["A1"].value):
            for row, value in enumerate(ODD, start=4):
                for column in range(3, sheet.max_column + 1):
                    put(sheet, row, column, value)
    trial = tried(client, address, file.content)
    assert trial.told
    for wrong in trial.told:
        assert 0 < len(wrong.sentence) < 2_000
        assert re.match("[A-Z]+[0-9]+$", wrong.cell)
    assert Change.objects.count() == before


@thorough
def test_every_odd_number_is_refused_in_its_cell(client):
    odd = [value for value in ODD if value not in ("-0", "0000", 1.5, "9" * 30, 1e-300, "_x0000_", float("inf"))]
    file = Edited(exported(client, CITIES))
    for row, value in enumerate(["9" * 30, *odd], start=1):
        file.put(FIGURES, row, item="odd", label_fr=f"Chiffre {row}", year=2024, source_fr="HCP", unit_fr="écoles")
        cells = file.sheet(FIGURES)
        put(cells, 3 + row, file.columns(FIGURES)["value"], value)
    letter = file.sheet(FIGURES).cell(1, file.columns(FIGURES)["value"]).column_letter
    told = [cell for cell, _sentence in errors(tried(client, CITIES, file.content))]
    missing = {f"{letter}{4 + row}" for row in range(len(odd) + 1)} - set(told)
    assert not missing, {cell: file.sheet(FIGURES)[cell].value for cell in missing}


@thorough
@pytest.mark.parametrize("value", [10**15, "-99999999999999999.5", float("inf")])
def test_a_number_that_the_field_can_not_hold_is_refused_in_its_cell(client, value):
    file = Edited(exported(client, CITIES)).put(FIGURES, 0, value=value)
    ((cell, _sentence),) = errors(tried(client, CITIES, file.content))
    assert cell == f"{file.sheet(FIGURES).cell(1, file.columns(FIGURES)['value']).column_letter}3"


@thorough
def test_odd_texts_become_drafts_without_what_no_text_may_hold(client):
    texts = ["a\0b", "\x07cloche", "\x1b[31mrouge", "fin\x0b", "_x0000_nul", "_xD800_"]
    out = io.StringIO(newline="")
    rows = [[f"{text}{place}", "odd", "2024"] for place, text in enumerate(texts)]
    csv.writer(out, delimiter=";").writerows([["initiatives.initiative", "title_fr", "city", "status_on"], ["Clé"]])
    csv.writer(out, delimiter=";").writerows([None, *row] for row in rows)
    content = out.getvalue().encode()
    response = send(client, INITIATIVES, content, "list.csv")
    assert response.status_code == 200
    response = client.post(response.redirect_chain[-1][0], {"make": "yes"}, follow=True)
    assert response.status_code == 200
    assert not Initiative.objects.filter(title_fr__contains="\x07").exists()


@thorough
def test_a_key_or_a_name_with_control_characters_is_no_reason_to_fail(client):
    for names in ("seen", "slug"):
        content = f"cities.city;{names};name_fr\r\nClé;État;Nom\r\na\0b;\0;\0x\r\n;\0\x01;Nom\0\r\n".encode()
        assert send(client, CITIES, content, "list.csv").status_code == 200
    content = b"cities.cityfigure;item;label_fr;value\r\nK;;;\r\n;a\0b;x;3\r\n;odd\0;\0;4\0\r\n"
    assert send(client, CITIES, b"cities.city;slug\r\nK;s\r\n", "list.csv").status_code == 200
    assert send(client, CITIES, content, "list.csv").status_code == 200


# Percentages


def percent(file, row, value, number_format="0%", **cells):
    file.put(FIGURES, row, **cells)
    cell = file.sheet(FIGURES).cell(3 + row, file.columns(FIGURES)["value"])
    cell.value, cell.number_format = value, number_format


@thorough
@pytest.mark.parametrize(
    ("value", "number_format", "unit", "stored"),
    [
        (0.45, "0%", "%", "45.00"),
        (0.455, "0.0%", "% de la population", "45.50"),
        (0.07, '0.00\\ "%"%', "pour cent", "7.00"),
        (1.2, "0%;[Red]-0%", "٪", "120.00"),
        (0.45, '0.00" %"', "%", "0.45"),
        (0.45, "General", "%", "0.45"),
        ("45 %", "@", "%", "45.00"),
        ("٤٥٪", "@", "%", "45.00"),
    ],
)
def test_a_figure_in_percent_is_the_one_that_is_seen(client, value, number_format, unit, stored):
    file = Edited(exported(client, CITIES))
    percent(file, 0, value, number_format, unit_fr=unit)
    (row,) = tried(client, CITIES, file.content).right
    assert [after for key, (_before, after) in row.patch.items() if key.endswith(":value")] == [stored]


@thorough
@pytest.mark.parametrize("unit", [None, "écoles"])
def test_a_percentage_of_another_unit_is_refused_in_its_cell(client, unit):
    file = Edited(exported(client, CITIES))
    percent(file, 0, 0.45, unit_fr=unit)
    ((_cell, sentence),) = errors(tried(client, CITIES, file.content))
    assert "45 %" in sentence


@thorough
def test_coordinates_with_more_decimals_are_rounded(client):
    city = City.objects.get(slug="odd")
    file = Edited(exported(client, CITIES)).put("cities.city", 0, latitude=35.168781234, longitude="-5,2636049")
    (row,) = tried(client, CITIES, file.content).right
    assert {key: after for key, (_before, after) in row.patch.items()} == {
        "latitude": "35.16878",
        "longitude": "-5.26360",
    }
    assert city.latitude is None


@thorough
def test_a_moment_of_a_day_is_a_day(client):
    file = Edited(exported(client, INITIATIVES)).put(
        "initiatives.initiative", 0, checked_on=NOON, start=date(2024, 3, 1)
    )
    (row,) = tried(client, INITIATIVES, file.content).right
    assert {key: after for key, (_before, after) in row.patch.items()} == {
        "checked_on": "2024-03-02",
        "start": "2024-03-01",
    }
