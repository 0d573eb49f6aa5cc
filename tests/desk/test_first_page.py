"""The desk's first page: where one left off, what waits for one, and what is missing on one's cities."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.html import escape

from initiatives.models import Initiative
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.models import Change
from learningcities.publishing.workflow.comment import Comment
from tests import factories
from tests.conftest import make_person
from tests.forms import queries

DESK = "/admin/"


def works(client):
    return client.get(DESK).context["works"]


def groups(client):
    return {group.name: group for group in client.get(DESK).context["groups"]}


def draft(item, person, words="Autre résumé", key="summary_fr"):
    return Change.save_draft(item, person, {key: [getattr(item, key), words]})


def returned(item, person, coordinator, word):
    change = draft(item, person)
    change.send()
    change.return_to_author(coordinator, word)
    return change


# Continue


def test_the_last_thing_comes_first_and_leads_to_the_field_where_one_left_off(city, editor, as_editor):
    initiative = factories.make_initiative(city)
    draft(initiative, editor)
    draft(city, editor, "Une ville, autrement dite", "summary_ar")
    last, before = works(as_editor)
    assert (last.row, before.row) == (city, initiative)
    assert last.address == admin.site.field_address(city, "summary_ar")
    assert last.words == "Une ville, autrement dite"
    assert last.where == "Résumé (العربيّة)"
    assert f'href="{escape(last.address)}"' in as_editor.get(DESK).content.decode()


def test_each_row_is_there_once_and_five_at_most(city, editor, as_editor):
    for number in range(7):
        draft(factories.make_initiative(city, slug=f"i-{number}"), editor)
    draft(city, editor)
    draft(city, editor, "Encore autre chose")
    assert [work.row for work in works(as_editor)].count(city) == 1
    assert len(works(as_editor)) == 5


def test_what_was_never_published_is_there_and_may_lack_a_title_in_the_readers_language(city, editor, as_editor):
    with acting(editor):
        Initiative.objects.create(city=city, slug="nouvelle", title_ar="ورشة")
    [work] = works(as_editor)
    assert str(work.name) == "ورشة"
    assert work.pill.words == "jamais en ligne"
    assert 'lang="ar"' in as_editor.get(DESK).content.decode()


def test_nobody_goes_on_with_what_others_did_or_with_what_they_may_not_see_any_more(
    city, editor, as_editor, as_coordinator
):
    draft(city, editor)
    assert works(as_coordinator) == []
    editor.cities.clear()
    assert works(as_editor) == []


def test_what_was_discarded_or_is_gone_is_nothing_to_go_on_with(city, editor, as_editor):
    draft(city, editor).discard(editor)
    gone = factories.make_initiative(city, public=False)
    draft(gone, editor)
    gone.delete()
    assert works(as_editor) == []


def kept(client, *paths):
    return client.get(reverse("admin:kept"), {"path": paths}).content.decode()


def test_a_browser_that_keeps_words_of_forms_gets_a_line_for_each_that_its_reader_may_see(city, other_city, as_editor):
    new = reverse("admin:initiatives_initiative_add")
    page = kept(as_editor, admin.site.form_address(city), admin.site.form_address(other_city), new)
    assert f'href="{admin.site.form_address(city)}"' in page
    assert f'href="{new}"' in page
    assert "gardé dans ce navigateur" in page
    assert str(other_city) not in page


@pytest.mark.parametrize("path", ["", "//elsewhere.example/", "/fr/", "/admin/", "/admin/cities/city/x/change/", "é\0"])
def test_other_addresses_get_no_line(as_editor, path):
    assert "<li" not in kept(as_editor, path)


# For you


def test_what_came_back_is_first_with_the_word_that_came_along(city, editor, coordinator, as_editor):
    Comment.write(city, coordinator, "Qui le dit ?")
    returned(city, editor, coordinator, "Il manque la source.")
    factories.make_report(city, message="L’année est fausse.")
    first, *_others = groups(as_editor)
    assert first == "returned"
    assert list(groups(as_editor)) == ["returned", "comments", "reports"]
    [notice] = groups(as_editor)["returned"].notices
    assert notice.words == "Il manque la source."
    assert notice.address == admin.site.field_address(city, "summary_fr")
    page = as_editor.get(DESK).content.decode()
    assert 'href="#for-you-returned"' in page
    assert 'id="for-you-returned"' in page


def test_only_coordinators_are_asked_to_decide(city, editor, as_editor, as_coordinator):
    change = draft(city, editor)
    change.send()
    assert groups(as_editor) == {}
    [notice] = groups(as_coordinator)["decide"].notices
    assert notice.address == reverse("admin:publishing_change_change", args=[change.pk])


def test_a_remark_of_ones_own_a_settled_one_and_one_elsewhere_wait_for_nobody(
    city, other_city, editor, coordinator, as_editor
):
    Comment.write(city, editor, "De moi")
    Comment.write(other_city, coordinator, "Ailleurs")
    Comment.write(city, coordinator, "Réglé")
    Comment.objects.filter(text="Réglé").resolve(coordinator)
    factories.make_report(other_city)
    assert groups(as_editor) == {}


def test_who_is_asked_for_something_from_the_bin_meets_the_request(city, editor, as_editor, as_coordinator):
    initiative = factories.make_initiative(city)
    initiative.move_to_bin()
    Comment.write(initiative, editor, "", kind=Comment.Kind.BIN)
    assert groups(as_editor) == {}
    [notice] = groups(as_coordinator)["requests"].notices
    assert notice.row == initiative
    assert as_coordinator.get(groups(as_coordinator)["requests"].address).context["cl"].result_count == 1


def test_words_of_visitors_and_colleagues_are_shown_as_text(city, coordinator, as_editor):
    Comment.write(city, coordinator, "<script>x</script>")
    factories.make_report(city, message="<script>y</script>")
    assert not {"<script>x", "<script>y"} & {*as_editor.get(DESK).content.decode().split("</")}


# Your cities


def sentences(client):
    [city] = client.get(DESK).context["cities"]
    return [f"{gap.subject}: {gap.sentence}" if gap.subject else gap.sentence for gap in city.gaps]


def test_texts_to_translate_are_counted_for_each_language_over_all_pages_of_the_city(city, as_editor):
    city.apply_patch({"name_ar": [city.name_ar, "مدينة"], "name_en": [city.name_en, "City"]})
    before = next(said for said in sentences(as_editor) if "arabe" in said)
    factories.make_initiative(city)
    after = next(said for said in sentences(as_editor) if "arabe" in said)
    assert (before, after) == ("1 texte à traduire en arabe", "3 textes à traduire en arabe")


def test_a_text_that_lacks_a_language_is_no_part_of_which_nothing_is_there(city, as_editor):
    assert any("défis" in said.lower() for said in sentences(as_editor))
    city.apply_patch({"challenges_ar": ["", "<p>تحديات</p>"]})
    assert not any("défis" in said.lower() for said in sentences(as_editor))


def test_what_is_missing_has_a_verb_and_leads_to_its_field(city, as_editor):
    [shown] = as_editor.get(DESK).context["cities"]
    gap = next(gap for gap in shown.gaps if "défis" in gap.subject.lower())
    assert gap.verb == "Écrire"
    assert gap.address in [
        admin.site.field_address(city, f"{name}_fr") for name in ("motivation", "body", "challenges")
    ]


def test_an_editor_reads_of_their_own_cities_and_a_coordinator_of_those_that_need_most(
    city, other_city, as_editor, as_coordinator
):
    factories.make_initiative(other_city)
    assert [each.row for each in as_editor.get(DESK).context["cities"]] == [city]
    assert as_coordinator.get(DESK).context["cities"][0].row == other_city


# What it costs


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_the_first_page_costs_the_same_with_few_things_and_with_many(who, city, editor, coordinator, request):
    client = request.getfixturevalue(who)

    def more(number):
        initiative = factories.make_initiative(city, slug=f"i-{number}", end="2020")
        draft(initiative, coordinator if who == "as_coordinator" else editor)
        returned(factories.make_initiative(city, slug=f"r-{number}"), editor, coordinator, "Mot")
        draft(factories.make_initiative(city, slug=f"s-{number}"), make_person(f"p-{number}", "coordinator")).send()
        Comment.write(city, make_person(f"c-{number}"), "Mot")
        factories.make_report(city)
        factories.make_city(slug=f"city-{number}").editors.add(editor)

    for number in range(2):
        more(number)
    few = queries(client, DESK)
    for number in range(2, 8):
        more(number)
    assert queries(client, DESK) == few
