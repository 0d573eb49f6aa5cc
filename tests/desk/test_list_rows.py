"""What a row of a list says: its state as a label, its languages, what it lacks; and what can be done with it."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from learningcities.publishing.workflow.change import Change
from learningcities.text.dates import display
from learningcities.text.translation import listed
from tests import factories

INITIATIVES = "admin:initiatives_initiative_changelist"


def page_of(client, name=INITIATIVES, **asked):
    return client.get(reverse(name), asked).content.decode()


def pills(page):
    return re.findall(r'class="pill pill--(\w+)">([^<]+)<', page)


@pytest.fixture
def initiative(city):
    return factories.make_initiative(city, title_fr="Atelier", summary_fr="Avant")


@pytest.fixture
def change(initiative, editor):
    return Change.save_draft(initiative, editor, {"summary_fr": ["Avant", "Après"]})


def test_a_draft_shows_in_the_list_of_its_author_alone(change, as_editor, as_coordinator):
    assert [look for look, _words in pills(page_of(as_editor))] == ["changed"]
    assert [look for look, _words in pills(page_of(as_coordinator))] == ["public"]


def test_what_was_sent_waits_for_whoever_decides_and_not_for_its_author(change, as_editor, as_coordinator):
    change.send()
    assert pills(page_of(as_coordinator)) == [("waiting", "attend votre accord")]
    assert pills(page_of(as_editor)) == [("waiting", "en attente de relecture")]


def test_what_came_back_is_addressed_to_its_author(change, editor, coordinator, as_editor, as_coordinator):
    change.send()
    change.return_to_author(coordinator, "Une source ?")
    assert pills(page_of(as_editor)) == [("returned", "on vous l’a renvoyée")]
    assert pills(page_of(as_coordinator)) == [("returned", f"renvoyée à {editor}")]


def test_a_row_says_of_each_language_whether_it_is_there_behind_or_missing(initiative, coordinator, as_coordinator):
    Change.save_draft(initiative, coordinator, {"title_ar": ["", "ورشة"], "summary_ar": ["", "قبل"]}).apply(coordinator)
    initiative.refresh_from_db()
    Change.save_draft(initiative, coordinator, {"summary_fr": ["Avant", "Après"]}).apply(coordinator)
    boxes = re.findall(r'class="langs__(\w+)"><span aria-hidden="true">(.+?)<', page_of(as_coordinator))
    assert {letters: look for look, letters in boxes} == {"fr": "there", "ع": "behind", "en": "missing"}


def test_a_row_names_three_things_that_are_missing_and_how_many_more(initiative, as_editor):
    initiative.refresh_from_db()
    cell = re.search(r'field-completeness">([^<]+)<', page_of(as_editor)).group(1)
    *first, more = cell.replace("&#x27;", "’").split(", ")
    assert (len(first), more) == (3, f"\u2066+{initiative.missing_aspects.count('[') - 3}\u2069")


def test_a_list_of_one_city_has_its_colour_and_one_of_several_the_networks(city, other_city, as_editor, as_coordinator):
    type(city).objects.filter(pk=city.pk).update(colour="plum")
    factories.make_initiative(city, slug="ours")
    factories.make_initiative(other_city, slug="theirs")
    assert 'data-colour="plum"' in re.search(r"<body[^>]*>", page_of(as_editor)).group()
    assert 'data-colour="emerald"' in re.search(r"<body[^>]*>", page_of(as_coordinator)).group()


def test_a_cell_names_its_column_without_a_script(initiative, as_editor):
    assert 'data-column="Ville" class="field-city' in page_of(as_editor)


def test_what_can_be_done_with_the_chosen_rows_is_a_button_each(initiative, as_coordinator):
    page = page_of(as_coordinator)
    assert '<select name="action"' not in page
    posted = {name: value for name, value in re.findall(r'name="(index|action)" value="(\w+)"', page) if value}
    assert posted.keys() == {"index", "action"}
    chosen = {"index": "0", "action": "withdraw_selected", "_selected_action": [initiative.pk]}
    as_coordinator.post(reverse(INITIATIVES), chosen)
    initiative.refresh_from_db()
    assert initiative.withdrawn_at


def test_an_editor_is_not_offered_what_only_coordinators_do(initiative, as_editor):
    page = page_of(as_editor)
    assert 'value="publish_selected"' not in page
    assert 'value="bin_selected"' in page


def test_a_list_offers_to_take_out_of_the_bin_only_what_lies_there(initiative, as_editor):
    assert 'value="restore_selected"' not in page_of(as_editor)
    initiative.move_to_bin()
    page = page_of(as_editor, state="bin")
    assert 'value="restore_selected"' in page
    assert 'value="bin_selected"' not in page


def test_an_empty_list_says_so_in_words(city, as_editor):
    assert "Il n’y a encore rien ici." in page_of(as_editor)
    assert "Rien ne correspond" in page_of(as_editor, q="introuvable")


def test_a_filter_that_is_chosen_says_what_in_its_chip(initiative, as_editor):
    assert "<b>" not in page_of(as_editor)
    assert "<b>en ligne</b>" in page_of(as_editor, state="public")


@pytest.mark.parametrize(("day", "words"), [("2026-12-01", "1er décembre 2026"), ("2026-12-02", "2 décembre 2026")])
def test_the_first_of_a_month_is_an_ordinal_in_french_alone(day, words):
    with override("fr"):
        assert display(day) == words
    with override("en"):
        assert display(day) == f"{int(day[-2:])} December 2026"


@pytest.mark.parametrize(("language", "words"), [("fr", "un, deux"), ("ar", "un، deux")])
def test_names_are_listed_with_the_comma_of_the_language(language, words):
    with override(language):
        assert listed(["un", "deux"]) == words
