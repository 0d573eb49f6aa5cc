"""What a dry run calls right can be published, and there is one way on: correct the same file, import it again."""

import re

import pytest

from cities.models import City, Recognition
from initiatives.models import Initiative, Partner
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import logged_in, thorough
from tests.forms import edit

from .helpers import Edited, errors, exported, make, send, tried

INITIATIVES, CITIES = "/admin/initiatives/initiative/", "/admin/cities/city/"
MAIN, CITY, RECOGNITIONS, PARTNERS = (
    "initiatives.initiative",
    "cities.city",
    "cities.recognition",
    "initiatives.partner",
)
NEW = {"name_fr": "Benguérir", "region": "Région", "summary_fr": "Une ville verte."}


@pytest.fixture
def cities(as_coordinator, city):
    return Edited(exported(as_coordinator, CITIES))


def step(client, batch, name, **words):
    return client.post(f"/admin/publishing/batch/{batch.pk}/change/", {"step": name, **words}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def visible(client, item):
    return client.get(item.get_absolute_url()).status_code == 200


def decide(client, address, content, **posted):
    """Make drafts of a file, with answers to what it asks."""
    response = send(client, address, content)
    return client.post(response.redirect_chain[-1][0], {"make": "yes", **posted}, follow=True)


def heading(file, label, name):
    return file.sheet(label).cell(2, file.columns(label)[name]).value


# What it calls right can be published


@thorough
@pytest.mark.parametrize("lacking", ["summary_fr", "name_fr", "region"])
def test_a_new_city_without_what_visitors_need_is_refused_in_its_cell(as_coordinator, cities, lacking):
    cities.put(CITY, 1, **NEW | {lacking: None})
    (wrong,) = tried(as_coordinator, CITIES, cities.content).told
    letter = cities.sheet(CITY).cell(1, cities.columns(CITY)[lacking]).column_letter
    assert wrong.cell == f"{letter}4"
    assert wrong.column == heading(cities, CITY, lacking)


@thorough
@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        ({"title_fr": "Prix", "kind": "prix", "date": "2020"}, "source_fr"),
        ({"title_fr": "Prix", "kind": "prix", "source_fr": "HCP"}, "date"),
    ],
)
def test_a_part_of_a_new_city_without_what_visitors_need_is_refused(as_coordinator, cities, row, lacking):
    cities.put(CITY, 1, **NEW).put(RECOGNITIONS, 0, item="benguerir", **row)
    (wrong,) = tried(as_coordinator, CITIES, cities.content).told
    assert wrong.column == heading(cities, RECOGNITIONS, lacking)
    assert wrong.cell.endswith("3")


def test_what_is_called_right_is_published_whole(as_coordinator, as_editor, cities, client, city):
    cities.put(CITY, 0, summary_ar="مدينة").put(CITY, 1, **NEW)
    cities.put(
        RECOGNITIONS, 0, item="benguerir", title_fr="Membre", kind="membre du réseau", date="2020", source_fr="U"
    )
    assert not errors(tried(as_coordinator, CITIES, cities.content))
    batch = make(as_coordinator, CITIES, cities.content)
    step(as_coordinator, batch, "apply")
    assert set(batch.changes.values_list("state", flat=True)) == {"applied"}
    assert visible(client, City.objects.get(slug="benguerir"))
    file = Edited(exported(as_editor, INITIATIVES)).put(
        MAIN, 0, title_fr="Neuve", city=city.name_fr, summary_fr="Un projet.", status_on="2024"
    )
    batch = make(as_editor, INITIATIVES, file.content)
    step(as_editor, batch, "send")
    step(as_coordinator, batch, "apply")
    assert visible(client, Initiative.objects.get(slug="neuve"))


@thorough
def test_what_another_text_of_the_page_keeps_from_being_published_is_told_before(as_editor, city):
    initiative = factories.make_initiative(city)
    Initiative.objects.filter(pk=initiative.pk).update(summary_fr="")
    file = Edited(exported(as_editor, INITIATIVES)).put(MAIN, 0, title_ar="عنوان")
    (wrong,) = tried(as_editor, INITIATIVES, file.content).told
    assert wrong.column == heading(file, MAIN, "summary_fr")


@thorough
def test_what_keeps_a_batch_from_being_published_names_item_and_text(as_coordinator, city):
    initiative = factories.make_initiative(city, "one", title_fr="Lire ensemble")
    file = Edited(exported(as_coordinator, INITIATIVES)).put(MAIN, 0, title_ar="عنوان")
    batch = make(as_coordinator, INITIATIVES, file.content)
    Initiative.objects.filter(pk=initiative.pk).update(summary_fr="")
    messages = told(step(as_coordinator, batch, "apply"))
    assert any("Lire ensemble" in line and heading(file, MAIN, "summary_fr") in line for line in messages)


@thorough
def test_nobody_is_told_that_visitors_see_what_they_do_not(as_coordinator, client, city):
    hidden = factories.make_city("hidden", name_fr="Cachée", public=False)
    file = Edited(exported(as_coordinator, INITIATIVES)).put(
        MAIN, 0, title_fr="Neuve", city="Cachée", summary_fr="Un projet.", status_on="2024"
    )
    response = send(as_coordinator, INITIATIVES, file.content)
    assert "Cachée" in response.text
    batch = as_coordinator.post(response.redirect_chain[-1][0], {"make": "yes"}, follow=True).context["batch"]
    messages = told(step(as_coordinator, batch, "apply"))
    assert not visible(client, Initiative.objects.get(slug="neuve"))
    assert not any("les visiteurs le voient" in line for line in messages)
    assert any("Cachée" in line for line in messages)
    assert hidden.public_from is None


# One way on


@thorough
def test_a_corrected_file_takes_the_place_of_its_drafts(as_editor, as_coordinator, client, city):
    initiative = factories.make_initiative(city, "known")
    file = Edited(exported(as_editor, INITIATIVES)).put(MAIN, 0, summary_fr="Avec une fôte.")
    file.put(MAIN, 1, title_fr="Neuve", city=city.name_fr, summary_fr="Une fôte.", status_on="2024")
    file.put(PARTNERS, 0, item="neuve", name_fr="Asociation")
    first = make(as_editor, INITIATIVES, file.content)
    file.put(MAIN, 0, summary_fr="Sans faute.").put(MAIN, 1, summary_fr="Sans faute.")
    file.put(PARTNERS, 0, name_fr="Association")
    trial = tried(as_editor, INITIATIVES, file.content)
    assert (len(trial.right), trial.told, trial.questions) == (2, [], [])
    make(as_editor, INITIATIVES, file.content)
    assert not first.changes.unfinished().exists()
    second = make(as_editor, INITIATIVES, file.put(MAIN, 1, title_ar="جديد").content)
    assert Initiative.objects.count() == 2
    step(as_editor, second, "send")
    step(as_coordinator, second, "apply")
    initiative.refresh_from_db()
    new = Initiative.objects.get(title_fr="Neuve")
    assert (initiative.summary_fr, new.summary_fr, new.slug) == ("Sans faute.", "Sans faute.", "neuve")
    assert [partner.name_fr for partner in new.partners.all()] == ["Association"]
    assert visible(client, new)


@thorough
@pytest.mark.parametrize("way", ["discard", "return"])
def test_a_batch_that_was_given_up_or_returned_can_be_imported_again(as_editor, as_coordinator, city, client, way):
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(MAIN, 0, title_fr="Neuve", slug="neuve", city=city.name_fr, summary_fr="Une fôte.", status_on="2024")
    batch = make(as_editor, INITIATIVES, file.content)
    if way == "discard":
        step(as_editor, batch, "discard")
        assert Initiative.objects.get().binned_at
    else:
        step(as_editor, batch, "send")
        step(as_coordinator, batch, "return", comment="Une faute")
    again = make(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Sans faute.").content)
    step(as_editor, again, "send")
    step(as_coordinator, again, "apply")
    assert visible(client, Initiative.objects.get())
    assert Initiative.objects.get().summary_fr == "Sans faute."


@thorough
def test_a_row_with_another_title_leaves_nothing_of_the_first_file(as_editor, city):
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(MAIN, 0, title_fr="Nueve", city=city.name_fr, summary_fr="Un projet.", status_on="2024")
    first = make(as_editor, INITIATIVES, file.content)
    response = send(as_editor, INITIATIVES, file.put(MAIN, 0, title_fr="Neuve").content)
    ticked = re.findall(r'name="give_up" value="(\d+)" checked', response.text)
    assert ticked == [str(first.pk)]
    as_editor.post(response.redirect_chain[-1][0], {"make": "yes", "give_up": ticked})
    assert Initiative.objects.get(binned_at=None).title_fr == "Neuve"
    assert not first.changes.unfinished().exists()


@thorough
def test_a_draft_of_the_form_is_joined_and_never_overwritten(as_editor, editor, city):
    initiative = factories.make_initiative(city, website="https://example.org")
    edit(as_editor, initiative, {"summary_fr": "Mon brouillon."})
    file = Edited(exported(as_editor, INITIATIVES)).put(MAIN, 0, website=None)
    make(as_editor, INITIATIVES, file.content)
    draft = Change.objects.mine(initiative, editor)
    assert {key: after for key, (_before, after) in draft.patch.items()} == {
        "summary_fr": "Mon brouillon.",
        "website": "",
    }
    ((_cell, sentence),) = errors(tried(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Autre.").content))
    assert "Mon brouillon." in sentence
    assert not errors(tried(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Mon brouillon.").content))


@thorough
def test_a_page_that_was_edited_since_its_import_is_asked_about_and_kept(as_editor, city):
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(MAIN, 0, title_fr="Neuve", city=city.name_fr, summary_fr="Un projet.", status_on="2024")
    make(as_editor, INITIATIVES, file.content)
    new = Initiative.objects.get()
    edit(as_editor, new, {"summary_fr": "Écrit depuis."})
    trial = tried(as_editor, INITIATIVES, file.content)
    assert [question.item for question in trial.questions] == [new]
    assert not trial.right
    decide(as_editor, INITIATIVES, file.content)
    assert Initiative.objects.get().summary_fr == "Écrit depuis."


# Rows that would double what is there


@thorough
def test_a_city_that_is_there_is_asked_about_and_doubled_only_when_that_is_said(as_coordinator, cities):
    factories.make_city("benguerir", name_fr="Benguerir")
    content = cities.put(CITY, 1, **NEW).content
    (question,) = tried(as_coordinator, CITIES, content).questions
    assert "benguerir-2" in question.sentence
    decide(as_coordinator, CITIES, content)
    assert City.objects.filter(slug__startswith="benguerir").count() == 1
    decide(as_coordinator, CITIES, content, further=question.place.name)
    assert City.objects.filter(slug__startswith="benguerir").count() == 2


@thorough
def test_the_same_name_in_another_region_is_no_double(as_coordinator, cities):
    elsewhere = factories.make_region("elsewhere", name_fr="Ailleurs")
    factories.make_city("benguerir", name_fr="Benguerir", region=elsewhere)
    assert not tried(as_coordinator, CITIES, cities.put(CITY, 1, **NEW).content).questions


@thorough
def test_a_name_in_the_bin_and_one_above_are_asked_about(as_coordinator, cities):
    factories.make_city("benguerir", name_fr="Benguerir").move_to_bin()
    assert len(tried(as_coordinator, CITIES, cities.put(CITY, 1, **NEW).content).questions) == 1
    cities.put(CITY, 1, name_fr="Une autre").put(CITY, 2, **NEW | {"name_fr": "UNE AUTRE"})
    ((question),) = tried(as_coordinator, CITIES, cities.content).questions
    assert "4" in question.sentence


@thorough
def test_a_recognition_that_is_there_is_asked_about(as_coordinator, city):
    values = {"kind": "award", "title_fr": "Prix de l’UNESCO", "date": "2017", "source_fr": "UNESCO"}
    Recognition.objects.create(city=city, **values)
    row = {**values, "kind": "prix", "title_fr": "Prix de l'Unesco", "item": "own-city"}
    file = Edited(exported(as_coordinator, CITIES)).put(RECOGNITIONS, 1, **row)
    trial = tried(as_coordinator, CITIES, file.content)
    assert (len(trial.questions), trial.right) == (1, [])
    decide(as_coordinator, CITIES, file.content, further=trial.questions[0].place.name)
    assert len(Change.objects.unfinished().get().patch) == 1
    file.put(RECOGNITIONS, 1, date="2021")
    assert not tried(as_coordinator, CITIES, file.content).questions


@thorough
def test_a_part_that_belongs_to_nothing_joins_no_other_row(as_editor, city):
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(MAIN, 0, title_fr="Neuve", city=city.name_fr, summary_fr="Un projet.", status_on="2024")
    file.put(PARTNERS, 0, name_fr="Association")
    ((cell, _sentence),) = errors(tried(as_editor, INITIATIVES, file.content))
    assert cell == "C3"
    make(as_editor, INITIATIVES, file.content)
    assert not Partner.objects.exists()


@thorough
def test_what_a_colleague_added_is_not_taken_for_ones_own(as_coordinator, superuser, cities):
    content = cities.put(CITY, 1, **NEW).content
    make(as_coordinator, CITIES, content)
    trial = tried(logged_in(superuser), CITIES, content)
    assert (len(trial.questions), trial.right) == (1, [])
