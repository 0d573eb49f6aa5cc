"""Whoever gets the writers' lock after someone else sees what that one has done, and decides by it."""

import pytest
from django.urls import reverse

from learningcities.publishing.models import Batch, Change, Comment, ContentVersion
from learningcities.publishing.rights.page_lock import PageLock
from tests import factories
from tests.conftest import make_person
from tests.forms import edit

from .helpers import Window, decide, go_back, outline_of, way_back_of


@pytest.fixture
def just_before(monkeypatch):
    """Let someone else act after a page was asked for, and before it has the lock."""

    def meanwhile(act):
        lock, waiting = ContentVersion.lock_writes, [act]

        def held():
            if waiting:
                waiting.pop()()
            return lock()

        monkeypatch.setattr(ContentVersion, "lock_writes", held)

    return meanwhile


@pytest.fixture
def note(city):
    return factories.make_initiative(city, "note", public=False, title_fr="Atelier")


def again(row):
    return type(row)._base_manager.get(pk=row.pk)


def act(client, action, row):
    listed = reverse("admin:initiatives_initiative_changelist")
    answer = client.post(listed, {"action": action, "_selected_action": [row.pk]}, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def test_an_editor_moves_nothing_to_the_bin_that_has_gone_public_meanwhile(as_editor, note, just_before):
    just_before(lambda: again(note).publish())
    assert "Atelier" in act(as_editor, "bin_selected", note)
    assert again(note).binned_at is None


def test_what_has_lost_its_text_meanwhile_is_not_published(as_coordinator, note, just_before):
    def empty():
        row = again(note)
        row.summary_fr = ""
        row.save()

    just_before(empty)
    act(as_coordinator, "publish_selected", note)
    assert again(note).public_from is None


def test_earlier_words_of_what_has_gone_public_meanwhile_come_back_as_a_draft(as_editor, note, just_before):
    edit(as_editor, note, {"title_fr": "Autre atelier"})
    change = Change.objects.of(note).happened().first()
    just_before(lambda: again(note).publish())
    as_editor.post(way_back_of(change), {"step": "undo", "seen": change.pk})
    assert not Change.objects.of(note).unfinished().exists(), "it is to be looked at again"
    go_back(as_editor, "undo", change)
    assert again(note).title_fr == "Autre atelier"
    assert Change.objects.of(note).unfinished().get().patch == {"title_fr": ["Autre atelier", "Atelier"]}


def test_what_is_kept_while_someone_writes_says_who_has_taken_the_page_meanwhile(as_editor, city, just_before):
    window = Window(as_editor, city, "brief")
    just_before(lambda: PageLock.acquire(city, make_person("holder", first_name="Fatima")))
    answer = window.keep(summary_fr="Nouveau")
    assert not answer["kept"]
    assert "Fatima" in answer["said"]
    assert not Change.objects.unfinished().exists()


def test_what_is_saved_says_who_has_taken_the_page_meanwhile_and_keeps_the_words_on_the_form(
    as_editor, city, just_before
):
    window = Window(as_editor, city, "brief")
    just_before(lambda: PageLock.acquire(city, make_person("holder", first_name="Fatima")))
    form = window.save(summary_fr="Nouveau").context["form"]
    assert "Fatima" in str(form.non_field_errors())
    assert form["summary_fr"].value() == "Nouveau"
    assert not Change.objects.unfinished().exists()


def test_what_is_saved_of_a_page_that_has_gone_public_meanwhile_is_a_draft(as_editor, note, just_before):
    window = Window(as_editor, note, "names")
    just_before(lambda: again(note).publish())
    window.save(title_fr="Autre atelier")
    assert again(note).title_fr == "Atelier"
    assert Change.objects.of(note).unfinished().get().patch == {"title_fr": ["Atelier", "Autre atelier"]}


def test_two_versions_that_were_looked_at_before_a_third_came_are_looked_at_again(
    as_editor, as_coordinator, note, just_before
):
    window = Window(as_editor, note, "names")
    edit(as_coordinator, note, {"title_fr": "Le leur"}, "_draft")
    window.save(title_fr="Le mien")
    page = outline_of(as_editor, note)
    just_before(lambda: edit(as_coordinator, note, {"title_fr": "Plus récent"}, "_draft"))
    decide(as_editor, note, page, title_fr="mine")
    assert again(note).title_fr == "Plus récent"
    decide(as_editor, note, title_fr="mine")
    assert again(note).title_fr == "Le mien"


def test_nobody_writes_beside_what_is_gone_meanwhile(as_coordinator, note, just_before):
    just_before(lambda: again(note).delete())
    beside = reverse("admin:initiatives_initiative_happened", args=[note.pk])
    answer = as_coordinator.post(beside, {"text": "À revoir"}, follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert not Comment.objects.exists()


def test_a_batch_that_someone_else_has_decided_about_meanwhile_is_not_said_to_be_published(
    as_editor, as_coordinator, editor, coordinator, city, just_before
):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    batch = Batch.objects.create(author=editor, name="Lot", content_type=change.content_type)
    Change.objects.update(batch=batch)
    just_before(lambda: Change.objects.get(pk=change.pk).return_to_author(coordinator, "Non"))
    answer = as_coordinator.post(
        reverse("admin:publishing_batch_change", args=[batch.pk]), {"step": "apply"}, follow=True
    )
    assert "publié" not in " ".join(map(str, answer.context["messages"]))


def test_a_discard_that_comes_too_late_leaves_the_newer_words(as_editor, as_coordinator, city, just_before):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    page = reverse("admin:publishing_change_change", args=[change.pk])
    just_before(lambda: Change.save_draft(city, change.author, {"summary_fr": [city.summary_fr, "Plus récent"]}))
    as_coordinator.post(page, {"step": "discard"})
    assert (again(change).state, again(change).patch["summary_fr"][1]) == ("review", "Plus récent")


def test_an_undo_names_what_was_changed_again_since(as_coordinator, city):
    for name in ("Nom", "Autre nom"):
        edit(as_coordinator, city, {"also_known_as": name})
    change = Change.objects.of(city).happened()[1]
    way_back = as_coordinator.get(go_back(as_coordinator, "undo", change)["Location"])
    assert "Autres noms" in " ".join(map(str, way_back.context["messages"]))
    assert again(city).also_known_as == "Autre nom"
