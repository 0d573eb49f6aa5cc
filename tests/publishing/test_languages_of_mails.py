"""Each mail speaks its reader's language, and what is stored doesn't depend on who is there at the time."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from learningcities.publishing.models import Batch, Change
from learningcities.publishing.version import content_version
from learningcities.reports.mail import send_waiting
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import make_person


@pytest.fixture
def named(city):
    """The city, with a name in two languages."""
    city.name_fr, city.name_ar = "Azemmour", "أزمور"
    city.save()
    return city


@pytest.fixture
def letters(db, django_capture_on_commit_callbacks, mailoutbox):
    """The letters that an act sends, by the address."""

    def letters(act):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert all(len(letter.to) == 1 for letter in mailoutbox)
        return {letter.to[0]: f"{letter.subject}\n{letter.body}" for letter in mailoutbox}

    return letters


@pytest.fixture
def people(editor):
    """The editor reads Arabic, one coordinator French and another one Arabic."""
    editor.email, editor.language = "editor@ville.example", "ar"
    editor.save()
    for language in ("fr", "ar"):
        make_person(language, "coordinator", email=f"{language}@ville.example", language=language)
    make_person("silent", "coordinator")


def test_each_coordinator_is_asked_for_a_review_in_their_own_language(letters, people, editor, named):
    sent = letters(lambda: Change.propose(named, editor, {"summary_fr": [named.summary_fr, "Neuf"]}))
    assert sent.keys() == {"fr@ville.example", "ar@ville.example"}
    assert "Azemmour" in sent["fr@ville.example"]
    assert "أزمور" in sent["ar@ville.example"]
    assert "Azemmour" not in sent["ar@ville.example"]


def test_an_author_hears_of_a_decision_in_their_own_language(letters, people, editor, named, coordinator):
    change = Change.propose(named, editor, {"summary_fr": [named.summary_fr, "Neuf"]})
    with override("fr"):
        sent = letters(lambda: change.return_to_author(coordinator, "Plus court."))
    assert "أزمور" in sent["editor@ville.example"]
    assert "Azemmour" not in sent["editor@ville.example"]


def test_a_batch_and_a_report_are_told_in_the_language_of_each(letters, people, editor, named):
    batch = Batch.objects.create(author=editor, name="x", content_type=Change(item=named).content_type)
    Change.save_draft(named, editor, {"summary_fr": [named.summary_fr, "Neuf"]}, batch=batch)
    sent = letters(lambda: batch.take("send", editor))
    assert len({sent["fr@ville.example"], sent["ar@ville.example"]}) == 2
    factories.make_report(named)
    sent = letters(send_waiting)
    assert "أزمور" in sent["editor@ville.example"]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_stored_title_is_the_same_whoever_visits(named, editor, language, client, monkeypatch):
    later = timezone.now() + timedelta(hours=1)
    coordinator = make_person("boss", "coordinator")
    change = Change.propose(named, editor, {"summary_fr": [named.summary_fr, "Neuf"]})
    Change.objects.get(pk=change.pk).schedule(later, coordinator)
    monkeypatch.setattr(content_version, "moment", lambda: later + timedelta(hours=1))
    monkeypatch.setattr("learningcities.publishing.workflow.change.moment", content_version.moment)
    client.get(f"/{language}/")
    change.refresh_from_db()
    assert (change.state, change.title) == ("applied", "Azemmour")


def test_a_draft_a_report_and_an_undone_batch_are_named_alike_in_every_language(named, editor, client):
    with override("ar"):
        draft = Change.save_draft(named, editor, {"summary_fr": [named.summary_fr, "Neuf"]})
        batch = Batch.objects.create(author=editor, name="x", content_type=draft.content_type)
        Change.objects.filter(pk=draft.pk).update(state="applied", batch=batch)
        undoing, _whys = batch.undo(editor, may=lambda item: True)
    assert draft.title == "Azemmour"
    assert undoing.name == "Annuler : x" or undoing.name.isascii()


def test_whatever_deletes_many_rows_must_be_asked_for_some_of_them(db):
    """Django hides what is for querysets from managers, and what writes from templates; an override must, too."""
    for model in apps.get_models():
        for name in ("delete", "update", "as_manager", "bulk_update", "bulk_create"):
            here, there = getattr(type(model._default_manager.all()), name), getattr(models.QuerySet, name)
            for flag in ("queryset_only", "alters_data"):
                assert getattr(here, flag, None) == getattr(there, flag, None), f"{model.__name__}.{name}: {flag}"
    assert not hasattr(City.objects, "delete")
    assert City.objects.all().delete()[0] == 0
    assert Report.objects.all().delete
