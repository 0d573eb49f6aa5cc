"""From the desk to the field that needs care, on a telephone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories
from tests.conftest import make_person, thorough
from tests.forms import page_of

from .helpers import log_in, wait_until

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}


@thorough
def test_an_editor_finds_what_to_do_next_and_the_field_to_mend(site, open_page, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = factories.make_city(slug="own-city", name_fr="Ville à soi")
    city.editors.add(make_person("editor"))
    cover = factories.make_photo(city)
    factories.make_initiative(city, cover=cover, title_ar="مبادرة", summary_ar="مشروع للتعلّم.")
    page = open_page("/admin/login/?next=/admin/", color_scheme="dark", **PHONE)
    log_in(page, "editor")
    assert_fine(page)
    page.click('.home-gaps a[href*="kind=undescribed"]')
    assert_fine(page)
    page.click(".needs a")
    # The form opens in French, and what is missing is Arabic.
    page.locator("#id_alternative_ar").wait_for()
    assert page.evaluate("document.activeElement.id") == "id_alternative_ar"
    page.goto(page_of(city, "change"))
    assert_fine(page)
    brief = page.locator("#section-brief")
    expect(brief.locator(".langs__missing", has_text="ع")).to_be_visible()
    expect(brief.locator(".section__gap").first).to_be_visible()
    brief.locator(".edit").click()
    page.check("[name=_content_language][value=fr]")
    expect(page.locator("#id_summary_ar")).to_be_hidden()
    assert_fine(page)
    page.goto("/admin/")
    page.click(".home-gaps a[href*='translations'][href*='language=ar']")
    page.locator("#result_list tr", has_text="Ville à soi").locator(".missing a[href$='id_summary_ar']").click()
    # Here as well the form would open in French.
    expect(page.locator("#id_summary_ar")).to_be_visible()
    wait_until(page, "document.activeElement.id === 'id_summary_ar'")
    page.goto("/admin/overview/")
    assert_fine(page)


def assert_fine(page):
    """Nothing for axe to find, and no scrolling sideways."""
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
