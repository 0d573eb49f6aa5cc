"""Each step tells the people concerned, by mail and on their desk, with one link."""

import re

import pytest
from django.urls import reverse

from cities.models import City
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person, thorough
from tests.forms import edit, live, queries
from tests.forms import page_of as screen_of

from .helpers import DUE, TYPED, page_of

AUTHOR, COORDINATOR = ["editor@example.org"], ["coordinator@example.org"]


@pytest.fixture(autouse=True)
def addresses(editor, coordinator):
    for person in (editor, coordinator):
        person.email = f"{person.username}@example.org"
        person.save()
    make_person("gone", "coordinator", email="gone@example.org", is_active=False)


@pytest.fixture
def told(django_capture_on_commit_callbacks, mailoutbox):
    """What is mailed once the acts of a block are in the database: [(recipients, subject, body)]."""

    def told(act):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [(mail.to, mail.subject, mail.body) for mail in mailoutbox]

    return told


@pytest.fixture
def waiting(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    return Change.objects.waiting().get()


def decide(client, change, step, **words):
    return lambda: client.post(page_of(change), {"step": step, **words})


def links(body):
    return re.findall(r"https?://\S+", body)


@thorough
def test_a_draft_tells_nobody_and_what_is_sent_tells_the_coordinators_once(told, as_editor, city, settings):
    assert told(lambda: edit(as_editor, city, {"summary_fr": "Nouveau"})) == []
    [(to, subject, body)] = told(lambda: edit(as_editor, city, {}, "_send", comment="C’est urgent."))
    change = Change.objects.waiting().get()
    assert to == COORDINATOR
    assert str(city) in subject
    assert "C’est urgent." in body
    assert links(body) == [settings.SITE_ADDRESS + page_of(change)]
    assert told(lambda: edit(as_editor, city, {"summary_fr": "Encore"}, "_send", comment="C’est urgent.")) == []


def test_what_can_not_be_sent_tells_nobody(told, as_editor, city):
    assert told(lambda: edit(as_editor, city, {"summary_fr": ""}, "_send")) == []


@thorough
def test_an_author_hears_of_every_decision(told, as_editor, as_coordinator, city, waiting, settings):
    [(to, _, body)] = told(decide(as_coordinator, waiting, "return", comment="Plus court."))
    assert to == AUTHOR
    assert "Plus court." in body
    assert links(body) == [settings.SITE_ADDRESS + screen_of(city, "change")]
    edit(as_editor, city, {"summary_fr": "Court"}, "_send")
    [(to, _, body)] = told(decide(as_coordinator, waiting, "schedule", due=TYPED))
    assert (to, links(body)) == (AUTHOR, [settings.SITE_ADDRESS + page_of(waiting)])
    [(to, subject, _)] = told(decide(as_coordinator, waiting, "apply"))
    assert to == AUTHOR
    assert str(city) in subject


@thorough
def test_an_author_hears_of_a_change_that_a_coordinator_discards_and_not_of_their_own(
    told, as_editor, as_coordinator, city, waiting
):
    assert [to for to, _, _ in told(decide(as_coordinator, waiting, "discard"))] == [AUTHOR]
    edit(as_editor, city, {"summary_fr": "Autre"})
    assert told(decide(as_editor, Change.objects.unfinished().get(), "discard")) == []


@thorough
def test_the_clock_tells_what_became_of_a_scheduled_change(told, as_coordinator, city, waiting, client, at):
    decide(as_coordinator, waiting, "schedule", due=TYPED)()
    City.objects.filter(pk=city.pk).update(summary_fr="Écrit entre-temps")
    at(DUE)
    [(to, _, body)] = told(lambda: client.get(city.get_absolute_url()))
    waiting.refresh_from_db()
    assert to == AUTHOR
    assert waiting.comment in body


def test_a_coordinator_who_publishes_tells_nobody(told, as_coordinator, city):
    assert told(lambda: edit(as_coordinator, city, {"summary_fr": "Par le coordinateur"})) == []


@thorough
def test_who_asked_for_a_first_publication_hears_of_it(told, as_editor, as_coordinator, city):
    initiative = factories.make_initiative(city, public=False)
    assert [to for to, _, _ in told(lambda: edit(as_editor, initiative, {}, "_ask"))] == [COORDINATOR]
    assert [to for to, _, _ in told(lambda: edit(as_coordinator, initiative, {}, "_publish"))] == [AUTHOR]


def test_nothing_is_lost_when_mail_is_down(told, as_editor, city, settings, monkeypatch):
    def down(self):
        raise OSError("no route to the mail server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    assert told(lambda: edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")) == []
    assert Change.objects.waiting().get().patch["summary_fr"][1] == "Nouveau"


# The desk


def desk(client):
    """What the desk says of changes."""
    said = client.get("/admin/").context
    changes = reverse("admin:publishing_change_changelist")
    lines = [*said["groups"], *said["under_way"]]
    return {str(line.name): (line.number, line.address) for line in lines if line.address.startswith(changes)}


def listed(client, address):
    return client.get(address).context["cl"].result_count


@thorough
def test_every_number_of_the_desk_is_the_length_of_its_list(as_editor, as_coordinator, city):
    rows = [city, *(factories.make_initiative(city, slug=f"i-{number}") for number in range(4))]
    edit(as_editor, rows[0], {"summary_fr": "Ébauche"})
    for row in rows[1:]:
        edit(as_editor, row, {"summary_fr": "Envoyé"}, "_send")
    sent = list(Change.objects.waiting().order_by("pk"))
    decide(as_coordinator, sent[0], "return", comment="Mot")()
    decide(as_coordinator, sent[1], "schedule", due=TYPED)()
    edit(as_coordinator, city, {"summary_fr": "Autre ébauche"}, "_draft")
    for client, expected in ((as_editor, [1, 1, 2, 1]), (as_coordinator, [2, 1, 1])):
        found = desk(client)
        assert [number for number, _ in found.values()] == expected
        for number, address in found.values():
            assert listed(client, address) == number, address
    assert live(city).summary_fr != "Autre ébauche"


@thorough
def test_the_desk_of_an_editor_says_nothing_of_others(as_editor, other_city):
    stranger = make_person("stranger")
    Change.propose(other_city, stranger, {"summary_fr": [other_city.summary_fr, "Secret"]})
    assert desk(as_editor) == {}
    assert str(other_city) not in as_editor.get(reverse("admin:index")).content.decode()


@thorough
def test_the_desk_costs_the_same_however_much_waits(as_coordinator, as_editor, city):
    edit(as_editor, factories.make_initiative(city, slug="first"), {"summary_fr": "Envoyé"}, "_send")
    few = queries(as_coordinator, reverse("admin:index"))
    for number in range(6):
        edit(as_editor, factories.make_initiative(city, slug=f"i-{number}"), {"summary_fr": "Envoyé"}, "_send")
    assert queries(as_coordinator, reverse("admin:index")) == few
