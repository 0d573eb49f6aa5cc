"""Guessing is slow for strangers, whoever's name they type it under, and the owner gets in all the same."""

from datetime import timedelta

import pytest
from django.core import mail as sent
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learningcities.people import mail
from learningcities.people.models import Attempt, User
from tests.conftest import make_person

from .helpers import code, log_in, secret_of

pytestmark = pytest.mark.django_db


def wrong(number, name="coordinator", client=None, **where):
    """So many wrong passwords, each from another address unless one is named."""
    for place in range(number):
        last = log_in(name, "x", client=client, **({"REMOTE_ADDR": f"10.0.{place}.1"} | where))
    return last


def test_wrong_passwords_count_by_the_person_whatever_was_typed_and_whichever_host_was_asked(coordinator, settings):
    settings.ALLOWED_HOSTS = ["*"]
    User.objects.filter(pk=coordinator.pk).update(email="chief@ville.example")
    names = [
        "coordinator",
        "Coordinator",
        "chief@ville.example",
        "CHIEF@ville.example",
        "coordinator\u200f",
        "coordinator",
    ]
    for place, name in enumerate(names):
        assert (
            log_in(name, "x", REMOTE_ADDR=f"10.0.{place}.1", HTTP_HOST=f"h{place}.example:80{place}").status_code == 200
        )
    refused = log_in(REMOTE_ADDR="10.9.9.9", HTTP_HOST="other.example")
    assert refused.status_code == 429, "the right password comes too late"
    assert 0 < int(refused["Retry-After"]) <= 900
    assert "sessionid" not in refused.client.cookies


def test_an_account_that_is_not_there_is_counted_like_one_that_is(coordinator):
    answers = {
        name: [log_in(name, "x", REMOTE_ADDR=f"10.{number}.1.1").status_code for number in range(7)]
        for name in ("coordinator", "nobody")
    }
    assert answers["coordinator"] == answers["nobody"] == [200] * 6 + [429]


def test_a_refusal_ends_by_itself_and_is_not_prolonged_by_those_who_go_on(coordinator):
    wrong(6)
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=14))
    assert wrong(3).status_code == 429
    assert int(log_in()["Retry-After"]) <= 60
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=15))
    assert log_in().status_code == 302


def test_a_browser_that_has_logged_in_before_is_not_slowed_by_strangers_but_by_itself(coordinator, editor):
    owner = Client()
    assert log_in(client=owner).status_code == 302
    owner.post("/admin/logout/")
    assert wrong(7).status_code == 429
    for number in range(30):
        wrong(1, f"nobody-{number}", REMOTE_ADDR="127.0.0.1")
    assert log_in(client=owner).status_code == 302, "not even from the address that strangers have used up"
    owner.post("/admin/logout/")
    assert log_in("editor", client=owner).status_code == 429, "it is a stranger to everybody else"
    assert wrong(11, client=owner).status_code == 429
    assert log_in(client=owner).status_code == 429


def test_nobody_makes_the_cookie_of_such_a_browser(coordinator):
    from learningcities.people.known_browser import COOKIE

    client = Client()
    log_in(client=client)
    value = client.cookies[COOKIE].value
    assert client.cookies[COOKIE]["path"] == "/admin/"
    assert client.cookies[COOKIE]["httponly"]
    wrong(6)
    for forged in (value[:-1] + ("A" if value[-1] != "A" else "B"), '{"1":"a"}', ""):
        client = Client()
        client.cookies[COOKIE] = forged
        assert log_in(client=client).status_code == 429
    client.cookies[COOKIE] = value
    assert log_in(client=client).status_code == 302


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [("192.0.2.7", "192.0.2.7", "192.0.2.8"), ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")],
)
def test_an_address_has_a_ceiling_for_all_names_together(editor, one, same, other):
    for number in range(30):
        assert log_in(f"nobody-{number}", "x", REMOTE_ADDR=one).status_code == 200
    assert log_in("editor", REMOTE_ADDR=same).status_code == 429
    assert log_in("editor", REMOTE_ADDR=other).status_code == 302


def test_right_passwords_are_not_counted(editor):
    assert [log_in("editor", REMOTE_ADDR="192.0.2.7").status_code for _number in range(8)] == [302] * 8
    assert not Attempt.objects.exists()


def test_guesses_at_a_code_are_counted_too_and_the_owners_browser_for_itself(coordinator):
    secret, owner = secret_of(coordinator), Client()
    log_in(client=owner)
    assert owner.post("/admin/account/authenticate/", {"code": code(secret, -1)}).status_code == 302
    owner.post("/admin/logout/")
    stranger = Client()
    log_in(client=stranger)
    guesses = [stranger.post("/admin/account/authenticate/", {"code": "000000"}) for _number in range(7)]
    assert [guess.status_code for guess in guesses] == [200] * 6 + [429]
    assert guesses[-1]["Retry-After"]
    assert stranger.post("/admin/account/authenticate/", {"code": code(secret)}).status_code == 429
    log_in(client=owner)
    assert owner.post("/admin/account/authenticate/", {"code": code(secret)})["Location"] == "/admin/"


def test_a_password_that_is_asked_for_once_more_or_changed_is_counted_too(coordinator):
    for address, field in (("/admin/account/confirm/", "password"), ("/admin/password_change/", "old_password")):
        Attempt.objects.all().delete()
        client = Client()
        client.force_login(coordinator)
        data = {field: "x", "new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"}
        answers = [client.post(address, data).status_code for _number in range(7)]
        assert answers == [200] * 6 + [429], address
        Attempt.objects.all().delete()
        assert client.post(address, data | {field: "secret"}).status_code == 302


def test_a_link_to_a_new_password_is_counted_by_the_person_and_makes_a_browser_known(editor):
    User.objects.filter(pk=editor.pk).update(email="editor@ville.example")
    asked, typed = reverse("admin_password_reset"), {"email": "Editor@ville.example\u200e"}
    answers = [Client().post(asked, typed, REMOTE_ADDR=f"10.0.{number}.1").status_code for number in range(4)]
    assert answers == [302, 302, 302, 429]
    mail.unseen.submit(int).result()
    assert len(sent.outbox) == 3
    wrong(6, "editor")
    client = Client()
    address = next(word for word in sent.outbox[0].body.split() if "/admin/password/" in word)
    form = client.get(address.partition("8000")[2])["Location"]
    client.post(form, {"new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"})
    assert log_in("editor", "une phrase assez longue", client=client).status_code == 302
    assert log_in("editor", "une phrase assez longue").status_code == 429


def test_what_is_counted_names_neither_address_nor_account(editor):
    log_in("editor", "x", REMOTE_ADDR="192.0.2.55")
    keys = list(Attempt.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(len(key) == 64 and "192.0.2.55" not in key and "editor" not in key for key in keys)


def test_no_worker_waits_while_it_counts(coordinator, monkeypatch):
    def asleep(seconds):
        raise AssertionError("a worker that sleeps serves nobody")

    monkeypatch.setattr("time.sleep", asleep)
    wrong(7)
    make_person("editor")
    Client().post("/admin/account/webauthn/login/", {"credential": "{}"})


@pytest.mark.parametrize(
    "typed", ["Coordinator", "COORDINATOR", " coordinator ", "coordinator\u200f", "\u2066coordinator\u2069"]
)
def test_a_telephone_finds_the_account(coordinator, typed):
    assert log_in(typed).status_code == 302


def test_the_field_asks_a_telephone_not_to_write_it_otherwise():
    html = Client().get("/admin/login/").content.decode()
    field = html[html.index('name="username"') :].partition(">")[0]
    for wanted in ('autocapitalize="none"', 'autocorrect="off"', 'spellcheck="false"', 'autocomplete="username"'):
        assert wanted in field
