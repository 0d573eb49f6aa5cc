"""What is scheduled becomes public at its minute, once, without anybody's help; what no longer fits stays out."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from cities.models import City
from learningcities.publishing.history.tracking import dry_run
from learningcities.publishing.version import content_version
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from tests import factories
from tests.conftest import thorough
from tests.forms import data_of, edit, form_at, live, section_at
from tests.forms import page_of as screen_of

from .helpers import DUE, TYPED, page_of

MINUTE = timedelta(minutes=1)
UNTIL = localtime(DUE + MINUTE).strftime("%Y-%m-%dT%H:%M")
#: An end that was stored more exactly than a panel shows it, and one that is typed meanwhile.
EXACT, LATER = DUE + timedelta(days=1, seconds=37), DUE + timedelta(days=2)
TYPED_LATER = localtime(LATER).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def scheduled(as_editor, as_coordinator, city):
    edit(as_editor, city, {"summary_fr": "Le résumé de demain"}, "_send")
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "schedule", "due": TYPED})
    change.refresh_from_db()
    return change


@thorough
def test_a_coordinator_schedules_a_change_to_the_minute(scheduled, coordinator, city):
    assert (scheduled.state, scheduled.due_at, scheduled.decided_by) == ("scheduled", DUE, coordinator)
    assert live(city).summary_fr != "Le résumé de demain"


@thorough
@pytest.mark.parametrize("due", ["", "2001-01-01T10:00", "demain"])
def test_without_a_moment_to_come_nothing_is_scheduled_and_nothing_typed_is_lost(as_editor, as_coordinator, city, due):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    response = as_coordinator.post(page_of(change), {"step": "schedule", "due": due, "comment": "Mot"})
    assert response.context["form"].errors["due"]
    assert response.context["form"]["comment"].value() == "Mot"
    change.refresh_from_db()
    assert change.state == "review"


def test_an_editor_schedules_nothing(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    assert as_editor.post(page_of(change), {"step": "schedule", "due": TYPED}).status_code == 403
    change.refresh_from_db()
    assert change.state == "review"


@thorough
def test_the_first_visitor_after_its_minute_sees_it_and_nobody_before(scheduled, editor, coordinator, city, client, at):
    at(DUE - MINUTE)
    assert "Le résumé de demain" not in client.get(city.get_absolute_url()).content.decode()
    stamp = ContentVersion.objects.get().stamp
    at(DUE)
    assert "Le résumé de demain" in client.get(city.get_absolute_url()).content.decode()
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.author, scheduled.decided_by) == ("applied", editor, coordinator)
    assert ContentVersion.objects.get().stamp != stamp


@thorough
@pytest.mark.parametrize("path", ["/fr/villes/", "/fr/", "/fr/recherche/?q=demain", "/api/v1/cities/"])
def test_every_page_that_shows_it_is_fresh_at_its_minute(scheduled, client, at, path):
    at(DUE - MINUTE)
    assert "Le résumé de demain" not in client.get(path, follow=True).content.decode()
    at(DUE)
    page = client.get(path, follow=True).content.decode()
    assert live(scheduled.item).summary_fr == "Le résumé de demain"
    assert path == "/fr/" or "de demain" in page or "<mark>demain</mark>" in page


@thorough
def test_it_is_applied_once(scheduled, city, client, at):
    at(DUE)
    client.get(city.get_absolute_url())
    count, stamp = Change.objects.count(), ContentVersion.objects.get().stamp
    client.get(city.get_absolute_url())
    call_command("tick", verbosity=0)
    assert (Change.objects.count(), ContentVersion.objects.get().stamp) == (count, stamp)


@thorough
def test_the_command_does_what_a_visitor_does(scheduled, city, at, capsys):
    call_command("tick")
    assert live(city).summary_fr != "Le résumé de demain"
    at(DUE)
    call_command("tick")
    assert live(city).summary_fr == "Le résumé de demain"
    assert capsys.readouterr().out.splitlines() == [
        "0 applied, 0 returned to their authors.",
        "1 applied, 0 returned to their authors.",
    ]


@thorough
def test_what_clashes_at_its_time_goes_back_to_its_author_and_the_page_stays(scheduled, city, client, at):
    City.objects.filter(pk=city.pk).update(summary_fr="Écrit entre-temps")
    at(DUE)
    assert "Écrit entre-temps" in client.get(city.get_absolute_url()).content.decode()
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.due_at) == ("returned", None)
    assert scheduled.comment


@thorough
def test_what_is_no_longer_complete_goes_back_too(as_editor, as_coordinator, city, client, at):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "schedule", "due": TYPED})
    factories.make_figure(city, year=None)
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 200
    change.refresh_from_db()
    assert change.state == "returned"
    assert "Habitants" in change.comment
    assert live(city).summary_fr != "Nouveau"


@thorough
def test_two_that_are_due_are_applied_in_their_order(scheduled, as_coordinator, city, at, client):
    later = localtime(DUE + MINUTE).strftime("%Y-%m-%dT%H:%M")
    edit(as_coordinator, city, {"also_known_as": "Nom"}, "_schedule", due=later)
    at(DUE + 2 * MINUTE)
    client.get(city.get_absolute_url())
    row = live(city)
    assert (row.summary_fr, row.also_known_as) == ("Le résumé de demain", "Nom")


@thorough
def test_an_author_who_changes_it_takes_it_off_the_schedule(scheduled, as_editor, city, client, at):
    edit(as_editor, city, {})
    scheduled.refresh_from_db()
    assert scheduled.state == "scheduled", "nothing was changed"
    edit(as_editor, city, {"summary_fr": "Pas approuvé"})
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.due_at) == ("review", None)
    at(DUE)
    client.get(city.get_absolute_url())
    assert live(city).summary_fr not in ("Pas approuvé", "Le résumé de demain")


@thorough
def test_a_coordinator_schedules_their_own_changes_from_the_panel(as_coordinator, coordinator, city, client, at):
    before = live(city).summary_fr
    edit(as_coordinator, city, {"summary_fr": "Bientôt"}, "_schedule", due=TYPED)
    assert live(city).summary_fr == before
    at(DUE)
    client.get(city.get_absolute_url())
    assert live(city).summary_fr == "Bientôt"


@thorough
@pytest.mark.parametrize("due", ["", "2001-01-01T10:00", "demain"])
def test_a_panel_that_lacks_the_moment_is_shown_again_with_all_that_was_typed(as_editor, as_coordinator, city, due):
    for client in (as_editor, as_coordinator):
        edit(client, city, {"summary_fr": "Bientôt"}, "_draft")
        panel = screen_of(city, "send")
        response = client.post(panel, {"when": "from", "due": due, "until": TYPED, "comment": "Mot"})
        form = response.context["form"]
        assert form.errors["due"]
        assert [form[name].value() for name in ("due", "until", "comment")] == [due, TYPED, "Mot"]
    assert {change.state for change in Change.objects.unfinished()} == {"open"}
    assert live(city).summary_fr != "Bientôt"


@thorough
def test_a_first_publication_is_scheduled_with_its_photos(as_coordinator, city, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    initiative = factories.make_initiative(city, public=False, cover=factories.make_photo(city, public=False))
    edit(as_coordinator, initiative, {}, "_schedule", due=TYPED)
    initiative.refresh_from_db()
    assert (initiative.state, initiative.public_from) == ("later", DUE)
    assert initiative.cover.public_from == DUE
    assert client.get(initiative.get_absolute_url()).status_code == 404
    assert initiative.is_public(DUE)
    edit(as_coordinator, initiative, {}, "_publish")
    initiative.refresh_from_db()
    assert initiative.is_public()
    assert initiative.cover.is_public()


@thorough
def test_an_incomplete_page_is_not_scheduled(as_coordinator, city):
    initiative = factories.make_initiative(city, public=False, summary_fr="")
    edit(as_coordinator, initiative, {}, "_schedule", due=TYPED)
    initiative.refresh_from_db()
    assert initiative.public_from is None


@thorough
def test_an_editor_asks_for_a_beginning_and_an_end_and_sets_neither(as_editor, city):
    initiative = factories.make_initiative(city, public=False)
    edit(as_editor, initiative, {}, "_send", due=TYPED)
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send", due=TYPED, until=UNTIL)
    assert {change.wanted_at for change in Change.objects.waiting()} == {DUE}
    assert {change.due_at for change in Change.objects.waiting()} == {None}
    initiative.refresh_from_db()
    assert (initiative.public_from, live(city).public_until) == (None, None)
    assert live(city).summary_fr != "Nouveau"


@thorough
def test_a_coordinator_agrees_to_the_end_that_an_editor_asks_for(as_editor, as_coordinator, city):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send", until=UNTIL)
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert live(city).public_until == DUE + MINUTE


def test_no_section_forges_a_publication_or_an_end(as_editor, city):
    initiative = factories.make_initiative(city, public=False)
    for row in (initiative, city):
        address, data = section_at(as_editor, row, "brief")
        as_editor.post(address, data | {"summary_fr": "Nouveau", "public_from": TYPED, "public_until": TYPED})
    assert set(Change.objects.of(city).unfinished().get().patch) == {"summary_fr"}
    initiative.refresh_from_db()
    assert (initiative.public_from, initiative.public_until, live(city).public_until) == (None, None, None)


@thorough
def test_a_coordinator_sets_the_end_to_the_minute(as_coordinator, city, client, at):
    edit(as_coordinator, city, {}, until=TYPED)
    assert live(city).public_until == DUE
    at(DUE - MINUTE)
    assert client.get(city.get_absolute_url()).status_code == 200
    at(DUE)
    assert client.get(city.get_absolute_url()).status_code == 410


# The end in a panel that was opened before someone else changed it


class Panel:
    """The panel by which an item is sent or published, open in someone's browser."""

    def __init__(self, client, item):
        self.client, self.address = client, screen_of(item, "send")
        self.data = data_of(form_at(client, self.address))

    def press(self, **words):
        page = self.client.post(self.address, self.data | {"when": "now"} | words)
        if page.status_code == 200:
            form = page.context["form"]
            self.data |= {name: form.data[name] for name in ("until", "initial-until")}
        return page


@pytest.fixture
def sent(as_editor, as_coordinator, city):
    """A draft of each, an end that visitors were told, and the panel of each, opened before it is changed."""
    City.objects.filter(pk=city.pk).update(public_until=EXACT)
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_draft")
    edit(as_coordinator, city, {"summary_ar": "جديد"}, "_draft")
    return Panel(as_editor, city), Panel(as_coordinator, city)


@pytest.mark.parametrize("until", [None, DUE])
def test_an_end_that_another_has_changed_meanwhile_stays_where_it_was_left_alone(
    sent, as_editor, as_coordinator, city, until
):
    City.objects.filter(pk=city.pk).update(public_until=until)
    editors, coordinators = sent
    assert editors.press().status_code == 302
    assert "public_until" not in Change.objects.waiting().get().patch
    assert coordinators.press().status_code == 302
    assert (live(city).summary_ar, live(city).public_until) == ("جديد", until)


def test_an_end_that_nobody_touched_keeps_its_seconds(sent, city):
    sent[1].press()
    assert live(city).public_until == EXACT


def test_an_end_that_two_have_changed_is_shown_before_it_is_written_over(sent, city):
    City.objects.filter(pk=city.pk).update(public_until=DUE)
    for panel in sent:
        page = panel.press(until=TYPED_LATER)
        assert page.status_code == 200
        assert "Entre-temps" in str(page.context["form"].errors["until"])
        assert page.context["form"]["until"].value() == TYPED_LATER, "nothing typed is lost"
    assert live(city).public_until == DUE
    assert not Change.objects.waiting().exists()
    assert sent[1].press().status_code == 302
    assert live(city).public_until == LATER


def test_an_end_that_is_taken_away_is_gone(sent, city):
    sent[1].press(until="")
    assert live(city).public_until is None


def test_of_what_was_never_public_an_end_that_another_has_set_meanwhile_stays(as_editor, as_coordinator, city):
    note = factories.make_initiative(city, public=False)
    panel, other = Panel(as_editor, note), Panel(as_coordinator, note)
    type(note).objects.filter(pk=note.pk).update(public_until=DUE)
    panel.press()
    assert set(Change.objects.waiting().get().patch) == {"public_from"}
    other.press()
    note.refresh_from_db()
    assert (note.state, note.public_until) == ("public", DUE)


def test_an_editor_asks_that_the_end_be_taken_away_of_what_was_never_public(as_editor, city):
    note = factories.make_initiative(city, public=False)
    type(note).objects.filter(pk=note.pk).update(public_until=DUE)
    Panel(as_editor, note).press(until="")
    assert Change.objects.waiting().get().patch["public_until"][1] is None


@thorough
def test_the_end_comes_after_the_beginning(as_coordinator, city):
    response = edit(as_coordinator, city, {}, until="2001-01-01T10:00")
    assert "until" in response.context["form"].errors
    response = edit(as_coordinator, city, {}, due=UNTIL, until=TYPED)
    assert "until" in response.context["form"].errors
    assert live(city).public_until is None


@thorough
def test_the_time_zone_is_named_beside_every_moment(as_coordinator, scheduled, city, settings):
    for address in (screen_of(city, "send"), page_of(scheduled)):
        assert "(heure de Casablanca)" in as_coordinator.get(address).content.decode()


@thorough
def test_a_visit_asks_the_clock_once_while_nothing_is_due(scheduled, city, client):
    client.get(city.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        client.get("/fr/villes/")
    clocks = [query["sql"] for query in asked if "publishing_clock" in query["sql"] or "_change" in query["sql"]]
    assert len(clocks) == 1


@thorough
def test_nothing_is_applied_while_something_is_only_tried(scheduled, city, at):
    at(DUE)
    with dry_run():
        City.objects.published().exists()
        content_version.ContentVersion.apply_due_and_read()
        scheduled.refresh_from_db()
        assert scheduled.state == "scheduled", "what is tried is undone, and so it would be"


def test_to_schedule_nothing_is_said_to_have_changed_nothing(as_coordinator, city):
    response = edit(as_coordinator, city, {}, "_schedule", due=TYPED)
    assert "Rien n’a changé que les visiteurs ne voient déjà" in response.text
    assert not Change.objects.unfinished().exists()
