"""Queued mails: each is sent by one, and none keeps back another."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from learningcities.operations import doctor, metrics, outbox
from learningcities.operations.models import QueuedMail

pytestmark = pytest.mark.django_db


class Server(EmailBackend):
    """A mail server that answers each recipient as it is told to."""

    answers = {}
    during = None

    def send_messages(self, messages):
        for message in messages:
            if error := Server.answers.get(message.to[0]):
                raise error
            if Server.during:
                Server.during()
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "learningcities.operations.outbox.Backend"
    settings.OUTBOX_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(Server, "answers", {})
    monkeypatch.setattr(Server, "during", None)
    return Server


@pytest.fixture
def later(monkeypatch):
    """Let time pass."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def pass_(**time):
        now[0] += timedelta(**time)

    return pass_


def keep(*people):
    for name in people:
        QueuedMail.keep(EmailMessage("Sujet", "Texte", "site@example.org", [f"{name}@example.org"]))


def unknown(person, code=550):
    return smtplib.SMTPRecipientsRefused({person: (code, b"5.1.1 no such user")})


def sent(mailoutbox):
    return sorted(letter.to[0].partition("@")[0] for letter in mailoutbox)


@pytest.mark.parametrize(
    "error",
    [unknown("a@example.org"), smtplib.SMTPDataError(554, b"looks like spam"), ValueError("bad header")],
    ids=["recipient", "content", "form"],
)
def test_a_letter_that_is_refused_for_good_is_put_aside_with_the_reason_and_blocks_none(server, mailoutbox, error):
    keep("a", "b", "c")
    server.answers = {"a@example.org": error}
    call_command("tidy")
    assert sent(mailoutbox) == ["b", "c"]
    [letter] = QueuedMail.objects.refused()
    assert any(words in letter.refusal for words in ("550 5.1.1 no such user", "554 looks like spam", "bad header"))
    assert letter.refusal in doctor.queued_mails()
    assert "site_refused_letters 1" in figures()
    assert "site_kept_letters 0" in figures()
    server.answers = {}
    call_command("tidy")
    assert sent(mailoutbox) == ["b", "c"]


def figures():
    return "\n".join(f"{one.name} {one.samples[0].value}" for one in metrics.Content().collect() if one.samples)


def test_a_letter_that_is_refused_at_once_is_put_aside_at_once(server, mailoutbox):
    server.answers = {"a@example.org": unknown("a@example.org")}
    assert EmailMessage("Sujet", "Texte", "site@example.org", ["a@example.org"]).send() == 0
    assert QueuedMail.objects.refused().count() == 1


@pytest.mark.parametrize(
    "error",
    [unknown("a@example.org", 450), smtplib.SMTPSenderRefused(550, b"who?", "site@example.org")],
    ids=["busy", "sender"],
)
def test_what_may_pass_is_tried_again_and_keeps_back_no_other_letter(server, mailoutbox, error, later):
    keep("a", "b")
    server.answers = {"a@example.org": error}
    outbox.send_again()
    assert sent(mailoutbox) == ["b"]
    server.answers = {}
    assert outbox.send_again(QueuedMail.objects.due()) == 0
    later(minutes=16)
    assert outbox.send_again(QueuedMail.objects.due()) == 1
    assert sent(mailoutbox) == ["a", "b"]


def test_pauses_grow_up_to_a_day(server, later):
    keep("a")
    server.answers = {"a@example.org": unknown("a@example.org", 450)}
    pauses = []
    for _try in range(8):
        outbox.send_again()
        pauses.append(QueuedMail.objects.get().next_try_at - timezone.now())
        later(days=1)
    assert pauses == sorted(pauses)
    assert pauses[:2] == [timedelta(minutes=15), timedelta(minutes=45)]
    assert pauses[-1] == timedelta(days=1)


def test_a_letter_at_which_the_server_hangs_up_comes_after_the_others_the_next_time(server, mailoutbox, later):
    keep("a", "b")
    server.answers = {"a@example.org": smtplib.SMTPServerDisconnected("gone")}
    for _run in range(2):
        outbox.send_again()
        later(minutes=1)
    assert sent(mailoutbox) == ["b"]
    assert not QueuedMail.objects.refused()


def test_two_that_send_at_once_send_no_letter_twice(server, mailoutbox):
    """The other process comes in the middle of each sending, with what it has read before and after."""
    keep("a", "b", "c")
    read_before = list(QueuedMail.objects.waiting())
    ours = list(QueuedMail.objects.waiting())

    def other():
        server.during = None
        outbox.send_again()
        server.during = other

    server.during = other
    outbox.send_again(ours)
    outbox.send_again(read_before)
    assert sent(mailoutbox) == ["a", "b", "c"]


def test_who_dies_between_sending_and_marking_has_a_letter_sent_once_more_at_most(
    server, mailoutbox, monkeypatch, later
):
    keep("a")

    def die(self):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(QueuedMail, "delete", die)
        with pytest.raises(SystemExit):
            outbox.send_again()
    assert outbox.send_again() == 0
    later(minutes=11)
    for _run in range(3):
        outbox.send_again()
        later(days=1)
    assert sent(mailoutbox) == ["a", "a"]
