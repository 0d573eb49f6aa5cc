"""Two editors at one page, and a login or a line that ends while someone writes: nobody loses a word."""

import json

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cities.models import City
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person, thorough

COPIES = "Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length"


@pytest.fixture
def town(site):
    return factories.make_city(slug="own-city", name_fr="Ville à soi", public=False)


@pytest.fixture
def people(town):
    people = [make_person(name) for name in ("amina", "brahim")]
    town.editors.set(people)
    return people


def section(town, name):
    return f"/admin/cities/city/{town.pk}/sections/{name}/"


def at(open_page, address, person):
    """A page whose clock is set forward by hand."""
    page = open_page("/admin/", person)
    page.clock.install()
    page.goto(address)
    return page


def write(page, **words):
    page.check("[name=_content_language][value=all]")
    for name, text in words.items():
        page.fill(f"[name={name}]", text)


def spoken(page):
    """The answer to the form's next word to the server; the clock is set forward for it."""
    with page.expect_response("**/autosave/") as answer:
        page.clock.run_for(15_000)
    return answer.value


def save(page, button="[name=_save]"):
    with page.expect_navigation():
        page.click(button)


def stored(town):
    return City.objects.get(pk=town.pk)


@thorough
def test_two_editors_collide_and_nobody_loses_a_word(town, people, open_page):
    amina, brahim = (at(open_page, section(town, "brief"), person) for person in people)
    spoken(amina)
    assert "brahim" in amina.inner_text(".others")
    assert "amina" in brahim.inner_text(".others"), "at opening"
    write(amina, summary_fr="Le résumé d’Amina", summary_en="Summary")
    write(brahim, summary_fr="Le résumé de Brahim", summary_ar="ملخص إبراهيم")
    assert spoken(amina).json()["kept"]
    assert stored(town).summary_en == "", "autosave writes the draft, not the page"
    assert Change.objects.unfinished().get().patch["summary_en"] == ["", "Summary"]
    assert amina.inner_text(".kept")
    save(amina)
    assert spoken(brahim).json()["clash"]
    assert "amina" in brahim.inner_text(".news")
    assert brahim.inner_text(".trouble")
    save(brahim)
    assert stored(town).summary_fr == "Le résumé d’Amina"
    expect(brahim.locator(".versions", has_text="Le résumé d’Amina")).to_be_visible()
    assert brahim.input_value("[name=summary_fr]") == "Le résumé de Brahim"
    brahim.check('[name="_choice summary_fr"][value=mine]')
    save(brahim, "[name=step][value=decide]")
    town = stored(town)
    assert (town.summary_fr, town.summary_ar, town.summary_en) == ("Le résumé de Brahim", "ملخص إبراهيم", "Summary")


@thorough
def test_ones_own_two_windows_show_both_texts_and_lose_none(town, people, open_page):
    town.publish()
    one, other = (at(open_page, section(town, "brief"), people[0]) for _window in range(2))
    write(one, summary_fr="Fenêtre une")
    save(one)
    write(other, summary_fr="Fenêtre deux", summary_ar="ملخص")
    assert not spoken(other).json()["kept"]
    assert other.inner_text(".trouble")
    assert other.evaluate(COPIES) == 1, "the browser keeps it"
    save(other)
    expect(other.locator(".versions", has_text="Fenêtre une")).to_be_visible()
    assert other.input_value("[name=summary_fr]") == "Fenêtre deux"
    save(other)
    words = {key: after for key, (_before, after) in Change.objects.unfinished().get().patch.items()}
    assert words == {"summary_fr": "Fenêtre deux", "summary_ar": "ملخص"}
    assert other.evaluate(COPIES) == 0


@thorough
def test_a_form_that_autosaves_again_and_again_is_no_other_window(town, people, open_page):
    town.publish()
    page = at(open_page, section(town, "brief"), people[0])
    for words in ("Une", "Une éb", "Une ébauche"):
        write(page, summary_fr=words)
        assert spoken(page).json()["kept"]
    write(page, summary_fr="Une ébauche.")
    save(page)
    expect(page.locator(".versions")).to_have_count(0)
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Une ébauche."


@thorough
def test_a_save_while_an_autosave_is_under_way_is_no_other_window(town, people, open_page):
    town.publish()
    page, held = at(open_page, section(town, "brief"), people[0]), []
    page.route("**/autosave/", lambda route: held.append((route, route.fetch())))
    write(page, summary_fr="Une")
    page.clock.run_for(15_000)
    while not held:
        page.wait_for_timeout(50)
    write(page, summary_fr="Une ébauche")
    with page.expect_navigation():
        page.click("[name=_save]", no_wait_after=True)
        route, response = held.pop()
        route.fulfill(response=response)
    expect(page.locator(".versions")).to_have_count(0)
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Une ébauche"


@thorough
def test_what_was_typed_when_the_login_had_ended_is_offered_again_until_it_is_saved(town, people, open_page):
    page = at(open_page, section(town, "figures"), people[0])
    with page.expect_navigation():
        page.click(".add-row a")
    write(page, label_ar="سكان", source_url="pas une adresse")
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
    save(page, ".typed .back")
    page.check("[name=_content_language][value=all]")
    assert page.input_value("[name=label_ar]") == "سكان"
    assert page.input_value("[name=source_url]") == "pas une adresse"
    assert not stored(town).figures.exists()
    assert page.evaluate(COPIES) == 1, "until it is saved"
    page.fill("[name=source_url]", "https://ville.example/")
    page.fill("[name=label_fr]", "Habitants")
    page.fill("[name=value]", "12")
    save(page)
    assert stored(town).figures.get().label_ar == "سكان"
    assert page.evaluate(COPIES) == 0
    write(page, label_fr="Encore")
    page.clock.run_for(1000)
    assert page.evaluate(COPIES) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.click(".person > summary")
    save(page, "#logout-form button")
    assert page.evaluate(COPIES) == 0, "a shared computer keeps nothing of whoever logs out"


@thorough
def test_what_is_typed_without_a_connection_is_kept_here_and_sent_when_there_is_one(town, people, open_page):
    page = at(open_page, section(town, "brief"), people[0])
    page.context.set_offline(True)
    write(page, summary_fr="Dans le train")
    page.clock.run_for(15_000)
    expect(page.locator(".trouble")).not_to_be_empty()
    assert page.evaluate(COPIES) == 1
    page.context.set_offline(False)
    assert spoken(page).json()["kept"]
    expect(page.locator(".trouble")).to_be_empty()
    assert page.evaluate(COPIES) == 0
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Dans le train"


@thorough
def test_leaving_with_unsaved_words_asks_first_and_they_are_offered_at_the_next_visit(town, people, open_page):
    page = at(open_page, section(town, "brief"), people[0])
    write(page, summary_fr="Un début")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(section(town, "contact"))
    assert asked == ["beforeunload"]
    expect(page.locator(".typed")).to_be_hidden()
    page.goto(section(town, "brief"))
    save(page, ".typed .back")
    assert page.input_value("[name=summary_fr]") == "Un début"
    save(page)
    assert stored(town).summary_fr == "Un début"
    assert page.evaluate(COPIES) == 0
    write(page, summary_fr="Une suite")
    assert spoken(page).json()["kept"]
    page.goto(section(town, "contact"))
    assert asked == ["beforeunload"], "what is kept needs no question"
    page.goto(section(town, "brief"))
    assert page.input_value("[name=summary_fr]") == "Une suite"


@thorough
def test_what_the_browser_has_kept_can_be_discarded(town, people, open_page):
    page = at(open_page, section(town, "brief"), people[0])
    write(page, summary_fr="Un début")
    page.clock.run_for(1000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.click(".typed .away")
    expect(page.locator(".typed")).to_be_hidden()
    assert page.evaluate(COPIES) == 0


@thorough
def test_what_another_person_typed_in_this_browser_is_not_offered(town, people, open_page):
    amina, brahim = people
    page = at(open_page, section(town, "brief"), amina)
    for person, is_offered in ((brahim, False), (amina, True)):
        copy = json.dumps({"at": page.evaluate("Date.now()"), "seen": "", "words": [["summary_fr", "Un secret"]]})
        key = f"typed:{person.pk}:{section(town, 'brief')}:abc"
        page.evaluate("([key, copy]) => localStorage.setItem(key, copy)", [key, copy])
        page.reload()
        expect(page.locator(".typed")).to_be_visible(visible=is_offered)


@thorough
def test_words_that_a_browser_kept_of_the_form_before_are_offered_as_text_until_they_are_discarded(
    town, people, open_page
):
    outline = f"/admin/cities/city/{town.pk}/change/"
    amina, brahim = people
    page = at(open_page, section(town, "brief"), amina)
    words = [
        ["summary_fr", "Un <b>résumé</b>"],
        ["body_ar", "<p>نص طويل</p><img src='/none'>"],
        ["figures-TOTAL_FORMS", "3"],
        ["note", ""],
    ]
    for person, text in ((amina, words), (brahim, [["summary_fr", "Un secret"]])):
        copy = {"at": page.evaluate("Date.now()"), "seen": "", "words": text}
        key = f"typed:{person.pk}:{outline}:abc"
        page.evaluate("([key, copy]) => localStorage.setItem(key, copy)", [key, json.dumps(copy)])
    expect(page.locator(".earlier")).to_have_count(0)
    page.goto(outline)
    expect(page.locator(".earlier textarea")).to_be_visible()
    said = page.input_value(".earlier textarea")
    assert "Un <b>résumé</b>" in said, "as it was typed"
    assert "نص طويل" in said
    assert not any(text in said for text in ("<img", "TOTAL", "note", "secret"))
    assert page.locator(".earlier img").count() == 0
    page.click(".earlier .away")
    expect(page.locator(".earlier")).to_be_hidden()
    page.reload()
    expect(page.locator(".earlier")).to_be_hidden()
    assert page.evaluate(COPIES) == 1, "another's words are left to them"
