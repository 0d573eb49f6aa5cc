"""A site of an earlier release becomes one of this release, with every row it had, and goes on working.

Each archive in tests/upgrade is a backup of tests/operations/inside/lived_in.py, made by the release in its name:
before a release, add one (`python -m tests.upgrade 2026-12`). Beside the newer ones lie the secrets and links of its
people, and they have all tables, those too that a backup leaves out. 2026-11-29 is commit da0cec9, with today's
lived_in.py; 2026-11-30 is the last state before modules and models were renamed.

`restore` makes the tables of the archive's release, brings its rows, and then calls `migrate`. With all tables that is
what an update does to a database in use, so that one way is tested for both.
"""

import json
import tarfile
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode
from fido2.webauthn import AuthenticatorData, CollectedClientData

from cities.models import City
from initiatives.models import Initiative
from learningcities.operations import backup
from learningcities.operations.models import QueuedMail
from learningcities.operations.outbox import send_again
from learningcities.people.models import User
from learningcities.publishing.models import Batch, Change
from tests.conftest import logged_in, thorough
from tests.forms import edit

from .conftest import elsewhere

ARCHIVES = sorted((Path(__file__).parents[1] / "upgrade").glob("*.tar.gz"))
#: The release before; what other archives hold is looked at by whoever has more time.
LAST = "2026-11-29"
#: Models that have another name today, by the name that archives have for them: {"app.old": "app.New"}.
RENAMED = {
    "operations.letter": "operations.QueuedMail",
    "publishing.clock": "publishing.ContentVersion",
    "publishing.hold": "publishing.PageLock",
    "publishing.remark": "publishing.Comment",
}
#: Columns that migrations have rewritten or taken away. What they say is looked at below.
REWRITTEN = {
    "auth.permission": {"codename", "name"},
    "contenttypes.contenttype": {"app_label", "model"},
    "publishing.change": {"comment"},
    "publishing.preview": {"pages", "token"},
}


def chosen(archives):
    return [pytest.param(path, id=path.name[:-7], marks=[thorough] * (LAST not in path.name)) for path in archives]


def opened(archive):
    """The rows of an archive, {label: rows}, and its manifest."""
    with tarfile.open(archive) as content:
        manifest = json.load(content.extractfile("manifest.json"))
        tables = {name: content.extractfile(name).read() for name in manifest["members"] if name.startswith("data/")}
    rows = {name[5:].removesuffix(".jsonl"): list(map(json.loads, data.splitlines())) for name, data in tables.items()}
    return rows, manifest


def today(label):
    """The model that has the rows of an archive's table."""
    return apps.get_model(RENAMED.get(label, label))


def differences(label, rows):
    """What today's rows say otherwise than those of an archive: (label, key, column, before, now)."""
    model = today(label)
    columns = {field.column: field for field in model._meta.local_concrete_fields}
    rows_now = {str(row.pk): row for row in model._base_manager.all()}
    for row in rows:
        key = row[model._meta.pk.column]
        row_now = rows_now.get(str(key))
        for column in row.keys() - REWRITTEN.get(label, set()):
            now = row_now and column in columns and backup.value_of(columns[column], row_now)
            if now != row[column]:
                yield label, key, column, row[column], now


def all_differences(tables):
    return [difference for label in sorted(tables) for difference in differences(label, tables[label])]


@pytest.mark.parametrize("archive", chosen(ARCHIVES))
def test_an_earlier_backup_comes_back_with_every_row_word_file_and_page_and_without_its_logins(
    archive, other_site, client
):
    rows, manifest = opened(archive)
    other_site()
    call_command("restore", archive, verbosity=0)
    assert all_differences({label: rows[label] for label in rows.keys() - set(backup.LEFT_OUT)}) == []
    members = manifest["members"].items()
    files = {name.removeprefix("media/"): file for name, file in members if name.startswith("media/")}
    files |= manifest.get("files", {})
    assert files
    assert all(default_storage.size(name) == file["size"] for name, file in files.items())
    assert not UserSession.objects.exists()
    assert not QueuedMail.objects.exists()
    public = City.objects.published()
    assert len(public) >= 3
    assert [client.get(city.get_absolute_url()).status_code for city in public] == [200] * len(public)


def test_a_backup_that_the_release_before_made_of_migrated_tables_comes_back(tmp_path, other_site):
    """It names models and fields as it knows them, and the migrations of the release that has replaced it."""
    archive = next(path for path in ARCHIVES if "2026-11-30" in path.name)
    rows, _manifest = opened(archive)
    (tmp_path / "files").symlink_to(archive.parent / "files")
    with tarfile.open(archive) as old, tarfile.open(tmp_path / archive.name, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                migrations = list(map(list, MigrationRecorder(connection).applied_migrations()))
                content = json.dumps(json.loads(content) | {"migrations": migrations}).encode()
            member.size = len(content)
            new.addfile(member, BytesIO(content))
    other_site()
    call_command("restore", tmp_path / archive.name, verbosity=0)
    assert (
        all_differences({label: rows[label] for label in ("publishing.remark", "publishing.hold", "cities.city")}) == []
    )


# What was under way goes on: the site of the archive as a database in use, with all its tables, an hour later.


def secrets_of(archive):
    return archive.with_name(f"{archive.name[:-7]}.json")


@pytest.fixture(scope="module", params=chosen(archive for archive in ARCHIVES if secrets_of(archive).exists()))
def updated(request, tmp_path_factory, django_db_setup, django_db_blocker):
    archive = request.param
    rows, manifest = opened(archive)
    with django_db_blocker.unblock(), elsewhere(tmp_path_factory.mktemp("updated") / "site"):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(backup, "LEFT_OUT", ("search.entry",))
            call_command("restore", archive, verbosity=0)
        secrets = json.loads(secrets_of(archive).read_text())
        yield SimpleNamespace(rows=rows, secrets=secrets, made_at=datetime.fromisoformat(manifest["made_at"]))


@pytest.fixture
def site(updated, db, monkeypatch):
    """All that a test does is undone, and the clock of the archive goes on."""
    set_clock(monkeypatch, updated.made_at + timedelta(hours=1))
    return updated


def set_clock(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    monkeypatch.setattr("time.time", moment.timestamp)


def person(name):
    return User.objects.get(username=name)


def screen(row, name):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[row.pk])


def change_of(title, state):
    """The one change that gives this title, in this state."""
    return Change.objects.get(state=state, patch__title_fr__1=title)


def test_every_row_of_every_table_is_in_the_database_after_migrate(site):
    assert all_differences(site.rows) == []
    connection.check_constraints()


def test_what_names_a_model_names_the_model_that_has_its_rows_today(site):
    for row in site.rows["contenttypes.contenttype"]:
        kind = ContentType.objects.get(pk=row["id"])
        assert kind == ContentType.objects.get_for_model(today(f"{row['app_label']}.{row['model']}")), row
    assert not [kind for kind in ContentType.objects.all() if kind.model_class() is None]


def test_granted_permissions_are_the_same_and_give_the_same_rights(site):
    labels = {row["id"]: f"{row['app_label']}.{row['model']}" for row in site.rows["contenttypes.contenttype"]}
    names = {}
    for row in site.rows["auth.permission"]:
        label = labels[row["content_type_id"]]
        action, opts = row["codename"].removesuffix(f"_{label.partition('.')[2]}"), today(label)._meta
        names[row["id"]] = f"{opts.app_label}.{action}_{opts.model_name}"
    by_group = {names[row["permission_id"]] for row in site.rows["auth.group_permissions"]}
    by_hand = {names[row["permission_id"]] for row in site.rows["people.user_user_permissions"]}
    assert len(by_group) > 40
    assert person("reader").get_group_permissions() == by_group
    assert person("helper").get_user_permissions() == by_hand
    assert all(person("reader").has_perm(name) for name in by_group)
    assert all(person("helper").has_perm(name) for name in by_hand)


def test_a_scheduled_change_is_on_its_page_when_its_day_has_come(site, client, monkeypatch):
    page = change_of("Titre pour plus tard", "scheduled").item.get_absolute_url()
    assert "Titre pour plus tard" not in client.get(page).text
    set_clock(monkeypatch, site.made_at + timedelta(days=31))
    assert "Titre pour plus tard" in client.get(page).text


def test_changes_are_decided_sent_again_and_gone_on_with(site):
    writing, deciding = logged_in(person("editor-benguerir")), logged_in(person("coordinator"))
    city = City.objects.get(slug="benguerir")
    [review] = Change.objects.of(city).filter(state="review")
    deciding.post(screen(review, "change"), {"step": "apply"})
    assert City.objects.get(pk=city.pk).summary_ar == "ملخص جديد"
    returned, draft = change_of("Titre refusé", "returned"), change_of("Titre d’un brouillon", "open")
    assert "Pas encore" in writing.get(screen(returned, "change")).text
    for change in (returned, draft):
        assert edit(writing, change.item, {}, "_send").status_code == 302
        change.refresh_from_db()
        assert change.state == "review"


def test_a_batch_of_a_file_is_published_and_a_file_that_waits_is_read(site):
    deciding = logged_in(person("coordinator"))
    deciding.post(screen(Batch.objects.made().get(), "change"), {"step": "apply"})
    assert Initiative.objects.filter(summary_fr="Résumé d’un tableur").count() == 2
    [waiting] = Batch.objects.exclude(file=None)
    page = deciding.get(f"/admin/initiatives/initiative/import/{waiting.pk}/")
    assert page.context_data["dry_run"].told == []


def test_links_that_were_given_out_lead_to_the_preview_and_to_the_invitation(site):
    preview = Client().get(site.secrets["preview"])
    assert (preview.status_code, preview.headers["Content-Language"]) == (200, "fr")
    assert "Benguerir" in preview.text
    password = "une phrase assez longue"
    choice = {"new_password1": password, "new_password2": password}
    assert Client().get(site.secrets["invitation"]).status_code == 200
    assert Client().post(site.secrets["invitation"], choice)["Location"] == "/admin/login/"
    assert person("amina@example.org").check_password(password)


def test_a_message_that_waited_for_the_mail_server_is_sent(site):
    assert send_again() == 1
    assert not QueuedMail.objects.exists()


def test_comments_are_beside_their_page(site):
    city = City.objects.get(slug="benguerir")
    page = logged_in(person("editor-benguerir")).get(screen(city, "happened")).text
    assert "Pensez à la traduction." in page


def test_a_page_that_someone_keeps_to_themselves_is_still_theirs(site):
    city = City.objects.get(slug="chefchaouen")
    refused = edit(logged_in(person("coordinator")), city, {"summary_fr": "Autre chose"})
    assert "Je relis tout" in refused.text
    assert refused.status_code == 200
    assert edit(logged_in(person("editor-chefchaouen")), city, {"summary_fr": "Autre chose"}).status_code == 302


def test_who_is_logged_in_stays_so(site):
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = site.secrets["session"]
    assert browser.get("/admin/").context["user"] == person("editor-benguerir")


def test_a_code_of_a_telephone_and_a_recovery_code_let_their_owner_in(site):
    now = list(totp.yield_hotp_counters_from_time())[1]
    for code in (totp.format_hotp_value(totp.hotp_value(site.secrets["secret"], now)), site.secrets["codes"][3]):
        browser = Client()
        answer = browser.post("/admin/login/", {"username": "coordinator", "password": "demo"})
        assert answer["Location"].startswith("/admin/account/authenticate/")
        browser.post(answer["Location"], {"code": code})
        assert browser.get("/admin/").context["user"] == person("coordinator")


def test_a_passkey_lets_its_owner_in(site):
    address, browser = reverse("mfa_login_webauthn"), Client()
    options = browser.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]
    credential = signed(options["publicKey"]["challenge"], site.secrets["passkey"])
    browser.post(address, {"credential": json.dumps(credential)})
    assert browser.get("/admin/").context["user"] == person("admin")


def signed(challenge, key):
    """What a browser sends to log in with a passkey."""
    [passkey] = Authenticator.objects.filter(type="webauthn")
    data = AuthenticatorData.create(sha256(b"testserver").digest(), 0b101, 1)
    client = CollectedClientData.create("webauthn.get", challenge, "https://testserver")
    private = ec.derive_private_key(int(key, 16), ec.SECP256R1())
    response = {
        "authenticatorData": websafe_encode(data),
        "clientDataJSON": websafe_encode(client),
        "signature": websafe_encode(private.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))),
        "userHandle": websafe_encode(user_pk_to_url_str(passkey.user).encode()),
    }
    return {"response": response} | {name: passkey.data["credential"][name] for name in ("id", "rawId", "type")}
