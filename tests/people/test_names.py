"""No two accounts are called the same but for capitals; those that are from before are told, and stay."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from learningcities.operations.doctor import double_names
from learningcities.people.models import User
from tests.conftest import make_person
from tests.forms import filled, form_at

from .helpers import log_in


def test_two_names_that_differ_only_in_capitals_are_refused(as_coordinator, coordinator, editor):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person("Editor")
    address = reverse("admin:people_user_change", args=[editor.pk])
    answer = as_coordinator.post(address, filled(form_at(as_coordinator, address), username="Coordinator"))
    assert answer.context["adminform"].form.errors
    editor.refresh_from_db()
    assert editor.username == "editor"
    as_coordinator.post(address, filled(form_at(as_coordinator, address), username="Editor"))
    editor.refresh_from_db()
    assert editor.username == "Editor", "to change one's own capitals is no double"


def test_a_name_holds_no_sign_that_turns_or_hides_what_follows(as_coordinator, editor):
    address = reverse("admin:people_user_change", args=[editor.pk])
    names = {"first_name": "Ami\u202ena\x07", "last_name": "\u200b"}
    as_coordinator.post(address, filled(form_at(as_coordinator, address), **names))
    editor.refresh_from_db()
    assert (editor.first_name, editor.last_name) == ("Amina", "")


@pytest.fixture
def doubles(db):
    """Two accounts from before, after the migration."""
    constraint = next(one for one in User._meta.constraints if one.name == "user_name_once")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX user_name_once")
        older, newer = make_person("Amina"), make_person("amina")
        import_module("learningcities.people.migrations.0004_login").mark_doubles(apps, None)
        cursor.execute(str(constraint.create_sql(User, connection.schema_editor())))
    for person in (older, newer):
        person.refresh_from_db()
    return older, newer


def test_doubles_from_before_stay_each_with_their_own_login_and_the_doctor_names_them(doubles):
    older, newer = doubles
    assert (older.is_double, newer.is_double) == (False, True)
    assert "amina" in double_names()
    for name in ("Amina", "amina"):
        assert log_in(name).wsgi_request.user.username == name


def test_a_double_that_gets_another_name_is_none_any_more_and_none_comes_back(as_coordinator, doubles):
    _older, newer = doubles
    address = reverse("admin:people_user_change", args=[newer.pk])
    as_coordinator.post(address, filled(form_at(as_coordinator, address), username="amina-2"))
    assert double_names() == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=newer.pk).update(username="AMINA")
