"""Nothing is lost while mail is down, and what is no longer needed goes."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cities.models import City
from initiatives.models import Initiative
from learningcities import bounds
from learningcities.operations import chores, outbox
from learningcities.operations.models import QueuedMail
from learningcities.people.models import Attempt
from learningcities.publishing.models import Change
from learningcities.reports import mail
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import thorough
from tests.forms import edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Server(EmailBackend):
    """A mail server that is down until someone mends it."""

    is_down = True

    def send_messages(self, messages):
        if Server.is_down:
            raise ConnectionRefusedError
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "learningcities.operations.outbox.Backend"
    settings.OUTBOX_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(Server, "is_down", True)
    return Server


def test_a_message_that_the_mail_server_does_not_take_is_kept_and_sent_again(server, mailoutbox):
    message = EmailMessage("Sujet", "Texte", "site@example.org", ["a@example.org"], reply_to=["b@example.org"])
    assert message.send() == 0
    assert outbox.send_again() == 0
    assert QueuedMail.objects.count() == 1
    server.is_down = False
    call_command("tidy")
    [sent] = mailoutbox
    assert (sent.subject, sent.body, sent.to, sent.reply_to) == ("Sujet", "Texte", ["a@example.org"], ["b@example.org"])
    assert not QueuedMail.objects.exists()


def test_coordinators_see_that_messages_wait(server, as_coordinator, as_editor):
    EmailMessage("Sujet", "Texte", "site@example.org", ["a@example.org"]).send()
    assert as_coordinator.get("/admin/").context["queued_mails"] == 1
    assert as_editor.get("/admin/").context["queued_mails"] == 0


def test_a_report_is_kept_as_not_mailed_while_mail_is_down(server, city, coordinator):
    coordinator.email = "c@example.org"
    coordinator.save()
    report = factories.make_report(city)
    mail.send_waiting()
    report.refresh_from_db()
    assert report.mailed_at is None
    assert QueuedMail.objects.get().to == ["c@example.org"]


def past(days):
    return timezone.now() - timedelta(days=days)


def test_the_bin_is_emptied_after_its_time_and_not_before(city):
    old, young = (factories.make_initiative(city, slug=slug) for slug in ("old", "young"))
    for row, days in ((old, bounds.BIN_DAYS + 1), (young, bounds.BIN_DAYS - 1)):
        Initiative._base_manager.filter(pk=row.pk).update(binned_at=past(days))
    call_command("tidy", dry_run=True)
    assert Initiative.objects.count() == 2
    call_command("tidy")
    assert list(Initiative.objects.all()) == [young]
    assert Change.objects.of_kind(Initiative).filter(object_id=old.pk).exists()


def test_what_something_else_still_needs_stays_in_the_bin(city):
    factories.make_initiative(city)
    City._base_manager.filter(pk=city.pk).update(binned_at=past(bounds.BIN_DAYS + 1))
    call_command("tidy")
    assert City.objects.filter(pk=city.pk).exists()


def test_a_file_without_a_row_goes_after_a_day_and_those_of_rows_stay(media, monkeypatch):
    photo = factories.make_photo()
    lost = default_storage.save("photos/lost.jpg", ContentFile(b"x"))
    other = default_storage.save("elsewhere/file.txt", ContentFile(b"x"))
    call_command("tidy")
    assert default_storage.exists(lost)
    monkeypatch.setattr(bounds, "UNUSED_FILE_LASTS", timedelta(0))
    call_command("tidy")
    assert not default_storage.exists(lost)
    assert all(default_storage.exists(name) for name in (photo.file.name, other))


@thorough
def test_a_draft_of_last_year_is_discarded_and_stays_on_record(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Ébauche"})
    Change.objects.update(created_at=past(400))
    call_command("tidy")
    assert Change.objects.filter(state="discarded", patch__summary_fr__1="Ébauche").exists()


def test_a_sender_is_forgotten_after_a_year(city):
    report = factories.make_report(city, sender_name="Une visiteuse")
    Report.objects.update(created_at=past(400))
    call_command("tidy")
    report.refresh_from_db()
    assert report.sender_name == ""


def test_of_a_session_that_has_ended_no_address_stays_and_of_a_login_no_counter(coordinator):
    for password in ("x", "secret"):
        Client().post("/admin/login/", {"username": "coordinator", "password": password})
    assert UserSession.objects.exists()
    call_command("tidy")
    assert UserSession.objects.exists()
    Session.objects.update(expire_date=past(1))
    Attempt.objects.update(at=past(1))
    call_command("tidy")
    assert not Attempt.objects.exists()
    assert not UserSession.objects.exists()


def test_a_chore_that_fails_does_not_keep_back_the_others(monkeypatch, city):
    monkeypatch.setattr(chores, "CHORES", [chores.Chore("broken", lambda: 1 / 0, len), *chores.CHORES])
    assert len(chores.tidy()) == len(chores.CHORES) - 1


def test_the_staff_s_first_page_of_a_day_tidies_once_and_visitors_never(monkeypatch, rf, coordinator):
    begun = []
    monkeypatch.setattr(chores.threading, "Thread", lambda **named: begun.append(named["args"]) or Quiet)
    middleware = chores.daily(lambda request: None)
    for path in ("/fr/", "/admin/", "/admin/"):
        request = rf.get(path)
        request.user = coordinator
        middleware(request)
    assert begun == [[timezone.localdate()]]


class Quiet:
    @staticmethod
    def start():
        pass


def test_what_belongs_to_no_content_is_deleted_without_being_read(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        Attempt.objects.all().delete()
    with django_assert_num_queries(1):
        QueuedMail.objects.all().delete()
