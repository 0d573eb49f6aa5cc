"""What each format does with a row: formulas, odd letters, dates, and what a batch of rows costs."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from cities.models import City, Region
from initiatives.models import Initiative, Theme
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import thorough
from tests.readers import READERS, body, from_ics, read_csv, read_json, read_xlsx

INITIATIVES, CITIES = "/fr/initiatives/", "/fr/villes/"

pytestmark = pytest.mark.django_db


@thorough
@pytest.mark.parametrize("risky", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "\r=1", "=1+1"])
def test_a_text_that_looks_like_a_formula_is_none(db, client, risky):
    city = factories.make_city(latitude="-5.5", longitude="-5.26360")
    initiative = factories.make_initiative(city)
    Initiative.objects.filter(pk=initiative.pk).update(title_fr=risky)
    stripped = risky.strip()  # no text begins with a tab or the end of a line
    row = read_csv(body(client.get(INITIATIVES, {"format": "csv"})))[1]
    assert row[0] == f"'{stripped}"
    assert "-5,2636" in row
    sheet = read_xlsx(body(client.get(INITIATIVES, {"format": "xlsx"}))).worksheets[0]
    title = sheet[2][0]
    assert title.data_type == "s"
    assert title.value == f"'{stripped}"
    assert [cell.value for cell in sheet[2] if cell.data_type == "n" and cell.value is not None] == [-5.5, -5.2636]
    assert read_json(body(client.get(INITIATIVES, {"format": "json"})))["results"][0]["title"] == stripped


@pytest.mark.parametrize("name", READERS)
def test_no_letter_of_a_text_breaks_a_format(db, client, name):
    odd = 'mot a\x0b\x01"<b>&amp;;,|\n\u2028\ufffe\U0001f600#N/A'
    initiative = factories.make_initiative(start="2020-02-03", end="2020-02-03")
    Initiative.objects.filter(pk=initiative.pk).update(title_fr=odd, summary_fr=odd)
    address = f"{INITIATIVES}?format={name}&q=mot%01%0B"
    assert READERS[name](body(client.get(address))) == ["http://testserver/fr/initiatives/an-initiative/"]


def test_an_error_value_of_spreadsheets_is_a_text_too(db, client):
    initiative = factories.make_initiative()
    Initiative.objects.filter(pk=initiative.pk).update(title_fr="#N/A")
    cell = read_xlsx(body(client.get(INITIATIVES, {"format": "xlsx"}))).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("#N/A", "s")


@pytest.mark.parametrize(
    ("dates", "first", "after"),
    [
        (("2020-02-03", "2020-02-03"), "2020-02-03", "2020-02-04"),
        (("2020-02-03", "2020-02-04"), "2020-02-03", "2020-02-05"),
        (("2020-12-31", "2021-01-01"), "2020-12-31", "2021-01-02"),
        (("9999-12-30", "9999-12-31"), "9999-12-30", "9999-12-31"),
    ],
)
def test_what_has_days_is_an_event_from_the_first_to_the_last(db, client, dates, first, after):
    start, end = dates
    row = factories.make_initiative(title_fr="Fête, du livre", start=start, end=end)
    calendar = Calendar.from_ical(body(client.get(INITIATIVES, {"format": "ics"})))
    [event] = calendar.events
    assert (event.start.isoformat(), event.end.isoformat()) == (first, after)
    assert (event["summary"], event["uid"]) == ("Fête, du livre", str(row.uuid))
    assert event["description"] == row.summary_fr
    assert event["location"] == "Ville, Région, Maroc"
    assert event["url"] == "http://testserver/fr/initiatives/an-initiative/"
    row.refresh_from_db()
    assert event["last-modified"].dt == row.changed_at.replace(microsecond=0)
    assert calendar["x-wr-calname"] == "Initiatives"


@pytest.mark.parametrize(
    "dates",
    [
        {"end": "2021-02-03"},
        {"start": "2020", "end": "2021"},
        {"start": "2020", "end": "2020-02-03"},
        {"start": "2020-02", "end": "2020-02"},
        {"start": "2020-02-03", "end": "2020-02"},
        {"start": "2020-02-03", "end": "2020"},
        {"start": "2020-02-03"},
        {"start": "2020-02-03", "status": "planned"},
    ],
    ids=str,
)
def test_what_has_no_days_or_goes_on_is_no_event_of_a_day_that_nobody_has_named(db, client, dates):
    factories.make_initiative(**dates)
    content = body(client.get(INITIATIVES, {"format": "ics"}))
    assert from_ics(content) == []
    assert b"0101" not in content


@pytest.mark.parametrize("name", ["json", "csv", "xlsx", "geojson"])
def test_a_date_leaves_the_site_as_precise_as_it_is_known(db, client, name):
    factories.make_initiative(start="2020", end="2021-03")
    content = body(client.get(INITIATIVES, {"format": name}))
    text = str([*read_xlsx(content).worksheets[0].values]) if name == "xlsx" else content.decode()
    assert "2021-03" in text
    assert "2021-03-01" not in text
    assert "2020-01-01" not in text


@thorough
@pytest.mark.parametrize(
    ("path", "name"), [address for address in product([INITIATIVES, CITIES], READERS) if address != (CITIES, "ics")]
)
def test_a_batch_costs_the_same_with_three_rows_and_with_sixty(db, client, path, name):
    terms = {"themes": Theme.objects.all()[:3], "start": "2019-01-02", "end": "2019-03-04"}
    for number in range(3):
        city = factories.make_city(slug=f"c-{number}")
        factories.make_figure(city)
        factories.make_many(city, [number], **terms)
    with CaptureQueriesContext(connection) as few:
        assert len(READERS[name](body(client.get(path, {"format": name})))) == 3
    factories.make_many(city, range(3, 60), **terms)
    region = Region.objects.get()
    City.objects.bulk_create(
        City(slug=f"d-{n}", region=region, name_fr="Ville", public_from=content_version.moment()) for n in range(57)
    )
    with CaptureQueriesContext(connection) as many:
        assert len(READERS[name](body(client.get(path, {"format": name})))) == (50 if name == "atom" else 60)
    assert len(many) == len(few)
    assert len(few) <= 20
