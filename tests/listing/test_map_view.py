"""The results of a list on a map: markers and entries that lead to each other, zoom by links, no border, no leak."""

import re

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from cities.models import City
from initiatives.models import Initiative, Theme
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import thorough

CITIES, INITIATIVES = "/fr/villes/?view=map", "/fr/initiatives/?view=map"
TILES = {"MAP_TILE_URL": "/tiles/{z}/{x}/{y}.png", "MAP_TILE_ATTRIBUTION": "© Les essais"}

pytestmark = [thorough, pytest.mark.django_db]


def anchors(html, kind):
    return re.findall(rf'id="{kind}-([^"]+)"', html)


@pytest.fixture
def page(client):
    return lambda address: client.get(address).content.decode()


@pytest.fixture
def cities(db):
    """Two far from each other, and one without coordinates."""
    return [
        factories.make_city(slug="benguerir", name_fr="Benguerir", latitude="32.24", longitude="-7.95"),
        factories.make_city(slug="laayoune", name_fr="Laâyoune", latitude="27.14", longitude="-13.19"),
        factories.make_city(slug="nowhere", name_fr="Quelque part"),
    ]


@pytest.fixture
def initiatives(cities):
    """Five in one city, one of them about literacy, and one in each other."""
    benguerir, *others = cities
    factories.make_many(benguerir, range(1, 5))
    factories.make_initiative(benguerir, slug="literate", themes=Theme.objects.filter(slug="literacy"))
    for city in others:
        factories.make_initiative(city, slug=f"of-{city.slug}")


# Markers and entries


@pytest.mark.parametrize("address", [CITIES, INITIATIVES])
def test_each_located_city_has_a_marker_and_each_city_an_entry_in_the_same_order(initiatives, page, address):
    html = page(address)
    assert anchors(html, "on") == ["benguerir", "laayoune"]
    assert anchors(html, "at") == ["benguerir", "laayoune", "nowhere"]


@pytest.mark.parametrize("address", [CITIES, INITIATIVES])
def test_a_marker_and_its_entry_lead_to_each_other(initiatives, page, address):
    html = page(address)
    for slug in ("benguerir", "laayoune"):
        assert f'<a href="#at-{slug}" id="on-{slug}" class="marker"' in html
        assert f'<a href="#on-{slug}">' in html
    assert "#at-nowhere" not in html
    assert "#on-nowhere" not in html


def test_an_entry_says_how_many_names_the_first_and_leads_to_all_of_the_city(initiatives, page):
    html = page(f"{INITIATIVES}&sort=title")
    assert 'href="/fr/initiatives/?sort=title&amp;city=benguerir"' in html
    assert re.findall(r'class="marker-number">(\d+)', html) == ["5", "1"]
    assert [f"n-0{number}" in html for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert 'href="/fr/initiatives/n-01/"' in html


def test_the_link_to_all_asks_the_same_of_that_city_only(initiatives, page, client):
    html = page(f"{INITIATIVES}&country=ma&region=a-region&city=laayoune&q=ecole&at=benguerir")
    assert "/fr/initiatives/?q=ecole&amp;city=benguerir" in html
    assert len(client.get("/fr/initiatives/?q=ecole&city=benguerir").context["filter"].answer) == 4


def test_the_map_shows_all_pages_of_the_list(db, page):
    for number in range(15):
        factories.make_city(slug=f"c-{number}", latitude=str(30 + number), longitude="0")
    assert len(anchors(page(CITIES), "on")) == len(anchors(page(CITIES), "at")) == 15


def test_the_map_and_the_list_answer_the_same_question(initiatives, page):
    html = page(f"{INITIATIVES}&theme=literacy")
    assert anchors(html, "at") == ["benguerir"]
    assert "literate" in html
    assert "n-01" not in html


def test_nothing_found_is_said_on_the_map_too_and_the_way_back_is_the_map(initiatives, page):
    html = page(f"{INITIATIVES}&q=introuvable")
    assert "Aucune initiative ne correspond à ces critères." in html
    assert 'class="map"' not in html
    assert 'href="/fr/initiatives/?view=map">' in html


def test_nothing_but_what_is_public_is_on_the_map(initiatives, page):
    draft = factories.make_city(slug="draft", public=False, latitude="33", longitude="-6")
    factories.make_initiative(draft, slug="of-draft")
    benguerir = City.objects.get(slug="benguerir")
    factories.make_initiative(benguerir, slug="secret", public=False)
    factories.make_place(benguerir, slug="secret-place", public=False, latitude="32.25", longitude="-7.96")
    factories.make_place(benguerir, slug="gone-place", latitude="32.25", longitude="-7.96").withdraw()
    for address in (CITIES, INITIATIVES):
        for zoom in ("", "&at=benguerir", "&at=draft"):
            html = page(address + zoom)
            for word in ("-draft", "secret", "gone-place"):
                assert f"{word}" not in html.replace("at=draft", "").replace("“draft”", ""), (address, zoom, word)


# Addresses


def test_list_and_map_are_two_links_that_keep_the_filters(initiatives, page):
    html = page("/fr/initiatives/?theme=literacy&page=2")
    assert '<a href="/fr/initiatives/?theme=literacy" aria-current="true">' in html
    assert '<a href="/fr/initiatives/?theme=literacy&amp;view=map">' in html
    html = page(f"{INITIATIVES}&theme=literacy&at=benguerir")
    assert '<a href="/fr/initiatives/?theme=literacy">' in html
    assert '<a href="/fr/initiatives/?theme=literacy&amp;view=map" aria-current="true">' in html


def test_every_link_of_the_list_keeps_the_map(initiatives, page):
    html = page(f"{INITIATIVES}&theme=literacy&sort=title&at=benguerir")
    assert 'href="/ar/initiatives/?theme=literacy&amp;sort=title&amp;view=map&amp;at=benguerir"' in html
    assert 'href="/fr/initiatives/?sort=title&amp;view=map&amp;at=benguerir"' in html, "without the theme"
    assert '<input type="hidden" name="view" value="map">' in html


def test_a_list_needs_no_view_in_its_address(initiatives, page):
    html = page("/fr/initiatives/?view=list&theme=literacy")
    assert 'class="map"' not in html
    assert "view=list" not in html
    assert 'href="/ar/initiatives/?theme=literacy"' in html


def test_a_wrong_view_or_zoom_is_named_and_changes_nothing_else(initiatives, client):
    response = client.get("/en/initiatives/?view=globe&at=laayoune&theme=literacy")
    assert set(response.context["filter"].errors) == {"view"}
    assert "“globe”" in response.content.decode()
    assert len(response.context["page"]) == 1
    response = client.get("/en/initiatives/?view=map&at=atlantis")
    assert set(response.context["filter"].errors) == {"at"}
    assert anchors(response.content.decode(), "on") == ["benguerir", "laayoune"]


def test_a_zoom_means_nothing_to_a_list(initiatives, client):
    response = client.get("/fr/initiatives/?at=atlantis")
    assert not response.context["filter"].complaints
    assert "atlantis" not in response.content.decode()


# Zoom


def test_zoom_closes_around_a_city_and_its_places_and_the_others_keep_their_entries(initiatives, page):
    benguerir = City.objects.get(slug="benguerir")
    factories.make_place(benguerir, slug="library", latitude="32.25", longitude="-7.96")
    factories.make_place(benguerir, slug="unlocated")
    for address in (CITIES, INITIATIVES):
        assert "library" not in page(address).partition('id="map"')[2]
        assert f"{escape(address.partition('?')[2])}&amp;at=benguerir#map" in page(address)
        html = page(f"{address}&at=benguerir")
        assert anchors(html, "on") == ["benguerir", "place-library"]
        assert anchors(html, "at") == ["benguerir", "place-library", "place-unlocated", "laayoune", "nowhere"]
        assert 'href="/fr/villes/benguerir/#place-library"' in html
        assert 'href="?view=map#map"' in html, "the way out"
        assert "#on-laayoune" not in html
        assert "at=laayoune#map" in html


def test_a_city_that_the_filters_leave_out_is_no_zoom(initiatives, page):
    assert anchors(page(f"{INITIATIVES}&theme=literacy&at=laayoune"), "on") == ["benguerir"]


def test_a_few_cities_show_their_places_at_once_if_these_can_be_told_apart(cities, page):
    for slug in ("benguerir", "laayoune"):
        city = City.objects.get(slug=slug)
        factories.make_place(city, slug=f"of-{slug}", latitude=city.latitude, longitude=city.longitude)
    assert "place-of-benguerir" in anchors(page(f"{CITIES}&city=benguerir"), "on")
    assert anchors(page(CITIES), "on") == ["benguerir", "laayoune"]


def test_a_city_is_zoomed_to_by_its_places_where_its_own_coordinates_are_unknown(cities, page):
    factories.make_place(cities[2], slug="library", latitude="35.1", longitude="-5.2")
    assert anchors(page(f"{CITIES}&at=nowhere"), "on") == ["place-library"]


@pytest.mark.parametrize("zoom", ["", "&at=polar"])
@pytest.mark.parametrize("latitude", ["78.22", "-89"])
def test_a_city_beyond_every_map_has_its_marker_at_the_edge(cities, page, zoom, latitude):
    factories.make_city(slug="polar", latitude=latitude, longitude="15.65")
    assert "polar" in anchors(page(CITIES + zoom), "on")


# Looks


def test_the_map_has_land_and_places_and_no_other_line(initiatives, page):
    drawing = re.search(r"<figure class=\"map\".*?</figure>", page(INITIATIVES), re.DOTALL)[0]
    assert set(re.findall(r'<path class="([\w-]+)"', drawing)) == {"marker-shape", "map-net", "map-land"}


def test_names_on_the_map_are_the_readers_and_the_map_itself_is_never_mirrored(cities, page):
    City.objects.filter(slug="benguerir").update(name_ar="ابن جرير")
    html = page("/ar/cities/?view=map")
    assert '<figure class="map" dir="ltr">' in html
    assert 'text-anchor="end" direction="rtl" lang="ar">ابن جرير<' in html
    assert 'text-anchor="start" direction="ltr" lang="fr">Laâyoune<' in html


# Size


@pytest.fixture
def world(db):
    """425 cities all over the world, with 1 to 4 initiatives each."""
    region = factories.make_region()
    rows = City.objects.bulk_create(
        City(
            slug=f"city-number-{n}",
            name_fr=f"Ville numéro {n}",
            name_ar=f"مدينة {n}",
            sort_fr=f"{n:03}",
            region=region,
            latitude=(n * 37) % 120 - 55,
            longitude=(n * 83) % 360 - 180,
            public_from=content_version.moment(),
        )
        for n in range(425)
    )
    Initiative.objects.bulk_create(
        Initiative(
            city=city, slug=f"{city.slug}-{n}", title_fr="École", status_on="2024", public_from=content_version.moment()
        )
        for city in rows
        for n in range(city.pk % 4 + 1)
    )
    content_version.ContentVersion.bump()


@pytest.mark.parametrize("address", [CITIES, INITIATIVES, "/ar/initiatives/?view=map"])
def test_a_map_of_the_world_is_no_heavy_page(world, client, address):
    html = client.get(address).content
    assert len(anchors(html.decode(), "on")) == len(anchors(html.decode(), "at")) == 425
    assert len(brotli.compress(html, quality=5)) < 60_000
    assert len(html) < 450_000


@pytest.mark.parametrize("address", [CITIES, INITIATIVES])
@pytest.mark.parametrize("zoom", ["", "&at=benguerir"])
def test_a_map_costs_the_same_with_three_cities_and_with_hundreds(
    initiatives, request, client, address, zoom, django_assert_num_queries
):
    queries = []
    for world in ([], ["world"]):
        for name in world:
            request.getfixturevalue(name)
        client.get(address + zoom)  # what is kept for this state of the content is made once
        with CaptureQueriesContext(connection) as asked:
            client.get(address + zoom)
        queries.append(len(asked))
    assert 0 < queries[1] <= queries[0] <= 10


# Raster tiles


def test_without_tiles_no_script_and_no_coordinates_are_served(cities, page):
    html = page(CITIES)
    for word in ("leaflet", "map.js", "data-at", "data-tiles"):
        assert word not in html


def test_tiles_are_offered_beside_the_drawn_map_with_their_attribution(cities, page, settings):
    settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION = TILES.values()
    html = page(CITIES)
    assert 'data-tiles="/tiles/{z}/{x}/{y}.png"' in html
    assert "© Les essais" in html
    assert 'data-at="32.24000,-7.95000"' in html
    assert 'class="map-land"' in html, "without JavaScript the drawing stays"
    assert "leaflet" not in page("/fr/villes/")
