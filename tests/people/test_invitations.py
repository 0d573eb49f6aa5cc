"""Coordinators invite people; who is invited chooses a password once, while the link works."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from learningcities.people import invitation
from learningcities.people.models import User
from tests.conftest import logged_in
from tests.forms import filled, form_at

ADD, LIST = reverse("admin:people_user_add"), reverse("admin:people_user_changelist")
PASSWORD = "une phrase assez longue"


def invite(client, city, **changes):
    data = {"first_name": "Amina", "last_name": "Alaoui", "email": "Amina@Ville.example", "role": "editor"}
    return client.post(ADD, data | {"language": "ar", "cities": [city.pk], "languages": ["ar"]} | changes, follow=True)


def link():
    return re.search(r"/admin/invitation/\S+/", mail.outbox[-1].body)[0]


def choose(address, password=PASSWORD):
    return Client().post(address, {"new_password1": password, "new_password2": password})


def form_of(person):
    return reverse("admin:people_user_change", args=[person.pk])


@pytest.fixture
def person(as_coordinator, city):
    invite(as_coordinator, city)
    return User.objects.get(email="amina@ville.example")


def test_the_invited_person_gets_one_mail_in_their_language_and_chooses_a_password_once(person, city):
    assert (person.role, person.languages, list(person.cities.all())) == ("editor", ["ar"], [city])
    assert person.is_staff
    assert not person.is_superuser
    assert not person.has_usable_password()
    assert [message.to for message in mail.outbox] == [["amina@ville.example"]]
    address = link()
    page = Client().get(address)
    assert page.status_code == 200
    assert 'lang="ar"' in page.content.decode()
    assert choose(address, "court").context["form"].errors
    assert choose(address)["Location"] == "/admin/login/"
    client = Client()
    assert client.post("/admin/login/", {"username": person.email, "password": PASSWORD})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert choose(address, "une autre phrase assez longue").status_code == 410
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_an_invitation_is_sent_again_and_revoked_and_the_older_link_is_dead(as_coordinator, person):
    first = link()
    as_coordinator.post(LIST, {"action": "invite_selected", "_selected_action": [person.pk]})
    second = link()
    assert choose(first).status_code == 410
    assert Client().get(second).status_code == 200
    listed = as_coordinator.get(LIST, {"invitation": "open"}).content.decode()
    assert person.email in listed
    as_coordinator.post(form_of(person), filled(form_at(as_coordinator, form_of(person)), _revoke="1"))
    person.refresh_from_db()
    assert not person.is_active
    assert choose(second).status_code == 410
    assert not User.objects.get(pk=person.pk).has_usable_password()


def test_an_expired_link_and_an_invented_one_answer_alike(person, settings):
    address = link()
    settings.INVITATION_DAYS = -1
    expired, invented = Client().get(address), Client().get("/admin/invitation/x:y:z/")
    assert expired.status_code == invented.status_code == 410
    forget = re.compile(r"csrfmiddlewaretoken[^>]*|nonce-?=?[^ >;]*|/admin/invitation/[^\"]*")
    assert forget.sub("", expired.content.decode()) == forget.sub("", invented.content.decode())


def test_an_address_is_invited_once_and_an_editor_invites_nobody(as_coordinator, as_editor, city, person):
    assert "email" in invite(as_coordinator, city).context["adminform"].form.errors
    assert invite(as_editor, city, email="autre@ville.example").status_code == 403
    assert as_editor.post(LIST, {"action": "invite_selected", "_selected_action": [person.pk]}).status_code == 403
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_loses_neither_the_person_nor_a_word(as_coordinator, city, monkeypatch):
    def away(*args):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", away)
    response = invite(as_coordinator, city)
    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert User.objects.get(email="amina@ville.example").cities.get() == city


def test_a_coordinator_gives_cities_on_the_persons_form_and_takes_them_away(as_coordinator, editor, city, other_city):
    as_coordinator.post(form_of(editor), filled(form_at(as_coordinator, form_of(editor)), cities=[other_city.pk]))
    assert list(editor.cities.all()) == [other_city]
    assert list(other_city.editors.all()) == [editor]
    assert logged_in(editor).post(form_of(editor), {"cities": [city.pk]}).status_code == 403


def test_a_token_belongs_to_one_person(person, coordinator):
    person.invited_at = User.objects.get(pk=person.pk).invited_at
    coordinator.invited_at = person.invited_at
    assert invitation.invited(invitation.token(coordinator)) is None
    assert invitation.invited(invitation.token(person)) == person
