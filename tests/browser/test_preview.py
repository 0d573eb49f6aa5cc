"""An editor looks at a change before anybody else does, and shows it to someone without an account."""

import pytest
from playwright.sync_api import expect

from learningcities.publishing.models import Preview
from tests import factories
from tests.conftest import make_person, thorough
from tests.forms import page_of

from .conftest import complaints

FRENCH, ARABIC = "Un résumé corrigé, à relire.", "ملخص مصحح للمراجعة"


@pytest.fixture
def town(site):
    return factories.make_city(slug="own-city", name_fr="Ville à soi", name_ar="مدينتي")


@pytest.fixture
def editor(town):
    editor = make_person("editor")
    town.editors.add(editor)
    return editor


@pytest.fixture
def form(town):
    return page_of(town, "section", "brief")


@thorough
def test_an_editor_previews_a_change_in_two_languages_and_shows_it_until_it_is_revoked(town, form, editor, open_page):
    page = open_page(form, editor, viewport={"width": 1500, "height": 900})
    page.check('[name=_content_language][value="all"]')
    page.fill("[name=summary_fr]", FRENCH)
    page.fill("[name=summary_ar]", ARABIC)
    with page.expect_navigation():
        page.click("[name=_preview]")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(FRENCH).first).to_be_visible()
    assert frame.locator("body").evaluate("body => innerWidth") == 1280
    page.click(".preview-choices [lang=ar]")
    expect(frame.get_by_text(ARABIC).first).to_be_visible()
    assert frame.locator("html").get_attribute("dir") == "rtl"
    page.click(".preview-choices [href$='width=phone']")
    expect(frame.get_by_text(ARABIC).first).to_be_visible()
    assert frame.locator("body").evaluate("body => innerWidth") == 390

    link = page.input_value("#preview-link")
    visitor = open_page(link)
    expect(visitor.get_by_text(ARABIC).first).to_be_visible()
    visitor.click(".preview-note [lang=fr]")
    expect(visitor.get_by_text(FRENCH).first).to_be_visible()
    visitor.goto(town.get_absolute_url())
    assert not visitor.get_by_text(FRENCH).count()
    assert not visitor.context.cookies()

    with page.expect_navigation():
        page.click("[name=revoke]")
    assert not page.locator("iframe").count()
    assert visitor.request.get(link).status == 404


@thorough
def test_a_link_in_the_frame_opens_beside_the_desk_and_never_inside_it(town, editor, open_page):
    page = open_page(page_of(town, "change"), editor)
    with page.expect_navigation():
        page.click(".desk-bar form [type=submit]")
    with page.expect_popup() as opened:
        page.frame_locator("iframe").locator(".brand").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith("/fr/")
    assert "/preview/" in page.url


@thorough
def test_it_works_without_javascript(form, editor, open_page):
    page = open_page(form, editor, java_script_enabled=False)
    page.fill("[name=summary_fr]", FRENCH)
    with page.expect_navigation():
        page.click("[name=_preview]")
    expect(page.frame_locator("iframe").get_by_text(FRENCH).first).to_be_visible()
    with page.expect_navigation():
        page.click("[name=revoke]")
    assert not Preview.objects.open().exists()


@thorough
def test_axe_finds_nothing_on_a_phone_in_arabic_and_nothing_scrolls_sideways(form, editor, open_page):
    page = open_page(form, editor, viewport={"width": 390, "height": 800}, locale="ar-MA", bypass_csp=True)
    with page.expect_navigation():
        page.click("[name=_preview]")
    page.wait_for_selector(".preview-choices")
    page.wait_for_load_state("networkidle")
    assert page.frames[1].evaluate("innerWidth") == 390, "as wide as it will be on this screen"
    for width in ("desktop", "phone"):
        page.goto(f"{page.url.partition('?')[0]}?language=ar&width={width}")
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert not complaints(page)
        assert page.frames[1].evaluate("innerWidth") == (390 if width == "phone" else 1280)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        box = page.locator("iframe").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
