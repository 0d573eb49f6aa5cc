"""Changes that were made one by one and go live together: all of them, or none."""

import pytest
from django.urls import reverse

from learningcities.publishing.models import Change
from learningcities.publishing.workflow.batch import Batch
from tests import factories

LIST = reverse("admin:publishing_change_changelist")


@pytest.fixture
def sent(city, editor):
    """Three changes that wait for a decision."""
    initiatives = [factories.make_initiative(city, slug=f"i-{number}") for number in range(3)]
    changes = [Change.save_draft(each, editor, {"summary_fr": [each.summary_fr, "Autre"]}) for each in initiatives]
    for change in changes:
        change.send()
    return changes


def is_live(change):
    return type(change.item).objects.get(pk=change.object_id).summary_fr == "Autre"


def together(client, *changes):
    data = {"action": "publish_together", "_selected_action": [change.pk for change in changes]}
    return client.post(LIST, data)


def test_chosen_changes_become_a_batch_that_is_published_as_a_whole(sent, as_coordinator):
    response = together(as_coordinator, *sent[:2])
    batch = Batch.objects.get()
    assert response["Location"] == reverse("admin:publishing_batch_change", args=[batch.pk])
    assert set(batch.changes.all()) == set(sent[:2])
    as_coordinator.post(response["Location"], {"step": "apply", "seen": batch.version})
    assert [is_live(change) for change in sent] == [True, True, False]


def test_what_clashes_keeps_all_of_it_from_going_live(sent, as_coordinator):
    together(as_coordinator, *sent[:2])
    batch = Batch.objects.get()
    sent[0].item.apply_patch({"summary_fr": [sent[0].item.summary_fr, "Plus vite"]})
    address = reverse("admin:publishing_batch_change", args=[batch.pk])
    as_coordinator.post(address, {"step": "apply", "seen": batch.version})
    assert not is_live(sent[1])


def test_one_change_alone_or_one_that_is_decided_makes_no_batch(sent, coordinator, as_coordinator):
    together(as_coordinator, sent[0])
    sent[1].apply(by=coordinator)
    together(as_coordinator, sent[0], sent[1])
    assert not Batch.objects.exists()


def test_a_change_is_in_one_batch_only(sent, as_coordinator):
    together(as_coordinator, *sent[:2])
    together(as_coordinator, *sent[1:])
    assert Batch.objects.count() == 1
    assert Change.objects.get(pk=sent[2].pk).batch is None


def test_an_editor_is_not_offered_it_and_gets_nowhere_by_posting_it(sent, as_editor):
    assert 'value="publish_together"' not in as_editor.get(LIST).content.decode()
    together(as_editor, *sent)
    assert not Batch.objects.exists()
