"""Searching and filtering in a real browser: by keyboard, with and without JavaScript, and back again."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import thorough

from .conftest import complaints

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

pytestmark = pytest.mark.usefixtures("served")


def titles(page):
    return page.locator(".entries h2").all_inner_texts()


def wait_for_answer(page, address, chip=""):
    """Until htmx has swapped the answer in and told how many were found."""
    page.wait_for_url(address)
    if chip:
        page.locator(".chip", has_text=chip).wait_for()
    expect(page.locator("#found")).to_have_text(page.locator(".list .count").inner_text())


@thorough
@pytest.mark.parametrize(
    ("path", "box", "words", "found", "viewport"),
    [
        ("/fr/villes/", "#site-q", "bibliotheq", "bibliothèque", DESK),
        ("/ar/", "main [name=q]", "شفشاوون", "شفشاون", PHONE),
    ],
    ids=["header in French", "home page in Arabic"],
)
def test_the_box_proposes_titles_by_keyboard(open_page, path, box, words, found, viewport):
    page = open_page(path, viewport=viewport, bypass_csp=True)
    box = page.locator(box)
    listbox = page.locator(f"#{box.get_attribute('aria-controls')}")
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "false")
    box.press_sequentially(words)
    options = listbox.get_by_role("option")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert found in options.first.inner_text()
    assert not Axe().run(page).response["violations"]

    def active():
        return box.get_attribute("aria-activedescendant")

    page.keyboard.press("ArrowDown")
    assert active() == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert active() is None
    page.keyboard.press("ArrowUp")
    assert active() == options.last.get_attribute("id")
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    assert (box.get_attribute("aria-expanded"), active(), box.input_value()) == ("false", None, words)
    expect(listbox).not_to_be_visible()
    page.keyboard.press("ArrowDown")
    address = options.first.get_attribute("data-href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    assert found in page.locator("h1").inner_text().lower()


@thorough
def test_enter_without_a_choice_searches_everything_and_a_click_opens_a_proposal(open_page):
    page = open_page("/ar/", viewport=DESK)
    page.fill("#site-q", "مكتبه")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ar/search/?q=*")
    assert page.locator("main mark", has_text="مكتبة").count()
    page.fill("main [name=q]", "ابن ج")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/ar/cities/benguerir/")


@thorough
def test_a_visitor_filters_searches_in_arabic_opens_the_map_goes_back_and_finds_the_same(open_page):
    page = open_page("/ar/initiatives/", viewport=DESK)
    everything = page.locator(".list .count").inner_text()
    page.click("#question-1 summary")
    page.check("#city-benguerir")
    wait_for_answer(page, "**/ar/initiatives/?city=benguerir", "ابن جرير")
    assert page.locator(".list .count").inner_text() != everything
    assert page.locator("#question-1").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "city-benguerir"
    assert page.locator("#found").get_attribute("role") == "status"

    page.keyboard.press("Escape")
    page.fill("#q", "المكتبات")
    wait_for_answer(page, "**/ar/initiatives/?q=*&city=benguerir", "المكتبات")
    assert page.evaluate("document.activeElement.id") == "q"
    view, found = page.url, titles(page)
    assert found
    assert page.locator(".entries mark").count()
    assert page.locator(f"header a[href='/fr/initiatives/?{view.partition('?')[2]}']").count() == 1

    page.click(".views a[href*='view=map']")
    page.wait_for_selector(".map > svg")
    page.go_back()
    page.wait_for_selector(".entries")
    assert (page.url, titles(page)) == (view, found)
    assert page.input_value("#q") == "المكتبات"
    page.reload()
    assert (page.url, titles(page)) == (view, found)
    shared = open_page(view, viewport=PHONE)
    assert titles(shared) == found

    page.click(".chips .reset")
    page.locator(".chips").wait_for(state="detached")
    wait_for_answer(page, "**/ar/initiatives/")
    assert page.input_value("#q") == ""
    assert page.locator(".list .count").inner_text() == everything
    page.go_back()
    page.wait_for_selector(".chips")
    assert (page.url, titles(page)) == (view, found)


@thorough
@pytest.mark.parametrize(("path", "viewport"), [("/fr/initiatives/", DESK), ("/ar/initiatives/", PHONE)])
def test_many_choices_are_narrowed_by_typing_and_a_count_that_is_followed_keeps_the_focus(open_page, path, viewport):
    page = open_page(path, viewport=viewport)
    page.locator("#question-more summary").first.press("Enter")
    years = page.locator(".options-year li")
    number, field = years.count(), page.locator("#narrow-year")
    assert number > 12
    field.press_sequentially("2020")
    expect(page.locator(".options-year li:visible")).to_have_count(1)
    expect(page.locator(".options-year [role=status]")).to_have_text(f"1 / {number}")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert not asked
    count = page.locator(".options-year li:visible a")
    count.press("Enter")
    wait_for_answer(page, "**/initiatives/?year=2020", "2020")
    expect(count).to_be_focused()
    expect(count).to_have_attribute("aria-current", "true")
    expect(field).to_have_value("2020")
    field.fill("")
    expect(page.locator(".options-year li:not([hidden])")).to_have_count(years.count())


@thorough
def test_without_javascript_all_choices_are_there_and_no_field_narrows_them(open_page):
    page = open_page("/fr/initiatives/", viewport=DESK, java_script_enabled=False)
    page.click("#question-more > summary")
    expect(page.locator("#narrow-year")).to_be_hidden()
    page.click(".options-year summary")
    expect(page.locator(".options-year li:visible")).to_have_count(page.locator(".options-year li").count())


@thorough
def test_the_main_way_leads_from_filter_to_map_to_a_result_and_back_without_javascript(open_page):
    page = open_page("/fr/initiatives/", viewport=PHONE, java_script_enabled=False)
    page.click("#question-1 summary")
    page.click("#question-1 a[href='?city=laayoune']")
    page.wait_for_url("**/initiatives/?city=laayoune")
    assert titles(page)
    page.fill("#q", "ville")
    page.click("#filters button")
    page.wait_for_url("**/initiatives/?q=ville&*city=laayoune")
    found = page.locator(".list .count").inner_text()
    page.click(".views a[href*='view=map']")
    page.wait_for_url("**/initiatives/?q=ville&city=laayoune&view=map")
    expect(page.locator(".map > svg")).to_be_visible()
    page.click(".spot-links a >> nth=0")
    page.wait_for_url(re.compile(r"/initiatives/[\w-]+/$"))
    page.go_back()
    assert page.locator(".list .count").inner_text() == found
    page.go_forward()
    page.click(".breadcrumb a >> nth=0")
    page.wait_for_url("**/fr/initiatives/")


@thorough
def test_back_to_the_list_is_back_to_what_the_visitor_had_asked_also_after_steps_on_the_page(open_page):
    page = open_page("/fr/initiatives/", viewport=DESK)
    page.click("#question-1 summary")
    page.check("#city-benguerir")
    wait_for_answer(page, "**/fr/initiatives/?city=benguerir", "Benguerir")
    page.keyboard.press("Escape")
    view, found = page.url, titles(page)
    for steps in range(2):
        page.click(".entries h2 a >> nth=0")
        page.wait_for_url(re.compile(r"/fr/initiatives/[\w-]+/$"))
        if steps:
            page.evaluate("location.hash = 'main'")
        page.click(".breadcrumb a >> nth=0")
        page.wait_for_url(view)
        assert titles(page) == found
    other = open_page("/fr/villes/benguerir/", viewport=DESK)
    other.click("#initiatives .entries a >> nth=0")
    other.wait_for_url(re.compile(r"/fr/initiatives/[\w-]+/$"))
    other.click(".breadcrumb a >> nth=0")
    other.wait_for_url("**/fr/initiatives/")


@thorough
def test_the_search_page_shows_all_it_says_in_every_language(open_page):
    page = open_page("/fr/", bypass_csp=True)
    for path, viewport in (
        ("/fr/recherche/?q=bibliotheque", DESK),
        ("/ar/search/?q=مكتبه", PHONE),
        ("/en/search/?q=libary", DESK),
    ):
        page.set_viewport_size(viewport)
        page.goto(path)
        assert not complaints(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
        for heading in page.locator(".entry h3").all():
            # The text has the room of the page, not of a picture that isn't there.
            assert heading.bounding_box()["width"] > 250, path
    page.set_viewport_size({"width": 1000, "height": 700})
    for path in ("/fr/", "/ar/"):
        page.goto(path)
        assert page.locator(".site-header").bounding_box()["height"] < 100
