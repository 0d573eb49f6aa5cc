"""A row that someone has taken out stands struck through for them, and comes back with all that they had written."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cities.models import Axis
from learningcities.operations.chores import tidy
from learningcities.publishing.models import Change, PageLock
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import edit, page_of
from tests.publishing.helpers import Window, outline_of, remove

pytestmark = pytest.mark.django_db


@pytest.fixture
def axis(city):
    return Axis.objects.create(city=city, title_fr="Lire", title_ar="القراءة", position=0)


@pytest.fixture
def note(city):
    """An initiative that visitors never saw."""
    return factories.make_initiative(city, public=False)


def lines(client, item, section):
    """The lines of a section as they stand there when one comes back to it: [(words, is struck through)]."""
    cards = client.get(page_of(item, "section", section)).context["outline"].all_cards
    card = next(card for card in cards if card.section.name == section)
    return [(line.words, line.is_removed) for line in card.lines]


def put_back(client, item, section, uuid):
    return client.post(page_of(item, "section", section), {"restore": str(uuid)})


def draft_of(item, person):
    change = Change.objects.mine(item, person)
    return change.patch if change else {}


def test_a_row_of_visitors_comes_back_with_what_its_author_had_changed_of_it(as_editor, editor, city, axis):
    edit(as_editor, city, {f"axes:{axis.pk}:title_fr": "Lire et écrire", "summary_ar": "ملخص"}, "_draft")
    before = draft_of(city, editor)
    remove(as_editor, city, "axes", axis.pk)
    assert draft_of(city, editor)[f"axes:{axis.pk}"][1] is None
    returned = logged_in(editor)
    assert lines(returned, city, "axes") == [("Lire et écrire", True)]
    put_back(returned, city, "axes", axis.pk)
    assert draft_of(city, editor) == before
    assert lines(returned, city, "axes") == [("Lire et écrire", False)]


def test_a_row_that_only_the_draft_had_comes_back_as_it_was(as_editor, editor, city):
    edit(as_editor, city, {"axes:new:title_fr": "Écrire", "axes:new:text_ar": "نص"}, "_draft")
    before = draft_of(city, editor)
    (uuid,) = (key.split(":")[1] for key in before)
    remove(as_editor, city, "axes", uuid)
    assert draft_of(city, editor) == {}
    returned = logged_in(editor)
    assert lines(returned, city, "axes") == [("Écrire · نص", True)]
    assert "<del>Écrire · نص</del>" in outline_of(returned, city).content.decode(), "in the closed section, too"
    put_back(returned, city, "axes", uuid)
    assert draft_of(city, editor) == before


def test_a_row_of_what_visitors_never_saw_comes_back_as_it_was(as_editor, note):
    partner = note.partners.create(name_fr="Association", role_fr="Hôte")
    Window(as_editor, note, "partners", partner.pk).keep(role_fr="Lieu")
    remove(as_editor, note, "partners", partner.pk)
    assert not note.partners.exists()
    assert [is_removed for _words, is_removed in lines(as_editor, note, "partners")] == [True]
    put_back(as_editor, note, "partners", partner.pk)
    assert note.partners.values_list("pk", "name_fr", "role_fr").get() == (partner.pk, "Association", "Lieu")
    assert [is_removed for _words, is_removed in lines(as_editor, note, "partners")] == [False]


def test_words_that_autosave_kept_of_a_new_row_come_back(as_editor, editor, note):
    window = Window(as_editor, note, "partners", uuid := uuid4())
    assert window.keep(name_fr="Mairie")["kept"]
    remove(as_editor, note, "partners", uuid)
    assert not note.partners.exists()
    put_back(as_editor, note, "partners", uuid)
    assert note.partners.get().name_fr == "Mairie"


def test_what_another_has_changed_meanwhile_is_a_question_when_the_row_comes_back(
    as_editor, as_coordinator, city, axis
):
    edit(as_editor, city, {f"axes:{axis.pk}:title_fr": "Le mien"}, "_draft")
    remove(as_editor, city, "axes", axis.pk)
    edit(as_coordinator, city, {f"axes:{axis.pk}:title_fr": "Le leur", f"axes:{axis.pk}:title_en": "Reading"})
    put_back(as_editor, city, "axes", axis.pk)
    assert [clash.key for clash in outline_of(as_editor, city).context["clashes"]] == [f"axes:{axis.pk}:title_fr"]
    axis.refresh_from_db()
    assert (axis.title_fr, axis.title_en) == ("Le leur", "Reading")


def test_nothing_of_a_row_that_was_taken_out_is_sent_published_or_on_record(
    as_editor, as_coordinator, city, axis, client
):
    edit(as_editor, city, {f"axes:{axis.pk}:title_fr": "Un secret", "axes:new:title_fr": "Un secret"}, "_draft")
    for key in list(Change.objects.unfinished().get().patch):
        remove(as_editor, city, "axes", key.split(":")[1])
    edit(as_editor, city, {}, "_send")
    change = Change.objects.waiting().get()
    assert list(change.patch) == [f"axes:{axis.pk}"]
    pages = [page_of(city, "change"), page_of(city, "happened"), page_of(city, "section", "axes")]
    assert "Un secret" not in "".join(as_coordinator.get(page).content.decode() for page in pages)
    change.apply(by=make_person("chief", "coordinator"))
    assert "Un secret" not in client.get(city.get_absolute_url()).content.decode()
    assert not any("Un secret" in str(change.patch) for change in Change.objects.all())


def test_nobody_puts_back_what_another_has_taken_out(as_editor, note, city):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    partner = note.partners.create(name_fr="Association")
    remove(as_editor, note, "partners", partner.pk)
    assert lines(logged_in(colleague), note, "partners") == []
    put_back(logged_in(colleague), note, "partners", partner.pk)
    assert not note.partners.exists()


def test_a_page_that_a_colleague_has_reserved_takes_no_row_back_and_it_stays_there_to_be_put_back(
    as_editor, coordinator, note
):
    partner = note.partners.create(name_fr="Association")
    remove(as_editor, note, "partners", partner.pk)
    PageLock.acquire(note, coordinator)
    put_back(as_editor, note, "partners", partner.pk)
    assert not note.partners.exists()
    assert [is_removed for _words, is_removed in lines(as_editor, note, "partners")] == [True]


def test_a_row_that_the_reserved_page_kept_isnt_shown_as_taken_out(as_editor, coordinator, note):
    partner = note.partners.create(name_fr="Association")
    PageLock.acquire(note, coordinator)
    remove(as_editor, note, "partners", partner.pk)
    PageLock.objects.all().delete()
    assert [is_removed for _words, is_removed in lines(as_editor, note, "partners")] == [False]


def test_what_was_taken_out_weeks_ago_is_forgotten(as_editor, note, monkeypatch):
    partner = note.partners.create(name_fr="Association")
    remove(as_editor, note, "partners", partner.pk)
    later = content_version.moment() + timedelta(days=31)
    tidy()
    assert len(lines(as_editor, note, "partners")) == 1
    monkeypatch.setattr("learningcities.publishing.workflow.removed_row.moment", lambda: later)
    tidy()
    assert lines(as_editor, note, "partners") == []
