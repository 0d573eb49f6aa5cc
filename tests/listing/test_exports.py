"""Exports of lists: real programs read the same rows in the same order, all pages of them."""

import re

import feedparser
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cities.models import City
from initiatives.models import Initiative, Theme
from initiatives.views import InitiativeList
from learningcities.listing.exports.formats import FORMATS
from tests import factories
from tests.conftest import thorough
from tests.readers import READERS, body, from_atom, read_csv, read_json, read_xlsx

INITIATIVES, CITIES = "/fr/initiatives/", "/fr/villes/"

#: What the head of a file says of it.
SAID = ("Content-Type", "Content-Disposition")

pytestmark = pytest.mark.django_db


def pages(client, address):
    """The addresses of all rows that the pages of a list show, in their order."""
    joint = "&" if "?" in address else "?"
    page = client.get(address).context["page"]
    numbers = page.paginator.page_range
    shown = [client.get(f"{address}{joint}page={number}").context["page"].object_list for number in numbers]
    return [f"http://testserver{row.get_absolute_url()}" for rows in shown for row in rows]


@pytest.fixture(scope="module")
def content(module_db):
    """Thirty-three initiatives of two cities, more than two pages of them; a draft of each kind."""
    blue = factories.make_city(slug="blue", name_fr="Chefchaouen", latitude="35.16878", longitude="-5.26360")
    grey = factories.make_city(slug="grey", name_fr="Benguerir")
    literacy = Theme.objects.filter(slug="literacy")
    factories.make_many(blue, range(1, 21), themes=literacy, start="2019")
    factories.make_many(grey, range(21, 31), start="2021-05-06", end="2022-01-01")
    factories.make_initiative(grey, slug="garden", title_fr="Jardin d’eau", start="2020", themes=literacy)
    factories.make_initiative(blue, slug="abc", title_fr="Abécédaire", start="2020-02-03", end="2020-02-04")
    factories.make_initiative(blue, slug="draft", title_fr="Brouillon secret", start="2020", public=False)
    draft = factories.make_city(slug="hidden", name_fr="Ville secrète", public=False)
    factories.make_initiative(draft, slug="in-hidden", title_fr="Projet secret", start="2020")


@thorough
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "query",
    ["", "theme=literacy", "sort=title", "city=grey&sort=city", "q=ECOLE", "theme=literacy&q=jardin&page=2", "page=3"],
)
def test_an_export_has_what_the_pages_show(content, client, name, query):
    shown = pages(client, f"{INITIATIVES}?{query}")
    assert shown
    if name == "ics":
        days = Initiative.objects.filter(start__regex="^.{10}$", end__regex="^.{10}$")
        dated = {f"http://testserver{row.get_absolute_url()}" for row in days}
        shown = [address for address in shown if address in dated]
    assert READERS[name](body(client.get(f"{INITIATIVES}?{query}&format={name}"))) == shown


@pytest.mark.parametrize("name", [name for name in READERS if name != "ics"])
@pytest.mark.parametrize("query", ["", "theme=literacy", "sort=recent", "q=benguerir"])
def test_cities_are_exported_in_their_order_too(content, client, name, query):
    shown = pages(client, f"{CITIES}?{query}")
    assert shown
    assert READERS[name](body(client.get(f"{CITIES}?{query}&format={name}"))) == shown


@pytest.mark.parametrize("name", [name for name in READERS if name != "ics"])
@pytest.mark.parametrize("path", ["/fr/initiatives/", "/ar/initiatives/", "/fr/villes/", "/en/cities/"])
def test_no_draft_is_ever_exported(content, client, path, name):
    export = body(client.get(path, {"format": name}))
    text = str([list(sheet.values) for sheet in read_xlsx(export).worksheets]) if name == "xlsx" else export.decode()
    assert "http://testserver/" in text
    for secret in ("secret", "secrète", "hidden", "draft"):
        assert secret not in text


def test_a_feed_keeps_its_entries_when_an_address_changes(content, client):
    before = feedparser.parse(body(client.get("/fr/initiatives/?q=jardin&format=atom"))).entries[0]
    garden = Initiative.objects.get(slug="garden")
    garden.slug = "water-garden"
    garden.save()
    after = feedparser.parse(body(client.get("/fr/initiatives/?q=jardin&format=atom"))).entries[0]
    other = feedparser.parse(body(client.get("/en/initiatives/?q=jardin&format=atom"))).entries[0]
    assert before.link != after.link
    assert before.id == after.id != other.id


def test_an_empty_answer_is_a_file_all_the_same(content, client):
    for name, read in READERS.items():
        assert read(body(client.get(INITIATIVES, {"q": "introuvable", "format": name}))) == []


@pytest.mark.parametrize("name", FORMATS)
def test_anyone_and_any_site_may_fetch_it_and_no_search_engine_lists_it(content, client, name):
    response = client.get(INITIATIVES, {"format": name})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    way, _, file_name = response["Content-Disposition"].partition("; ")
    assert way == ("inline" if name in ("atom", "json") else "attachment")
    assert file_name.startswith('filename="initiatives-20')
    assert file_name.endswith(f'.{name}"')


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("geojson", "application/geo+json"),
        ("atom", "application/atom+xml"),
        ("json", "application/json"),
        ("ics", "text/calendar"),
    ],
)
def test_each_format_says_what_it_is(content, client, name, media_type):
    assert client.get(INITIATIVES, {"format": name})["Content-Type"].partition(";")[0] == media_type


@pytest.mark.parametrize("name", FORMATS)
def test_a_parameter_that_is_none_is_refused_and_named_and_pages_go_on_ignoring_it(content, client, name):
    response = client.get(f"/en/initiatives/?contry=kr&utm_source=x&format={name}")
    assert response.status_code == 400
    lines = response.content.decode().splitlines()
    assert [line.partition(".")[0] for line in lines] == [
        "“contry” is not a parameter here",
        "“utm_source” is not a parameter here",
    ]
    assert "country, region, city" in lines[0]
    assert client.get("/en/initiatives/?contry=kr&utm_source=x").context["page"].paginator.count == 32


@pytest.mark.parametrize("name", FORMATS)
def test_who_asks_for_the_head_of_a_file_gets_no_body_and_makes_nobody_write_it(content, client, name):
    # The client of tests would leave out a body by itself.
    head = InitiativeList.as_view()(RequestFactory().head(f"{INITIATIVES}?format={name}"))
    assert b"".join(head.streaming_content) == b""
    usual = client.get(f"{INITIATIVES}?format={name}")
    assert [head[same] for same in SAID] == [usual[same] for same in SAID]
    assert "Content-Length" not in client.head(f"{INITIATIVES}?format={name}").headers


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("format=csv&theme=nonsense", ["nonsense"]),
        ("format=json&sdg=99&year=soon&sort=random", ["99", "soon", "random"]),
        ("format=pdf", ["pdf", "xlsx, csv, ics, geojson, atom, json"]),
        ("format=pdf&theme=nonsense", ["pdf", "nonsense"]),
        ("format=%00", ["csv"]),
        ("format=" + "x" * 5000, ["csv"]),
        ("format=html", ["csv"]),
    ],
)
def test_a_wrong_value_is_refused_in_plain_sentences(content, client, query, words):
    response = client.get(f"{INITIATIVES}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    for word in words:
        assert word in response.content.decode()
    assert len(response.content) < 1000


def test_a_refusal_says_what_would_be_right_and_where_to_find_it(content, client):
    query = "?format=csv&theme=nonsense&sort=random"
    lines = client.get(f"/en/initiatives/{query}").content.decode().splitlines()
    assert sorted(lines) == [
        "“nonsense” is not a choice we know for “Theme”. All values are listed at http://testserver/en/api/v1/#parameters",
        "“random” is not a choice we know for “Order”. Known values: recent, title, city.",
    ]
    page = client.get("/en/api/v1/").content.decode()
    assert 'id="parameters"' in page
    assert "<code>literacy</code>" in page


def test_a_refusal_is_in_the_readers_language(content, client):
    text = client.get("/fr/initiatives/?format=csv&theme=nonsense").content.decode()
    assert "n’est pas un choix connu" in text
    assert "http://testserver/fr/api/v1/#parameters" in text


def test_cities_have_no_calendar(content, client):
    assert client.get(CITIES, {"format": "ics"}).status_code == 400


def test_no_format_and_other_parameters_are_the_page(content, client):
    for query in ("format=", "utm_source=csv"):
        assert client.get(f"{INITIATIVES}?{query}")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", [INITIATIVES, "/ar/cities/"])
def test_the_page_leads_to_every_format_with_its_filters(content, client, path):
    html = client.get(f"{path}?theme=literacy&page=2&utm_source=x").content.decode()
    feed = re.escape(f"{path}?theme=literacy&amp;format=atom")
    for name in ("csv", "xlsx", "geojson", "atom", "json"):
        assert f'href="{path}?theme=literacy&amp;format={name}" rel="nofollow"' in html
    assert (f"{path}?theme=literacy&amp;format=ics" in html) == ("initiatives" in path)
    assert re.search(f'<link rel="alternate" type="application/atom.xml" title="[^"]+" href="{feed}">', html)
    assert html.count("format=atom") == 2


def test_nothing_to_take_away_is_not_offered(content, client):
    for query, offered in (("ecole", True), ("introuvable", False)):
        assert ('class="foot take-away"' in client.get(INITIATIVES, {"q": query}).content.decode()) is offered


@pytest.mark.parametrize(
    ("path", "headings"),
    [
        ("/fr/initiatives/", ["Titre", "Ville", "Résumé"]),
        ("/ar/initiatives/", ["العنوان", "مدينة", "الملخّص"]),
        ("/en/initiatives/", ["Title", "City", "Summary"]),
    ],
)
def test_headings_are_in_the_readers_language_and_keys_in_english(content, client, path, headings):
    sheet = read_xlsx(body(client.get(path, {"format": "xlsx"}))).worksheets[0]
    first = [cell.value for cell in sheet[1]]
    heading = body(client.get(path, {"format": "csv"})).decode("utf-8-sig").splitlines()[0]
    assert re.split("[;,]", heading) == first
    keys = list(read_json(body(client.get(path, {"format": "json"})))["results"][0])
    assert {"title", "url", "city", "summary", "start", "themes", "latitude"} <= set(keys)
    assert all(key.isascii() for key in keys)


@pytest.mark.parametrize(
    ("path", "separator", "latitude"),
    [("/fr/villes/", ";", "35,16878"), ("/ar/cities/", ";", "35,16878"), ("/en/cities/", ",", "35.16878")],
)
def test_a_csv_opens_right_in_the_readers_spreadsheet(content, client, path, separator, latitude):
    export = body(client.get(path, {"format": "csv"}))
    assert export.startswith("\ufeff".encode())
    rows = read_csv(export, separator)
    assert len({len(row) for row in rows}) == 1
    assert len(rows[0]) > 10
    assert latitude in rows[2] + rows[1]


def test_a_spreadsheet_has_types_a_frozen_heading_and_its_origin(content, client):
    book = read_xlsx(body(client.get(f"{INITIATIVES}?sort=title&theme=literacy&city=blue&format=xlsx")))
    sheet, origin = book.worksheets
    cells = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert {(cell.font.b, cell.font.name) for cell in sheet[1]} == {(True, cells["Titre"].font.name)}
    assert (sheet.title, sheet.freeze_panes, sheet.max_row) == ("Initiatives", "A2", 21)
    assert sheet.auto_filter.ref == sheet.dimensions
    assert cells["Début"].value == "2019"
    assert "http://testserver/fr/initiatives/?city=blue&theme=literacy&sort=title" in str(list(origin.values))
    assert all(10 <= width.width <= 50 for width in sheet.column_dimensions.values())


def test_a_date_is_a_date_where_the_day_is_known_and_a_text_elsewhere(content, client):
    with override("fr"):
        start = str(Initiative._meta.get_field("start").verbose_name).capitalize()
    for slug, kind, value in (("abc", "d", "2020-02-03"), ("garden", "s", "2020")):
        title = Initiative.objects.get(slug=slug).title_fr
        sheet = read_xlsx(body(client.get(INITIATIVES, {"format": "xlsx", "q": title}))).worksheets[0]
        cells = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
        assert cells[start].data_type == kind
        assert str(cells[start].value).startswith(value)


@pytest.mark.parametrize(("path", "rtl"), [("/ar/initiatives/", True), ("/ar/cities/", True), ("/fr/villes/", False)])
def test_an_arabic_sheet_runs_from_right_to_left(content, client, path, rtl):
    for sheet in read_xlsx(body(client.get(path, {"format": "xlsx"}))).worksheets:
        assert bool(sheet.sheet_view.rightToLeft) is rtl


def test_geojson_has_cities_and_initiatives_where_the_city_is_and_the_rest_nowhere(content, client):
    for path, query in ((CITIES, {}), (INITIATIVES, {"q": "abecedaire"})):
        export = read_json(body(client.get(path, {"format": "geojson", "city": "blue"} | query)))
        assert export["features"][0]["geometry"] == {"type": "Point", "coordinates": [-5.2636, 35.16878]}
    export = read_json(body(client.get(CITIES, {"format": "geojson", "city": "grey"})))
    assert export["features"][0]["geometry"] is None
    assert export["features"][0]["properties"]["name"] == "Benguerir"


def test_a_map_layer_has_no_lists_since_map_programs_know_none(content, client):
    export = read_json(body(client.get(INITIATIVES, {"format": "geojson", "theme": "literacy"})))
    assert {feature["properties"]["themes"] for feature in export["features"]} == {"Alphabétisation"}
    every = [value for feature in export["features"] for value in feature["properties"].values()]
    assert not [value for value in every if isinstance(value, (list, dict))]


def test_a_feed_says_what_it_is_of_and_dates_every_entry(content, client):
    export = feedparser.parse(body(client.get("/fr/initiatives/?city=grey&format=atom")))
    links = {link.rel: link.href for link in export.feed.links}
    assert links["self"] == "http://testserver/fr/initiatives/?city=grey&format=atom"
    assert links["alternate"] == "http://testserver/fr/initiatives/?city=grey"
    assert export.feed.language == "fr"
    assert "Benguerir" in export.feed.title
    assert export.feed.author
    first = export.entries[0]
    row = Initiative.objects.get(slug="garden")
    assert first.id.startswith("urn:uuid:")
    assert first.published == row.public_from.isoformat()
    assert first.updated == row.changed_at.isoformat()
    assert len({entry.id for entry in export.entries}) == len(export.entries)
    assert [tag.term for tag in first.tags] == ["Alphabétisation"]


def test_a_feed_has_the_newest_fifty_in_the_visitors_order(content, client):
    city = City.objects.get(slug="grey")
    factories.make_many(city, range(100, 160))
    for sort, order in (("", ("-public_from", "-pk")), ("title", ("sort_fr", "pk"))):
        newest = Initiative.objects.published().order_by("-public_from", "-pk")[:50].values_list("pk", flat=True)
        expected = Initiative.objects.filter(pk__in=list(newest)).order_by(*order)
        export = from_atom(body(client.get(INITIATIVES, {"format": "atom", "sort": sort})))
        assert export == [f"http://testserver/fr/initiatives/{row.slug}/" for row in expected]


def test_an_entry_says_which_language_it_is_in(content, client):
    export = body(client.get("/ar/initiatives/?city=grey&format=atom")).decode()
    assert 'xml:lang="ar" xmlns=' in export
    assert '<entry xml:lang="fr">' in export


def test_a_calendar_is_the_same_for_everyone_who_asks(content, client):
    first, second = (body(client.get(INITIATIVES, {"format": "ics"})) for _ in range(2))
    assert first == second


@thorough
@pytest.mark.parametrize("name", ["csv", "json", "geojson", "ics"])
def test_a_long_list_streams_a_batch_at_a_time(content, client, name):
    factories.make_many(City.objects.get(slug="grey"), range(1000, 1500), start="2020-02-03", end="2020-02-04")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(INITIATIVES, {"format": name})
        pieces = iter(response.streaming_content)
        for _ in range(3):
            next(pieces)
        begun = len(queries)
        rest = sum(1 for _ in pieces)
    assert response.streaming
    assert rest > 500
    assert len(queries) > begun


@pytest.mark.parametrize("name", ["csv", "xlsx", "ics"])
def test_a_stream_stays_in_its_language_when_the_request_is_over(content, client, name):
    response = client.get("/fr/initiatives/", {"format": name})
    with override("ar"):
        export = response.getvalue()
    text = str(list(read_xlsx(export).worksheets[0].values)[:2]) if name == "xlsx" else export.decode()
    assert "Chefchaouen" in text
    assert "العنوان" not in text
