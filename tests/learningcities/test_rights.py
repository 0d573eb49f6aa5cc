"""Who gets what from every address of the URL configuration, read and sent to, about the rows of one city."""

import hashlib
import logging
from collections import defaultdict
from contextlib import contextmanager
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from cities.models import Axis, City, Document, LearningPlace, Photo, Tag
from initiatives.models import Initiative
from learningcities.care.models import Link
from learningcities.pages.models import MenuLink, Page, SiteText
from learningcities.people.models import User
from learningcities.publishing.models import Change, Preview
from learningcities.reports.models import Report
from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import make_person

from .test_addresses import ITEMS

pytestmark = pytest.mark.django_db
#: What is nobody's business until it is public.
SECRET = "Confidentiel"
PEOPLE = ["visitor", "other", "translator", "editor", "coordinator", "superuser"]
#: Models whose addresses have the same rows of the matrix.
KINDS = {
    "vocabulary": "cities_country cities_region cities_sdg cities_placekind cities_indicator cities_tag"
    " initiatives_theme initiatives_keyfeature initiatives_audience",
    "network": "pages_sitetext pages_menulink search_synonym",
}
MATRIX = """
"""


def walk(resolver, spaces=(), route="", names=frozenset()):
    """(name or None, route, names of the arguments) of every address."""
    for entry in resolver.url_patterns:
        here, arguments = route + str(entry.pattern), names | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            yield from walk(entry, [*spaces, entry.namespace] if entry.namespace else spaces, here, arguments)
        else:
            yield entry.name and ":".join([*spaces, entry.name]), here, arguments


class World:
    """The rows of a city, public and not yet, with an editor of it, a translator of it, and an editor of another."""

    def __init__(self):
        city = factories.make_city(slug="benguerir", name_fr="Ville à soi")
        other = factories.make_city(slug="elsewhere", name_fr="Autre ville")
        self.people = {
            "visitor": None,
            "other": make_person("other"),
            "translator": make_person("translator", languages=["ar"]),
            "editor": make_person("editor"),
            "coordinator": make_person("coordinator", User.Role.COORDINATOR),
            "superuser": make_person("superuser", User.Role.COORDINATOR, is_superuser=True),
        }
        other.editors.add(self.people["other"])
        city.editors.add(self.people["editor"], self.people["translator"])
        page = factories.make_page(slug="about", title_fr="À propos")
        self.rows = {
            City: city,
            Axis: Axis.objects.create(city=city, title_fr="Axe"),
            Page: page,
            SiteText: SiteText.objects.create(key="site_name", value_fr="Nom"),
            MenuLink: MenuLink.objects.create(place="header", label_fr="Page", page=page),
            Synonym: Synonym.objects.create(words="bibliothèque, مكتبة"),
            User: self.people["editor"],
            Change: Change.propose(city, self.people["editor"], {"summary_fr": [city.summary_fr, SECRET]}),
            Tag: Tag.objects.create(name_fr="Écoles", slug="schools"),
            Link: Link.objects.create(address="https://example.org/"),
            **self.items(city, "n-01", public=True),
        }
        self.rows[Report] = factories.make_report(self.rows[Initiative])
        self.drafts = self.items(city, "draft", public=False)
        self.drafts[Report] = factories.make_report(self.drafts[Initiative])
        self.preview = Preview.objects.create(item=city, author=self.people["editor"], pages={"fr": "<h1>Aperçu</h1>"})

    @staticmethod
    def items(city, slug, public):
        name = "Publique" if public else SECRET
        return {
            Initiative: factories.make_initiative(city, slug=slug, title_fr=name, public=public),
            LearningPlace: factories.make_place(city, slug="a-place" if public else "draft", name_fr=name, public=public),
            Photo: factories.make_photo(city, alternative_fr=name, public=public),
            Document: factories.make_document(city, title_fr=name, public=public),
        }

    def row(self, model, rows):
        if model._meta.model_name == "translations":
            return self.rows[Change]
        row = rows.get(model) or self.rows.get(model._meta.concrete_model) or model.objects.first()
        assert row, f"{model._meta.label} has addresses: make a row of it here"
        return row


@pytest.fixture(autouse=True)
def _no_log():
    """Thousands of refusals are as many lines, each with a traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world(module_db, tmp_path_factory):
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield World()


def model_of(name):
    """The model that an address of the admin is about."""
    words = name.removeprefix("admin:").replace("auth_user", "people_user").split("_")
    return apps.all_models.get(words[0], {}).get(words[1]) if name.startswith("admin:") and len(words) > 2 else None


def label(name, route):
    """The row of the matrix that an address stands in."""
    if not name:
        return "(unnamed) " + ("…/<path:object_id>/" if route.endswith("<path:object_id>/") else route)
    for kind, models in KINDS.items():
        for model in models.split():
            if name.startswith(f"admin:{model}_"):
                return name.replace(model, kind)
    return name


def path_of(world, name, route, wanted, rows):
    if not name:
        return "/" + route.replace("<path:object_id>", "1").replace("(?P<url>.*)$", "nowhere")
    arguments = dict(ITEMS.get(name, [{}])[0])
    photo, preview = world.row(Photo, rows), world.preview
    arguments = {key: value.format(photo=photo.file.name, preview=preview.token) for key, value in arguments.items()}
    model = model_of(name)
    given = {
        "app_label": "cities",
        "pk": 1,
        "token": preview.token,
        "uidb64": "MQ",
        "kind": "xlsx",
        "section": "cities",
        "name": model and getattr(getattr(world.row(model, rows), "file", None), "name", None),
        **({key: world.row(model, rows).pk for key in ("object_id", "person_id", "id")} if model else {}),
    }
    return reverse(name, kwargs={key: arguments.get(key, given.get(key)) for key in wanted})


def addresses(world, rows):
    for name, route, wanted in walk(get_resolver()):
        model = name and model_of(name)
        if rows is world.rows or model in rows:
            yield name, label(name, route), path_of(world, name, route, wanted, rows), model


def code(response):
    if response.status_code != 302:
        return str(response.status_code)
    where = response["Location"]
    return "login" if where.startswith("/admin/login/") else "desk" if where == "/admin/" else "302"


def forged(world, rows, model):
    """What a form could say to get at a city's rows."""
    pk = world.row(model, rows).pk if model else ""
    return {
        "post": "yes",
        "step": "apply",
        "change": world.rows[Change].pk,
        "revoke": world.preview.pk,
        "action": "bin_selected",
        "_selected_action": [pk],
        "city": world.rows[City].pk,
        "title_fr": "Volé",
        "name_fr": "Volé",
        "slug": "vole",
    }


def digest():
    """Of every row of every table, but those that say who is logged in."""
    found = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ("sessions", "usersessions"):
            found.update(repr((model._meta.label, list(model._base_manager.order_by("pk").values_list()))).encode())
    return found.hexdigest()


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(world, person, rows):
    """{row of the matrix: {what GET and POST are answered with}}."""
    client = Client()
    if world.people[person]:
        client.force_login(world.people[person])
    cookies, before = client.cookies, digest()
    found = defaultdict(set)
    for name, place, path, model in addresses(world, rows):
        codes = []
        for method, data in (("get", {}), ("post", forged(world, rows, model))):
            client.cookies = SimpleCookie({key: morsel.value for key, morsel in cookies.items()})
            writes = []
            with undone(), connection.execute_wrapper(noting(writes)):
                response = getattr(client, method)(path, data)
                said = response.getvalue().decode(errors="replace")
                codes.append(code(response))
                if person in ("visitor", "other"):
                    assert SECRET not in said, f"{person} reads at {path} what isn't public"
                if writes and (person in ("visitor", "other") or codes[-1] in ("403", "404", "405", "login", "desk")):
                    assert digest() == before, f"{person} changes rows by {method} {path}"
        found[place].add("/".join(codes))
    return found


def noting(writes):
    def note(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(sql)
        return execute(sql, params, many, context)

    return note


def cells(line):
    place, *found = line.rsplit(None, 6) if len(line.split()) > 6 else line.rsplit(None, 1)
    return place.strip(), found * (len(PEOPLE) // len(found))


def test_every_address_gives_each_person_what_the_matrix_says(world, monkeypatch):
    found = defaultdict(list)
    for person in PEOPLE:
        with monkeypatch.context() as patch:
            if person not in ("visitor", "other"):
                # Rights are decided before a page is written out.
                patch.setattr(SimpleTemplateResponse, "rendered_content", "")
            for place, codes in asked(world, person, world.rows).items():
                found[place].append("|".join(sorted(codes)))
    lines = [f"{place:60} " + (row[0] if len(set(row)) == 1 else " ".join(f"{one:10}" for one in row)) for place, row in found.items()]
    print("\n".join(lines))
    assert dict(found) == dict(cells(line) for line in MATRIX.strip().splitlines())
