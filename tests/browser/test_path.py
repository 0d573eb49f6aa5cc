"""The whole way of a change, and of an initiative through the bin, as the people of the desk walk it."""

import pytest
from playwright.sync_api import expect

from cities.models import City, Photo
from initiatives.models import Initiative
from learningcities.publishing import clock
from learningcities.publishing.models import Change
from tests import factories
from tests.cities.test_library import jpeg
from tests.conftest import make_person, thorough

pytestmark = thorough


@pytest.fixture
def town(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.make_city(slug="own-city", name_fr="Ville à soi", name_ar="مدينتي")


@pytest.fixture
def editor(town):
    editor = make_person("editor")
    town.editors.add(editor)
    return editor


@pytest.fixture
def coordinator(town):
    return make_person("coordinator", "coordinator")


def test_a_live_city_is_changed_in_two_languages_with_a_photo_previewed_returned_and_scheduled(
    town, editor, coordinator, open_page
):
    form = f"/admin/cities/city/{town.pk}/change/"
    page = open_page(form, editor)
    page.check('[name=_content_language][value="all"]')
    page.fill("[name=summary_fr]", "Un résumé corrigé.")
    page.fill("[name=summary_ar]", "ملخص مصحح")
    with page.expect_popup() as opened:
        page.click("#add_id_cover")
    window = opened.value
    photo = {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1).read()}
    window.set_input_files("[type=file]", photo)
    window.fill("[name=credit]", "Nadia")
    window.fill("[name=licence]", "CC BY 4.0")
    window.click(".submit-row [type=submit]")
    window.wait_for_selector(".describe, .submit-row a:not([hidden])")
    if not window.locator(".describe").count():
        window.click(".submit-row a:not([hidden])")
    window.fill("[name=form-0-alternative_fr]", "La place au matin")
    window.fill("[name=form-0-alternative_ar]", "الساحة في الصباح")
    with window.expect_event("close"):
        window.press("[name=form-0-alternative_ar]", "Enter")
    page.wait_for_function("document.querySelector('[name=cover]').value")

    page.click("[name=_preview]")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Un résumé corrigé.").first).to_be_visible()
    expect(frame.get_by_alt_text("La place au matin").first).to_be_visible()
    page.click(".preview-choices [lang=ar]")
    expect(frame.get_by_text("ملخص مصحح").first).to_be_visible()
    page.goto(form)
    page.click("[name=_send]")
    expect(page.locator(".messagelist .success")).to_be_visible()

    change = Change.objects.get(state="review")
    review = open_page(f"/admin/publishing/change/{change.pk}/change/", coordinator)
    expect(review.locator("td[dir=rtl]", has_text="ملخص مصحح")).to_be_visible()
    review.fill("[name=comment]", "Plus court.")
    with review.expect_navigation():
        review.click("[value=return]")
    page.goto(form)
    expect(page.locator(".item-state", has_text="Plus court.")).to_be_visible()
    page.check('[name=_content_language][value="fr"]')
    page.fill("[name=summary_fr]", "Corrigé.")
    with page.expect_navigation():
        page.click("[name=_send]")
    review.reload()
    review.fill("[name=due]", "2099-03-01T09:30")
    with review.expect_navigation():
        review.click("[value=schedule]")
    change.refresh_from_db()
    town = City.objects.get(pk=town.pk)
    assert (change.state, town.summary_fr, town.cover) == ("scheduled", "Une ville qui apprend.", None)

    visitor = open_page(town.get_absolute_url())
    assert not visitor.get_by_alt_text("La place au matin").count()
    Change.objects.filter(pk=change.pk).update(due_at=clock.moment())
    clock.Clock.renew()
    visitor.reload()
    expect(visitor.get_by_text("Corrigé.").first).to_be_visible()
    expect(visitor.get_by_alt_text("La place au matin").first).to_be_visible()
    assert City.objects.get(pk=town.pk).cover == Photo.objects.get()


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
        page.click("[name=_restore]")
    assert visitor.request.get(address).status == 410, "nothing is published by accident"
    page.goto(f"/admin/initiatives/initiative/{initiative.pk}/change/")
    with page.expect_navigation():
        page.click("[name=_publish]")
    assert visitor.goto(address).status == 200
    expect(visitor.get_by_alt_text("La cour").first).to_be_visible()
    expect(visitor.get_by_text("Association des lectrices").first).to_be_visible()
    assert Initiative.objects.get().title_fr == "Apprendre à lire"
