"""Every registered admin address, for each role, against rows of one's own city and of another."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cities.models import (
    SDG,
    Axis,
    City,
    Country,
    Document,
    Indicator,
    LearningPlace,
    Photo,
    PlaceKind,
    Recognition,
    Region,
    Tag,
)
from initiatives.models import Audience, Initiative, KeyFeature, Partner, Theme
from learningcities.care.models import Link
from learningcities.pages.models import MenuLink, Page, SiteText
from learningcities.people.models import User
from learningcities.publishing.models import Change, Translations
from learningcities.publishing.snapshot import snapshot
from learningcities.reports.models import Report
from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import logged_in
from tests.forms import added_row, filled

OF_A_CITY = [City, Axis, LearningPlace, Photo, Document, Initiative]
VOCABULARIES = [Country, Region, SDG, PlaceKind, Indicator, Tag, Theme, KeyFeature, Audience]
OF_THE_NETWORK = [Page, SiteText, MenuLink, Synonym, User]
STEPS = ["changelist", "add", "change", "delete", "history"]


class World:
    """A row of every registered model: `own` of the editor's city or of nobody, `other` of another city."""

    def __init__(self, city, other_city, editor, superuser):
        self.own = self.rows(city, "own") | self.network(editor)
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

    @staticmethod
    def network(editor):
        Tag.objects.create(name_fr="Écoles", slug="schools")
        page = factories.make_page(slug="a-page")
        return {
            **{model: model.objects.first() for model in VOCABULARIES},
            Page: page,
            SiteText: SiteText.objects.create(key="site_name", value_fr="Nom"),
            MenuLink: MenuLink.objects.create(place="header", label_fr="Page", page=page),
            Synonym: Synonym.objects.create(words="bibliothèque, مكتبة"),
            User: editor,
        }


@pytest.fixture
def world(city, other_city, editor, superuser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World(city, other_city, editor, superuser)


def address(model, step, row=None):
    args = [] if step in ("changelist", "add") else [row.pk]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{step}", args=args)


def said(rows):
    """Everything these rows say, to see that nothing was written."""
    return {model: snapshot(row) for model, row in rows.items() if hasattr(row, "parts")}


def test_the_walk_knows_every_registered_model():
    assert set(admin.site._registry) == {*OF_A_CITY, *VOCABULARIES, *OF_THE_NETWORK, Change, Report, Translations, Link}


def test_a_visitor_is_sent_to_the_login_everywhere(world):
    walked = 0
    for model, row in world.own.items():
        for step in STEPS:
            for method in ("get", "post"):
                response = getattr(Client(), method)(address(model, step, row))
                assert response.status_code == 302
                assert response["Location"].startswith("/admin/login/")
                walked += 1
    assert walked == len(world.own) * len(STEPS) * 2 > 150


def test_a_person_who_is_not_staff_gets_nowhere(world):
    client = logged_in(User.objects.create_user("nobody", role="coordinator"))
    for model, row in world.own.items():
        for step in STEPS:
            assert client.get(address(model, step, row)).status_code == 302


def test_an_editor_meets_only_what_is_theirs(world, as_editor):
    """200: open to them. 403: refused. For the add, delete and history addresses of each kind of model."""
    expected = {
        "own": dict.fromkeys(STEPS, 200),
        "vocabulary": {"changelist": 200, "add": 403, "change": 200, "delete": 403, "history": 200},
        "network": dict.fromkeys(STEPS, 403),
    }
    exceptions = {
        (City, "add"): 403,
        (City, "delete"): 403,
        (Axis, "add"): 403,
        (Axis, "delete"): 403,
        (LearningPlace, "delete"): 403,  # it is public: a coordinator takes it off
        (Photo, "delete"): 403,
        (Document, "delete"): 403,
        (Initiative, "delete"): 403,
        (Change, "add"): 403,
        (Change, "delete"): 403,
        (Report, "add"): 403,
        (Report, "delete"): 403,
        (Link, "add"): 403,
        (Link, "delete"): 403,
    }
    walked = 0
    for model, row in world.own.items():
        kind = "network" if model in OF_THE_NETWORK else "vocabulary" if model in VOCABULARIES else "own"
        for step in STEPS:
            status = as_editor.get(address(model, step, row)).status_code
            assert status == exceptions.get((model, step), expected[kind][step]), (model, step)
            walked += 1
    # The board of translations is a list alone (tests/publishing/test_translations.py).
    assert walked == (len(admin.site._registry) - 1) * len(STEPS)


def test_rows_of_another_city_are_unseen_and_unchanged(world, as_editor):
    before = said(world.other)
    walked = 0
    for model, row in world.other.items():
        listed = as_editor.get(address(model, "changelist")).content.decode()
        assert address(model, "change", row) not in listed
        assert address(model, "change", world.own[model]) in listed
        for step in ("change", "delete", "history"):
            for method in ("get", "post"):
                response = getattr(as_editor, method)(address(model, step, row), {"post": "yes", "step": "apply"})
                assert response.status_code in (302, 403), (model, step, method)
                assert str(row) not in response.content.decode()
                walked += 1
        for name in ("delete_selected", "bin_selected"):
            action = {"action": name, "_selected_action": [row.pk], "post": "yes"}
            as_editor.post(address(model, "changelist"), action)
    duplicate = reverse("admin:initiatives_initiative_duplicate", args=[world.other[Initiative].pk])
    assert as_editor.post(duplicate).status_code == 404
    assert walked == len(world.other) * 6
    assert said(world.other) == before


def test_a_preview_is_open_to_those_who_may_change_the_row(world, as_editor, as_coordinator):
    previewed = {model for model, source in admin.site._registry.items() if hasattr(source, "preview_view")}
    assert previewed == {City, Initiative, Page}
    for model in previewed:
        own = address(model, "preview", world.own[model])
        for method in ("get", "post"):
            assert getattr(Client(), method)(own)["Location"].startswith("/admin/login/")
            assert getattr(as_editor, method)(own).status_code == (
                403 if model is Page else {"get": 200, "post": 302}[method]
            )
            assert getattr(as_coordinator, method)(own).status_code == {"get": 200, "post": 302}[method]
            if model in world.other:
                assert getattr(as_editor, method)(address(model, "preview", world.other[model])).status_code == 404


def test_an_editor_can_write_to_no_vocabulary_and_no_page(world, as_editor):
    models = [*VOCABULARIES, *OF_THE_NETWORK]
    rows = {model: world.own[model] for model in models}
    before = said(rows)
    for model, row in rows.items():
        for step in ("add", "change", "delete"):
            assert as_editor.post(address(model, step, row), {"post": "yes"}).status_code == 403, (model, step)
    assert said(rows) == before


def test_an_editor_cannot_use_the_actions_of_a_coordinator(world, as_editor):
    own = [world.own[model] for model in (City, Initiative, LearningPlace, Photo, Document)]
    for row in own:
        for action in ("withdraw_selected", "publish_selected", "bin_selected", "delete_selected"):
            data = {"action": action, "_selected_action": [row.pk], "post": "yes"}
            as_editor.post(address(type(row), "changelist"), data)
        row.refresh_from_db()
        assert row.is_public(), row


@pytest.mark.parametrize("field", ["city", "cover", "axes", "places"])
def test_another_citys_row_cannot_be_forged_into_ones_own_initiative(world, as_editor, field):
    models = {"city": City, "cover": Photo, "axes": Axis, "places": LearningPlace}
    initiative = world.own[Initiative]
    before = snapshot(initiative)
    where = address(Initiative, "change", initiative)
    response = as_editor.post(where, filled(as_editor.get(where), **{field: world.other[models[field]].pk}))
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert snapshot(initiative) == before
    assert not Change.objects.of(initiative).unfinished().exists()


def test_an_initiative_cannot_be_added_to_another_city(world, as_editor):
    where = address(Initiative, "add")
    data = filled(as_editor.get(where), title_fr="Nouvelle", slug="nouvelle")
    response = as_editor.post(where, data | {"city": world.other[City].pk})
    assert "city" in response.context["adminform"].form.errors
    assert not Initiative.objects.filter(slug="nouvelle").exists()
    assert as_editor.post(where, data | {"city": world.own[City].pk}).status_code == 302
    assert Initiative.objects.get(slug="nouvelle").public_from is None


@pytest.mark.parametrize(("model", "prefix"), [(City, "recognitions"), (Initiative, "partners")])
def test_another_citys_inline_row_cannot_be_forged_into_ones_own_form(world, as_editor, model, prefix):
    own, other = world.own[model], world.other[model]
    before = snapshot(own), snapshot(other)
    where = address(model, "change", own)
    stolen = getattr(other, prefix).get().pk
    data = filled(as_editor.get(where), **{f"{prefix}-0-uuid": stolen, f"{prefix}-0-title_fr": "volé"})
    assert as_editor.post(where, data).status_code == 200
    assert (snapshot(own), snapshot(other)) == before


def test_a_gallery_takes_no_photo_of_another_city(world, as_editor):
    where = address(City, "change", world.own[City])
    row = added_row("gallery", 0, photo=world.other[Photo].pk, position=0)
    response = as_editor.post(where, filled(as_editor.get(where), **row))
    assert response.status_code == 200
    assert not Change.objects.of(world.own[City]).unfinished().exclude(pk=world.own[Change].pk).exists()


def test_a_photo_of_the_network_is_neither_added_nor_made_by_an_editor(world, as_editor):
    where = address(Photo, "change", world.own[Photo])
    response = as_editor.post(where, filled(as_editor.get(where), city=""))
    assert "city" in response.context["adminform"].form.errors
    assert not Photo.objects.filter(city=None).exists()


def test_the_names_of_other_cities_stand_in_no_filter(world, as_editor):
    for model in (Initiative, LearningPlace, Photo, Document):
        listed = as_editor.get(address(model, "changelist")).content.decode()
        assert str(world.other[City]) not in listed, model


def test_no_detour_leads_to_the_page_of_another_citys_draft(world, as_editor):
    assert as_editor.get(f"/admin/r/1/{world.other[Initiative].pk}/").status_code == 404


def test_an_axis_of_another_city_is_refused_to_a_coordinator_too(world, as_coordinator):
    where = address(Initiative, "change", world.own[Initiative])
    response = as_coordinator.post(where, filled(as_coordinator.get(where), axes=[world.other[Axis].pk], _save="1"))
    assert "axes" in response.context["adminform"].form.errors


def test_autocomplete_finds_ones_own_rows_and_no_others(world, as_editor):
    walked = 0
    for source in admin.site._registry.values():
        for name in source.autocomplete_fields:
            target = source.model._meta.get_field(name).related_model
            if target not in world.other:
                continue
            opts = source.model._meta
            query = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": name}
            response = as_editor.get(reverse("admin:autocomplete"), query)
            found = {result["id"] for result in response.json()["results"]}
            assert str(world.own[target].pk) in found, (source, name)
            assert str(world.other[target].pk) not in found, (source, name)
            walked += 1
    assert walked >= 5


def test_autocomplete_shows_no_staff_to_an_editor(world, as_editor):
    query = {"app_label": "cities", "model_name": "city", "field_name": "editors"}
    assert as_editor.get(reverse("admin:autocomplete"), query).status_code == 403


def test_who_edits_a_city_is_not_for_its_editor_to_say(world, as_editor, superuser):
    where = address(City, "change", world.own[City])
    as_editor.post(where, filled(as_editor.get(where), editors=[superuser.pk]))
    assert superuser not in world.own[City].editors.all()


def test_a_coordinator_opens_every_address_of_content(world, as_coordinator):
    refused = {(model, step) for model in (Change, Report, Link, Axis) for step in ("add", "delete")} | {
        (User, "delete")
    }
    walked = 0
    for model, row in world.own.items():
        for step in STEPS:
            status = as_coordinator.get(address(model, step, row)).status_code
            assert status == (403 if (model, step) in refused else 200), (model, step)
            walked += 1
    assert walked > 80


def test_a_coordinator_can_neither_see_nor_become_a_superuser(world, as_coordinator, coordinator, superuser):
    assert f">{superuser.username}<" not in as_coordinator.get(address(User, "changelist")).content.decode()
    assert as_coordinator.get(address(User, "change", superuser)).status_code == 302
    where = address(User, "change", coordinator)
    as_coordinator.post(where, filled(as_coordinator.get(where), is_superuser="on", role="coordinator"))
    coordinator.refresh_from_db()
    assert not coordinator.is_superuser
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert as_coordinator.get(password).status_code in (302, 403, 404)


def test_the_record_can_be_edited_by_nobody(world, as_coordinator, superuser):
    row = world.own[Change]
    for client in (as_coordinator, logged_in(superuser)):
        for step in ("add", "delete"):
            assert client.post(address(Change, step, row), {"post": "yes"}).status_code == 403
        client.post(address(Change, "change", row), {"title": "faux", "patch": "{}"})
    row.refresh_from_db()
    assert row.title != "faux"
    assert row.patch
