"""Who logged in, who was refused, and who may do what since when: superusers read it, and nobody alters it."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core import mail as sent
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from learningcities import bounds
from learningcities.people import mail
from learningcities.people.models import AuditEntry, User
from tests.conftest import logged_in
from tests.forms import edit, filled, form_at, section_at

from .helpers import code, log_in, secret_of

LIST = reverse("admin:people_auditentry_changelist")
CONFIRM = "/admin/account/confirm/"


def kinds(person=None):
    return [entry.kind for entry in AuditEntry.objects.filter(person=person).order_by("pk")]


def letters():
    mail.unseen.submit(int).result()
    return sent.outbox


def test_logins_and_refused_tries_are_listed_without_what_was_typed(coordinator):
    log_in(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Firefox")
    for _number in range(8):
        log_in("coordinator", "my dog", REMOTE_ADDR="192.0.2.8")
    log_in("my dog", "x")
    assert kinds(coordinator) == ["new_browser", "wrong_password", "too_many"]
    assert kinds(None) == ["wrong_password"]
    entry, refused, _many = AuditEntry.objects.filter(person=coordinator).order_by("pk")
    assert (entry.address, entry.browser, entry.name) == ("192.0.2.7", "Firefox", "coordinator")
    assert (refused.times, refused.address) == (6, "192.0.2.8")
    assert "my dog" not in str(list(AuditEntry.objects.values()))


def test_factors_and_passwords_are_listed(coordinator, superuser, django_capture_on_commit_callbacks):
    client = logged_in(coordinator)
    secret = client.get("/admin/account/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/account/totp/activate/", {"code": code(secret)})
    stranger = Client()
    log_in(client=stranger)
    stranger.post("/admin/account/authenticate/", {"code": "000000"})
    new = {"new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"}
    client.post("/admin/password_change/", new | {"old_password": "secret"})
    action = {"action": "free_selected", "_selected_action": [coordinator.pk]}
    logged_in(superuser).post(reverse("admin:people_user_changelist"), action)
    assert kinds(coordinator) == ["factor_added", "factor_added", "wrong_code", "password", "factor_removed"]
    assert AuditEntry.objects.first().by == superuser


def test_changes_of_rights_are_listed_with_before_and_after_from_both_sides(
    as_coordinator, coordinator, editor, city, other_city
):
    address = reverse("admin:people_user_change", args=[editor.pk])
    changes = {"role": "coordinator", "email": "neu@ville.example", "cities": [other_city.pk]}
    as_coordinator.post(address, filled(form_at(as_coordinator, address), **changes))
    edit(as_coordinator, city, {"editors": [editor.pk]})
    entries = AuditEntry.objects.filter(person=editor, by=coordinator).order_by("pk")
    changes = {}
    for entry in entries:
        assert entry.kind == "account"
        changes |= {name: pair for name, pair in entry.changes.items() if name != "cities"}
    assert changes == {"role": ["editor", "coordinator"], "email": ["", "neu@ville.example"]}
    cities = [entry.changes["cities"] for entry in entries if "cities" in entry.changes]
    assert sorted(cities) == sorted([["Ville à soi", ""], ["", "Autre ville"], ["", "Ville à soi"]])


def test_an_invitation_and_its_answer_are_listed(as_coordinator, coordinator, city):
    data = {"first_name": "Amina", "last_name": "Alaoui", "email": "amina@ville.example", "role": "editor"}
    as_coordinator.post(reverse("admin:people_user_add"), data | {"language": "ar", "cities": [city.pk]})
    address = next(word for word in sent.outbox[-1].body.split() if "/invitation/" in word).partition("8000")[2]
    Client().post(address, {"new_password1": "une phrase assez longue", "new_password2": "une phrase assez longue"})
    assert kinds(User.objects.get(email="amina@ville.example")) == ["account", "invited", "accepted"]


def test_superusers_read_the_list_and_nobody_alters_it(superuser, as_coordinator, as_editor, coordinator):
    log_in()
    page = logged_in(superuser).get(LIST)
    assert page.status_code == 200
    assert "coordinator" in page.content.decode()
    for client in (as_coordinator, as_editor):
        assert client.get(LIST).status_code == 403
        assert client.get(reverse("admin:people_auditentry_export", args=["csv"])).status_code == 403
    for step in ("add", "change", "delete"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:people_auditentry_{step}", args=[] if step == "add" else [1])
    row = AuditEntry.objects.get(kind="new_browser")
    logged_in(superuser).post(LIST, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=row.pk).exists()
    assert not admin.site._registry[AuditEntry].has_delete_permission(None)


def test_an_account_that_is_deleted_stays_in_the_list_by_its_name(superuser, editor):
    log_in("editor")
    client = logged_in(superuser)
    client.post(reverse("admin:people_user_delete", args=[editor.pk]), {"post": "yes"})
    kept = AuditEntry.objects.exclude(kind="account").values_list("kind", "name")
    assert list(kept) == [("deleted", "editor"), ("new_browser", "editor")]
    assert AuditEntry.objects.first().by == superuser


def test_the_list_has_an_end(coordinator, monkeypatch):
    for days in (400, 300, 2, 1):
        AuditEntry.record("login", coordinator)
        AuditEntry.objects.filter(pk=AuditEntry.objects.latest("pk").pk).update(
            at=timezone.now() - timedelta(days=days)
        )
    call_command("tidy")
    assert AuditEntry.objects.count() == 3
    monkeypatch.setattr(bounds, "AUDIT_ENTRIES", 2)
    call_command("tidy")
    assert AuditEntry.objects.count() == 2
    assert AuditEntry.objects.filter(at__gt=timezone.now() - timedelta(days=3)).count() == 2


# A new browser


def test_the_owner_hears_of_a_browser_they_never_logged_in_with(editor):
    User.objects.filter(pk=editor.pk).update(email="editor@ville.example", language="ar")
    client = Client()
    log_in("editor", client=client, HTTP_USER_AGENT="Firefox 140")
    assert [letter.to for letter in letters()] == [["editor@ville.example"]]
    assert "Firefox 140" in sent.outbox[0].body
    assert "/admin/password/" in sent.outbox[0].body
    assert sent.outbox[0].subject == "سجّل متصفّح جديد الدخول إلى حسابكم"
    client.post("/admin/logout/")
    log_in("editor", client=client)
    log_in("editor", "x")
    assert len(letters()) == 1
    log_in("editor")
    assert len(letters()) == 2


def test_no_letter_before_the_second_factor(coordinator):
    User.objects.filter(pk=coordinator.pk).update(email="chief@ville.example")
    secret, client = secret_of(coordinator), Client()
    log_in(client=client)
    assert not letters()
    client.post("/admin/account/authenticate/", {"code": code(secret)})
    assert len(letters()) == 1


# A fresh proof


def prove(client):
    return client.post(
        client.asked, {"password": "secret", "next": client.asked.partition("next=")[2].replace("%2F", "/")}
    )


def asks(client, answer):
    """Whether an answer leads to the page that asks for the password."""
    client.asked = answer.get("Location", "")
    return client.asked.startswith(CONFIRM)


def test_a_change_of_rights_asks_for_the_password_once_more_and_is_not_lost(coordinator, editor):
    client = logged_in(coordinator, is_proven=False)
    address = reverse("admin:people_user_change", args=[editor.pk])
    data = filled(form_at(client, address), role="coordinator", email="neu@ville.example")
    assert asks(client, client.post(f"{address}?_changelist_filters=role%3Deditor", data))
    editor.refresh_from_db()
    assert editor.role == "editor"
    answer = prove(client)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:people_user_changelist"))
    editor.refresh_from_db()
    assert (editor.role, editor.email) == ("coordinator", "neu@ville.example")
    assert client.post(address, data | {"role": "editor"}).status_code == 302
    editor.refresh_from_db()
    assert editor.role == "editor", "for a while it isn't asked again"


def test_each_way_to_someones_rights_asks(superuser, editor, city):
    client = logged_in(superuser, is_proven=False)
    name = reverse("admin:people_user_changelist")
    ways = {
        name: {"action": "free_selected", "_selected_action": [editor.pk]},
        reverse("admin:people_user_add"): {"email": "neu@ville.example"},
        reverse("admin:people_user_delete", args=[editor.pk]): {"post": "yes"},
    }
    for address, data in ways.items():
        assert asks(client, client.post(address, data)), address
        assert client.get(address).status_code == 200, "to read needs no proof"
    assert asks(client, client.get(reverse("admin:auth_user_password_change", args=[editor.pk])))
    other = logged_in(superuser, is_proven=False)
    assert asks(other, edit(other, city, {"editors": []}))
    assert list(city.editors.all()) == [editor]
    prove(other)
    assert not city.editors.exists()


def test_a_password_that_is_typed_for_someone_else_waits_nowhere(coordinator, editor):
    client = logged_in(coordinator, is_proven=False)
    address = reverse("admin:auth_user_password_change", args=[editor.pk])
    new = {"password1": "une phrase assez longue", "password2": "une phrase assez longue", "usable_password": "true"}
    assert client.post(address, new)["Location"] == address
    assert "phrase" not in str(dict(client.session))
    assert asks(client, client.get(address))
    prove(client)
    assert client.post(address, new).status_code == 302
    editor.refresh_from_db()
    assert editor.check_password("une phrase assez longue")


def test_what_is_no_right_of_anybody_asks_for_nothing(coordinator, editor, city):
    client = logged_in(coordinator, is_proven=False)
    assert edit(client, city, {"summary_fr": "Autre chose"}).status_code == 302
    assert client.post(reverse("admin:people_user_changelist"), {}).status_code != 500


def test_a_draft_that_is_kept_while_typing_gives_nobody_a_right(coordinator, editor, city):
    client = logged_in(coordinator, is_proven=False)
    address, data = section_at(client, city, "brief")
    answer = client.post(f"{address}autosave/", data | {"summary_fr": "Autre chose", "editors": []})
    assert answer.json()["kept"]
    assert list(city.editors.all()) == [editor]
