"""While someone writes: hints beside the field, the source of a translation; and nothing for axe on the desk."""

import pytest
from playwright.sync_api import expect

from learningcities.publishing.models import Change, Comment, PageLock, Translations
from tests import factories
from tests.conftest import make_person, thorough

from .conftest import complaints
from .helpers import log_in

PHONE = {"viewport": {"width": 390, "height": 800}, "bypass_csp": True}


@pytest.fixture
def town(site):
    words = {"name_ar": "مدينتي", "summary_ar": "مدينة صغيرة تتعلم كل يوم مع أهلها وضيوفها."}
    city = factories.make_city(slug="own-city", name_fr="Ville à soi", **words)
    city.summary_fr = "Une petite ville qui apprend et qui lit chaque jour."
    city.save()
    factories.make_figure(city)
    city.editors.add(make_person("editor"))
    make_person("coordinator", "coordinator")
    return city


def check(page, in_the_dark=True):
    """Nothing for axe, nothing sideways."""
    assert not complaints(page, in_the_dark)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@thorough
def test_a_translator_sees_what_changed_is_told_quietly_and_says_that_it_is_still_right(town, open_page):
    form = f"/admin/cities/city/{town.pk}/change/?language=ar%23id_summary_ar"
    page = open_page(f"/admin/login/?next={form}", **PHONE)
    log_in(page, "editor")
    with page.expect_navigation():
        page.click("[name=language][value=ar]")
    page.goto(form.replace("%23", "#"))
    page.wait_for_function("document.activeElement.id === 'id_summary_ar'")
    expect(page.locator(".source-words[lang=fr][dir=ltr] ins").first).to_be_visible()

    page.fill("[name=summary_ar]", "قصير")
    page.wait_for_selector("#id_summary_ar_hints li")
    said = page.inner_text("[data-hints]")
    assert said == page.inner_text("#id_summary_ar_hints li")
    page.fill("[name=summary_ar]", "قصير جدا")
    page.fill("[name='figures-0-source_ar']", "https://hcp.ma")
    page.wait_for_selector("[id='id_figures-0-source_ar_hints'] li")
    assert said not in page.inner_text("[data-hints]"), "what was said is not said again"
    editor = page.locator(".fieldBox.field-body_ar [contenteditable]")
    editor.click()
    page.keyboard.insert_text("كلمة " * 121)
    page.wait_for_selector("#id_body_ar_hints li")
    assert "id_body_ar_hints" in editor.get_attribute("aria-describedby")
    check(page)

    page.click("[name=_right][value=summary_ar]")
    expect(page.locator("[name=_right]")).to_have_count(0)
    assert Translations.objects.of(town).stale == {}
    assert "body_ar" in Change.objects.get(state="open").patch, "what was typed is kept"
    expect(page.locator("[data-rule=paragraph]")).to_be_visible()


@thorough
def test_axe_finds_nothing_on_the_screens_of_the_desk(town, open_page):
    page = open_page("/admin/login/?next=/admin/", **PHONE)
    log_in(page, "coordinator")
    report, photo = factories.make_report(town), factories.make_photo(town)
    change = Change.propose(town, author := make_person("author"), {"also_known_as": ["", "Nom"]}, "Voici.")
    Comment.write(town, author, "À revoir.")
    PageLock.acquire(town, author, "Des chiffres à vérifier.")
    with page.expect_navigation():
        page.click("[name=language][value=ar]")
    for path in (
        "",
        "cities/city/",
        f"cities/city/{town.pk}/happened/",
        "publishing/comment/",
        "publishing/pagelock/",
        f"cities/city/{town.pk}/delete/",
        f"cities/photo/{photo.pk}/change/",
        "initiatives/initiative/add/",
        "publishing/translations/",
        f"publishing/change/{change.pk}/change/",
        f"reports/report/{report.pk}/change/",
        "people/user/",
    ):
        page.goto(f"/admin/{path}")
        page.wait_for_load_state("networkidle")
        check(page, in_the_dark=not path.endswith(("/add/", "/user/")))  # the colours of a form are those of another


@thorough
def test_a_list_keeps_all_its_columns_in_sight_on_a_phone_and_a_link_opens_the_source(town, open_page):
    form = f"/admin/cities/city/{town.pk}/change/"
    page = open_page("/admin/login/?next=/admin/publishing/change/", **PHONE)
    log_in(page, "coordinator")
    state = page.locator("#result_list td.field-state_word").first
    assert state.get_attribute("data-column")
    box = state.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    check(page)
    page.goto(f"{form}?language=en#id_summary_en")
    expect(page.locator(".fieldBox.field-summary_en .source-words")).to_be_visible()
    page.goto("/admin/initiatives/initiative/add/")
    assert not page.is_checked("[name=_content_language][value=en]"), "a link changes nothing that is remembered"
