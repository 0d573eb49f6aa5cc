"""An editor and a coordinator at work, in a real browser under the strict policy."""

import pytest
from playwright.sync_api import expect

from cities.models import City, Photo
from initiatives.models import Initiative
from learningcities.publishing.models import Change
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import make_person, thorough
from tests.document_files import jpeg
from tests.forms import page_of

from .conftest import complaints
from .helpers import log_in, wait_until


@pytest.fixture
def town(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.make_city(slug="own-city", name_fr="Ville à soi")


@pytest.fixture
def editor(town):
    editor = make_person("editor")
    town.editors.add(editor)
    return editor


@pytest.fixture
def coordinator(town):
    return make_person("coordinator", "coordinator")


def press(page, name):
    """Press a button at the foot, and wait for what it leads to."""
    with page.expect_navigation():
        page.click(f".desk-bar [name={name}]")


def send(page):
    """On the panel by which something is sent."""
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    expect(page.locator(".desk-bar [role=status] strong")).to_be_visible()


def choose_moment(review, due):
    """On the page of a change, in the sheet from which it is published."""
    review.click("summary:has-text('Publier ce qui a votre accord…')")
    review.check("[name=when][value=later]")
    review.fill("[name=due]", due)


@thorough
def test_an_editor_corrects_a_city_in_two_languages_and_a_coordinator_applies_it(town, editor, coordinator, open_page):
    page = open_page(f"/admin/login/?next={page_of(town, 'section', 'brief')}")
    log_in(page, "editor")
    page.check('[name=_content_language][value="fr"]')
    expect(page.locator("[name=summary_ar]")).not_to_be_visible()
    page.fill("[name=summary_fr]", "Un résumé corrigé.")
    page.check('[name=_content_language][value="ar"]')
    expect(page.locator("[name=summary_fr]")).not_to_be_visible()
    page.fill("[name=summary_ar]", "ملخص بالعربية")
    press(page, "_save")
    page.goto(page_of(town, "section", "body"))
    page.check('[name=_content_language][value="ar"]')
    writing = page.locator("[data-of=ar] [contenteditable]")
    assert (writing.get_attribute("lang"), writing.get_attribute("dir")) == ("ar", "rtl")
    writing.click()
    page.keyboard.type("نص طويل")
    press(page, "_send")
    send(page)
    town.refresh_from_db()
    assert town.summary_fr == "Une ville qui apprend."

    change = Change.objects.waiting().get()
    review = open_page(f"/admin/publishing/change/{change.pk}/change/", coordinator)
    expect(review.locator("dd[dir=rtl]", has_text="نص طويل")).to_be_visible()
    with review.expect_navigation():
        review.click("[value=apply]")
    town = City.objects.get(pk=town.pk)
    assert (town.summary_fr, town.summary_ar) == ("Un résumé corrigé.", "ملخص بالعربية")
    assert town.body_ar == "<p>نص طويل</p>"


@thorough
def test_a_draft_is_kept_sent_returned_mended_and_scheduled(town, editor, coordinator, open_page):
    brief, outline = page_of(town, "section", "brief"), page_of(town, "change")
    page = open_page(brief, editor, viewport={"width": 390, "height": 800})
    page.fill("[name=summary_fr]", "")
    press(page, "_save")
    page.goto(page_of(town, "section", "spellings"))
    for name in ("Nom", "Autre nom"):
        page.fill("[name=also_known_as]", name)
        with page.expect_navigation():
            page.press("[name=also_known_as]", "Enter")
        assert "/sections/spellings/" in page.url, "Enter looks at nothing and sends nothing"
        patch = Change.objects.get(state="open").patch
        assert {key: sides[1] for key, sides in patch.items()} == {"summary_fr": "", "also_known_as": name}
    press(page, "_send")
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    with page.expect_navigation():
        page.click("#missing a")
    wait_until(page, "document.activeElement.name === 'summary_fr'")
    page.fill("[name=summary_fr]", "Un résumé.")
    press(page, "_send")
    page.fill("[name=comment]", "Voici.")
    send(page)

    change = Change.objects.get(state="review")
    review = open_page(f"/admin/publishing/change/{change.pk}/change/", coordinator)
    review.click("summary:has-text('Renvoyer…')")
    review.fill("[name=comment]", "Plus long.")
    with review.expect_navigation():
        review.click("[value=return]")
    page.goto(outline)
    expect(page.locator(".waits", has_text="Plus long.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(brief)
    page.fill("[name=summary_fr]", "Un résumé plus long.")
    press(page, "_send")
    send(page)
    review.reload()
    choose_moment(review, "2099-03-01T09:30")
    with review.expect_navigation():
        review.press("[name=due]", "Enter")
    change.refresh_from_db()
    assert change.state == "review", "Enter publishes nothing"
    expect(review.locator(".will-see")).to_contain_text("dimanche 1 mars 2099")
    with review.expect_navigation():
        review.click("[value=apply]")
    change.refresh_from_db()
    assert (change.state, change.due_at.year) == ("scheduled", 2099)


@thorough
def test_an_earlier_text_comes_back_from_what_happened(town, editor, open_page):
    City.objects.filter(pk=town.pk).update(summary_fr="Une ville qui oublie.")
    page = open_page(page_of(town, "happened"), editor)
    expect(page.locator("del", has_text="apprend.")).to_be_visible()
    with page.expect_navigation():
        page.click(".take")
    expect(page.locator(".messagelist")).to_be_in_viewport()
    with page.expect_navigation():
        page.click(".messagelist a")
    page.goto(page_of(town, "section", "brief"))
    assert page.input_value("[name=summary_fr]") == "Une ville qui apprend."
    assert City.objects.get(pk=town.pk).summary_fr == "Une ville qui oublie."
    page.click(".more > summary")
    page.click(".discard:has([value=discard]) summary")
    with page.expect_navigation():
        page.click("[value=discard]")
    page.goto(page_of(town, "section", "brief"))
    assert page.input_value("[name=summary_fr]") == "Une ville qui oublie."


@thorough
def test_a_form_opens_in_the_language_of_the_link_or_else_of_its_reader(town, editor, open_page):
    page = open_page("/admin/initiatives/initiative/add/", editor)
    page.check('[name=_content_language][value="ar"]')
    expect(page.locator("[name=title_ar]")).to_be_visible()
    for language in ("fr", "en"):
        expect(page.locator(f"[name=title_{language}]")).not_to_be_visible()
    page.goto(page_of(town, "section", "motivation"))
    assert page.is_checked('[name=_content_language][value="fr"]'), "the reader's own, whatever was chosen elsewhere"
    page.goto(page_of(town, "section", "motivation") + "?language=ar")
    assert page.is_checked('[name=_content_language][value="ar"]'), "that of the link"
    expect(page.locator("[data-of=fr]").first).not_to_be_visible()


@thorough
def test_a_field_in_error_is_shown_whatever_the_language_chosen(town, editor, open_page):
    page = open_page("/admin/initiatives/initiative/add/", editor)
    page.check('[name=_content_language][value="ar"]')
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    expect(page.locator(".errors-list", has_text="dans une langue au moins")).to_be_visible()
    expect(page.locator("[name=title_fr]")).to_be_visible()
    page.check('[name=_content_language][value="ar"]')
    page.fill("[name=title_ar]", "مبادرة")
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    expect(page.locator(".errors-list")).to_have_count(0)
    initiative = Initiative.objects.get()
    assert initiative.title_ar == "مبادرة"

    page.goto(page_of(initiative, "section", "names"))
    page.check('[name=_content_language][value="fr"]')
    page.locator("[name=title_fr]").evaluate("field => field.removeAttribute('maxlength')")
    page.fill("[name=title_fr]", "Apprendre " * 50)
    page.check('[name=_content_language][value="ar"]')
    expect(page.locator("[name=title_fr]")).not_to_be_visible()
    press(page, "_save")
    expect(page.locator("[data-of=fr] .errorlist")).to_be_visible()
    expect(page.locator("[name=title_fr]")).to_be_visible()


@thorough
def test_a_live_city_is_changed_in_two_languages_with_a_photo_previewed_returned_and_scheduled(
    town, editor, coordinator, open_page
):
    brief, outline = page_of(town, "section", "brief"), page_of(town, "change")
    page = open_page(brief, editor)
    page.check('[name=_content_language][value="all"]')
    page.fill("[name=summary_fr]", "Un résumé corrigé.")
    page.fill("[name=summary_ar]", "ملخص مصحح")
    press(page, "_save")
    with page.expect_navigation():
        page.click(".pick a")
    page.set_input_files(
        "form.upload [type=file]", {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1).read()}
    )
    page.wait_for_selector("#chosen")
    page.fill("#chosen [name$=credit]", "Nadia")
    page.fill("#chosen [name$=licence]", "CC BY 4.0")
    page.fill("#chosen [name$=alternative_fr]", "La place au matin")
    page.fill("#chosen [name$=alternative_ar]", "الساحة في الصباح")
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")

    page.goto(brief)
    press(page, "_preview")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Un résumé corrigé.").first).to_be_visible()
    expect(frame.get_by_alt_text("La place au matin").first).to_be_visible()
    page.click(".preview-choices [lang=ar]")
    expect(frame.get_by_text("ملخص مصحح").first).to_be_visible()
    page.goto(outline)
    with page.expect_navigation():
        page.click(".desk-bar a.button--primary")
    send(page)

    change = Change.objects.get(state="review")
    review = open_page(f"/admin/publishing/change/{change.pk}/change/", coordinator)
    expect(review.locator("dd[dir=rtl]", has_text="ملخص مصحح")).to_be_visible()
    review.click("summary:has-text('Renvoyer…')")
    review.fill("[name=comment]", "Plus court.")
    with review.expect_navigation():
        review.click("[value=return]")
    page.goto(outline)
    expect(page.locator(".waits", has_text="Plus court.")).to_be_visible()
    page.goto(brief)
    page.check('[name=_content_language][value="fr"]')
    page.fill("[name=summary_fr]", "Corrigé.")
    press(page, "_send")
    send(page)
    review.reload()
    choose_moment(review, "2099-03-01T09:30")
    expect(review.locator(".will-see")).to_contain_text("dimanche 1 mars 2099")
    with review.expect_navigation():
        review.click("[value=apply]")
    change.refresh_from_db()
    town = City.objects.get(pk=town.pk)
    assert (change.state, town.summary_fr, town.cover) == ("scheduled", "Une ville qui apprend.", None)

    visitor = open_page(town.get_absolute_url())
    assert not visitor.get_by_alt_text("La place au matin").count()
    Change.objects.filter(pk=change.pk).update(due_at=content_version.moment())
    content_version.ContentVersion.bump()
    visitor.reload()
    expect(visitor.get_by_text("Corrigé.").first).to_be_visible()
    expect(visitor.get_by_alt_text("La place au matin").first).to_be_visible()
    assert City.objects.get(pk=town.pk).cover == Photo.objects.get()


@thorough
def test_a_deleted_initiative_comes_back_whole(town, editor, coordinator, open_page):
    photo = factories.make_photo(town, alternative_fr="La cour")
    initiative = factories.make_initiative(town, slug="apprendre", title_fr="Apprendre à lire", cover=photo)
    initiative.partners.create(name_fr="Association des lectrices")
    address = initiative.get_absolute_url()
    page = open_page(f"/admin/initiatives/initiative/{initiative.pk}/delete/", coordinator)
    with page.expect_navigation():
        page.click("#content [type=submit]")
    visitor = open_page("/fr/")
    assert visitor.request.get(address).status == 410

    with page.expect_navigation():
        page.click(".messagelist a")
    with page.expect_navigation():
        page.click("[value=restore]")
    assert visitor.request.get(address).status == 410, "nothing is published by accident"
    page.goto(page_of(initiative, "send"))
    send(page)
    assert visitor.goto(address).status == 200
    expect(visitor.get_by_alt_text("La cour").first).to_be_visible()
    expect(visitor.get_by_text("Association des lectrices").first).to_be_visible()
    assert Initiative.objects.get().title_fr == "Apprendre à lire"


@thorough
@pytest.mark.parametrize(("locale", "width"), [("fr-FR", 1280), ("ar-MA", 390)])
def test_axe_finds_nothing_on_the_screens_of_an_item_and_nothing_scrolls_sideways(
    town, editor, open_page, locale, width
):
    def check():
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == locale[:2]
        assert not complaints(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    figure = factories.make_figure(town)
    Change.save_draft(town, editor, {"summary_fr": [town.summary_fr, ""]})
    page = open_page("/admin/", editor, locale=locale, viewport={"width": width, "height": 800}, bypass_csp=True)
    for address in (
        page_of(town, "change"),
        page_of(town, "section", "brief"),
        page_of(town, "row", "figures", figure.pk),
        page_of(town, "send"),
        "/admin/initiatives/initiative/add/",
    ):
        page.goto(address)
        check()
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    expect(page.locator(".errors-list")).to_be_visible()
    check()
    page.goto(page_of(town, "send"))
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    expect(page.locator("#missing")).to_be_visible()
    check()
