"""A coordinator reads a change section by section, publishes what is agreed, and gives the rest back in one act."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import localtime

from cities.models import Axis, City, CityFigure, Recognition
from learningcities.publishing.models import Batch, Change, PageLock, Preview
from learningcities.publishing.patches.snapshot import snapshot
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import live, queries

from .helpers import DUE, TYPED, page_of

NEW = {"summary_fr": "Un résumé nouveau", "motivation_fr": "<p>Parce que</p>"}
BOTH_AGREED = {"read_brief": "agreed", "read_motivation": "agreed"}
READ = {"read_brief": "agreed", "read_motivation": "again", "word_motivation": "Plus court."}
UNTIL = DUE + timedelta(days=300)
TYPED_UNTIL = localtime(UNTIL).strftime("%Y-%m-%dT%H:%M")


def propose(item, author, values, **wish):
    state = snapshot(item)
    change = Change.save_draft(item, author, {key: [state.get(key), value] for key, value in values.items()})
    change.send("Voici.", **wish)
    return change


def again(change):
    return Change.objects.get(pk=change.pk)


def decide(client, change, step, follow=True, **data):
    return client.post(page_of(change), {"step": step, "seen": change.version, **data}, follow=follow)


def said(response):
    return " ".join(map(str, response.context["messages"]))


def published(item):
    return Change.objects.of(item).happened().first()


@pytest.fixture
def waiting(city, editor):
    return propose(city, editor, NEW)


@pytest.fixture
def figures(city):
    return [factories.make_figure(city, label_fr=name, source_fr="HCP") for name in ("Habitants", "Écoles")]


# What is agreed, and what is not


def test_what_is_agreed_is_live_and_the_rest_returned_to_its_author_in_one_act(
    as_coordinator, coordinator, editor, city, waiting
):
    before = Change.objects.last_sequence()
    page = decide(as_coordinator, waiting, "publish", **READ)
    assert (live(city).summary_fr, live(city).motivation_fr) == (NEW["summary_fr"], "")
    part, rest = published(city), again(waiting)
    assert (part.author, part.decided_by, part.state, part.sequence) == (editor, coordinator, "applied", before + 1)
    assert list(part.patch) == ["summary_fr"]
    assert (rest.author, rest.decided_by, rest.state, list(rest.patch)) == (
        editor,
        coordinator,
        "returned",
        ["motivation_fr"],
    )
    assert rest.comment == "Pourquoi une ville apprenante ?\xa0: Plus court." or "Plus court." in rest.comment
    assert "Le reste est renvoyé à la personne qui l’a écrit" in said(page)
    assert Change.objects.unfinished().get() == rest


def test_an_editor_publishes_no_part_of_their_own_change(as_editor, city, waiting):
    assert decide(as_editor, waiting, "publish", follow=False, **READ).status_code == 403
    assert again(waiting).state == "review"
    assert live(city).summary_fr != NEW["summary_fr"]


@pytest.mark.parametrize(
    "read",
    [{}, {"read_brief": "agreed"}, {"read_brief": "agreed", "read_motivation": "perhaps"}],
    ids=["nothing read", "one not read", "no such answer"],
)
def test_what_is_not_read_is_neither_agreed_nor_returned(as_coordinator, city, waiting, read):
    page = decide(as_coordinator, waiting, "publish", **read)
    assert page.status_code == 200
    assert "read_motivation" in page.context["form"].errors
    assert 'href="#section-motivation"' in page.text
    assert again(waiting).state == "review"
    assert live(city).summary_fr != NEW["summary_fr"]


def test_all_agreed_needs_no_answer_section_by_section(as_coordinator, city, waiting):
    decide(as_coordinator, waiting, "apply")
    assert (live(city).summary_fr, live(city).motivation_fr) == tuple(NEW.values())
    assert again(waiting).state == "applied"


def test_each_section_agreed_is_the_same_as_all_agreed(as_coordinator, city, waiting):
    decide(as_coordinator, waiting, "publish", **BOTH_AGREED)
    assert again(waiting).state == "applied"
    assert live(city).motivation_fr == NEW["motivation_fr"]


def test_all_agreed_is_refused_while_something_is_to_be_looked_at_again(as_coordinator, city, waiting):
    page = decide(as_coordinator, waiting, "apply", **READ)
    assert "read_motivation" in page.context["form"].errors
    assert page.context["form"]["word_motivation"].value() == "Plus court.", "what was typed stays"
    assert again(waiting).state == "review"


def test_nothing_is_looked_at_again_without_a_word(as_coordinator, city, waiting):
    page = decide(as_coordinator, waiting, "publish", **READ | {"word_motivation": " "})
    assert "word_motivation" in page.context["form"].errors
    assert again(waiting).state == "review"
    assert live(city).summary_fr != NEW["summary_fr"]


def test_where_nothing_is_agreed_nothing_is_published(as_coordinator, waiting):
    read = READ | {"read_brief": "again", "word_brief": "Non"}
    page = decide(as_coordinator, waiting, "publish", **read)
    assert page.context["form"].non_field_errors()
    assert again(waiting).state == "review"


def test_a_return_takes_the_words_of_the_sections_along(as_coordinator, waiting):
    decide(as_coordinator, waiting, "return", comment="Merci.", **READ)
    change = again(waiting)
    assert change.state == "returned"
    assert change.comment.startswith("Merci.\n")
    assert "Plus court." in change.comment
    assert set(change.patch) == set(NEW)


def test_the_words_are_in_the_language_of_the_author(as_coordinator, editor, waiting):
    editor.language = "ar"
    editor.save()
    decide(as_coordinator, waiting, "publish", **READ)
    assert "لماذا" in again(waiting).comment


# Rows of parts


def test_of_rows_of_parts_what_is_agreed_is_applied_and_nothing_else(coordinator, editor, city, figures):
    removed, changed = (f"figures:{figure.pk}" for figure in figures)
    added, row = f"figures:{uuid4()}", snapshot(city)[removed] | {"label_fr": "Livres", "value": "7.00"}
    state = snapshot(city)
    patch = {
        added: [None, row],
        removed: [state[removed], None],
        f"{changed}:source_fr": ["HCP", "Commune"],
    }
    change = Change.propose(city, editor, patch)
    change.apply_part(coordinator, [added], [("Chiffres", "Gardons-le.")])
    assert {figure.label_fr: figure.source_fr for figure in CityFigure.objects.all()} == {
        "Habitants": "HCP",
        "Écoles": "HCP",
        "Livres": "HCP",
    }
    assert set(again(change).patch) == {removed, f"{changed}:source_fr"}
    change = again(change)
    change.send()
    change.apply_part(coordinator, [f"{changed}:source_fr"], [("Chiffres", "Toujours.")])
    assert CityFigure.objects.get(label_fr="Écoles").source_fr == "Commune"
    assert again(change).patch == {removed: [state[removed], None]}


def test_a_new_figure_is_agreed_while_a_removed_recognition_and_a_text_of_an_axis_are_not(
    as_coordinator, editor, city, figures
):
    recognition = Recognition.objects.create(city=city, title_fr="Prix", date="2024", source_fr="UNESCO")
    axis = Axis.objects.create(city=city, title_fr="Axe", position=1)
    state = snapshot(city)
    row = state[f"figures:{figures[0].pk}"] | {"label_fr": "Livres"}
    values = {f"figures:{uuid4()}": row, f"recognitions:{recognition.pk}": None, f"axes:{axis.pk}:title_fr": "Autre"}
    change = propose(city, editor, values)
    change.patch[f"axes:{axis.pk}:title_fr"][0] = "Axe"
    Change.objects.filter(pk=change.pk).update(patch=change.patch)
    again_with = {"read_recognitions": "again", "word_recognitions": "Elle y est."}
    again_with |= {"read_axes": "again", "word_axes": "Non."}
    decide(as_coordinator, change, "publish", read_figures="agreed", **again_with)
    assert city.figures.filter(label_fr="Livres").exists()
    assert city.recognitions.exists()
    assert city.axes.get().title_fr == "Axe"
    assert set(again(change).patch) == {f"recognitions:{recognition.pk}", f"axes:{axis.pk}:title_fr"}


# What others do meanwhile, and what doesn't fit


def test_what_others_have_done_meanwhile_stays(as_coordinator, city, waiting):
    City.objects.filter(pk=city.pk).update(also_known_as="Autre nom", body_fr="<p>Nouveau</p>")
    decide(as_coordinator, waiting, "publish", **READ)
    row = live(city)
    assert (row.summary_fr, row.also_known_as, row.body_fr) == (NEW["summary_fr"], "Autre nom", "<p>Nouveau</p>")


def test_of_two_coordinators_the_second_is_told_that_it_is_no_longer_what_they_saw(as_coordinator, city, waiting):
    other = logged_in(make_person("other-coordinator", "coordinator"))
    decide(as_coordinator, waiting, "publish", **READ)
    page = decide(other, waiting, "publish", **READ | {"read_motivation": "agreed"})
    assert "n’est plus" in said(page)
    assert live(city).motivation_fr == ""
    assert again(waiting).state == "returned"


def test_what_its_author_has_changed_since_is_not_published_unseen(as_coordinator, editor, city, waiting):
    seen = waiting.version
    Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Plus récent"]})
    page = as_coordinator.post(page_of(waiting), {"step": "publish", "seen": seen, **READ}, follow=True)
    assert "n’est plus" in said(page)
    assert live(city).summary_fr == city.summary_fr


def nothing_is_written(change, city, words):
    assert again(change).state == "review"
    assert set(again(change).patch) == set(NEW)
    assert live(city).summary_fr == words
    assert not Change.objects.of(city).happened().filter(decided_by__isnull=False).exists()


def test_a_conflict_in_what_is_agreed_refuses_both(as_coordinator, city, waiting):
    City.objects.filter(pk=city.pk).update(summary_fr="Entre-temps")
    page = decide(as_coordinator, waiting, "publish", **READ)
    assert said(page)
    assert page.context["form"]["word_motivation"].value() == "Plus court.", "what was typed stays"
    nothing_is_written(waiting, city, "Entre-temps")


def test_a_conflict_in_what_is_returned_hinders_nobody(as_coordinator, city, waiting):
    City.objects.filter(pk=city.pk).update(motivation_fr="<p>Entre-temps</p>")
    decide(as_coordinator, waiting, "publish", **READ)
    assert (live(city).summary_fr, live(city).motivation_fr) == (NEW["summary_fr"], "<p>Entre-temps</p>")


def test_what_would_lack_something_refuses_both(as_coordinator, city, waiting):
    factories.make_figure(city, year=None)
    assert "Habitants" in said(decide(as_coordinator, waiting, "publish", **READ))
    nothing_is_written(waiting, city, city.summary_fr)


def test_a_page_that_someone_keeps_for_themselves_refuses_both(as_coordinator, city, waiting):
    PageLock.acquire(city, make_person("holder", first_name="Fatima"))
    assert "Fatima" in said(decide(as_coordinator, waiting, "publish", **READ))
    nothing_is_written(waiting, city, city.summary_fr)


def test_what_its_author_may_no_longer_change_refuses_both(as_coordinator, editor, city, waiting):
    editor.languages = ["ar"]
    editor.save()
    decide(as_coordinator, waiting, "publish", **READ)
    nothing_is_written(waiting, city, city.summary_fr)


@pytest.mark.parametrize("keys", [[], list(NEW), ["name_fr"]], ids=["none", "all", "another"])
def test_a_part_is_neither_nothing_nor_all(coordinator, waiting, keys):
    with pytest.raises(ValidationError):
        waiting.apply_part(coordinator, keys, [])
    assert again(waiting).state == "review"


def test_a_part_of_a_batch_stays_in_it(as_coordinator, editor, city, waiting):
    batch = Batch.objects.create(author=editor, name="Lot", content_type=waiting.content_type)
    Change.objects.filter(pk=waiting.pk).update(batch=batch)
    decide(as_coordinator, waiting, "publish", **READ)
    assert sorted(batch.changes.values_list("state", flat=True)) == ["applied", "returned"]


def test_its_author_gets_one_mail_that_says_both(
    as_coordinator, editor, city, waiting, mailoutbox, django_capture_on_commit_callbacks
):
    editor.email = "editor@example.org"
    editor.save()
    with django_capture_on_commit_callbacks(execute=True):
        decide(as_coordinator, waiting, "publish", note="Merci pour le résumé.", **READ)
    [mail] = mailoutbox
    assert mail.to == [editor.email]
    assert "publiée" in mail.body
    assert "vous revient" in mail.body
    assert "Plus court." in mail.body
    assert "Merci pour le résumé." in mail.body


# When


def test_what_its_author_asks_for_is_said_with_the_day_of_the_week_and_filled_in(as_coordinator, city, editor):
    change = propose(city, editor, NEW | {"public_until": UNTIL.isoformat()}, wanted_at=DUE)
    assert again(change).wanted_at == DUE
    page = as_coordinator.get(page_of(change))
    days = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    assert re.search(rf"editor demande que les visiteurs la voient à partir du ({days}) ", page.text)
    form = page.context["form"]
    assert [form[name].value() for name in ("when", "ends")] == ["later", True]
    assert (form.initial["due"], form.initial["until"]) == (DUE, UNTIL)
    assert f'value="{TYPED}"' in page.text
    change.send("Sans date.")
    form = as_coordinator.get(page_of(change)).context["form"]
    assert [form[name].value() for name in ("when", "due")] == ["now", None]


def test_of_what_its_author_asks_for_only_what_is_decided_counts(as_coordinator, city, editor):
    change = propose(city, editor, NEW | {"public_until": UNTIL.isoformat()}, wanted_at=DUE)
    decide(as_coordinator, change, "publish", when="now", **READ)
    assert (live(city).summary_fr, live(city).public_until) == (NEW["summary_fr"], None)
    assert set(again(change).patch) == {"motivation_fr"}


def test_without_a_word_on_moments_the_end_that_was_asked_for_counts(coordinator, city, editor):
    change = propose(city, editor, NEW | {"public_until": UNTIL.isoformat()})
    change.apply(by=coordinator)
    assert live(city).public_until == UNTIL


MOMENTS = {"when": "later", "due": TYPED, "ends": "on", "until": TYPED_UNTIL}


@pytest.mark.parametrize(
    ("button", "read"), [("apply", {}), ("publish", {"read_brief": "agreed", "read_motivation": "agreed"})]
)
def test_a_moment_is_told_in_a_sentence_before_it_counts(as_coordinator, city, waiting, at, client, button, read):
    page = decide(as_coordinator, waiting, button, **MOMENTS, **read)
    assert again(waiting).state == "review"
    told = page.context["form"]
    assert "quitte le site le" in told.sentence
    assert f'name="told" value="{told.moments}"' in page.text
    decide(as_coordinator, waiting, button, told=told.moments, **MOMENTS, **read)
    change = again(waiting)
    assert (change.state, change.due_at, change.ends_at) == ("scheduled", DUE, UNTIL)
    assert live(city).public_until is None
    at(DUE)
    client.get(city.get_absolute_url())
    assert (live(city).summary_fr, live(city).public_until) == (NEW["summary_fr"], UNTIL)
    assert again(waiting).patch["public_until"][1]


def test_another_moment_than_was_told_is_told_again(as_coordinator, waiting):
    told = decide(as_coordinator, waiting, "apply", **MOMENTS).context["form"].moments
    decide(as_coordinator, waiting, "apply", told=told, **MOMENTS | {"due": TYPED_UNTIL, "ends": ""})
    assert again(waiting).state == "review"


def test_an_end_is_written_in_the_same_act_as_the_words(as_coordinator, city, waiting):
    data = {"when": "now", "ends": "on", "until": TYPED_UNTIL, "told": f"|{TYPED_UNTIL}"}
    decide(as_coordinator, waiting, "publish", **data, **READ)
    assert live(city).public_until == UNTIL
    assert set(published(city).patch) == {"summary_fr", "public_until"}
    assert "public_until" not in again(waiting).patch
    assert again(waiting).ends_at is None


@pytest.mark.parametrize("until", ["", "2001-01-01T10:00", "demain", TYPED])
def test_an_end_that_is_none_or_no_later_than_the_beginning_is_refused(as_coordinator, city, waiting, until):
    page = decide(as_coordinator, waiting, "apply", **MOMENTS | {"until": until, "told": f"{TYPED}|{until}"})
    assert page.context["form"].errors["until"]
    assert again(waiting).state == "review"


def test_what_stands_in_a_field_that_is_not_chosen_counts_for_nothing(as_coordinator, city, waiting):
    decide(as_coordinator, waiting, "apply", when="now", due="demain", until="hier")
    assert (again(waiting).state, live(city).public_until) == ("applied", None)


def test_a_part_is_published_now_and_not_at_a_time(as_coordinator, city, waiting):
    page = decide(as_coordinator, waiting, "publish", told=f"{TYPED}|{TYPED_UNTIL}", **MOMENTS, **READ)
    assert page.context["form"].errors["when"]
    assert again(waiting).state == "review"


def test_whoever_asks_what_visitors_will_see_decides_nothing(as_coordinator, as_editor, waiting):
    for client in (as_coordinator, as_editor):
        decide(client, waiting, "tell", **MOMENTS, **READ)
        assert again(waiting).state == "review"


# The page


def test_the_page_is_the_outline_of_the_item_with_what_differs_in_its_place(as_coordinator, city, editor, figures):
    City.objects.filter(pk=city.pk).update(body_fr="<p>Comment</p>", summary_ar="ملخص")
    values = {
        "summary_fr": "Une ville qui enseigne.",
        f"figures:{figures[0].pk}": None,
        "withdrawn_at": DUE.isoformat(),
    }
    change = propose(city, editor, values)
    page = as_coordinator.get(page_of(change))
    names = [section.name for section, *_ in page.context["sections"]]
    assert names == ["names", "brief", "body", "figures", "map", "rest"]
    by_name = {section.name: section for section, *_ in page.context["sections"]}
    assert [name for name, section in by_name.items() if section.keys] == ["brief", "figures", "rest"]
    assert "<ins>" in page.text
    assert 'class="tile"' in page.text
    assert by_name["brief"].languages == {"fr": "there", "ar": "behind", "en": "missing"}
    assert len(by_name["figures"].counts) == 2
    assert page.text.index("Voici.") < page.text.index('id="section-brief"'), "the author's word comes first"
    assert "checked" not in page.text.partition('id="section-brief"')[2].partition('class="desk-bar"')[0]


def test_a_first_publication_is_read_as_a_whole(as_coordinator, as_editor, editor, city):
    initiative = factories.make_initiative(city, public=False)
    change = Change.propose(initiative, editor, {"public_from": [None, initiative.changed_at.isoformat()]}, "Voici.")
    page = as_coordinator.get(page_of(change))
    assert page.context["form"].read == []
    assert initiative.summary_fr in page.text
    decide(as_coordinator, change, "apply")
    assert initiative.is_public()


def test_who_decides_nothing_is_asked_nothing(as_editor, waiting):
    page = as_editor.get(page_of(waiting))
    assert "read_brief" not in page.text
    assert 'value="publish"' not in page.text


@thorough
def test_the_page_costs_the_same_however_many_figures_change(as_coordinator, city, editor):
    numbers = []
    for author in (editor, make_person("second")):
        city.editors.add(author)
        rows = [factories.make_figure(city, label_fr=f"{author} {n}") for n in range(2 if author == editor else 12)]
        change = propose(city, author, {f"figures:{row.pk}:source_fr": "Commune" for row in rows})
        numbers.append(queries(as_coordinator, page_of(change)))
        change.delete()
    assert numbers[0] == numbers[1]


# The page of the item beside it


def page_beside(change, side, language="fr"):
    return reverse("admin:publishing_change_page", args=[change.pk, side, language])


def test_the_page_is_seen_before_and_after_and_nothing_is_stored(as_coordinator, city, waiting):
    before, after = (as_coordinator.get(page_beside(waiting, side)) for side in ("before", "after"))
    assert NEW["summary_fr"] in after.text
    assert NEW["summary_fr"] not in before.text
    assert city.summary_fr in before.text
    assert after["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in after["Content-Security-Policy"]
    assert live(city).summary_fr == city.summary_fr
    assert not Preview.objects.exists()


def test_nobody_else_sees_the_page_of_a_change(as_editor, client, other_city, coordinator):
    change = propose(other_city, coordinator, {"summary_fr": "Secret"})
    for visitor in (client, as_editor):
        assert "Secret" not in visitor.get(page_beside(change, "after"), follow=True).text


@pytest.mark.parametrize("place", [("between", "fr"), ("after", "xx")])
def test_there_is_no_other_side_and_no_other_language(as_coordinator, waiting, place):
    assert as_coordinator.get(page_beside(waiting, *place)).status_code == 404


def test_a_page_that_no_longer_fits_is_said_in_a_sentence(as_coordinator, waiting):
    Change.objects.filter(pk=waiting.pk).update(patch={"gone_fr": ["", "x"]})
    assert as_coordinator.get(page_beside(waiting, "after")).status_code == 200
