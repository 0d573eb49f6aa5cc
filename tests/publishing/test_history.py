"""The record as an editor reads it, and the way back: undo, an earlier state, the bin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from cities.models import City
from initiatives.models import Theme
from learningcities.pages.models import MenuLink
from learningcities.publishing.models import Change, Redirect
from learningcities.text.text_diff import marked
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import form_of, live, queries, save, send

from .helpers import draft_of, go_back, history_of, page_of, write


@thorough
def test_the_history_names_author_approver_and_fields_and_shows_the_words(as_editor, as_coordinator, city):
    send(as_editor, city, summary_fr="Une ville qui lit.")
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "apply"})
    page = as_editor.get(history_of(city), {"change": change.pk}).content.decode()
    for word in ("editor", "coordinator", "(français)", 'lang="fr" dir="ltr"'):
        assert word in page
    assert "apprend.</del>" in page
    assert "lit.</ins>" in page


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Une belle ville", "Une grande ville", "Une <del>belle </del> <ins>grande </ins> ville"),
        ("مدينة جميلة", "مدينة كبيرة", "مدينة <del>جميلة</del> <ins>كبيرة</ins> "),
        ("", "Nouveau", "<ins>Nouveau</ins> "),
        ("Rien de commun", "Tout autre chose", "<del>Rien de commun</del> <ins>Tout autre chose</ins> "),
        ("<b>", "<i>", "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> "),
    ],
)
def test_words_that_go_and_come_are_marked_and_said(before, after, expected):
    with override("en"):
        said = str(marked(before, after))
    for word in ("Removed:", "Added:"):
        said = said.replace(f'<span class="visually-hidden" lang="en">{word}</span>', "")
    assert said == expected


def test_a_change_of_formatting_alone_is_said(as_coordinator, city):
    write(city, body_fr="<p>Un mot</p>")
    change = write(city, body_fr="<p><strong>Un mot</strong></p>")
    page = as_coordinator.get(history_of(city), {"change": change.pk})
    assert [row.before == row.after for row in page.context["rows"]] == [True]


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_undoing_one_change_of_a_live_page_is_a_draft_and_keeps_what_came_later(who, city, request):
    client, before = request.getfixturevalue(who), city.summary_fr
    change = write(city, summary_fr="Faute")
    write(city, also_known_as="Nom")
    go_back(client, "undo", change)
    assert draft_of(city) == {"summary_fr": before}
    assert (live(city).summary_fr, live(city).also_known_as) == ("Faute", "Nom")


@thorough
def test_what_was_changed_again_is_left_and_named(as_editor, city):
    change = write(city, summary_fr="Un", also_known_as="Nom")
    write(city, summary_fr="Deux")
    response = go_back(as_editor, "undo", change)
    page = as_editor.get(response["Location"])
    assert any("(français)" in str(message) for message in page.context["messages"])
    assert draft_of(city) == {"also_known_as": ""}


@thorough
def test_undo_is_laid_over_ones_own_draft(as_editor, city):
    change = write(city, also_known_as="Nom")
    save(as_editor, city, summary_ar="ملخص")
    go_back(as_editor, "undo", change)
    assert draft_of(city) == {"also_known_as": "", "summary_ar": "ملخص"}


@thorough
def test_an_earlier_state_comes_back_with_rows_and_relations(as_coordinator, city):
    initiative = factories.make_initiative(city, themes=[Theme.objects.first()])
    partner = initiative.partners.create(name_fr="Association")
    wanted, name = Change.objects.of(initiative).happened().first(), partner.pk
    partner.name_fr = "Autre"
    partner.save()
    partner.delete()
    initiative.themes.clear()
    write(initiative, title_fr="Autre titre")
    go_back(as_coordinator, "restore", wanted)
    assert initiative.partners.count() == 0, "visitors see nothing of it yet"
    save(as_coordinator, initiative, _save="1")
    initiative.refresh_from_db()
    assert (initiative.title_fr, initiative.themes.count()) == ("Initiative", 1)
    assert initiative.partners.get().name_fr == "Association"
    assert initiative.partners.get().pk == name


def test_what_was_never_public_comes_back_at_once_and_that_is_on_record(as_editor, editor, city):
    initiative = factories.make_initiative(city, public=False)
    change = write(initiative, title_fr="Autre")
    go_back(as_editor, "undo", change)
    initiative.refresh_from_db()
    assert initiative.title_fr == "Initiative"
    assert Change.objects.of(initiative).happened().first().author == editor


def test_undo_neither_publishes_nor_withdraws(as_coordinator, city):
    initiative = factories.make_initiative(city)
    initiative.withdraw()
    change = Change.objects.of(initiative).happened().first()
    go_back(as_coordinator, "undo", change)
    assert not Change.objects.of(initiative).unfinished().exists()
    initiative.refresh_from_db()
    assert initiative.state == "withdrawn"


def test_what_brought_a_row_into_being_is_not_undone(as_coordinator, city):
    assert go_back(as_coordinator, "undo", Change.objects.of(city).happened().last()).status_code == 403


def test_who_may_not_edit_a_row_brings_nothing_back(city, other_city, as_editor):
    change = write(other_city, also_known_as="Nom")
    assert go_back(as_editor, "undo", change).status_code in (302, 403)
    theme = Theme.objects.first()
    renamed = write(theme, name_fr="Autre")
    assert go_back(as_editor, "undo", renamed).status_code == 403
    assert not Change.objects.unfinished().exists()


def test_a_change_of_another_row_is_not_undone_here(as_editor, city, other_city):
    change = write(other_city, also_known_as="Nom")
    assert as_editor.post(history_of(city), {"step": "undo", "change": change.pk}).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40])
def test_a_change_that_is_none_is_not_undone(as_editor, city, key):
    assert as_editor.post(history_of(city), {"step": "undo", "change": key}).status_code == 404


@thorough
def test_the_history_costs_the_same_with_3_changes_and_12(as_coordinator, city):
    for number in range(3):
        write(city, also_known_as=str(number))
    few = queries(as_coordinator, history_of(city))
    for number in range(9):
        write(city, also_known_as=f"n{number}")
    assert queries(as_coordinator, history_of(city)) == few


# The bin


@pytest.fixture
def whole(city, settings, tmp_path):
    """A photo and an initiative that other rows point at."""
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city)
    axis = city.axes.create(title_fr="Lire")
    initiative = factories.make_initiative(city, slug="old", cover=photo)
    initiative.axes.add(axis)
    initiative.gallery.create(photo=photo)
    initiative.slug = "new"
    initiative.save()
    return initiative


@thorough
def test_what_comes_out_of_the_bin_is_whole(whole, as_coordinator, client, city):
    old = client.get("/fr/initiatives/old/")
    for row in (whole, whole.cover):
        as_coordinator.post(form_of(row).replace("change", "delete"), {"post": "yes"})
        assert as_coordinator.get(form_of(row)).status_code == 200
        save(as_coordinator, row, _restore="1")
        save(as_coordinator, row, _publish="1")
    row = type(whole).objects.get(pk=whole.pk)
    assert row.is_public()
    assert (row.cover, [one.photo for one in row.gallery.all()]) == (whole.cover, [whole.cover])
    assert [axis.title_fr for axis in row.axes.all()] == ["Lire"]
    assert Redirect.objects.filter(slug="old").exists()
    assert client.get("/fr/initiatives/old/")["Location"] == old["Location"]


def test_the_list_of_the_bin_says_how_long_it_is_kept(whole, as_coordinator):
    whole.move_to_bin()
    response = as_coordinator.get(reverse("admin:initiatives_initiative_changelist"), {"state": "bin"})
    whole.refresh_from_db()
    assert whole.kept_until == whole.binned_at + timedelta(days=30)
    assert str(whole.kept_until.year) in response.content.decode()


@thorough
def test_a_selection_is_taken_out_of_the_bin(whole, as_coordinator):
    whole.move_to_bin()
    address = f"{reverse('admin:initiatives_initiative_changelist')}?state=bin"
    as_coordinator.post(address, {"action": "restore_selected", "_selected_action": [whole.pk]})
    whole.refresh_from_db()
    assert whole.state == "withdrawn"


@thorough
def test_an_editor_takes_no_public_page_out_of_the_bin(whole, as_editor):
    whole.move_to_bin()
    save(as_editor, whole, _restore="1")
    address = f"{reverse('admin:initiatives_initiative_changelist')}?state=bin"
    as_editor.post(address, {"action": "restore_selected", "_selected_action": [whole.pk]})
    whole.refresh_from_db()
    assert whole.state == "binned"


@thorough
def test_a_deletion_says_first_where_the_thing_is_used(whole, as_coordinator, city):
    def linked(row):
        page = as_coordinator.get(form_of(row).replace("change", "delete")).content.decode()
        return {target for target in (whole, city) if f'href="{form_of(target)}"' in page}

    assert linked(whole.cover) >= {whole}
    assert linked(city) >= {whole}
    page = factories.make_page()
    link = MenuLink.objects.create(place="header", label_fr="Page", page=page)
    said = as_coordinator.get(form_of(page).replace("change", "delete")).content.decode()
    assert f'href="{form_of(link)}"' in said


def test_a_deletion_does_not_name_what_another_city_does(other_city, city, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, public=False)
    City.objects.filter(pk=other_city.pk).update(cover=photo)
    client = logged_in(editor)
    page = client.get(form_of(photo).replace("change", "delete"))
    assert page.status_code == 200
    assert str(other_city) not in page.content.decode()
    assert [hidden for _, _, hidden in page.context["uses"] if hidden] == [1]


def test_a_colleague_of_the_city_may_undo(city):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    change = write(city, also_known_as="Nom")
    go_back(logged_in(colleague), "undo", change)
    assert Change.objects.unfinished().get().author == colleague
