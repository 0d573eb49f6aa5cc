"""Who hears of a report, and what happens when mail is down."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from learningcities import bounds
from learningcities.people.models import User
from learningcities.reports import mail
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import make_person, thorough

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(city, other_city):
    """Everyone a report could reach; the other city has no editor."""
    for name in ("first", "second"):
        city.editors.add(make_person(name, email=f"{name}@example.org"))
    city.editors.add(make_person("gone", email="gone@example.org", is_active=False))
    city.editors.add(make_person("silent"))
    make_person("coordinator", User.Role.COORDINATOR, email="coordinator@example.org")
    make_person("chief", User.Role.COORDINATOR, email="chief@example.org", is_superuser=True)
    make_person("stranger", email="stranger@example.org")


EDITORS = ["first@example.org", "second@example.org"]
COORDINATORS = ["coordinator@example.org", "chief@example.org"]


def reached(mailoutbox):
    """To whom a letter has gone since this was asked, each by their own."""
    assert all(len(letter.to) == 1 for letter in mailoutbox)
    found = [letter.to[0] for letter in mailoutbox]
    mailoutbox.clear()
    return found


def test_the_citys_editors_hear_of_an_error_on_its_page_and_on_its_initiatives(people, city, send, mailoutbox):
    initiative = factories.make_initiative(city)
    for item in (city, initiative):
        send(item.get_absolute_url())
        assert reached(mailoutbox) == EDITORS


def test_a_citys_places_and_photos_are_its_editors_too(people, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rows = [factories.make_place(city), factories.make_photo(city)]
    for row in rows:
        addresses = row.responsible_staff().exclude(email="").values_list("email", flat=True)
        assert sorted(addresses) == EDITORS
    assert {person.username for person in factories.make_photo().responsible_staff()} == {"coordinator", "chief"}


def test_the_coordinators_hear_of_pages_lists_and_cities_without_editors(people, other_city, send, mailoutbox):
    for path in (factories.make_page().get_absolute_url(), "/fr/initiatives/", "/fr/", other_city.get_absolute_url()):
        send(path)
        assert reached(mailoutbox) == COORDINATORS, path


def test_the_coordinators_hear_where_no_editor_can_be_written_to(people, city, send, mailoutbox):
    city.editors.set(User.objects.filter(username__in=["silent", "gone"]))
    send(city.get_absolute_url())
    assert reached(mailoutbox) == COORDINATORS


def test_the_message_says_what_where_and_how_to_answer(people, city, send, mailoutbox, settings):
    city.name_ar = "مدينتنا"
    city.save()
    send(city.get_absolute_url(), "ar", message="السنة خطأ & <b>", sender_name="سلمى", sender_email="salma@example.org")
    letter, report = mailoutbox[0], Report.objects.get()
    assert letter.subject.endswith("Ville à soi")  # in French, whatever language the visitor reads
    assert letter.reply_to == ["salma@example.org"]
    for words in (
        "السنة خطأ & <b>",
        "سلمى",
        f"{settings.SITE_ADDRESS}{report.page}",
        f"{settings.SITE_ADDRESS}/admin/reports/report/{report.pk}/change/",
    ):
        assert words in letter.body
    assert report.mailed_at


def test_a_message_without_sender_has_no_reply_address(people, send, mailoutbox):
    send()
    assert mailoutbox[0].reply_to == []


def test_a_title_cannot_forge_a_header(people, city, send, mailoutbox):
    type(city).objects.filter(pk=city.pk).update(name_fr="Ville\r\nBcc: victim@example.org")
    send(city.get_absolute_url())
    assert "\n" not in mailoutbox[0].subject
    assert [letter.recipients() for letter in mailoutbox] == [[address] for address in EDITORS]


def test_when_mail_is_down_the_report_stays_and_the_failure_is_logged(people, send, settings, caplog):
    settings.EMAIL_BACKEND = "tests.reports.test_mail.Down"
    assert send().status_code == 302
    assert Report.objects.get().mailed_at is None
    assert "ConnectionRefusedError" in caplog.text


def test_what_could_not_even_be_kept_is_mailed_the_next_time_and_once(people, send, settings, mailoutbox):
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.reports.test_mail.Down"
    send()
    settings.EMAIL_BACKEND = usual
    for _time in range(2):
        call_command("tidy")
    assert reached(mailoutbox) == COORDINATORS
    assert Report.objects.get().mailed_at


def test_the_visitor_does_not_wait_for_the_mail_server(people, send, mailoutbox, monkeypatch):
    begun = []
    monkeypatch.undo()
    monkeypatch.setattr(mail.background, "submit", begun.append)
    assert send().status_code == 302
    assert not mailoutbox
    assert begun == [mail.in_background]


def test_two_that_write_at_once_write_once(people, send, mailoutbox, monkeypatch):
    monkeypatch.setattr(mail, "send_soon", lambda: None)
    send()
    read_before = list(Report.objects.untold())
    mail.send_waiting()
    mail.send(User.coordinators(), read_before)
    assert reached(mailoutbox) == COORDINATORS


@thorough
def test_above_a_number_reports_come_in_one_letter_after_an_hour(people, city, send, mailoutbox, monkeypatch, client):
    for number in range(9):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        send(city.get_absolute_url() if number else "/fr/", message=f"Faute {number}")
    assert len(mailoutbox) == 2 * bounds.REPORTS_MAILED_ALONE, "each of two people has one for each"
    now = Report.objects.exclude(told_at=None).earliest("told_at").told_at
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=50))
    mail.send_waiting()
    assert len(mailoutbox) == 2 * bounds.REPORTS_MAILED_ALONE
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=59, seconds=59))
    Report.objects.untold().update(created_at=now - timedelta(minutes=1))
    mail.send_waiting()
    digest, other = mailoutbox[2 * bounds.REPORTS_MAILED_ALONE :]
    assert [*digest.to, *other.to] == EDITORS
    assert digest.subject == "4 erreurs signalées"
    assert all(f"Faute {number}" in digest.body for number in range(5, 9))
    assert not Report.objects.filter(mailed_at=None).exists()


def test_without_anybody_to_write_to_the_report_stays(send, mailoutbox):
    assert send().status_code == 302
    assert Report.objects.get().mailed_at is None
    assert not mailoutbox


class Down:
    def __init__(self, *args, **kwargs):
        raise ConnectionRefusedError
