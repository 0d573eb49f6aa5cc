"""The people of the tests, by their relation to the content."""

import pytest
from django.test import Client

from learningcities.people.models import User

from . import factories


def make_person(name, role=User.Role.EDITOR, **fields):
    return User.objects.create_user(name, password="secret", is_staff=True, role=role, **fields)


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


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
