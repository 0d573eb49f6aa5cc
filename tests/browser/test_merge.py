"""Two editors at one form, and a login that ends while someone writes: nobody loses a word."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cities.models import City
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person, thorough


@pytest.fixture
def town(site):
    return factories.make_city(slug="own-city", name_fr="Ville à soi", public=False)


@pytest.fixture
def people(town):
    people = [make_person(name) for name in ("amina", "brahim")]
    town.editors.set(people)
    return people


def write(page, **words):
    page.check("[name=_content_language][value=all]")
    for name, text in words.items():
        page.fill(f"[name={name}]", text)


def spoken(page):
    """The answer to the form's next word to the server; the clock is set forward for it."""
    with page.expect_response("**/autosave/") as answer:
        page.clock.run_for(15_000)
    return answer.value


def save(page):
    with page.expect_navigation():
        page.click("[name=_continue]")


@thorough
def test_two_editors_collide_and_nobody_loses_a_word(town, people, open_page):
    form = f"/admin/cities/city/{town.pk}/change/"
    pages = [open_page("/admin/", person) for person in people]
    for page in pages:
        page.clock.install()
        page.goto(form)
    amina, brahim = pages
    spoken(amina)
    assert "brahim" in amina.inner_text(".others")
    assert "amina" in brahim.inner_text(".others"), "at opening"
    write(amina, summary_fr="Le résumé d’Amina", also_known_as="Nom")
    write(brahim, summary_fr="Le résumé de Brahim", summary_ar="ملخص إبراهيم")
    assert spoken(amina).json()["kept"]
    assert City.objects.get(pk=town.pk).also_known_as == "", "autosave writes the draft, not the page"
    assert Change.objects.unfinished().get().patch["also_known_as"] == ["", "Nom"]
    assert amina.inner_text(".kept")
    save(amina)
    assert spoken(brahim).json()["clash"]
    save(brahim)
    assert City.objects.get(pk=town.pk).summary_fr == "Le résumé d’Amina"
    expect(brahim.locator(".versions", has_text="Le résumé d’Amina")).to_be_visible()
    assert brahim.input_value("[name=summary_fr]") == "Le résumé de Brahim"
    brahim.check('[name="_choice summary_fr"][value=mine]')
    save(brahim)
    town = City.objects.get(pk=town.pk)
    assert (town.summary_fr, town.summary_ar, town.also_known_as) == ("Le résumé de Brahim", "ملخص إبراهيم", "Nom")


@thorough
def test_what_was_typed_when_the_login_had_ended_is_offered_again_until_it_is_saved(town, people, open_page):
    form = f"/admin/cities/city/{town.pk}/change/"
    page = open_page("/admin/", people[0])
    page.clock.install()
    page.goto(form)
    write(page, summary_fr="Un long résumé", website="pas une adresse")
    page.click(".inline-group:has(#figures-group) .add-row a, #figures-group .add-row a")
    page.fill("[name=figures-0-label_ar]", "سكان")
    Session.objects.all().delete()
    with page.expect_response("**/autosave/"):
        page.clock.run_for(15_000)
    page.locator(".expired").wait_for()
    save(page)
    assert "/login/" in page.url
    page.fill("[name=username]", "amina")
    page.fill("[name=password]", "secret")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.click(".typed .back")
    page.check("[name=_content_language][value=all]")
    assert page.input_value("[name=summary_fr]") == "Un long résumé"
    assert page.input_value("[name=figures-0-label_ar]") == "سكان"
    assert City.objects.get(pk=town.pk).summary_fr != "Un long résumé"
    page.fill("[name=website]", "https://ville.example/")
    page.fill("[name=figures-0-label_fr]", "Habitants")
    page.fill("[name=figures-0-value]", "12")
    save(page)
    assert City.objects.get(pk=town.pk).summary_fr == "Un long résumé"
    copies = "Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length"
    assert page.evaluate(copies) == 0
    write(page, summary_fr="Encore")
    page.clock.run_for(1000)
    assert page.evaluate(copies) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".person > summary")
    with page.expect_navigation():
        page.click("#logout-form button")
    assert page.evaluate(copies) == 0, "a shared computer keeps nothing of whoever logs out"
