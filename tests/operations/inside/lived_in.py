"""What years of use leave in a site, in a minute: for backups and upgrades. Run inside a site with demo content."""

from datetime import timedelta
from hashlib import sha256

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from cities.models import City, CityPhoto
from initiatives.models import Initiative
from learningcities.care.models import Link
from learningcities.operations.models import QueuedMail
from learningcities.people.invitation import invite, token
from learningcities.people.models import User
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.models import Batch, Change, Comment, PageLock, Presence, Preview
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.spreadsheets.helpers import Edited, exported

INITIATIVES = "/admin/initiatives/initiative/"


def live():
    """What people have in their hands when they have lived in the site: {name: secret, codes or link}."""
    city = City.objects.get(slug="benguerir")
    editor, chief = User.objects.get(username="editor-benguerir"), User.objects.get(username="coordinator")
    initiatives = write(city, chief)
    preview = change(city, initiatives, editor, chief)
    talk(city, initiatives[0], editor, chief)
    grant(chief)
    QueuedMail.objects.create(to=["a@example.org"], sender="s@example.org", subject="Gardée", body="Plus tard")
    return log_in(editor, chief) | {"preview": preview, "invitation": invited(chief)}


def write(city, chief):
    """Words, files and rows that came, changed and went; the initiatives of the city that are left."""
    with acting(chief):
        photo = factories.make_photo(city, alternative_ar="ساحة المدرسة", credit="Ä « œuvre » 😀")
        CityPhoto.objects.create(city=city, photo=photo)
        factories.make_document(city)
        for number in range(3):
            city.set_dates()
            city.summary_fr = f"Résumé numéro {number}"
            city.save()
        first, *others, last = Initiative.objects.filter(city=city)
        first.slug = "une-nouvelle-adresse"
        first.lessons_fr += '<p><a href="https://example.org/rapport">Un rapport</a></p>'
        first.save()
        gone = factories.make_initiative(city, slug="disparue")
        gone.delete()
        last.move_to_bin()
        factories.make_report(city, sender_name="Une visiteuse", sender_email="v@example.org")
    Link.objects.first().note(404, "gone")
    return [first, *others]


def change(city, initiatives, editor, chief):
    """A change in each state and two files, one with drafts and one without; the link of a preview."""
    scheduled, returned, draft, *others = initiatives
    review = Change.propose(city, editor, {"summary_ar": [city.summary_ar, "ملخص جديد"]}, "À relire")
    later = Change.propose(scheduled, chief, {"title_fr": [scheduled.title_fr, "Titre pour plus tard"]})
    later.schedule(moment() + timedelta(days=30), chief)
    refused = Change.propose(returned, editor, {"title_fr": [returned.title_fr, "Titre refusé"]})
    refused.return_to_author(chief, "Pas encore")
    Change.save_draft(draft, editor, {"title_fr": [draft.title_fr, "Titre d’un brouillon"]})
    Change.propose(draft, chief, {"title_fr": [draft.title_fr, "Titre abandonné"]}).discard(chief)

    writing, deciding = Client(), Client()
    writing.force_login(editor)
    deciding.force_login(chief)
    sheet = Edited(exported(writing, INITIATIVES))
    for initiative in others[:2]:
        row = sheet.row_of("initiatives.initiative", "slug", initiative.slug)
        sheet.put("initiatives.initiative", row, summary_fr="Résumé d’un tableur")
    sent = writing.post(f"{INITIATIVES}import/", {"file": SimpleUploadedFile("liste.xlsx", sheet.content)})
    writing.post(sent["Location"], {"make": "yes"})
    Batch.objects.made().get().take("send", editor, comment="Toute la liste")
    waiting = SimpleUploadedFile("attend.csv", exported(deciding, INITIATIVES, "csv", "?q=jeunes"))
    deciding.post(f"{INITIATIVES}import/", {"file": waiting})
    deciding.post(f"/admin/cities/city/{city.pk}/preview/", {"change": review.pk})
    return Preview.objects.get().address("fr")


def talk(city, initiative, editor, chief):
    """What staff say to each other beside a page, and who keeps one to themselves."""
    Comment.write(city, chief, "Pensez à la traduction.")
    Comment.write(initiative, editor, "C’est réglé.")
    Comment.objects.of(initiative).resolve(chief)
    other = City.objects.get(slug="chefchaouen")
    PageLock.acquire(other, User.objects.get(username="editor-chefchaouen"), "Je relis tout")
    Presence.objects.meet(city, editor)


def grant(chief):
    """Rights given by hand, and Django's log, of each model there is."""
    readers = Group.objects.create(name="Lecteurs")
    readers.permissions.set(Permission.objects.filter(codename__startswith="view_"))
    User.objects.create_user("reader", password="demo", is_staff=True).groups.add(readers)
    helper = User.objects.create_user("helper", password="demo", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__startswith="change_"))
    for kind in ContentType.objects.all():
        LogEntry.objects.create(
            user=chief, content_type=kind, object_id="1", object_repr="Une ligne", action_flag=CHANGE
        )


def log_in(editor, chief):
    """Who is logged in, and what they hold to come in again."""
    browser = Client()
    browser.post("/admin/login/", {"username": editor.username, "password": "demo"})
    secret = generate_totp_secret()
    TOTP.activate(chief, secret)
    passkey = ec.generate_private_key(ec.SECP256R1())
    WebAuthn.add(User.objects.get(username="admin"), "Clé du bureau", credential(passkey))
    return {
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "secret": secret,
        "codes": RecoveryCodes.activate(chief).generate_codes(),
        "passkey": f"{passkey.private_numbers().private_value:x}",
    }


def credential(passkey):
    """What a browser sends when a passkey is added."""
    name = sha256(b"name").digest()
    public = AttestedCredentialData.create(bytes(16), name, ES256.from_cryptography_key(passkey.public_key()))
    data = AuthenticatorData.create(sha256(b"testserver").digest(), 0b1000101, 0, public)
    client = CollectedClientData.create("webauthn.create", bytes(32), "https://testserver")
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    return {"id": websafe_encode(name), "rawId": websafe_encode(name), "type": "public-key", "response": response}


def invited(chief):
    """The link that someone was sent."""
    person = User.objects.create(username="amina@example.org", email="amina@example.org", is_staff=True, language="ar")
    invite(person, chief)
    return reverse("invitation", args=[token(person)])
