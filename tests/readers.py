"""Real programs that read what is taken away, each giving the addresses of its rows."""

import csv
import io
import json

import feedparser
import openpyxl
from icalendar import Calendar


def body(response):
    assert response.status_code == 200
    return response.getvalue()


def read_xlsx(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def read_csv(content, separator=";"):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def from_csv(content):
    return [row[1] for row in read_csv(content)[1:]]


def from_xlsx(content):
    sheet = read_xlsx(content).worksheets[0]
    return [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]


def read_json(content):
    return json.loads(content)


def from_json(content):
    taken = read_json(content)
    assert taken["count"] == len(taken["results"])
    return [row["url"] for row in taken["results"]]


def from_geojson(content):
    taken = read_json(content)
    assert taken["type"] == "FeatureCollection"
    return [feature["properties"]["url"] for feature in taken["features"]]


def from_atom(content):
    feed = feedparser.parse(content)
    assert not feed.bozo
    return [entry.link for entry in feed.entries]


def from_ics(content):
    return [str(event["url"]) for event in Calendar.from_ical(content).events]


READERS = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
    "geojson": from_geojson,
    "atom": from_atom,
    "ics": from_ics,
}
