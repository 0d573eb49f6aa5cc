"""Taking a page along, and saying what is wrong with it, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from cities.models import City
from learningcities import bounds
from learningcities.reports.models import Report
from tests.conftest import thorough

from .conftest import complaints
from .helpers import wait_until

CLIPBOARD = ["clipboard-read", "clipboard-write"]
CITY = "/fr/villes/laayoune/"

pytestmark = [thorough, pytest.mark.usefixtures("served")]


def test_the_address_is_copied_and_the_page_says_so(open_page, served):
    page = open_page(CITY, permissions=CLIPBOARD)
    assert not page.locator(".share-said").inner_text()
    page.click("[data-take=copy]")
    wait_until(page, "document.querySelector('.share-said').textContent")
    assert page.locator(".share-said").get_attribute("role") == "status"
    assert page.evaluate("navigator.clipboard.readText()") == served + CITY


def test_a_list_is_copied_with_its_filters(open_page, served):
    page = open_page("/fr/initiatives/?q=ecole&utm_source=x", permissions=CLIPBOARD)
    page.click("[data-take=copy]")
    wait_until(page, "document.querySelector('.share-said').textContent")
    assert page.evaluate("navigator.clipboard.readText()") == f"{served}/fr/initiatives/?q=ecole"


def test_where_copying_is_refused_the_address_is_selected(open_page, served):
    page = open_page(CITY)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.click("[data-take=copy]")
    wait_until(page, "String(getSelection())")
    assert page.evaluate("String(getSelection())") == served + CITY
    assert not page.locator(".share-said").inner_text()


def test_share_is_offered_only_where_the_device_can(open_page, served):
    page = open_page(CITY)
    if not page.evaluate("'share' in navigator"):
        expect(page.locator("[data-take=share]")).not_to_be_visible()
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); }")
    page.reload()
    page.click("[data-take=share]")
    assert page.evaluate("window.shared.url") == served + CITY


def test_print_prints(open_page):
    page = open_page(CITY)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    assert not page.evaluate("window.printed")
    page.click("[data-take=print]")
    assert page.evaluate("window.printed")


def test_on_paper_a_dark_page_is_light_and_says_its_address_without_buttons(open_page):
    page = open_page(CITY, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".share [data-address]")).to_be_visible()
    assert page.locator(".share :is(button, a):visible").count() == 0
    paper, ink = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(29, 42, 49)")


def test_without_javascript_there_is_the_address_a_mail_link_and_no_dead_button(open_page, served):
    page = open_page(CITY, java_script_enabled=False)
    assert page.locator(".share [data-address]").inner_text() == served + CITY
    assert page.locator(".share button:visible").count() == 0
    expect(page.locator(".share a[href^='mailto:?']")).to_be_visible()


def test_an_error_is_reported_without_javascript(open_page, monkeypatch):
    monkeypatch.setattr(bounds, "REPORT_FORM_YOUNGEST", timedelta(seconds=-1))
    page = open_page(CITY, java_script_enabled=False)
    page.click(".share-report a")
    page.fill("[name=message]", "La population est de 2014.")
    with page.expect_navigation():
        page.click("main form button")
    with override("fr"):
        assert reverse("reports:thanks") in page.url
    assert page.locator(f"main a[href='{CITY}']").count() == 2
    report = Report.objects.get()
    assert (report.item, report.message) == (City.objects.get(slug="laayoune"), "La population est de 2014.")
    assert not page.context.cookies()


def test_axe_finds_nothing_on_the_form_in_arabic_before_and_after_an_error(open_page, monkeypatch):
    monkeypatch.setattr(bounds, "REPORT_FORM_YOUNGEST", timedelta(days=1))
    with override("ar"):
        form = f"{reverse('reports:report')}?page=/ar/cities/chefchaouen/"
    page = open_page(form, bypass_csp=True, viewport={"width": 390, "height": 900})
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert not complaints(page)
    page.fill("[name=message]", "خطأ")
    page.fill("[name=sender_name]", "سلمى")
    page.click("main form button")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("[name=message]") == "خطأ"
    assert not complaints(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
