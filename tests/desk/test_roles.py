"""What each role can't get at by way of a form; who may open which address is in learningcities/test_rights.py."""

import pytest
from django.contrib import admin
from django.test import override_settings
from django.urls import reverse

from cities.models import (
    Axis,
    City,
    Document,
    LearningPlace,
    Photo,
    Recognition,
)
from initiatives.models import Initiative, Partner
from learningcities.care.models import Link
from learningcities.people.models import User
from learningcities.publishing.models import Change
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import snapshot
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import data_of, edit, filled, form_at, page_of, section_at


class World:
    """Rows of the editor's own city, and as many of another."""

    def __init__(self):
        city, other_city = (
            factories.make_city(slug=f"{word}-city", name_fr=f"Ville {word}") for word in ("own", "other")
        )
        self.people = {
            "editor": make_person("editor"),
            "coordinator": make_person("coordinator", User.Role.COORDINATOR),
            "superuser": make_person("superuser", User.Role.COORDINATOR, is_superuser=True),
        }
        editor, _coordinator, superuser = self.people.values()
        city.editors.add(editor)
        self.own = self.rows(city, "own")
        self.other = self.rows(other_city, "other")
        self.other[Change] = Change.propose(other_city, superuser, {"summary_fr": ["", "x"]})
        self.own[Change] = Change.propose(city, editor, {"summary_fr": ["", "x"]})

    @staticmethod
    def rows(city, word):
        initiative = factories.make_initiative(
            city, slug=f"{word}-initiative", title_fr=f"Initiative {word}", website=f"https://{word}.example.org/"
        )
        Partner.objects.create(initiative=initiative, name_fr="Partenaire")
        Recognition.objects.create(city=city, kind="other", title_fr="Titre", date="2020", source_fr="Source")
        return {
            City: city,
            Axis: Axis.objects.create(city=city, title_fr=f"Axe {word}"),
            LearningPlace: factories.make_place(city, slug=f"{word}-place", name_fr=f"Lieu {word}"),
            Photo: factories.make_photo(city, alternative_fr=f"Photo {word}"),
            Document: factories.make_document(city, title_fr=f"Document {word}"),
            Initiative: initiative,
            Report: factories.make_report(initiative, title=f"Page {word}"),
            Link: Link.objects.get(address=initiative.website),
        }


@pytest.fixture(scope="module")
def made_once(module_db, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield World()


@pytest.fixture
def world(made_once, db):
    return made_once


@pytest.fixture
def city(world):
    return world.own[City]


@pytest.fixture
def editor(world):
    return world.people["editor"]


@pytest.fixture
def coordinator(world):
    return world.people["coordinator"]


@pytest.fixture
def superuser(world):
    return world.people["superuser"]


def address(model, step, row=None):
    args = [] if step in ("changelist", "add") else [row.pk]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{step}", args=args)


@thorough
def test_a_person_who_is_not_staff_gets_nowhere(world):
    client = logged_in(User.objects.create_user("nobody", role="coordinator"))
    for model, row in ((model, row) for model, row in world.own.items() if model in admin.site._registry):
        for step in ("changelist", "add", "change", "delete", "history"):
            assert client.get(address(model, step, row)).status_code == 302


@thorough
@pytest.mark.parametrize("field", ["city", "cover", "axes", "places"])
def test_another_citys_row_cannot_be_forged_into_ones_own_initiative(world, as_editor, field):
    models = {"city": City, "cover": Photo, "axes": Axis, "places": LearningPlace}
    initiative = world.own[Initiative]
    before = snapshot(initiative)
    theirs = world.other[models[field]].pk
    response = edit(as_editor, initiative, {field: [theirs] if field in ("axes", "places") else theirs}, "_draft")
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert snapshot(initiative) == before
    assert not Change.objects.of(initiative).unfinished().exists()


def test_an_initiative_cannot_be_added_to_another_city(world, as_editor):
    where = address(Initiative, "add")
    data = data_of(form_at(as_editor, where)) | {"title_fr": "Nouvelle"}
    response = as_editor.post(where, data | {"city": world.other[City].pk})
    assert "city" in response.context["form"].errors
    assert not Initiative.objects.filter(title_fr="Nouvelle").exists()
    assert as_editor.post(where, data | {"city": world.own[City].pk}).status_code == 302
    assert Initiative.objects.get(title_fr="Nouvelle").public_from is None


@pytest.mark.parametrize(("model", "part"), [(City, "recognitions"), (Initiative, "partners")])
def test_another_citys_row_cannot_be_forged_into_ones_own_page(world, as_editor, model, part):
    own, other = world.own[model], world.other[model]
    before = snapshot(own), snapshot(other)
    stolen = getattr(other, part).get().pk
    where = page_of(own, "row", part, stolen)
    _address, data = section_at(as_editor, own, part, PatchKey(part, getattr(own, part).get().pk))
    assert as_editor.get(where).status_code == 404
    assert as_editor.post(where, data | {"title_fr": "volé", "name_fr": "volé"}).status_code == 404
    for step in ("remove", "restore"):
        as_editor.post(page_of(own, "section", part), {step: stolen})
    assert (snapshot(own), snapshot(other)) == before
    assert not Change.objects.of(own).unfinished().exclude(pk=world.own[Change].pk).exists()


def test_a_gallery_takes_no_photo_of_another_city(world, as_editor):
    response = edit(as_editor, world.own[City], {"gallery:new:photo": world.other[Photo].pk}, "_draft")
    assert response.status_code == 200
    assert "photo" in response.context["form"].errors
    assert not Change.objects.of(world.own[City]).unfinished().exclude(pk=world.own[Change].pk).exists()


def test_a_photo_of_the_network_is_neither_added_nor_made_by_an_editor(world, as_editor):
    response = edit(as_editor, world.own[Photo], {"city": ""}, "_draft")
    assert "city" in response.context["form"].errors
    assert not Photo.objects.filter(city=None).exists()


def test_the_names_of_other_cities_stand_in_no_filter(world, as_editor):
    for model in (Initiative, LearningPlace, Photo, Document):
        listed = as_editor.get(address(model, "changelist")).content.decode()
        assert str(world.other[City]) not in listed, model


def test_no_detour_leads_to_the_page_of_another_citys_draft(world, as_editor):
    assert as_editor.get(f"/admin/r/1/{world.other[Initiative].pk}/").status_code == 404


def test_an_axis_of_another_city_is_refused_to_a_coordinator_too(world, as_coordinator):
    response = edit(as_coordinator, world.own[Initiative], {"axes": [world.other[Axis].pk]})
    assert "axes" in response.context["form"].errors


def test_autocomplete_finds_ones_own_rows_and_no_others(world, as_editor):
    walked = 0
    for model in admin.site._registry:
        for field in (each for each in model._meta.get_fields() if each.is_relation and not each.auto_created):
            name, target = field.name, field.related_model
            if target not in world.other or target not in admin.site._registry:
                continue
            query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
            response = as_editor.get(reverse("admin:autocomplete"), query)
            found = {result["id"] for result in response.json()["results"]}
            assert str(world.own[target].pk) in found, (model, name)
            assert str(world.other[target].pk) not in found, (model, name)
            walked += 1
    assert walked >= 5


def test_autocomplete_shows_no_staff_to_an_editor(world, as_editor):
    query = {"app_label": "cities", "model_name": "city", "field_name": "editors"}
    assert as_editor.get(reverse("admin:autocomplete"), query).status_code == 403


def test_who_edits_a_city_is_not_for_its_editor_to_say(world, as_editor, as_coordinator, editor, superuser):
    own = world.own[City]
    where = page_of(own, "beside")
    assert as_editor.get(where).status_code == 403
    assert as_editor.post(where, {"editors": [superuser.pk]}).status_code == 403
    assert superuser not in own.editors.all()
    assert as_coordinator.post(where, {"editors": [editor.pk, superuser.pk]}).status_code == 302
    assert superuser in own.editors.all()


def test_a_coordinator_can_neither_see_nor_become_a_superuser(world, as_coordinator, coordinator, superuser):
    assert f">{superuser.username}<" not in as_coordinator.get(address(User, "changelist")).content.decode()
    assert as_coordinator.get(address(User, "change", superuser)).status_code == 302
    where = address(User, "change", coordinator)
    as_coordinator.post(where, filled(form_at(as_coordinator, where), is_superuser="on", role="coordinator"))
    coordinator.refresh_from_db()
    assert not coordinator.is_superuser
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert as_coordinator.get(password).status_code in (302, 403, 404)
