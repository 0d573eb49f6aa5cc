"""The way in: throttled, guessable by nobody, with a second factor, and out again everywhere."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail as sent
from django.test import Client
from django.urls import reverse

from learningcities.people import mail
from learningcities.people.models import User
from tests.conftest import logged_in, make_person

from .helpers import LOGIN, code, log_in, secret_of

RESET = "/admin/password/"


pytestmark = pytest.mark.django_db


def confirm(client):
    return client.post("/admin/account/confirm/", {"password": "secret"})


def said(response):
    return response.context["form"].non_field_errors()


def test_the_login_leads_where_one_wanted_to_go_and_to_no_other_site(coordinator):
    assert reverse("admin:login") == LOGIN
    wanted = reverse("admin:people_user_changelist")
    assert Client().get(wanted)["Location"] == f"{LOGIN}?next={wanted}"
    client = Client()
    response = client.post(f"{LOGIN}?next={wanted}", {"username": "coordinator", "password": "secret", "next": wanted})
    assert response["Location"] == wanted
    assert client.cookies["sessionid"]["path"] == "/admin/"
    assert log_in(client=Client(), name="coordinator")["Location"] == "/admin/"
    foreign = {"username": "coordinator", "password": "secret", "next": "https://evil.example/"}
    assert Client().post(LOGIN, foreign)["Location"] == "/admin/"


def test_nobody_is_guessed_from_the_answer(editor):
    User.objects.filter(pk=editor.pk).update(email="editor@ville.example")
    make_person("closed", is_active=False)
    User.objects.create_user("no-staff", password="secret")
    attempts = [("editor", "x"), ("nobody", "x"), ("editor@ville.example", "x"), ("closed", "secret")]
    answers = [log_in(*attempt) for attempt in [*attempts, ("no-staff", "secret")]]
    assert {response.status_code for response in answers} == {200}
    assert len({str(said(response)) for response in answers}) == 1
    assert log_in("editor@ville.example")["Location"] == "/admin/"


def test_a_forgotten_password_is_mailed_to_who_has_an_account_and_the_answer_is_the_same(editor):
    User.objects.filter(pk=editor.pk).update(email="editor@ville.example", language="ar")
    answers = [Client().post(RESET, {"email": email}) for email in ("Editor@ville.example", "nobody@ville.example")]
    assert {(response.status_code, response["Location"]) for response in answers} == {(302, "/admin/password/sent/")}
    mail.unseen.submit(int).result()
    assert [message.to for message in sent.outbox] == [["editor@ville.example"]]
    client = Client()
    address = client.get(re.search(r"/admin/password/\S+/", sent.outbox[0].body)[0])["Location"]
    new = {"new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"}
    assert client.get(address).status_code == 200
    client.post(address, new)
    assert log_in("editor", new["new_password1"]).status_code == 302
    assert [Client().post(RESET, {"email": "nobody@ville.example"}).status_code for _ in range(3)] == [302, 302, 429]


def test_who_has_a_second_factor_gets_in_with_it_alone_or_with_a_recovery_code(coordinator):
    secret = secret_of(coordinator)
    client = Client()
    assert log_in(client=client)["Location"] == "/admin/account/authenticate/"
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/admin/account/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.post("/admin/account/authenticate/", {"code": code(secret)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(("role", "must"), [("coordinator", True), ("superuser", True), ("editor", False)])
def test_a_second_factor_is_demanded_of_those_who_can_publish(request, settings, role, must):
    person, client = request.getfixturevalue(role), Client()
    client.force_login(person)
    assert client.get("/admin/").status_code == 200, "offered where the setting doesn't demand it"
    settings.SECOND_FACTOR_REQUIRED = True
    for address in ("/admin/", reverse("admin:cities_city_changelist")):
        response = client.get(address)
        assert response.status_code == (302 if must else 200)
        assert not must or response["Location"] == "/admin/account/"
    assert client.get("/admin/account/").status_code == 200
    assert client.post("/admin/account/sessions/", {"end": "all"}).status_code == 302
    client.force_login(person)
    secret_of(person)
    assert client.get("/admin/").status_code == 200


def test_a_code_is_set_up_with_recovery_codes_and_taken_away_again(coordinator):
    client = Client()
    log_in(client=client)
    assert client.get("/admin/account/totp/activate/")["Location"].startswith("/admin/account/confirm/")
    confirm(client)
    page = client.get("/admin/account/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    response = client.post("/admin/account/totp/activate/", {"code": code(secret)})
    assert response.status_code == 302
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    shown = client.get("/admin/account/recovery-codes/")
    recovery = shown.context["unused_codes"][0]
    client = Client()
    log_in(client=client)
    assert client.post("/admin/account/authenticate/", {"code": recovery})["Location"] == "/admin/"


def test_a_lost_second_factor_is_taken_away_by_a_superuser_alone(coordinator, editor, superuser):
    secret_of(editor)
    action = {"action": "free_selected", "_selected_action": [editor.pk]}
    for person, left in ((coordinator, 1), (superuser, 0)):
        client = logged_in(person)
        client.post(reverse("admin:people_user_changelist"), action)
        assert Authenticator.objects.count() == left


def test_a_session_is_ended_from_another_and_all_at_once(coordinator, editor):
    one, two, other = Client(), Client(), Client()
    for client, name in ((one, "coordinator"), (two, "coordinator"), (other, "editor")):
        log_in(name, client=client)
    listed = one.get("/admin/account/sessions/").context["sessions"]
    assert len(listed) == 2
    foreign = other.get("/admin/account/sessions/").context["sessions"][0]
    one.post("/admin/account/sessions/", {"end": str(foreign.pk)})
    assert other.get("/admin/").status_code == 200
    second = next(session for session in listed if session.session_key == two.session.session_key)
    one.post("/admin/account/sessions/", {"end": str(second.pk)})
    assert (one.get("/admin/").status_code, two.get("/admin/").status_code) == (200, 302)
    log_in(client=two)
    assert one.post("/admin/account/sessions/", {"end": "all"})["Location"] == LOGIN
    assert (one.get("/admin/").status_code, two.get("/admin/").status_code) == (302, 302)


def test_there_is_no_sign_up_and_a_closed_account_is_out_at_once(coordinator):
    for name in ("signup", "account/signup", "account/webauthn/signup", "account/email"):
        assert Client().get(f"/admin/{name}/").status_code in (302, 404)
    client = Client()
    log_in(client=client)
    User.objects.filter(pk=coordinator.pk).update(is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_the_pages_of_the_login_run_no_script_of_their_own(coordinator):
    client = Client()
    pages = [Client().get(address) for address in (LOGIN, RESET)]
    log_in(client=client)
    pages.append(client.get("/admin/account/confirm/"))
    confirm(client)
    pages += [client.get(f"/admin/account/{name}") for name in ("", "webauthn/add/", "totp/activate/", "sessions/")]
    for page in pages:
        assert page.status_code == 200
        html = page.content.decode()
        assert "'unsafe-inline'" not in page["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"|nonce=))", html)
        assert not re.search(r"\sstyle=|\son\w+=|javascript:", html)


def test_the_language_is_chosen_before_logging_in(client, db):
    assert f'action="{reverse("admin:set_language")}"' in client.get(LOGIN).content.decode()
    response = client.post(reverse("admin:set_language"), {"language": "ar", "next": LOGIN}, follow=True)
    assert 'dir="rtl"' in response.content.decode()
    assert "كلمة المرور" in response.content.decode()
