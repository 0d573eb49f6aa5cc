"""A coordinator reads a change in a browser: counts that follow, a sentence before the button, the page beside it."""

import pytest
from playwright.sync_api import expect

from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person, thorough

from .conftest import complaints

NEW = {"summary_fr": ["Une ville qui apprend.", "Une ville qui enseigne."], "motivation_fr": ["", "<p>Parce que.</p>"]}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def change(site):
    town = factories.make_city(slug="own-city", name_fr="Ville à soi", name_ar="مدينتي")
    editor = make_person("editor")
    town.editors.add(editor)
    return Change.propose(town, editor, NEW, "Voici.")


@pytest.fixture
def coordinator(site):
    return make_person("coordinator", "coordinator")


def address(change):
    return f"/admin/publishing/change/{change.pk}/change/"


@thorough
def test_sections_are_read_one_by_one_and_published_in_part(change, coordinator, open_page):
    page = open_page(address(change), coordinator, viewport=WIDE)
    counts = page.locator("[data-count]")
    expect(counts).to_have_text(["0", "0", "2"])
    word = page.locator("[name=word_motivation]")
    expect(word).not_to_be_visible()
    page.check("[name=read_brief][value=agreed]")
    page.check("[name=read_motivation][value=again]")
    expect(counts).to_have_text(["1", "1", "0"])
    word.fill("Plus long.")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Une ville qui enseigne.").first).to_be_visible()
    page.click(".page-sides a >> nth=0")
    expect(frame.get_by_text("Une ville qui apprend.").first).to_be_visible()
    expect(word).to_have_value("Plus long.")
    page.click("summary:has-text('Publier ce qui a votre accord…')")
    expect(page.locator(".will-see")).to_contain_text("tout de suite")
    assert not complaints(page)
    page.keyboard.press("Escape")
    expect(page.locator("#publish")).not_to_be_visible()
    page.click("summary:has-text('Publier ce qui a votre accord…')")
    with page.expect_navigation():
        page.click("[value=publish]")
    change.refresh_from_db()
    assert (change.state, list(change.patch)) == ("returned", ["motivation_fr"])


@thorough
@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_a_moment_is_told_before_it_counts(change, coordinator, open_page, javascript):
    page = open_page(address(change), coordinator, viewport=PHONE, java_script_enabled=javascript)
    assert page.locator(".desk-bar").bounding_box()["height"] < 90
    page.click("summary:has-text('Publier ce qui a votre accord…')")
    page.check("[name=when][value=later]")
    page.fill("[name=due]", "2099-03-01T09:30")
    if javascript:
        page.keyboard.press("Tab")
        expect(page.locator(".will-see")).to_contain_text("dimanche 1 mars 2099")
    else:
        with page.expect_navigation():
            page.press("[name=due]", "Enter")
        expect(page.locator(".will-see")).to_contain_text("dimanche 1 mars 2099")
    with page.expect_navigation():
        page.click("[value=apply]")
    change.refresh_from_db()
    assert (change.state, change.due_at.year) == ("scheduled", 2099)
