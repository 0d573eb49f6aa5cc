"""What is used can't be deleted: the rows that use it are named, and nothing of them is lost."""

import re

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils.translation import override

from cities.models import SDG, Axis, City, Country, Indicator, PlaceKind, Region, Tag
from initiatives.models import Audience, Initiative, KeyFeature, Theme
from learningcities import bounds
from learningcities.pages.models import MenuLink, SiteText
from learningcities.people.models import User
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.models import Change, Item, Tracked
from learningcities.publishing.patches.snapshot import snapshot
from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import logged_in
from tests.forms import edit
from tests.spreadsheets.helpers import Edited, errors, exported, tried

from .helpers import go_back

#: The relation of an initiative to each vocabulary that it chooses from.
CHOSEN = {Theme: "themes", SDG: "sdgs", KeyFeature: "key_features", Audience: "audiences"}
USED = [*CHOSEN, Tag, PlaceKind, Indicator, Country, Region]
#: What nothing else is made of.
FREE = [MenuLink, SiteText, Synonym]


def use(model, city):
    """A row of the vocabulary that is used, and what uses it."""
    if model in CHOSEN:
        term, user = model.objects.first(), factories.make_initiative(city, title_fr="Qui l’emploie")
        getattr(user, CHOSEN[model]).add(term)
        return term, user
    if model is Tag:
        term, user = Tag.objects.create(name_fr="Étiquette", slug="tag"), factories.make_photo(city, public=False)
        user.tags.add(term)
        return term, user
    if model is PlaceKind:
        place = factories.make_place(city, name_fr="Qui l’emploie")
        return place.kind, place
    if model is Indicator:
        factories.make_figure(city, indicator=Indicator.objects.first())
        return Indicator.objects.first(), city
    return (city.region.country, city.region) if model is Country else (city.region, city)


def address(row, step):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{step}", args=[row.pk])


def delete_by_hand(row):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608
        connection.check_constraints()


def said_in(response):
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_every_kind_of_row_that_staff_delete_is_looked_at_here():
    kinds = {model for model in admin.site._registry if issubclass(model, Tracked) and not issubclass(model, Item)}
    assert kinds == {*USED, *FREE}


@pytest.mark.parametrize("model", USED)
def test_a_term_that_is_used_stays_by_every_way_and_what_uses_it_is_named(as_coordinator, city, model):
    term, user = use(model, city)
    page = as_coordinator.get(address(term, "delete")).text
    assert str(user) in page
    assert address(user, "change") in page
    assert " object (" not in page
    as_coordinator.post(address(term, "delete"), {"post": "yes"})
    listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    data = {"action": "delete_selected", "_selected_action": [term.pk]}
    assert str(user) in as_coordinator.post(listed, data).text
    as_coordinator.post(listed, data | {"post": "yes"})
    with pytest.raises((ValidationError, ProtectedError)), transaction.atomic():
        model._base_manager.filter(pk=term.pk).delete()
    for delete in (term.delete, model.objects.filter(pk=term.pk).delete):
        with pytest.raises(ValidationError, match=re.escape(str(user))), transaction.atomic():
            delete()
    with pytest.raises(IntegrityError):
        delete_by_hand(term)
    assert model.objects.filter(pk=term.pk).exists()


@pytest.mark.parametrize("model", [*CHOSEN, Tag, PlaceKind, Indicator, *FREE])
def test_what_nothing_uses_is_deleted(as_coordinator, model):
    made = {
        Synonym: {"words": "un, deux"},
        MenuLink: {"label_fr": "Ailleurs", "url": "https://example.org", "place": "header"},
        SDG: {"number": 1, "name_fr": "Objectif"},
        SiteText: {},
    }
    if model is SDG:
        row = SDG.objects.get(number=1)
    elif model is SiteText:
        row = SiteText.objects.first() or SiteText.objects.create(key="site_name", value_fr="Villes")
    else:
        row = model.objects.create(**made.get(model, {"name_fr": "Jamais choisi", "slug": "never"}))
    as_coordinator.post(address(row, "delete"), {"post": "yes"})
    assert not model.objects.filter(pk=row.pk).exists()


def test_what_is_used_meanwhile_stays_with_a_sentence(as_coordinator, city, monkeypatch):
    """Between the page that asks and the deletion, someone has chosen it."""
    term, user = use(Theme, city)
    monkeypatch.setattr("learningcities.desk.item.tracked_admin.uses", lambda row: [])
    said = said_in(as_coordinator.post(address(term, "delete"), {"post": "yes"}, follow=True))
    assert str(user) in said
    listed = reverse("admin:initiatives_theme_changelist")
    data = {"action": "delete_selected", "_selected_action": [term.pk], "post": "yes"}
    assert str(user) in said_in(as_coordinator.post(listed, data, follow=True))
    assert Theme.objects.filter(pk=term.pk).exists()


def test_undo_says_by_name_what_it_could_not_bring_back(as_coordinator, city):
    kept, gone = Theme.objects.first(), Theme.objects.create(name_fr="Lecture partagée", slug="shared")
    initiative = factories.make_initiative(city, public=False, themes=[kept, gone])
    initiative.themes.clear()
    change = Change.objects.of(initiative).happened().first()
    as_coordinator.post(address(gone, "delete"), {"post": "yes"})
    response = go_back(as_coordinator, "undo", change)
    assert "Lecture partagée" in said_in(as_coordinator.get(response["Location"]))
    assert list(initiative.themes.all()) == [kept]
    alone = factories.make_initiative(city, "alone", public=False)
    later = Change.objects.of(alone).get()
    Change.objects.filter(pk=later.pk).update(sequence=0)
    Change.objects.filter(pk=change.pk).update(patch={"themes": [[gone.pk], []]}, object_id=alone.pk)
    assert change != Change.objects.of(alone).happened().last()
    response = as_coordinator.get(go_back(as_coordinator, "undo", Change.objects.get(pk=change.pk))["Location"])
    assert "Lecture partagée" in said_in(response)
    assert "sont de retour" not in said_in(response)
    assert "Lecture partagée" in as_coordinator.get(address(alone, "happened")).text


def test_an_axis_that_initiatives_follow_is_not_removed_from_its_city(as_coordinator, city):
    axis, free = city.axes.create(title_fr="Lire"), city.axes.create(title_fr="Jamais suivi")
    initiative = factories.make_initiative(city, title_fr="Qui le suit")
    initiative.axes.add(axis)
    response = edit(as_coordinator, city, {f"axes:{axis.pk}:DELETE": "on"})
    assert "Qui le suit" in response.text
    assert Axis.objects.filter(pk=axis.pk).exists()
    edit(as_coordinator, city, {f"axes:{free.pk}:DELETE": "on"})
    assert not Axis.objects.filter(pk=free.pk).exists()
    assert list(Initiative.objects.get(pk=initiative.pk).axes.all()) == [axis]


def test_a_change_that_removes_an_axis_in_use_is_neither_sent_nor_applied(as_editor, as_coordinator, editor, city):
    axis = city.axes.create(title_fr="Lire")
    draft = Change.save_draft(city, editor, {f"axes:{axis.pk}": [snapshot(city)[f"axes:{axis.pk}"], None]})
    initiative = factories.make_initiative(city, title_fr="Qui le suit")
    initiative.axes.add(axis)
    with pytest.raises(ValidationError, match="Qui le suit"):
        draft.send()
    Change.objects.filter(pk=draft.pk).update(state="review")
    page = reverse("admin:publishing_change_change", args=[draft.pk])
    assert "Qui le suit" in said_in(as_coordinator.post(page, {"step": "apply"}, follow=True))
    assert Axis.objects.filter(pk=axis.pk).exists()


def test_a_person_who_edits_a_city_is_named_by_name_alone_where_a_superuser_deletes_them(superuser, city, editor):
    client, page = logged_in(superuser), address(editor, "delete")
    said = client.get(page).text
    assert str(editor) in said
    assert " object (" not in said
    client.post(page, {"post": "yes"})
    assert not User.objects.filter(pk=editor.pk).exists()
    assert City.objects.get(pk=city.pk).editors.count() == 0


def test_a_person_whose_work_is_on_record_stays(superuser, city, editor):
    Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Neuf"]})
    client = logged_in(superuser)
    assert str(city) in client.get(address(editor, "delete")).text
    client.post(address(editor, "delete"), {"post": "yes"})
    assert User.objects.filter(pk=editor.pk).exists()


def test_of_many_that_use_a_term_some_are_named(as_coordinator, city, monkeypatch):
    monkeypatch.setattr(bounds, "USES_NAMED", 2)
    monkeypatch.setattr(bounds, "USES_LISTED", 2)
    theme = Theme.objects.first()
    for number in range(5):
        factories.make_initiative(city, f"i-{number}", title_fr=f"Numéro {number}", themes=[theme])
    with pytest.raises(ValidationError, match="…"):
        theme.delete()
    page = as_coordinator.get(address(theme, "delete")).text
    assert sum(f"Numéro {number}" in page for number in range(5)) == 2
    assert "<dd>…</dd>" in page


def test_what_uses_a_term_is_named_with_the_comma_of_the_reader(city):
    theme = Theme.objects.first()
    for slug, title in (("one", "الكتابة"), ("two", "القراءة")):
        factories.make_initiative(city, slug, title_ar=title, themes=[theme])
    with override("ar"), pytest.raises(ValidationError) as refused:
        theme.delete()
    assert set(re.search(r"من: (.*)\.", refused.value.messages[0])[1].split("، ")) == {"القراءة", "الكتابة"}


def test_what_another_city_does_with_an_axis_is_not_named(city, other_city, editor):
    axis = city.axes.create(title_fr="Lire")
    factories.make_initiative(other_city, title_fr="Confidentiel", public=False).axes.add(axis)
    with acting(editor), pytest.raises(ValidationError) as refused:
        axis.delete()
    assert "Confidentiel" not in str(refused.value)


def test_a_file_that_removes_an_axis_in_use_is_told_so_before(as_editor, city):
    used, free = city.axes.create(title_fr="Lire"), city.axes.create(title_fr="Jamais suivi")
    factories.make_initiative(city, title_fr="Qui le suit").axes.add(used)
    for axis, sentences in ((used, 1), (free, 0)):
        file = Edited(exported(as_editor, "/admin/cities/city/"))
        file.put("cities.axis", file.row_of("cities.axis", "title_fr", axis.title_fr), remove="oui")
        said = errors(tried(as_editor, "/admin/cities/city/", file.content))
        assert len(said) == sentences
        assert all("Qui le suit" in sentence for _cell, sentence in said)
