"""Those who watch the site learn how it is doing, and nothing about anybody."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, connection
from django.test import RequestFactory

from learningcities.operations import checks, health, metrics
from learningcities.operations.redis_cache import RedisCache
from learningcities.operations.request_log import Formatter, Mail, NoRequest, numbered
from learningcities.people.models import User
from learningcities.publishing.models import Change
from learningcities.web import errors

ANY_HOST = {"host": "10.0.0.7"}


def test_alive_asks_nobody_and_ready_says_which_part_is_broken_without_a_secret(db, client, monkeypatch, caplog):
    assert client.get("/healthz", headers=ANY_HOST).content == b"alive\n"
    parts = dict.fromkeys(["database", "migrations", "cache", "storage"], "ok")
    assert client.get("/readyz", headers=ANY_HOST).json() == {"ready": True, **parts}

    def away():
        raise OperationalError("password=secret host=10.1.1.1")

    monkeypatch.setitem(checks.PARTS, "database", away)
    answer = client.get("/readyz", headers=ANY_HOST)
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, **parts, "database": "broken"}
    assert "secret" not in caplog.text


def test_the_storage_is_written_to_twice_a_minute_at_most_and_anew_while_it_is_broken(db, client, monkeypatch):
    monkeypatch.setattr(health, "_believed", {})
    tries, now = [], [1000.0]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])
    monkeypatch.setitem(checks.PARTS, "storage", lambda: tries.append(1) or 1 / (len(tries) - 1))
    assert client.get("/readyz").json()["storage"] == "broken"
    for _ in range(5):
        assert client.get("/readyz").json()["storage"] == "ok"
    assert len(tries) == 2
    now[0] += 31
    assert client.get("/readyz").status_code == 200
    assert len(tries) == 3


def test_alive_needs_no_database(client):
    assert client.get("/healthz").status_code == 200


def test_figures_are_for_those_who_have_the_token(client, city, coordinator, settings, tmp_path, monkeypatch):
    Change.propose(city, coordinator, {"summary_fr": [city.summary_fr, "Neuf"]}).send()
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "token"
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert client.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 404
    text = client.get("/metrics", headers={"authorization": "Bearer token"}).content.decode()
    assert 'site_published_items{kind="cities.city"} 1.0' in text
    assert "site_open_reviews 1.0" in text
    assert "site_oldest_review_seconds" in text


def test_requests_are_counted_by_route_and_status(db, client, city):
    before = metrics.REQUESTS.labels("GET", ROUTE, 200)._value.get()
    request = RequestFactory().get(city.get_absolute_url())
    metrics.measured(lambda request: client.get(request.path))(request)
    request.resolver_match = type("Match", (), {"route": ROUTE})
    metrics.measured(lambda request: client.get(request.path))(request)
    assert metrics.REQUESTS.labels("GET", ROUTE, 200)._value.get() == before + 1


ROUTE = "fr/villes/<slug:slug>/"


def test_every_answer_and_every_line_has_the_number_of_its_request(db, client, settings):
    answer = client.get("/fr/")
    assert len(answer["X-Request-ID"]) == 16
    settings.PROXIES = 1
    assert client.get("/fr/", headers={"x-request-id": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/fr/", headers={"x-request-id": "<b>"})["X-Request-ID"] != "<b>"


def test_a_line_of_the_log_knows_the_route_and_no_person(settings, caplog):
    settings.PRODUCTION = True
    caplog.set_level(logging.INFO, "requests")
    request = RequestFactory().get("/fr/recherche/?q=my-illness", REMOTE_ADDR="192.0.2.7")
    request.resolver_match = type("Match", (), {"route": "recherche/"})
    numbered(lambda request: health.alive(request))(request)
    line = Formatter().format(caplog.records[-1])
    assert json.loads(line)["route"] == "recherche/"
    assert json.loads(line)["status"] == 200
    assert "illness" not in line
    assert "192.0.2.7" not in line


def test_an_error_is_mailed_without_the_visitor_and_an_outage_not_at_all():
    record = logging.makeLogRecord({"request": RequestFactory().get("/?q=illness"), "status_code": 500})
    assert NoRequest().filter(record)
    assert record.request is None
    assert not NoRequest().filter(logging.makeLogRecord({"status_code": 503}))


def test_who_has_an_error_to_tell_of_waits_for_no_mail_server(monkeypatch):
    handler, sent = Mail(), []
    monkeypatch.setattr(Mail, "send_mail", lambda self, *args, **kwargs: sent.append(is_free(self.lock)))
    handler.handle(logging.makeLogRecord({"levelno": logging.ERROR, "msg": "broken"}))
    assert sent == [True]


def is_free(lock):
    """Whether another thread could take it now."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lock.acquire, timeout=0.1).result()


@pytest.mark.parametrize(("path", "kind"), [("/fr/villes/", "text/html"), ("/api/v1/cities/", "application/json")])
def test_an_outage_says_when_to_come_back_in_three_languages_and_asks_no_database(client, monkeypatch, path, kind):
    client.raise_request_exception = False

    def away(*args, **kwargs):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr("learningcities.publishing.version.content_version.ContentVersion.apply_due_and_read", away)
    monkeypatch.setattr(connection, "ensure_connection", away)
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Content-Type"].startswith(kind)
    if kind == "text/html":
        for code in ("fr", "ar", "en"):
            assert f'<section lang="{code}"' in answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError("database is locked"), OSError(28, "No space left on device")])
def test_a_full_disk_and_a_busy_database_are_no_mistake_of_ours(error):
    assert errors.is_outage(error)
    assert not errors.is_outage(ValueError())


def test_every_command_of_ours_says_what_it_does_with_an_example():
    ours = {
        name for name, app in get_commands().items() if str(app).startswith(("learningcities", "cities", "initiatives"))
    }
    assert {"backup", "restore", "doctor", "tidy", "tick", "first_administrator", "load_demo"} <= ours
    for name in ours:
        words = load_command_class(get_commands()[name], name).help
        assert f"Example: manage.py {name}" in words, name


def test_the_doctor_says_in_plain_words_what_is_weak(db, capsys, settings, monkeypatch):
    call_command("doctor")
    output = capsys.readouterr().out
    assert "Nobody can log in yet" in output
    assert "MODE is test" in output
    monkeypatch.setitem(checks.PARTS, "storage", lambda: 1 / 0)
    settings.OUTBOX_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    with pytest.raises(SystemExit):
        call_command("doctor")
    output = capsys.readouterr().out
    assert "The storage can't be used" in output
    assert "The mail server 127.0.0.1 can't be reached" in output


def test_the_first_administrator_may_do_everything_and_is_made_once(db, monkeypatch, client, capsys, settings):
    answers = iter(["short", "a-good-long-password", "a-good-long-password"])
    monkeypatch.setattr(f"{COMMANDS}.first_administrator.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError):
        call_command("first_administrator", "amina", "amina@example.org")
    call_command("first_administrator", "amina", "amina@example.org")
    assert f"{settings.SITE_ADDRESS}/admin/" in capsys.readouterr().out
    person = User.objects.get()
    assert person.is_coordinator
    assert person.is_superuser
    assert client.login(username="amina", password="a-good-long-password")
    with pytest.raises(CommandError, match="already"):
        call_command("first_administrator", "second", "second@example.org")


def test_without_a_terminal_no_password_can_be_asked_for(db, monkeypatch):
    def ended(prompt):
        raise EOFError

    monkeypatch.setattr(f"{COMMANDS}.first_administrator.getpass", ended)
    with pytest.raises(CommandError, match="terminal"):
        call_command("first_administrator", "amina", "amina@example.org")


COMMANDS = "learningcities.operations.management.commands"


def test_without_redis_pages_come_and_a_count_begins_anew():

    away = RedisCache("redis://127.0.0.1:9", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    assert away.get("key", "nothing") == "nothing"
    assert away.add("key", 1)
    assert away.set_many({"key": 1}) == ["key"]
    with pytest.raises(ValueError, match="key"):
        away.incr("key")
