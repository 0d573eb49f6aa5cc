"""Drafts that a file has made are sent, published, given up and undone together."""

import pytest
from django.core import mail

from initiatives.models import Initiative
from learningcities import bounds
from learningcities.publishing.models import Batch, Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough

from .helpers import Edited, exported, make, send

INITIATIVES, MAIN = "/admin/initiatives/initiative/", "initiatives.initiative"
WORDS = "Un projet pour lire."


@pytest.fixture
def pair(city):
    return [factories.make_initiative(city, slug, title_fr=slug) for slug in ("one", "two")]


def edited(client):
    """Both rows with other words, and a new one."""
    file = Edited(exported(client, INITIATIVES))
    for row in (0, 1):
        file.put(MAIN, row, summary_fr=WORDS)
    return file.put(MAIN, 2, title_fr="Nouvelle", city="Ville à soi", summary_fr="Une idée.", status_on="2024").content


@pytest.fixture
def batch(as_editor, pair):
    return make(as_editor, INITIATIVES, edited(as_editor))


def step(client, batch, name, **words):
    return client.post(f"/admin/publishing/batch/{batch.pk}/change/", {"step": name, **words}, follow=True)


def states(batch):
    return set(batch.changes.values_list("state", flat=True))


def shown(pair):
    return [Initiative.objects.get(pk=initiative.pk).summary_fr for initiative in pair]


@thorough
def test_what_is_right_becomes_drafts_that_nobody_else_sees(as_editor, as_coordinator, batch, pair):
    assert states(batch) == {"open"}
    assert batch.changes.count() == 3
    assert batch.file is None
    assert WORDS not in shown(pair)
    assert batch.name in as_editor.get("/admin/publishing/batch/").text
    assert batch.name not in as_coordinator.get("/admin/publishing/batch/").text
    assert as_coordinator.get(f"/admin/publishing/batch/{batch.pk}/change/", follow=True).redirect_chain


@thorough
def test_an_editor_sends_a_batch_and_a_coordinator_publishes_it(
    as_editor, as_coordinator, coordinator, editor, batch, pair, client, django_capture_on_commit_callbacks
):
    for person in (coordinator, editor):
        type(person).objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    assert step(as_editor, batch, "apply").status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        step(as_editor, batch, "send", comment="De la rentrée")
    assert states(batch) == {"review"}
    assert len(mail.outbox) == 1
    assert WORDS not in shown(pair)
    with django_capture_on_commit_callbacks(execute=True):
        step(as_coordinator, batch, "apply")
    assert states(batch) == {"applied"}
    assert len(mail.outbox) == 2
    assert shown(pair) == [WORDS, WORDS]
    assert client.get(Initiative.objects.get(slug="nouvelle").get_absolute_url()).status_code == 200


@thorough
def test_many_drafts_are_made_as_batches_that_can_be_published_in_one_go(as_editor, pair, monkeypatch):
    monkeypatch.setattr(bounds, "BATCH_CHANGES", 2)
    response = send(as_editor, INITIATIVES, edited(as_editor))
    response = as_editor.post(response.redirect_chain[-1][0], {"make": "yes"}, follow=True)
    assert [batch.changes.count() for batch in Batch.objects.order_by("pk")] == [2, 1]
    assert "list.xlsx (2)" in response.text


@thorough
def test_a_coordinator_returns_a_batch_with_a_word(as_editor, as_coordinator, batch):
    step(as_editor, batch, "send")
    assert step(as_coordinator, batch, "return").context["form"].errors
    step(as_coordinator, batch, "return", comment="Pas encore")
    assert states(batch) == {"returned"}
    page = as_editor.get(f"/admin/publishing/batch/{batch.pk}/change/").text
    assert 'name="step" value="send"' in page


@thorough
def test_a_batch_with_one_draft_that_no_longer_fits_is_published_not_at_all(as_coordinator, pair):
    batch = make(as_coordinator, INITIATIVES, edited(as_coordinator))
    pair[0].summary_fr = "Autre chose."
    pair[0].save()
    response = step(as_coordinator, batch, "apply")
    assert any("one" in str(message) for message in response.context["messages"])
    assert shown(pair) == ["Autre chose.", pair[1].summary_fr]
    assert states(batch) == {"open"}
    as_coordinator.post(
        f"/admin/publishing/change/{batch.changes.get(object_id=pair[0].pk).pk}/change/", {"step": "discard"}
    )
    step(as_coordinator, batch, "apply")
    assert shown(pair) == ["Autre chose.", WORDS]


@thorough
def test_discarding_a_batch_leaves_the_pages_and_bins_what_it_added(as_editor, batch, pair):
    step(as_editor, batch, "discard")
    assert states(batch) == {"discarded"}
    assert WORDS not in shown(pair)
    assert Initiative.objects.get(slug="nouvelle").binned_at


@thorough
def test_undoing_a_batch_makes_a_batch_that_takes_it_back(as_coordinator, pair, client):
    before = shown(pair)
    batch = make(as_coordinator, INITIATIVES, edited(as_coordinator))
    step(as_coordinator, batch, "apply")
    new = Initiative.objects.get(slug="nouvelle")
    undoing = step(as_coordinator, batch, "undo").context["batch"]
    assert undoing != batch
    assert shown(pair) == [WORDS, WORDS]
    step(as_coordinator, undoing, "apply")
    assert shown(pair) == before
    assert client.get(new.get_absolute_url()).status_code == 410


@thorough
def test_undoing_leaves_what_was_changed_since_or_is_another_citys(as_editor, as_coordinator, batch, pair, city):
    step(as_editor, batch, "send")
    step(as_coordinator, batch, "apply")
    pair[0].refresh_from_db()
    pair[0].summary_fr = "Depuis."
    pair[0].save()
    undoing = step(as_editor, batch, "undo").context["batch"]
    assert {change.item.slug for change in undoing.changes.all()} == {"two", "nouvelle"}
    step(as_editor, undoing, "discard")
    city.editors.clear()
    step(as_editor, batch, "undo")
    assert Batch.objects.count() == 2


@thorough
def test_a_colleague_neither_sees_nor_touches_a_batch(batch, other_city):
    colleague = make_person("colleague")
    other_city.editors.add(colleague)
    client = logged_in(colleague)
    assert batch.name not in client.get("/admin/publishing/batch/").text
    for name in ("send", "apply", "return", "discard", "undo", "nonsense"):
        step(client, batch, name)
    assert states(batch) == {"open"}


@thorough
def test_a_change_leads_to_its_batch(as_editor, batch):
    page = as_editor.get(f"/admin/publishing/change/{batch.changes.first().pk}/change/")
    assert f"/admin/publishing/batch/{batch.pk}/change/" in page.text
    assert Change.objects.filter(batch=batch).count() == 3
