"""Taking a page along, and saying what is wrong with it, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from learningcities.reports import token
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import thorough

CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def city(site):
    return factories.make_city(slug="own-city", name_fr="Ville à soi")


@pytest.fixture
def path(city):
    with override("fr"):
        return city.get_absolute_url()


def test_the_address_is_copied_and_the_page_says_so(path, open_page, site):
    page = open_page(path, permissions=CLIPBOARD)
    assert not page.locator(".share-said").inner_text()
    page.click("[data-take=copy]")
    page.wait_for_function("document.querySelector('.share-said').textContent")
    assert page.locator(".share-said").get_attribute("role") == "status"
    assert page.evaluate("navigator.clipboard.readText()") == site + path


def test_a_list_is_copied_with_its_filters(path, open_page, site):
    page = open_page("/fr/initiatives/?q=ecole&utm_source=x", permissions=CLIPBOARD)
    page.click("[data-take=copy]")
    page.wait_for_function("document.querySelector('.share-said').textContent")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/fr/initiatives/?q=ecole"


def test_where_copying_is_refused_the_address_is_selected(path, open_page, site):
    page = open_page(path)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.click("[data-take=copy]")
    page.wait_for_function("String(getSelection())")
    assert page.evaluate("String(getSelection())") == site + path
    assert not page.locator(".share-said").inner_text()


def test_share_is_offered_only_where_the_device_can(path, open_page, site):
    page = open_page(path)
    if not page.evaluate("'share' in navigator"):
        assert not page.locator("[data-take=share]").is_visible()
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); }")
    page.reload()
    page.click("[data-take=share]")
    assert page.evaluate("window.shared.url") == site + path


def test_print_prints(path, open_page):
    page = open_page(path)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    assert not page.evaluate("window.printed")
    page.click("[data-take=print]")
    assert page.evaluate("window.printed")


def test_on_paper_a_dark_page_is_light_and_says_its_address_without_buttons(path, open_page):
    page = open_page(path, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".share [data-address]").is_visible()
    assert page.locator(".share :is(button, a):visible").count() == 0
    paper, ink = page.evaluate(
        "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(29, 42, 49)")


def test_without_javascript_there_is_the_address_a_mail_link_and_no_dead_button(path, open_page, site):
    page = open_page(path, java_script_enabled=False)
    assert page.locator(".share [data-address]").inner_text() == site + path
    assert page.locator(".share button:visible").count() == 0
    assert page.locator(".share a[href^='mailto:?']").is_visible()


def test_an_error_is_reported_without_javascript(path, city, open_page, monkeypatch):
    monkeypatch.setattr(token, "YOUNGEST", token.timedelta(seconds=-1))
    page = open_page(path, java_script_enabled=False)
    page.click(".share-report a")
    page.fill("[name=message]", "La population est de 2014.")
    page.click("main form button")
    page.wait_for_load_state()
    with override("fr"):
        assert reverse("reports:thanks") in page.url
    assert page.locator(f"main a[href='{path}']").count() == 2
    report = Report.objects.get()
    assert (report.item, report.message) == (city, "La population est de 2014.")
    assert not page.context.cookies()


@thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_form_in_arabic_before_and_after_an_error(site, open_page, scheme):
    call_command("load_demo", verbosity=0)
    with override("ar"):
        form = f"{reverse('reports:report')}?page=/ar/cities/chefchaouen/"
    page = open_page(form, bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 900})
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert not Axe().run(page).response["violations"]
    page.fill("[name=message]", "خطأ")
    page.fill("[name=sender_name]", "سلمى")
    page.click("main form button")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("[name=message]") == "خطأ"
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
