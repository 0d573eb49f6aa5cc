"""The pinned time zone data counts, whatever the system, the database's server or the browser has."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module, resources
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learningcities.care.models import Mention
from learningcities.operations import doctor, time_zone
from learningcities.operations.models import ShiftedMoment
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import thorough

TOP = Path(__file__).parents[2]
#: A winter's day of which Morocco's clocks say noon UTC, and those of 2025 said one o'clock.
NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def old_system(tmp_path_factory):
    """A folder of time zones as of 2025, in which Morocco is an hour ahead of UTC."""
    folder = tmp_path_factory.mktemp("zoneinfo")
    (folder / "Africa").mkdir()
    ahead = resources.files("tzdata").joinpath("zoneinfo/Etc/GMT-1").read_bytes()
    (folder / "Africa" / "Casablanca").write_bytes(ahead)
    return folder


ASK = """
import json, sys
import {entry}
from datetime import datetime, timezone
import logging
from django.utils import timezone as site
from learningcities.operations.request_log import Formatter
noon = datetime(2027, 1, 15, 12, tzinfo=timezone.utc)
record = logging.makeLogRecord({{"created": noon.timestamp()}})
print(json.dumps([site.localtime(noon).hour, json.loads(Formatter().format(record))["time"]]))
"""


@thorough
@pytest.mark.parametrize("entry", ["learningcities.wsgi", "django; django.setup()"])
def test_every_process_takes_the_pinned_data_whatever_the_system_has(entry, old_system, tmp_path):
    environment = {"PATH": os.environ["PATH"], "MODE": "test", "VAR_DIR": str(tmp_path)}
    environment |= {"PYTHONTZPATH": str(old_system), "DJANGO_SETTINGS_MODULE": "learningcities.settings"}
    command = [sys.executable, "-c", ASK.format(entry=entry)]
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    assert json.loads(done.stdout) == [12, "2027-01-15T12:00:00Z"]


def test_no_list_of_the_admin_asks_the_database_what_day_it_is_somewhere(db, superuser, client, city):
    """PostgreSQL has time zones of its own: neither a zone nor a day is asked of it."""
    client.force_login(superuser)
    factories.make_initiative(city)
    factories.make_report(city)
    assert not [one for one in admin.site._registry.values() if hierarchy_of_moments(one)]
    with CaptureQueriesContext(connection) as queries:
        for name in ("initiatives_initiative", "publishing_change", "reports_report", "care_link"):
            app, model = name.split("_")
            assert client.get(f"/admin/{app}/{model}/").status_code == 200
        list(Mention.objects.broken())
    sql = " ".join(query["sql"] for query in queries)
    assert "AT TIME ZONE" not in sql
    assert "Africa/Casablanca" not in sql


def test_no_query_of_ours_asks_the_database_for_a_part_of_a_moment():
    """These words of Django become AT TIME ZONE in PostgreSQL."""
    asking = re.compile(r"\b(Trunc|Extract)(?!Error)[A-Z]|__(date|time|week_day|month|day|hour|minute)\b|datetimes\(")
    files = [path for app in ("learningcities", "cities", "initiatives") for path in (TOP / app).rglob("*.py")]
    assert len(files) > 200
    assert [path.name for path in files if asking.search(path.read_text())] == []


def hierarchy_of_moments(row_admin):
    name = row_admin.date_hierarchy
    return name and isinstance(row_admin.model._meta.get_field(name), models.DateTimeField)


def test_the_browser_shows_times_by_the_clocks_of_the_site():
    """It is told the site's distance from UTC, and never asked for a time zone."""
    scripts = "".join(path.read_text() for path in (TOP / "static" / "js").glob("*.js"))
    assert scripts.count("toLocaleString(") == scripts.count('timeZone: "UTC"') == 1
    assert "getTimezoneOffset" not in scripts
    assert "getHours" not in scripts


def test_the_doctor_says_when_the_data_is_older_than_a_year(monkeypatch):
    for days, sentence in ((364, ""), (366, "renew tzdata")):
        later = time_zone.data_date() + timedelta(days=days)
        monkeypatch.setattr(doctor.timezone, "now", lambda later=later: later)
        assert bool(doctor.old_time_zone()) == bool(sentence)
        assert sentence in doctor.old_time_zone()


# What was scheduled by the rules before


@pytest.fixture
def scheduled(city, editor, coordinator):
    """A change and a page that come at noon UTC: at one o'clock, said the system."""
    for person in (editor, coordinator):
        person.email = f"{person.username}@example.org"
        person.save()
    coordinator.language = "en"
    coordinator.save()
    change = Change.propose(city, editor, {"summary_fr": [city.summary_fr, "Bientôt"]})
    change.schedule(NOON, coordinator)
    city.refresh_from_db()
    return change


@pytest.fixture
def before_noon(monkeypatch):
    now = NOON - timedelta(days=20)
    monkeypatch.setattr(timezone, "now", lambda: now)


def migrate(settings, system):
    settings.SYSTEM_TZPATH = (str(system),)
    import_module("learningcities.operations.migrations.0002_moments_of_older_rules").note_shifted(apps, None)


def test_what_was_scheduled_by_older_rules_is_listed_by_both_and_its_people_are_told_once(
    before_noon, scheduled, settings, old_system, mailoutbox, django_capture_on_commit_callbacks
):
    mailoutbox.clear()
    migrate(settings, old_system)
    sentence = doctor.shifted_moments()
    assert "Ville à soi (due_at): chosen 2027-01-15 13:00, now 2027-01-15 12:00" in sentence
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("tidy")
    letters = {letter.to[0]: letter.body for letter in mailoutbox}
    assert len(mailoutbox) == 2
    assert letters.keys() == {"editor@example.org", "coordinator@example.org"}
    assert "15 janvier 2027 à 13:00" in letters["editor@example.org"]
    assert "15 janvier 2027 à 12:00" in letters["editor@example.org"]
    assert "Jan. 15, 2027, 1 p.m." in letters["coordinator@example.org"]


def test_who_has_scheduled_it_again_is_told_nothing(before_noon, scheduled, settings, old_system, coordinator):
    migrate(settings, old_system)
    scheduled.refresh_from_db()
    scheduled.schedule(NOON + timedelta(hours=1), coordinator)
    assert doctor.shifted_moments() == ""
    assert time_zone.tell_schedulers(ShiftedMoment.objects.all()) == 0


def test_where_the_system_has_the_same_rules_nothing_is_listed(before_noon, scheduled, settings, tmp_path):
    (tmp_path / "Africa").mkdir()
    today = resources.files("tzdata").joinpath("zoneinfo/Africa/Casablanca").read_bytes()
    (tmp_path / "Africa" / "Casablanca").write_bytes(today)
    migrate(settings, tmp_path)
    migrate(settings, tmp_path / "nothing")
    assert not ShiftedMoment.objects.exists()
