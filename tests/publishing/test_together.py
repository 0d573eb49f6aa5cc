"""Changes that were made one by one and go live together: all of them or none, at once or at their time."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import localtime

from learningcities import bounds
from learningcities.publishing.models import Change
from learningcities.publishing.version import content_version
from learningcities.publishing.workflow.batch import Batch
from tests import factories
from tests.conftest import make_person

from .helpers import DUE, TYPED, page_of

LIST = reverse("admin:publishing_change_changelist")
NAME = "La rentrée"


@pytest.fixture
def sent(city, editor):
    """Three changes that wait for a decision."""
    initiatives = [factories.make_initiative(city, f"i-{number}", title_fr=f"Action {number}") for number in range(3)]
    changes = [Change.save_draft(each, editor, {"summary_fr": [each.summary_fr, "Autre"]}) for each in initiatives]
    for change in changes:
        change.send()
    return changes


@pytest.fixture
def batch(sent, as_coordinator):
    """The first two of them."""
    together(as_coordinator, *sent[:2])
    return Batch.objects.get()


@pytest.fixture
def scheduled(batch, as_coordinator):
    step(as_coordinator, batch, "schedule", due=TYPED)
    return batch


def again(change):
    return Change.objects.get(pk=change.pk)


def is_live(change):
    return type(change.item).objects.get(pk=change.object_id).summary_fr == "Autre"


def states(changes):
    return [again(change).state for change in changes]


def together(client, *changes, name=NAME):
    data = {"action": "publish_together", "_selected_action": [change.pk for change in changes]}
    return client.post(LIST, data if name is None else data | {"name": name})


def step(client, batch, name, **words):
    data = {"step": name, "seen": batch.version, **words}
    return client.post(reverse("admin:publishing_batch_change", args=[batch.pk]), data, follow=True)


def leave(client, batch, key):
    return client.post(reverse("admin:publishing_batch_change", args=[batch.pk]), {"leave": key}, follow=True)


def texts(response):
    return " ".join(map(str, response.context["messages"]))


# Making one


def test_chosen_changes_become_a_batch_with_a_name_that_is_published_as_a_whole(sent, as_coordinator):
    page = together(as_coordinator, *sent[:2], name=None)
    assert [change.pk for change in page.context["changes"]] == [sent[1].pk, sent[0].pk]
    assert together(as_coordinator, *sent[:2], name=" ").context["form"].errors
    assert not Batch.objects.exists()
    response = together(as_coordinator, *sent[:2])
    batch = Batch.objects.get()
    assert batch.name == NAME
    assert response["Location"] == reverse("admin:publishing_batch_change", args=[batch.pk])
    assert set(batch.changes.all()) == set(sent[:2])
    step(as_coordinator, batch, "apply")
    assert [is_live(change) for change in sent] == [True, True, False]


def test_what_clashes_keeps_all_of_it_from_going_live(sent, batch, as_coordinator):
    sent[0].item.apply_patch({"summary_fr": [sent[0].item.summary_fr, "Plus vite"]})
    step(as_coordinator, batch, "apply")
    assert not is_live(sent[1])


def test_one_change_alone_one_that_is_decided_or_too_many_make_no_batch(sent, coordinator, as_coordinator, monkeypatch):
    assert together(as_coordinator, sent[0]).context["form"].non_field_errors()
    monkeypatch.setattr(bounds, "BATCH_CHANGES", 2)
    assert together(as_coordinator, *sent).context["form"].non_field_errors()
    sent[1].apply(by=coordinator)
    together(as_coordinator, sent[0], sent[1])
    assert not Batch.objects.exists()


def test_a_change_is_in_one_batch_only(sent, batch, as_coordinator):
    together(as_coordinator, *sent[1:])
    assert Batch.objects.count() == 1
    assert again(sent[2]).batch is None


def test_an_editor_is_not_offered_it_and_gets_nowhere_by_posting_it(sent, as_editor):
    assert 'value="publish_together"' not in as_editor.get(LIST).content.decode()
    together(as_editor, *sent)
    assert not Batch.objects.exists()


def test_an_editor_sees_the_batch_of_their_changes_and_neither_publishes_schedules_nor_thins_it_out(
    sent, batch, as_editor
):
    assert NAME in as_editor.get(reverse("admin:publishing_batch_change", args=[batch.pk])).text
    for name in ("apply", "schedule"):
        assert step(as_editor, batch, name, due=TYPED).status_code == 403
    assert leave(as_editor, batch, sent[0].pk).status_code == 403
    assert states(sent) == ["review"] * 3
    assert batch.changes.count() == 2


def test_its_author_sees_of_a_batch_nothing_but_their_own_drafts_and_what_was_sent(sent, batch, as_editor):
    other = make_person("other")
    sent[1].item.city.editors.add(other)
    draft = Change.save_draft(sent[2].item, other, {"summary_fr": [sent[2].item.summary_fr, "Secret"]}, batch=batch)
    page = as_editor.get(reverse("admin:publishing_batch_change", args=[batch.pk]))
    assert page_of(sent[0]) in page.text
    assert page_of(draft) not in page.text


# What is with its author


def test_a_batch_of_which_one_is_with_its_author_waits_for_it_or_goes_without_it(
    sent, batch, as_coordinator, coordinator
):
    sent[0].return_to_author(coordinator, "Encore")
    for name in ("apply", "schedule"):
        assert str(sent[0]) in texts(step(as_coordinator, batch, name, due=TYPED))
        assert states(sent) == ["returned", "review", "review"]
    leave(as_coordinator, batch, sent[0].pk)
    step(as_coordinator, batch, "apply")
    assert states(sent) == ["returned", "applied", "review"]
    assert again(sent[0]).batch is None


@pytest.mark.parametrize("wrong", ["", "x", "99999999999999999999"])
def test_what_is_no_change_of_the_batch_is_not_taken_out(sent, batch, as_coordinator, wrong):
    for change in (wrong, sent[2].pk):
        assert leave(as_coordinator, batch, change).status_code == 200
    assert batch.changes.count() == 2


# At its time


def test_a_scheduled_batch_goes_live_whole_at_its_time(sent, scheduled, client, at):
    assert states(sent) == ["scheduled", "scheduled", "review"]
    assert not is_live(sent[0])
    at(DUE)
    client.get(sent[0].item.get_absolute_url())
    assert [is_live(change) for change in sent] == [True, True, False]


@pytest.mark.parametrize("due", ["", "2020-01-01T09:00", "demain"])
def test_a_batch_is_scheduled_for_a_moment_to_come(sent, batch, as_coordinator, due):
    assert step(as_coordinator, batch, "schedule", due=due).context["form"].errors["due"]
    assert states(sent) == ["review"] * 3


@pytest.mark.parametrize("stops", [0, 1])
def test_a_due_batch_with_one_that_cant_be_applied_goes_back_whole_and_each_is_told_which_one(
    sent, scheduled, client, at, stops
):
    item = sent[stops].item
    item.apply_patch({"summary_fr": [item.summary_fr, "Plus vite"]})
    at(DUE)
    client.get(sent[0].item.get_absolute_url())
    assert states(sent) == ["returned", "returned", "review"]
    assert not any(map(is_live, sent))
    assert "mêmes textes" in again(sent[stops]).comment
    other = again(sent[1 - stops]).comment
    assert str(item) in other
    assert NAME in other


def test_each_author_reads_it_in_their_language_and_gets_one_message(
    sent, scheduled, client, at, editor, coordinator, mailoutbox, django_capture_on_commit_callbacks
):
    other = make_person("other", language="ar", email="other@example.org")
    sent[0].item.city.editors.add(other)
    Change.objects.filter(pk=sent[1].pk).update(author=other)
    type(editor).objects.filter(pk=editor.pk).update(email="editor@example.org", language="fr")
    sent[0].item.apply_patch({"summary_fr": [sent[0].item.summary_fr, "Plus vite"]})
    at(DUE)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(sent[0].item.get_absolute_url())
    assert "نشر" in again(sent[1]).comment
    told = {mail.to[0]: mail for mail in mailoutbox}
    assert len(mailoutbox) == len(told)
    assert {"other@example.org", "editor@example.org"} <= set(told)
    assert "نشر" in told["other@example.org"].body
    assert str(sent[0].item) in told["editor@example.org"].body


def test_one_that_its_author_has_changed_since_stops_a_scheduled_batch(sent, scheduled, as_coordinator, client, at):
    mine = sent[0]
    Change.save_draft(mine.item, mine.author, {"summary_fr": [mine.item.summary_fr, "Autrement"]})
    at(DUE)
    client.get(mine.item.get_absolute_url())
    assert states(sent) == ["review", "returned", "review"]
    assert str(mine.item) in again(sent[1]).comment
    page = as_coordinator.get(reverse("admin:publishing_batch_change", args=[scheduled.pk]))
    assert escape(again(sent[1]).comment) in page.text


def test_one_that_was_taken_out_or_given_up_no_longer_stops_it(sent, scheduled, as_coordinator, client, at):
    leave(as_coordinator, scheduled, sent[0].pk)
    sent[0].item.apply_patch({"summary_fr": [sent[0].item.summary_fr, "Plus vite"]})
    at(DUE)
    client.get(sent[0].item.get_absolute_url())
    assert states(sent) == ["returned", "applied", "review"]


def test_an_outage_leaves_a_batch_scheduled_whole_and_it_is_tried_again(sent, scheduled, client, at, monkeypatch):
    apply = Change.apply

    def broken(change, *args, **kwargs):
        if change.pk == sent[1].pk:
            raise OperationalError("deadlock detected")
        return apply(change, *args, **kwargs)

    at(DUE)
    with monkeypatch.context() as patched:
        patched.setattr(Change, "apply", broken)
        assert client.get(sent[0].item.get_absolute_url()).status_code == 200
    assert states(sent) == ["scheduled", "scheduled", "review"]
    assert not is_live(sent[0])
    monkeypatch.setattr(content_version, "_not_before", 0.0)
    client.get(sent[0].item.get_absolute_url())
    assert states(sent) == ["applied", "applied", "review"]


def test_what_comes_later_on_a_page_of_a_batch_that_an_outage_keeps_back_waits_with_it(
    sent, scheduled, coordinator, at, monkeypatch
):
    other = make_person("other")
    sent[1].item.city.editors.add(other)
    later = Change.propose(sent[1].item, other, {"summary_ar": [sent[1].item.summary_ar, "لاحق"]})
    later.schedule(DUE + timedelta(minutes=1), by=coordinator)
    apply = Change.apply

    def broken(change, *args, **kwargs):
        if change.pk == sent[0].pk:
            raise OperationalError("deadlock detected")
        return apply(change, *args, **kwargs)

    monkeypatch.setattr(Change, "apply", broken)
    at(DUE + timedelta(minutes=2))
    assert Change.objects.apply_due() == []
    assert states([*sent, later]) == ["scheduled", "scheduled", "review", "scheduled"]


def test_a_batch_that_is_published_or_scheduled_anew_forgets_its_first_moment(sent, scheduled, as_coordinator, at):
    later = localtime(DUE + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    step(as_coordinator, scheduled, "schedule", due=later)
    at(DUE)
    assert Change.objects.apply_due() == []
    step(as_coordinator, scheduled, "apply")
    assert states(sent) == ["applied", "applied", "review"]
    scheduled.refresh_from_db()
    assert scheduled.due_at is None
