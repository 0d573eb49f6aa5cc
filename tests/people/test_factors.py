"""Second factors: each code counts once, and the database alone is no use to a thief."""

import json
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from learningcities.operations.doctor import findings
from learningcities.people import factors
from tests.conftest import logged_in, make_person

from .helpers import code, log_in, secret_of

AUTHENTICATE, CODES = "/admin/account/authenticate/", "/admin/account/recovery-codes/"


@pytest.fixture(autouse=True)
def _same_half_minute(monkeypatch):
    counters = list(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter(counters))


def enter(code, name="coordinator"):
    """Whether a new browser gets in with a code."""
    client = Client()
    assert log_in(name, client=client)["Location"] == AUTHENTICATE
    return client.post(AUTHENTICATE, {"code": code}).status_code == 302


def codes_of(person):
    """New recovery codes, as they are shown."""
    client = logged_in(person)
    client.post(f"{CODES}generate/")
    return client.get(CODES).context["unused_codes"]


def stored():
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_code_logs_in_once_and_no_older_one_after_it(coordinator):
    secret = secret_of(coordinator)
    assert enter(code(secret))
    assert not enter(code(secret)), "in a process that remembers nothing"
    assert not enter(code(secret, -1))
    assert enter(code(secret, 1))


def test_a_code_of_one_person_says_nothing_of_anothers(coordinator, editor):
    secret = secret_of(coordinator)
    totp.TOTP.activate(editor, secret)
    assert enter(code(secret))
    assert enter(code(secret), "editor")


def test_the_code_that_set_up_a_telephone_has_counted(coordinator, django_capture_on_commit_callbacks):
    client = logged_in(coordinator)
    secret = client.get("/admin/account/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/admin/account/totp/activate/", {"code": code(secret)}).status_code == 302
    assert not enter(code(secret))
    assert enter(code(secret, 1))


def test_a_code_that_confirms_who_is_there_has_counted(coordinator):
    secret, client = secret_of(coordinator), logged_in(coordinator, is_proven=False)
    address = "/admin/account/reauthenticate/"
    assert client.post(address, {"code": code(secret)}).status_code == 302
    assert client.post(address, {"code": code(secret)}).status_code == 200
    assert not enter(code(secret))


def test_digits_of_an_arabic_keyboard_are_digits(coordinator):
    secret = secret_of(coordinator)
    assert enter(code(secret).translate({ord(str(digit)): "٠١٢٣٤٥٦٧٨٩"[digit] for digit in range(10)}))


@pytest.mark.usefixtures("vocabularies_after")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery", "hashed"])
def test_of_many_who_send_one_code_at_once_one_gets_in(kind):
    person = make_person("coordinator")
    secret = secret_of(person)
    sent = code(secret)
    if kind != "totp":
        sent = RecoveryCodes.activate(person).generate_codes()[0]
    if kind == "hashed":
        for factor in Authenticator.objects.filter(type="recovery_codes"):
            factor.data["viewed_at"] = 1
            factor.save()
        factors.protect(factors.in_clear())
    clients = [Client() for _number in range(5)]
    for client in clients:
        log_in(client=client)
    begin, answers = threading.Barrier(5), []

    def send(client):
        begin.wait()
        try:
            answers.append(client.post(AUTHENTICATE, {"code": sent}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 200, 302]


def test_recovery_codes_are_shown_once_count_once_and_are_hashed(coordinator):
    secret_of(coordinator)
    codes = codes_of(coordinator)
    assert len(codes) == 10
    client = logged_in(coordinator)
    again = client.get(CODES)
    assert not set(codes) & set(again.context["unused_codes"])
    assert "generate" in again.content.decode()
    assert client.get(f"{CODES}download/").status_code == 403
    call_command("tidy")
    assert not any(code in stored() for code in codes)
    assert "seed" not in stored()
    assert enter(codes[0])
    assert not enter(codes[0])
    assert enter(f"{codes[1][:4]} {codes[1][4:]}")
    assert len(client.get(CODES).context["unused_codes"]) == 8


def test_secrets_are_encrypted_and_open_with_the_key_alone(coordinator, settings):
    secret = secret_of(coordinator)
    assert secret not in stored()
    settings.FACTOR_KEY = "another key"
    assert not enter(code(secret))
    settings.FACTOR_KEY = settings.SECRET_KEY
    assert enter(code(secret))


@pytest.fixture
def just_upgraded(db):
    """The release before was here yesterday."""
    applied = MigrationRecorder(connection).migration_qs.filter(app="people")
    applied.filter(name="0001_initial").update(applied=timezone.now() - timedelta(days=300))
    return applied.filter(name="0004_login")


def test_in_its_first_week_a_release_writes_what_the_one_before_reads_and_a_chore_encrypts_it_then(
    just_upgraded, coordinator
):
    secret = secret_of(coordinator)
    codes = codes_of(coordinator)
    call_command("tidy")
    assert secret in stored(), "going back locks nobody out"
    assert "seed" in stored()
    assert enter(code(secret))
    assert enter(codes[0])
    just_upgraded.update(applied=timezone.now() - timedelta(days=8))
    call_command("tidy")
    assert secret not in stored()
    assert "seed" not in stored()
    assert not enter(code(secret))
    assert enter(code(secret, 1))
    assert not enter(codes[0])
    assert enter(codes[1])


def test_codes_that_nobody_has_seen_yet_are_encrypted_and_shown_later(just_upgraded, coordinator):
    secret_of(coordinator)
    codes = RecoveryCodes.activate(coordinator).generate_codes()
    just_upgraded.update(applied=timezone.now() - timedelta(days=8))
    call_command("tidy")
    assert "seed" in stored()
    assert "fernet:" in stored()
    assert logged_in(coordinator).get(CODES).context["unused_codes"] == codes


def said():
    return {part: broken or weak for part, broken, weak in findings()}["second factors"]


def test_with_another_key_the_doctor_names_whose_factors_must_be_set_anew(coordinator, editor, settings, monkeypatch):
    monkeypatch.setattr("learningcities.operations.doctor.unknown_address", str)
    secret_of(coordinator)
    codes = codes_of(coordinator)
    assert said() == ""
    settings.FACTOR_KEY = "another key"
    assert "coordinator" in said()
    assert "editor" not in said()
    client = Client()
    log_in(client=client)
    answer = client.post(AUTHENTICATE, {"code": codes[0]})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"][0] != "Code incorrect."
    assert logged_in(coordinator).get(CODES).status_code == 200
    assert logged_in(coordinator).get(f"{CODES}generate/").status_code == 200
    call_command("take_factors_away")
    assert said() == ""
    assert log_in()["Location"] == "/admin/"


def test_a_restore_under_another_key_names_them_too(coordinator, settings, monkeypatch, capsys):
    monkeypatch.setattr("learningcities.operations.backup.restore", lambda *args: None)
    secret_of(coordinator)
    call_command("restore", "archive")
    assert "coordinator" not in capsys.readouterr().err
    settings.FACTOR_KEY = "another key"
    call_command("restore", "archive")
    assert "coordinator" in capsys.readouterr().err


def test_hashed_codes_of_another_key_are_named_too(coordinator, settings):
    codes_of_coordinator = RecoveryCodes.activate(coordinator).instance
    codes_of_coordinator.data["viewed_at"] = 1
    codes_of_coordinator.save()
    call_command("tidy")
    assert factors.unreadable() == []
    settings.FACTOR_KEY = "another key"
    assert factors.unreadable() == ["coordinator"]
    assert "coordinator" in factors.warning()
