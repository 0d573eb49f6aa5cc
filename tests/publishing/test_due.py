"""A scheduled change that can't be applied takes nothing down: visitors get the page that is live."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from learningcities.publishing.models import Batch, Change, ContentVersion
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import edit, live
from tests.forms import page_of as screen_of

from .helpers import page_of

DUE = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
TYPED = localtime(DUE).strftime("%Y-%m-%dT%H:%M")
TOMORROW = "Le résumé de demain"


def schedule(client, coordinator, item, key="summary_fr", value=TOMORROW):
    edit(client, item, {key: value}, "_send")
    change = Change.objects.waiting().of(item).get()
    coordinator.post(page_of(change), {"step": "schedule", "due": TYPED})
    change.refresh_from_db()
    assert change.state == "scheduled"
    return change


@pytest.fixture
def scheduled(as_editor, as_coordinator, city):
    return schedule(as_editor, as_coordinator, city)


def break_apply(monkeypatch, error, of=None):
    """Applying fails with an error, for all changes or for those of one item."""
    apply = Change.apply

    def broken(change, *args, **kwargs):
        if of is None or change.item == of:
            raise error
        return apply(change, *args, **kwargs)

    monkeypatch.setattr(Change, "apply", broken)


def again(change):
    return Change.objects.get(pk=change.pk)


# A translator's change, and a row that today's cleaner would write differently


def test_a_translators_scheduled_change_is_applied_over_a_row_whose_other_texts_are_no_longer_clean(
    as_coordinator, city, client, at
):
    translator = make_person("translator", languages=["ar"])
    city.editors.add(translator)
    change = schedule(logged_in(translator), as_coordinator, city, "summary_ar", "ملخص")
    unclean = '<p class="old">Texte</p>'
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cities_city SET body_fr = %s WHERE id = %s", [unclean, city.pk])
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 200
    assert again(change).state == "applied"
    assert (live(city).summary_ar, live(city).body_fr) == ("ملخص", unclean)


def test_what_its_author_may_not_change_goes_back_and_the_site_stays(scheduled, editor, city, client, at):
    """Who has become a translator since."""
    editor.languages = ["ar"]
    editor.save()
    at(DUE)
    for path in (city.get_absolute_url(), "/fr/", "/fr/nulle-part/"):
        assert client.get(path).status_code in (200, 404)
    assert again(scheduled).state == "returned"
    assert live(city).summary_fr != TOMORROW


# A patch that names what a release has renamed


@pytest.fixture
def of_old(scheduled):
    scheduled.patch |= {"numbers:6e8bb1b0-7b0c-4c1f-8d6b-1f2c3d4e5f60:value": ["1", "2"], "motto_fr": ["", "Devise"]}
    scheduled.save()
    return scheduled


def test_a_change_of_a_part_that_a_release_has_renamed_goes_back_with_a_sentence(of_old, city, client, at, mailoutbox):
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 200
    change = again(of_old)
    assert (change.state, change.due_at) == ("returned", None)
    assert "motto_fr" in change.comment
    assert live(city).summary_fr != TOMORROW


def test_its_page_and_the_form_of_its_author_open_and_a_save_mends_it(
    of_old, city, client, as_editor, as_coordinator, at
):
    at(DUE)
    client.get(city.get_absolute_url())
    for visitor in (as_editor, as_coordinator):
        assert "motto_fr" in visitor.get(page_of(of_old)).content.decode()
    assert TOMORROW in as_editor.get(screen_of(city, "change")).text
    assert as_editor.get(screen_of(city, "section", "brief")).context["form"]["summary_fr"].value() == TOMORROW
    edit(as_editor, city, {"summary_ar": "ملخص"}, "_send")
    change = again(of_old)
    assert (change.state, set(change.patch)) == ("review", {"summary_fr", "summary_ar"})


def test_a_coordinator_who_applies_it_by_hand_reads_why_not(of_old, as_coordinator, city):
    page = as_coordinator.post(page_of(of_old), {"step": "apply"}, follow=True)
    assert page.status_code == 200
    assert "motto_fr" in " ".join(map(str, page.context["messages"]))
    assert again(of_old).state == "scheduled"


# Whatever else goes wrong


@pytest.mark.parametrize("where", ["page", "desk", "change", "outline", "form", "403", "404"])
def test_an_unforeseen_error_takes_no_page_down_and_its_author_hears_of_it(
    scheduled, editor, city, client, as_editor, at, monkeypatch, where, caplog
):
    break_apply(monkeypatch, RuntimeError("never seen before"))
    at(DUE)
    path, visitor, status = {
        "page": (city.get_absolute_url(), client, 200),
        "desk": (reverse("admin:index"), as_editor, 200),
        "change": (page_of(scheduled), as_editor, 200),
        "outline": (screen_of(city, "change"), as_editor, 200),
        "form": (screen_of(city, "section", "brief"), as_editor, 200),
        "403": (reverse("admin:people_user_changelist"), as_editor, 403),
        "404": ("/fr/villes/nulle-part/", client, 404),
    }[where]
    assert visitor.get(path).status_code == status
    client.get(city.get_absolute_url())
    change = again(scheduled)
    assert (change.state, change.decided_by_id) == ("returned", scheduled.decided_by_id)
    assert change.comment
    assert "never seen before" not in change.comment
    assert "never seen before" in caplog.text, "the log has the trace"


@pytest.mark.parametrize(("language", "words"), [("fr", "à l’heure prévue"), ("ar", "في موعده")])
def test_the_sentence_is_in_the_language_of_its_author_whoever_visits(
    scheduled, editor, client, at, monkeypatch, language, words
):
    editor.language = language
    editor.save()
    break_apply(monkeypatch, RuntimeError)
    at(DUE)
    client.get("/en/")
    assert words in again(scheduled).comment


@pytest.mark.parametrize("error", [OperationalError("deadlock detected"), ConnectionError()])
def test_an_outage_leaves_it_scheduled_and_it_is_tried_again_but_not_on_each_visit(
    scheduled, city, client, at, monkeypatch, error
):
    tried = []
    with monkeypatch.context() as patched:
        break_apply(patched, error)
        broken = Change.apply
        patched.setattr(Change, "apply", lambda *args, **kwargs: tried.append(1) or broken(*args, **kwargs))
        at(DUE)
        for _visit in range(3):
            assert client.get(city.get_absolute_url()).status_code == 200
        assert len(tried) == 1
    assert (again(scheduled).state, again(scheduled).due_at) == ("scheduled", DUE)
    client.get(city.get_absolute_url())
    assert again(scheduled).state == "scheduled", "not yet"
    monkeypatch.setattr(content_version, "_not_before", 0.0)
    assert TOMORROW in client.get(city.get_absolute_url()).content.decode()
    assert again(scheduled).state == "applied"


def test_what_an_outage_has_left_is_tried_also_after_something_else_was_saved(scheduled, city, client, at, monkeypatch):
    with monkeypatch.context() as patched:
        break_apply(patched, OperationalError("deadlock detected"))
        at(DUE)
        client.get(city.get_absolute_url())
    at(DUE + timedelta(minutes=5))
    factories.make_city("elsewhere")
    monkeypatch.setattr(content_version, "_not_before", 0.0)
    client.get(city.get_absolute_url())
    assert again(scheduled).state == "applied"


def test_a_visit_survives_that_nobody_can_be_asked(scheduled, city, client, at, monkeypatch):
    """The writers' lock itself can't be had."""

    def busy():
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(ContentVersion, "lock_writes", busy)
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 200
    assert again(scheduled).state == "scheduled"


def test_a_return_that_fails_as_well_leaves_the_page(scheduled, city, client, at, monkeypatch):
    break_apply(monkeypatch, RuntimeError)
    monkeypatch.setattr(Change, "return_to_author", lambda *args: 1 / 0)
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 200
    assert again(scheduled).state == "scheduled"


# Several


@pytest.fixture
def two(as_editor, as_coordinator, scheduled, city):
    """Due in the same minute, of two items; the first one is broken."""
    initiative = factories.make_initiative(city, summary_fr="Hier")
    return scheduled, schedule(as_editor, as_coordinator, initiative)


@pytest.mark.parametrize(("error", "state"), [(RuntimeError(), "returned"), (OperationalError(), "scheduled")])
def test_one_that_fails_keeps_no_other_back(two, city, client, at, monkeypatch, error, state):
    break_apply(monkeypatch, error, of=city)
    at(DUE)
    client.get(city.get_absolute_url())
    assert [again(change).state for change in two] == [state, "applied"]


def test_what_comes_after_one_that_waits_for_an_outage_to_end_waits_with_it(
    scheduled, as_coordinator, coordinator, city, client, at, monkeypatch
):
    """Two of one page are applied in their order or not at all."""
    later = localtime(DUE + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    edit(as_coordinator, city, {"also_known_as": "Nom"}, "_schedule", due=later)
    apply = Change.apply

    def broken(change, *args, **kwargs):
        if change.pk == scheduled.pk:
            raise OperationalError
        return apply(change, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Change, "apply", broken)
        at(DUE + timedelta(minutes=2))
        client.get(city.get_absolute_url())
    assert set(Change.objects.of(city).unfinished().values_list("state", flat=True)) == {"scheduled"}


def test_the_changes_of_a_batch_that_are_due_are_applied_or_returned_one_by_one(
    two, editor, city, client, at, monkeypatch, caplog
):
    batch = Batch.objects.create(author=editor, name="Fichier", content_type=two[0].content_type)
    Change.objects.filter(pk__in=[change.pk for change in two]).update(batch=batch)
    break_apply(monkeypatch, RuntimeError, of=city)
    at(DUE)
    with caplog.at_level(logging.ERROR):
        assert client.get(city.get_absolute_url()).status_code == 200
    assert sorted(batch.changes.values_list("state", flat=True)) == ["applied", "returned"]


def test_a_command_says_what_it_has_done_and_what_waits(two, city, at, monkeypatch, capsys):
    break_apply(monkeypatch, OperationalError, of=city)
    at(DUE)
    call_command("tick")
    assert capsys.readouterr().out.strip() == "1 applied, 0 returned to their authors, 1 kept back until the next try."
