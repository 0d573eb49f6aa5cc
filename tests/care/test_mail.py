"""The monthly letter to a city's editors."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from learningcities.people.models import User
from tests import factories
from tests.conftest import make_person, thorough


def write():
    out = StringIO()
    call_command("mail_care", stdout=out)
    return out.getvalue()


@pytest.fixture
def reachable(editor, settings):
    settings.CARE_MAIL = True
    editor.email = "editor@example.org"
    editor.save()
    return editor


@thorough
def test_a_letter_says_what_the_editors_city_needs_with_a_link_to_each_list(city, other_city, reachable, settings):
    factories.make_initiative(city)
    factories.make_figure(other_city, year=2010)
    make_person("other", email="other@example.org").cities.add(factories.make_city(slug="in-order"))
    assert "1 letters sent" in write()
    [letter] = mail.outbox
    assert letter.to == ["editor@example.org"]
    assert "Ville à soi" in letter.body
    assert f"{settings.SITE_ADDRESS}/admin/care/?kind=unchecked&city={city.pk}" in letter.body
    assert "outdated" not in letter.body


def test_nobody_gets_two_letters_in_a_month_nor_one_without_a_reason(city, reachable, monkeypatch):
    assert "0 letters" in write()
    factories.make_initiative(city)
    write()
    assert "0 letters" in write()
    assert len(mail.outbox) == 1


def test_a_letter_that_could_not_be_sent_is_sent_the_next_time(city, reachable, monkeypatch):
    factories.make_initiative(city)
    with monkeypatch.context() as broken:
        broken.setattr("cities.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("no server")))
        assert "0 letters" in write()
    assert "1 letters" in write()


def test_it_is_in_the_editors_language(city, reachable, monkeypatch):
    User.objects.update(language="ar")
    city.apply_patch({"name_ar": ["", "مدينتي"]})
    factories.make_initiative(city)
    write()
    assert "مدينتي" in mail.outbox[0].body
    assert "Ville à soi" not in mail.outbox[0].body


def test_no_letter_is_sent_unless_the_operator_wants_them(city, reachable, settings):
    settings.CARE_MAIL = False
    factories.make_initiative(city)
    assert "CARE_MAIL" in write()
    assert not mail.outbox
