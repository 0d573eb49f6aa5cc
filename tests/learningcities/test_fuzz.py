"""Nothing that is sent breaks the site: no error of ours, no long wait, and what is refused changes nothing.

Queries of public addresses are tried in test_addresses.py; `make fuzz` runs both for longer.
"""

import io
import logging
import os
import time
from collections import Counter
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.test.client import MULTIPART_CONTENT
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as trying
from hypothesis import strategies as st
from PIL import Image

from initiatives.models import Theme
from learningcities.pages.models import SiteText
from learningcities.people.models import Attempt, User
from learningcities.publishing.items.item import Item
from learningcities.reports import token
from tests import factories
from tests.addresses import HOSTILE, queries, walk
from tests.conftest import make_person, thorough
from tests.document_files import office, open_document
from tests.forms import data_of, page_of
from tests.tables import digest, undone, writes

pytestmark = pytest.mark.django_db

#: How many forms and files a long run tries.
CASES = int(os.environ.get("FUZZ_CASES", 0))
#: What a form may be sent instead of what it expects.
WORST = [*HOSTILE, "9" * 4000, "x" * 20_000, "<p>" * 500, "2024-13-45", "31/02/2024 25:61", "javascript:alert(1)"]
WORST += ["-99999999999999999999", "1e400", "Infinity", "\0", "a\0b", "\ud800", "0", "on", "http://[::1", "١٢٣", "{}"]
LONGEST = 2
#: What is right of a form that is sent back is kept as a draft, so that nobody types it again.
DRAFTS = "publishing"


def tried(share, few):
    """Hypothesis' settings for a share of a long run, or for a few cases."""
    return trying(
        max_examples=int(CASES * share) if CASES else few,
        deadline=None,
        database=None,
        derandomize=not CASES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Site:
    """A little of everything, and those who are logged in."""

    def __init__(self):
        city = factories.make_city(slug="benguerir", name_ar="بنجرير")
        editor = make_person("editor")
        city.editors.add(editor)
        self.clients = {"visitor": Client(), "editor": Client(), "coordinator": Client()}
        self.clients["editor"].force_login(editor)
        self.clients["coordinator"].force_login(make_person("coordinator", User.Role.COORDINATOR))
        factories.make_figure(city)
        self.city = city
        self.rows = {
            "editor": [city, factories.make_initiative(city), factories.make_photo(city), factories.make_place(city)],
            "coordinator": [factories.make_page(), SiteText.objects.create(key="site_name"), Theme.objects.first()],
        }
        self.rows["editor"].append(factories.make_document(city))
        #: (person, address, what a browser would send)
        self.forms = [
            (person, where, self.untouched(person, where))
            for person, rows in self.rows.items()
            for row in rows
            for where in forms_of(row)
        ]
        kept = [(person, f"{where}autosave/", fields) for person, where, fields in self.forms if "/sections/" in where]
        self.forms += kept
        for name in ("initiatives_initiative", "cities_learningplace"):
            where = reverse(f"admin:{name}_add")
            self.forms.append(("editor", where, self.untouched("editor", where)))

    def untouched(self, person, where):
        return data_of(self.clients[person].get(where))


def forms_of(row):
    """The addresses of the forms of a row: each small one, and of an item that of the page by which it is sent."""
    found = [page_of(row, "send")] if isinstance(row, Item) else []
    for section in admin.site._registry[type(row)].sections:
        part = getattr(row, section.part).first() if section.part else None
        key = [part.pk if part else uuid4()] if section.part else []
        found.append(page_of(row, "row" if key else "section", section.name, *key))
    return found


@pytest.fixture(scope="module")
def site(module_db, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield Site()


def lock(client, address, **request):
    """Send it; what is refused, or shown again to be mended, has changed nothing."""
    with undone():
        before = digest(DRAFTS)
        begun = time.process_time()
        with writes() as written:
            response = client.generic(path=address, **request)
            if response.status_code == 302 and "/import/" in response["Location"]:
                response = client.get(response["Location"])  # what a sheet would change
            response.getvalue()
        took = time.process_time() - begun
        assert response.status_code < 500
        assert took < LONGEST, f"{took:.1f} s"
        if written and response.status_code != 302:
            assert digest(DRAFTS) == before
    return response.status_code


def encoded(pairs):
    """The body of a form, also with what no text in Unicode may hold."""
    return "&".join("=".join(quote_plus(one, errors="surrogatepass") for one in pair) for pair in pairs)


FORM = "application/x-www-form-urlencoded"
worst = st.one_of(st.sampled_from(WORST), st.text(max_size=12), st.integers().map(str))
changed = st.one_of(worst.map(lambda value: [value]), st.just([]), st.lists(worst, min_size=2, max_size=3))


@st.composite
def spoilt(draw, fields):
    """A form with some of its fields left out, filled in with something else, or sent more than once."""
    names = draw(st.lists(st.one_of(st.sampled_from(sorted(fields)), st.sampled_from(STEPS)), min_size=1, max_size=5))
    sent = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    sent |= {name: draw(changed) for name in names}
    return [(name, str(value)) for name, values in sent.items() for value in values]


#: The buttons and hidden fields of forms.
STEPS = ["_save", "_send", "_preview", "_close", "_right", "_again", "_content_language", "when", "due", "until"]
STEPS += ["comment", "seen", "form_id", "remove", "restore", "move", "published"]
#: Those of the form of a photo or a document.
STEPS += ["_ask", "_publish", "_continue", "_addanother", "due_0", "due_1"]


@thorough
def test_no_form_of_the_admin_breaks(site, record_property):
    statuses = Counter()

    @tried(0.25, 15)
    @given(st.data())
    def locks(data):
        person, where, fields = data.draw(st.sampled_from(site.forms))
        body = encoded(data.draw(spoilt(fields)))
        note(f"{person} {where} {body[:3000]}")
        statuses[lock(site.clients[person], where, method="POST", data=body, content_type=FORM)] += 1

    locks()
    record_property("spoilt forms of the admin", f"{sum(statuses.values())}, answered with {dict(statuses)}")


def admin_addresses(site):
    """Every address of the admin, about a row that is there and one that is not."""
    paths, row = [], "00000000-0000-4000-8000-000000000000"
    for name, _route, wanted in walk(get_resolver()):
        if name and name.startswith("admin:") and not {"app_label", "name", "kind"} & wanted:
            words = {key: word for key, word in (("section", "names"), ("row", row)) if key in wanted}
            paths += [reverse(name, kwargs=dict.fromkeys(wanted, key) | words) for key in (site.city.pk, 987654321)]
    return list(dict.fromkeys(paths))


@thorough
def test_no_query_and_no_step_breaks_an_address_of_the_admin(site, record_property):
    addresses, statuses = admin_addresses(site), Counter()
    names = ["q", "p", "o", "all", "e", "shown", "language", "width", "app_label", "model_name", "field_name", "term"]
    names += ["_changelist_filters", "state__exact", "author__id__exact", "city__id__exact", "_popup", "_to_field"]
    names += ["action", "_selected_action", "select_across", "step", "change", "revoke", "post", "next", "at", "seen"]
    steps = [
        "apply",
        "discard",
        "release",
        "restore",
        "return",
        "send",
        "resolve",
        "acquire",
        "undo",
        str(site.city.pk),
    ]
    steps += [
        "delete_selected",
        *(getattr(name, "__name__", name) for one in admin.site._registry.values() for name in one.actions or ()),
    ]
    value = st.one_of(worst, st.sampled_from(steps))
    pair = st.tuples(st.one_of(st.sampled_from(names), st.text(max_size=6)), value)

    @tried(0.35, 20)
    @given(st.sampled_from(addresses), st.sampled_from(["editor", "coordinator"]), st.lists(pair, max_size=5), queries)
    def locks(address, person, pairs, query):
        note(f"{person} {address} {pairs} {query}")
        if "logout" in address:
            return
        client, sent = site.clients[person], encoded(pairs)
        statuses[lock(client, address, method="GET", QUERY_STRING=sent or query)] += 1
        statuses[lock(client, address, method="POST", data=sent, content_type=FORM)] += 1

    locks()
    record_property("queries and steps of the admin", f"{sum(statuses.values())}, answered with {dict(statuses)}")


PUBLIC = {
    "/admin/login/": {"username": "editor", "password": "x"},
    "/admin/password/": {"email": "a@example.org"},
    "/admin/password/MQ/set-password/": {"new_password1": "x", "new_password2": "x"},
    "/admin/account/authenticate/": {"code": "123456"},
    "/admin/account/webauthn/login/": {"credential": "{}"},
    "/admin/language/": {"language": "ar", "next": "/admin/"},
    "/admin/invitation/abc/": {"new_password1": "x"},
}


@thorough
def test_no_public_form_breaks(site, record_property):
    statuses = Counter()

    @tried(0.2, 30)
    @given(st.data(), queries)
    def locks(data, query):
        Attempt.objects.all().delete()
        report = reverse("reports:report")
        forms = PUBLIC | {report: {"message": "Une erreur", "token": token.issue(), "sender_email": "a@example.org"}}
        address = data.draw(st.sampled_from([*sorted(PUBLIC), report, report]))
        body = encoded(data.draw(spoilt(forms[address])))
        note(f"{address}?{query} {body[:3000]}")
        status = lock(Client(), address, method="POST", data=body, content_type=FORM, QUERY_STRING=query)
        statuses[status] += 1

    locks()
    record_property("spoilt public forms", f"{sum(statuses.values())}, answered with {dict(statuses)}")


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, kind)
    return out.getvalue()


#: Files that are taken, before they are spoilt.
FILES = {
    "a.jpg": picture("JPEG"),
    "a.png": picture("PNG"),
    "a.webp": picture("WEBP"),
    "a.gif": picture("GIF"),
    "a.pdf": factories.PDF,
    "a.docx": office("docx"),
    "a.odt": open_document("odt"),
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.html": b"<!doctype html><script>alert(1)</script>",
    "empty": b"",
}


@st.composite
def spoilt_files(draw, files):
    """A file with bytes changed, cut off, doubled, or followed by another file, under any name."""
    content = bytearray(files[draw(st.sampled_from(sorted(files)))])
    for _number in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        piece = draw(st.one_of(st.binary(max_size=8), worst.map(lambda words: words.encode(errors="surrogatepass"))))
        match draw(st.sampled_from(["change", "cut", "insert", "double", "append"])):
            case "change":
                content[place : place + len(piece)] = piece
            case "cut":
                del content[place:]
            case "insert":
                content[place:place] = piece
            case "double":
                content += content[place:]
            case "append":
                content += files[draw(st.sampled_from(sorted(files)))]
    name = draw(
        st.one_of(st.sampled_from([*files, "../../etc/passwd", "a.jpg.html", "é\u202egpj.exe", "a" * 300 + ".jpg"]))
    )
    return name, bytes(content)


@thorough
def test_no_file_breaks_an_upload(site, record_property):
    statuses = Counter()
    places = {
        reverse("admin:cities_photo_add"): ("files", {"city": site.city.pk, "credit": "x", "licence": "CC BY 4.0"}),
        reverse("admin:cities_document_add"): ("file", {"city": site.city.pk, "title_fr": "Rapport"}),
    }
    sheets = "/admin/initiatives/initiative/"
    files = FILES | {
        f"a.{kind}": site.clients["editor"].get(f"{sheets}export/{kind}/").getvalue() for kind in ("xlsx", "csv")
    }
    places[f"{sheets}import/"] = ("file", {})
    for _person, where, fields in site.forms:
        if "/photo/" in where or "/document/" in where:
            places[where] = ("file", fields)

    @tried(0.2, 15)
    @given(st.sampled_from(sorted(places)), spoilt_files(files))
    def locks(where, file):
        field, others = places[where]
        note(f"{where} {file}")
        client = site.clients["editor"]
        sent = client._encode_data({**others, field: SimpleUploadedFile(*file)}, MULTIPART_CONTENT)
        statuses[lock(client, where, method="POST", data=sent, content_type=MULTIPART_CONTENT)] += 1

    locks()
    record_property("spoilt files", f"{sum(statuses.values())}, answered with {dict(statuses)}")
