"""While someone writes: hints beside the field, the source of a translation; and nothing for axe on the desk."""

import pytest
from playwright.sync_api import expect

from cities.models import Axis
from learningcities.people.models import User
from learningcities.publishing.models import Change, Comment, PageLock, Translations
from tests import factories
from tests.conftest import make_person, thorough

from .conftest import complaints
from .helpers import log_in, wait_until

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


def section(row, name, uuid=None):
    model = f"{row._meta.app_label}/{row._meta.model_name}"
    return f"/admin/{model}/{row.pk}/sections/{name}/" + (f"{uuid}/" if uuid else "")


def leave(page, address):
    """Go elsewhere, whatever is unsaved."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)


@thorough
def test_a_translator_sees_what_changed_is_told_quietly_and_says_that_it_is_still_right(town, open_page):
    page = open_page("/admin/login/?next=/admin/", **PHONE)
    log_in(page, "editor")
    with page.expect_navigation():
        page.click("[name=language][value=ar]")
    page.goto(f"{section(town, 'brief')}?language=ar#id_summary_ar")
    wait_until(page, "document.activeElement.id === 'id_summary_ar'")
    expect(page.locator(".source-words[lang=fr][dir=ltr] ins").first).to_be_visible()

    page.fill("[name=summary_ar]", "قصير")
    page.wait_for_selector("#id_summary_ar_hints li")
    said = page.inner_text("[data-hints]")
    assert said == page.inner_text("#id_summary_ar_hints li")
    page.fill("[name=summary_ar]", "قصير جدا")
    expect(page.locator("[data-hints]")).to_be_empty()  # what was said is not said again
    check(page)
    with page.expect_navigation():
        page.click("[name=_right][value=summary_ar]")
    expect(page.locator("[name=_right]")).to_have_count(0)
    assert Translations.objects.of(town).stale == {}
    assert "summary_ar" in Change.objects.get(state="open").patch, "what was typed is kept"


@thorough
def test_hints_stand_at_rows_and_long_texts_as_well_and_stay_after_a_save(town, open_page):
    page = open_page("/admin/login/?next=/admin/", **PHONE)
    log_in(page, "editor")
    page.goto(f"{section(town, 'figures', town.figures.get().pk)}?language=ar")
    page.fill("[name=source_ar]", "https://hcp.ma")
    page.wait_for_selector("#id_source_ar_hints li")
    leave(page, f"{section(town, 'body')}?language=ar")
    editor = page.locator("[data-of=ar] [contenteditable]")
    assert (editor.get_attribute("lang"), editor.get_attribute("dir")) == ("ar", "rtl")
    editor.click()
    page.keyboard.insert_text("كلمة " * 121)
    page.wait_for_selector("#id_body_ar_hints li")
    assert "id_body_ar_hints" in editor.get_attribute("aria-describedby")
    check(page)
    with page.expect_navigation():
        page.click("[name=_save]")
    expect(page.locator("[data-rule=paragraph]")).to_be_visible()
    assert "body_ar" in Change.objects.get(state="open").patch


@thorough
@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("has_touch", [False, True])
def test_rows_are_pulled_to_another_place_and_escape_puts_them_back(town, open_page, language, has_touch):
    for place, name in enumerate("ABC"):
        Axis.objects.create(city=town, title_fr=name, position=place)
    options = {"viewport": {"width": 390, "height": 800}, "has_touch": has_touch, "locale": language}
    page = open_page(section(town, "axes"), User.objects.get(username="editor"), **options)
    handles, words = page.locator(".handle"), page.locator("[data-row] .line-words")
    expect(handles).to_have_count(3)
    assert page.evaluate("document.dir || document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")

    def pull(start, target):
        handles.nth(1).evaluate("handle => handle.scrollIntoView({ block: 'center', behavior: 'instant' })")
        boxes = [handles.nth(place).bounding_box() for place in (start, target)]
        (x, y), (_x, goal) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes)
        goal += 30 if goal > y else -30
        if not has_touch:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x, goal, steps=6)
            return
        touch("touchStart", {"x": x, "y": y})
        for step in range(1, 7):
            touch("touchMove", {"x": x, "y": y + (goal - y) * step / 6})

    def touch(kind, *points):
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def let_go():
        touch("touchEnd") if has_touch else page.mouse.up()

    fingers = page.context.new_cdp_session(page)
    pull(2, 0)
    expect(words).to_have_text(["C", "A", "B"])
    page.keyboard.press("Escape")
    expect(words).to_have_text(["A", "B", "C"])
    let_go()
    assert not Change.objects.unfinished().exists()
    pull(0, 2)
    with page.expect_navigation():
        let_go()
    expect(words).to_have_text(["B", "C", "A"])
    assert {sides[1] for sides in Change.objects.unfinished().get().patch.values()} == {0, 1, 2}
    check(page)


@thorough
def test_one_language_is_shown_at_a_time_and_one_stays_in_it_when_saving(town, open_page):
    page = open_page("/admin/login/?next=/admin/")
    log_in(page, "editor")
    page.goto(section(town, "brief"))
    page.check("[name=_content_language][value=ar]")
    expect(page.locator("[name=summary_ar]")).to_be_visible()
    expect(page.locator("[name=summary_fr]")).to_be_hidden()
    page.fill("[name=summary_ar]", "ملخص")
    page.check("[name=_content_language][value=fr]")
    page.fill("[name=summary_fr]", "Un résumé")
    page.check("[name=_content_language][value=ar]")
    with page.expect_navigation():
        page.click("[name=_save]")
    patch = Change.objects.get(state="open").patch
    assert (patch["summary_fr"][1], patch["summary_ar"][1]) == ("Un résumé", "ملخص"), "what is hidden is sent as well"
    assert page.is_checked("[name=_content_language][value=ar]"), "one stays where one was"
    page.goto(section(town, "challenges"))
    assert page.is_checked("[name=_content_language][value=fr]")
    page.check("[name=_content_language][value=all]")
    for language in ("fr", "ar", "en"):
        expect(page.locator(f"[data-of={language}]").first).to_be_visible()


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
    page = open_page("/admin/login/?next=/admin/publishing/change/", **PHONE)
    log_in(page, "coordinator")
    state = page.locator("#result_list td.field-state_word").first
    assert state.get_attribute("data-column")
    box = state.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    check(page)
    page.goto(f"{section(town, 'brief')}?language=en#id_summary_en")
    expect(page.locator("[data-of=en]:has(#id_summary_en) .source-words")).to_be_visible()
    page.goto("/admin/initiatives/initiative/add/")
    assert not page.is_checked("[name=_content_language][value=en]"), "a link changes nothing that is remembered"
