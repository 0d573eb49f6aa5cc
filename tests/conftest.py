"""The people of the tests, by their relation to the content."""

import gc
import os
import re
import time
from collections import Counter
from importlib import import_module
from zlib import crc32

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import teardown_databases
from django.utils.translation import override

from learningcities.people.models import User

from . import factories
from .databases import make_database

#: Which thorough tests are run: all ("1"), a part ("2/3"), those of some files and folders, or none.
CHOICE = os.environ.get("THOROUGH", "")
PART, _, PARTS = CHOICE.partition("/") if re.fullmatch(r"\d+/\d+", CHOICE) else ("", "", "")
THOROUGH = CHOICE == "1" or bool(PART)
#: For tests that take longer, and look at what a quick one has looked at from another side.
thorough = pytest.mark.thorough
left_out = pytest.mark.skip(reason="thorough tests: make test THOROUGH=1 runs them too")


def is_chosen(nodeid):
    if PART:
        return crc32(nodeid.partition("[")[0].encode()) % int(PARTS) == int(PART) - 1
    return THOROUGH or nodeid.startswith(tuple(CHOICE.split()))


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("thorough") and not is_chosen(item.nodeid):
            item.add_marker(left_out)


def pytest_collection_finish(session):
    """What is loaded by now stays, and needn't be looked over for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def make_person(name, role=User.Role.EDITOR, **fields):
    return User.objects.create_user(name, password="secret", is_staff=True, role=role, **fields)


def logged_in(person, is_proven=True):
    """A browser in which someone has logged in, and (allauth) has just typed their password once more."""
    client = Client()
    client.force_login(person)
    if is_proven:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A database of the tests' own, whichever are run: pytest-django makes one only where a test that is chosen says
    so itself, and the fixtures that fill and empty it for a whole module would then meet the site's."""
    with django_db_blocker.unblock():
        made = make_database()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _language():
    """No test begins in the language that the one before it asked for."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """For rows that are made once for all tests of a module; what a test does to them is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def bring_vocabularies_back():
    """Whoever empties every table empties those that migrations have filled."""
    for app, name in (("cities", "0003_starting_vocabularies"), ("initiatives", "0002_starting_vocabularies")):
        import_module(f"{app}.migrations.{name}").Migration.operations[0].code(apps, None)


@pytest.fixture(scope="module")
def vocabularies_after(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        bring_vocabularies_back()


@pytest.fixture
def city(db):
    """The editor's own city; it is public."""
    return factories.make_city(slug="own-city", name_fr="Ville à soi")


@pytest.fixture
def other_city(db):
    return factories.make_city(slug="other-city", name_fr="Autre ville")


@pytest.fixture
def editor(city):
    person = make_person("editor")
    city.editors.add(person)
    return person


@pytest.fixture
def coordinator(db):
    return make_person("coordinator", User.Role.COORDINATOR)


@pytest.fixture
def superuser(db):
    return make_person("superuser", User.Role.COORDINATOR, is_superuser=True)


@pytest.fixture
def as_editor(editor):
    return logged_in(editor)


@pytest.fixture
def as_coordinator(coordinator):
    return logged_in(coordinator)


def pytest_terminal_summary(terminalreporter):
    """What was left out and why, and how much the tests with random content tried."""
    for reason, number in Counter(report.longrepr[2] for report in terminalreporter.getreports("skipped")).items():
        terminalreporter.write_line(f"{number} left out: {reason.removeprefix('Skipped: ')}")
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")
