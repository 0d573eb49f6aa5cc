"""The map of a list by keyboard, drawn and with raster tiles."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.conftest import thorough

from .conftest import complaints

pytestmark = thorough

PHONE = {"width": 390, "height": 844}
#: A tile that this site itself can answer with.
TILE = "/static/img/khatam.svg?{z}/{x}/{y}"


def focused(page, selector):
    return page.locator(f"{selector}:focus").count() == 1


def tab_to(page, selector):
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page, selector):
            return
    pytest.fail(f"Tab never came to {selector}")


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
def test_a_marker_leads_to_its_entry_and_back_by_keyboard(served, open_page, script):
    page = open_page("/ar/initiatives/?view=map", viewport=PHONE, locale="ar-MA", java_script_enabled=script)
    tab_to(page, "a#on-laayoune")
    page.keyboard.press("Enter")
    page.wait_for_url("**#at-laayoune")
    expect(page.locator("#at-laayoune:target")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.locator("#at-laayoune :focus").count() == 1
    tab_to(page, "#at-laayoune a[href='#on-laayoune']")
    page.keyboard.press("Enter")
    page.wait_for_url("**#on-laayoune")
    assert focused(page, "a#on-laayoune")


def test_the_map_is_left_for_a_page_and_found_again(served, open_page):
    page = open_page("/fr/initiatives/?theme=literacy")
    page.click(".views a[href*='view=map']")
    page.click("#at-laayoune a[href*='at=laayoune']")
    page.wait_for_url("**/initiatives/?theme=literacy&view=map&at=laayoune#map")
    found = page.locator(".spot h3").all_inner_texts()
    page.click("#at-laayoune .spot-links a >> nth=0")
    page.wait_for_url(re.compile(r"/initiatives/[\w-]+/$"))
    page.click(".breadcrumb a >> nth=0")
    page.wait_for_url("**/initiatives/?theme=literacy&view=map&at=laayoune**")
    assert page.locator(".spot h3").all_inner_texts() == found
    expect(page.locator(".map > svg")).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(served, open_page, options):
    page = open_page("/ar/cities/?view=map", bypass_csp=True, **options)
    for path in ("/ar/cities/?view=map", "/fr/initiatives/?view=map&at=benguerir"):
        page.goto(path)
        assert not complaints(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1


@pytest.fixture
def many(site):
    """Two cities so near to each other that they share a cluster, and one far away."""
    for slug, latitude in (("benguerir", "32.24"), ("near", "32.25"), ("far", "35.16")):
        city = factories.make_city(slug=slug, name_fr=slug, latitude=latitude, longitude="-7.95")
        factories.make_initiative(city, slug=f"in-{slug}")


@pytest.fixture
def tiles(settings):
    settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION = TILE, "© Les essais"


def test_tiles_have_clusters_markers_and_popups_by_keyboard(many, tiles, open_page):
    page = open_page("/fr/initiatives/?view=map", reduced_motion="reduce")
    page.wait_for_selector(".leaflet-tile-loaded")
    expect(page.locator(".map > svg")).not_to_be_visible()
    assert "© Les essais" in page.locator(".leaflet-control-attribution").inner_text()
    cluster = page.locator(".tiles-cluster")
    assert cluster.count() == 1
    tab_to(page, ".leaflet-marker-icon:has(.tiles-cluster)")
    page.keyboard.press("Enter")
    cluster.wait_for(state="detached")
    tab_to(page, ".leaflet-marker-icon:has([data-colour])")
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup a:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#at-*")
    expect(page.locator(".spot:target")).to_be_visible()


def test_an_entry_shows_its_marker_among_the_tiles_and_escape_leads_back(served, tiles, open_page):
    page = open_page("/fr/villes/?view=map", reduced_motion="reduce")
    page.wait_for_selector(".leaflet-marker-icon")
    page.click("#at-laayoune a[href='#on-laayoune']")
    page.wait_for_selector(".leaflet-popup a:focus")
    assert page.locator(".leaflet-popup h3").inner_text() == "Laâyoune"
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-marker-icon:focus")


def test_without_javascript_the_drawn_map_stays_where_tiles_are_set(served, tiles, open_page):
    page = open_page("/fr/villes/?view=map", java_script_enabled=False)
    expect(page.locator(".map > svg")).to_be_visible()
    expect(page.locator(".tiles")).not_to_be_visible()
