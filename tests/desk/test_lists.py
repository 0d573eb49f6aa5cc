"""The admin's lists and forms: constant queries, right direction, one language at a time."""

import pytest
from django.urls import reverse

from cities.models import City, LearningPlace, Photo
from initiatives.models import Initiative
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import thorough
from tests.forms import edit, form_at, page_of, queries

LISTS = [City, LearningPlace, Initiative, Photo]


def fill(city, start, stop):
    for number in range(start, stop):
        factories.make_city(slug=f"city-{number}", name_fr=f"Ville {number}", region=city.region)
        factories.make_initiative(city, slug=f"initiative-{number}")
        factories.make_place(city, slug=f"place-{number}")
        factories.make_photo(city)


@thorough
@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_a_list_costs_the_same_with_3_rows_and_12(who, city, request, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = request.getfixturevalue(who)
    addresses = [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in LISTS]
    fill(city, 0, 3)
    few = [queries(client, address) for address in addresses]
    fill(city, 3, 12)
    assert [queries(client, address) for address in addresses] == few


@thorough
def test_a_page_and_its_forms_cost_the_same_however_many_initiatives_there_are(city, as_editor):
    initiative = factories.make_initiative(city, slug="the-one")
    pages = [["change"], ["send"], *(["section", name] for name in ("names", "brief", "audience", "documents"))]
    addresses = [page_of(initiative, *names) for names in pages]
    few = [queries(as_editor, address) for address in addresses]
    for number in range(20):
        factories.make_initiative(city, slug=f"initiative-{number}")
    assert [queries(as_editor, address) for address in addresses] == few


@thorough
def test_a_page_and_its_forms_cost_the_same_with_3_figures_and_30(city, as_editor):
    figures = [factories.make_figure(city, label_fr=f"Chiffre {number}") for number in range(3)]
    pages = [["change"], ["send"], ["section", "brief"], ["section", "figures"], ["row", "figures", figures[0].pk]]
    addresses = [page_of(city, *names) for names in pages]
    few = [queries(as_editor, address) for address in addresses]
    for number in range(3, 30):
        factories.make_figure(city, label_fr=f"Chiffre {number}")
    assert [queries(as_editor, address) for address in addresses] == few


#: Numbers that no database holds, and what is none.
NO_KEYS = ["9" * 30, "-99999999999999999999", "x", ""]


@thorough
@pytest.mark.parametrize("key", NO_KEYS)
def test_a_list_answers_whatever_it_is_filtered_by_and_whatever_is_selected(as_coordinator, city, key):
    photos, cities = (reverse(f"admin:cities_{name}_changelist") for name in ("photo", "city"))
    for address, name in ((cities, "region__id__exact"), (photos, "city__id__exact"), (photos, "tags__id__exact")):
        assert as_coordinator.get(address, {name: key}).status_code in (200, 302)
    export = reverse("admin:cities_photo_export", args=["csv"])
    assert as_coordinator.get(export, {"city__id__exact": key}).status_code in (200, 302)
    for action in ("publish_selected", "delete_selected"):
        assert as_coordinator.post(cities, {"action": action, "_selected_action": key}).status_code == 302


@pytest.mark.parametrize(
    "name", ["cities_city", "cities_learningplace", "initiatives_theme", "people_user", "pages_page"]
)
def test_a_form_that_is_asked_for_by_a_field_without_a_name_is_the_one_of_the_key(admin_client, city, name):
    factories.make_place(city)
    key = 1 if name != "people_user" else admin_client.session["_auth_user_id"]
    address = reverse(f"admin:{name}_change", args=[key])
    assert admin_client.get(address, {"_to_field": ""}).status_code in (200, 302)
    assert admin_client.post(f"{address}?_to_field=", {"_to_field": ""}).status_code in (200, 302, 400, 405)


@thorough
@pytest.mark.parametrize("key", NO_KEYS)
def test_a_choice_that_no_row_can_be_is_refused_with_a_sentence(as_coordinator, city, key):
    initiative = factories.make_initiative(city)
    for changes in ({"themes": [key]}, {"city": key}):
        response = edit(as_coordinator, initiative, changes, "_draft")
        assert response.status_code == 200
        assert set(response.context["form"].errors) == set(changes)
    assert not Change.objects.unfinished().exists()


@thorough
def test_each_text_field_says_its_language_and_direction(city, as_editor):
    page = as_editor.get(page_of(city, "section", "brief")).text
    for language, direction in (("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")):
        assert f'name="summary_{language}"' in page
        assert f'lang="{language}" dir="{direction}" data-language="{language}"' in page


@pytest.mark.parametrize(("language", "direction", "word"), [("fr", "ltr", "Enregistrer"), ("ar", "rtl", "حفظ")])
def test_the_admin_speaks_the_language_of_its_reader(city, as_editor, language, direction, word):
    as_editor.post(reverse("admin:set_language"), {"language": language})
    page = as_editor.get(page_of(city, "section", "brief")).text
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert word in page


def test_what_is_in_the_bin_is_listed_only_on_request(city, as_coordinator):
    initiative = factories.make_initiative(city, title_fr="Jetée")
    initiative.move_to_bin()
    address = reverse("admin:initiatives_initiative_changelist")
    assert "Jetée" not in as_coordinator.get(address).content.decode()
    assert "Jetée" in as_coordinator.get(address, {"state": "bin"}).content.decode()


def test_what_is_in_the_bin_cannot_be_chosen(city, as_coordinator):
    kept, binned = factories.make_photo(city, alternative_fr="Gardée"), factories.make_photo(city)
    binned.move_to_bin()
    choice = {"app_label": "cities", "model_name": "city", "field_name": "cover"}
    found = as_coordinator.get(reverse("admin:autocomplete"), choice).json()["results"]
    assert [result["id"] for result in found] == [str(kept.pk)]
    form = form_at(as_coordinator, page_of(city, "section", "brief")).context_data["form"]
    assert list(form.fields["cover"].queryset) == [kept]
    refused = edit(as_coordinator, city, {"cover": binned.pk}, "_draft")
    assert set(refused.context["form"].errors) == {"cover"}


def test_the_policy_of_the_admin_is_as_strict_as_everywhere(city, as_editor):
    response = as_editor.get(page_of(city, "section", "body"))
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'type="importmap" nonce="{nonce}"' in response.content.decode()
