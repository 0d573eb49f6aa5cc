"""The desk's search: everything that one may see, drafts and the bin included, and nothing else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from learningcities import bounds
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import queries

SEARCH = "/admin/search/"


def found(client, **asked):
    response = client.get(SEARCH, asked)
    assert response.status_code == 200
    return [line.row for line in response.context["lines"]]


def test_a_page_is_found_in_any_spelling_whatever_its_kind(city, as_editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    initiative = factories.make_initiative(city, title_fr="Bibliothèque à vélo")
    photo = factories.make_photo(city, alternative_fr="Une bibliotheque roulante")
    assert set(found(as_editor, q="bibliotheque")) == {initiative, photo}
    assert found(as_editor, q="bibliothèque", kind="initiative") == [initiative]
    assert admin.site.form_address(initiative) in as_editor.get(SEARCH, {"q": "vélo"}).content.decode()


def test_what_has_the_words_in_its_name_comes_first_and_the_bin_last(city, as_editor):
    in_bin = factories.make_initiative(city, slug="a", title_fr="Lecture au parc")
    in_text = factories.make_initiative(city, slug="b", summary_fr="Un atelier de lecture.")
    in_name = factories.make_initiative(city, slug="c", title_fr="Lecture du soir")
    in_bin.move_to_bin()
    assert found(as_editor, q="lecture") == [in_name, in_text, in_bin]
    assert found(as_editor, q="lecture", state="bin") == [in_bin]


def test_what_is_called_as_was_typed_comes_first_in_the_search_the_lists_and_where_one_chooses(
    city, as_coordinator, monkeypatch
):
    exact = factories.make_city(slug="suwon", name_fr="Séoul et environs", name_ar="سول", name_en="Suwôn")
    for number in range(3):
        factories.make_city(slug=f"near-{number}", name_fr=f"Aaa Suwon {number}")
    monkeypatch.setattr(bounds, "DESK_SEARCH_ROWS", 2)
    assert found(as_coordinator, q="suwon")[0] == exact
    assert as_coordinator.get("/admin/cities/city/", {"q": "suwon"}).context["cl"].result_list[0] == exact
    assert as_coordinator.get("/admin/cities/city/", {"q": "suwon", "o": "1"}).context["cl"].result_list[0] != exact
    asked = {"term": "SUWON", "app_label": "initiatives", "model_name": "initiative", "field_name": "city"}
    answer = as_coordinator.get("/admin/autocomplete/", asked).json()
    assert answer["results"][0]["id"] == str(exact.pk)
    assert len(answer["results"]) == 4


def test_another_citys_pages_are_found_by_coordinators_only(other_city, as_editor, as_coordinator):
    hidden = factories.make_initiative(other_city, title_fr="Lecture", public=False)
    assert found(as_editor, q="lecture") == []
    assert found(as_coordinator, q="lecture") == [hidden]


def test_words_of_a_draft_are_found_by_its_author_and_by_nobody_else_until_it_is_sent(
    city, editor, as_editor, as_coordinator
):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    draft = Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Une ville de tisserands."]})
    assert found(as_editor, q="tisserand") == [city]
    assert found(as_coordinator, q="tisserand") == found(logged_in(colleague), q="tisserand") == []
    draft.send()
    assert found(as_coordinator, q="tisserand") == [city]


def test_results_are_narrowed_by_city_and_state(city, other_city, as_coordinator):
    never = factories.make_initiative(city, slug="a", title_fr="Lecture", public=False)
    public = factories.make_initiative(other_city, slug="b", title_fr="Lecture")
    assert found(as_coordinator, q="lecture", state="never") == [never]
    assert found(as_coordinator, q="lecture", state="public") == [public]
    assert found(as_coordinator, q="lecture", city=city.pk) == [never]


def test_an_editor_narrows_by_no_city_but_their_own(city, other_city, as_editor):
    factories.make_initiative(city, title_fr="Lecture")
    response = as_editor.get(SEARCH, {"q": "lecture", "city": other_city.pk})
    assert set(response.context["form"].errors) == {"city"}
    assert str(other_city) not in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": "\0"},
        {"q": "x" * 999},
        {"kind": "nonsense"},
        {"state": "é"},
        {"city": "1e9"},
        {"page": "-3", "q": "a"},
    ],
)
def test_odd_questions_get_a_page(as_editor, asked):
    assert as_editor.get(SEARCH, asked).status_code == 200


def test_results_cost_the_same_however_many_they_are(city, editor, as_editor):
    for number in range(2):
        factories.make_initiative(city, slug=f"i-{number}", title_fr=f"Lecture {number}")
    few = queries(as_editor, f"{SEARCH}?q=lecture")
    for number in range(2, 12):
        factories.make_initiative(city, slug=f"i-{number}", title_fr=f"Lecture {number}")
    assert queries(as_editor, f"{SEARCH}?q=lecture") == few


# From a public page to its form


def edit(client, page):
    return client.get(reverse("admin:edit"), {"page": page})


def test_the_foot_of_a_public_page_leads_to_its_form_in_one_press(city, as_editor, client):
    initiative = factories.make_initiative(city)
    for item in (city, initiative):
        page = item.get_absolute_url()
        assert f"/admin/edit/?page={page}" in client.get(page).content.decode()
        assert edit(as_editor, page)["Location"] == admin.site.form_address(item)
    assert not client.get(city.get_absolute_url()).cookies
    assert edit(as_editor, "/ar/cities/")["Location"] == reverse("admin:cities_city_changelist")


def test_an_old_address_leads_to_the_form_too(city, as_coordinator):
    old = city.get_absolute_url()
    city.apply_patch({"slug": [city.slug, "renamed"]})
    assert edit(as_coordinator, old)["Location"] == admin.site.form_address(city)


def test_whoever_isnt_logged_in_logs_in_first_and_then_arrives(city, client):
    response = edit(client, city.get_absolute_url())
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_what_isnt_ones_own_or_isnt_there_is_told_in_a_sentence(other_city, as_editor):
    page = other_city.get_absolute_url()
    pages = [page, "/fr/nowhere/", "//elsewhere.example/", "https://elsewhere.example/", "", "\0", "x" * 999]
    for address in pages:
        response = edit(as_editor, address)
        assert response.status_code == 404, address
        assert "<h1>Modifier une page</h1>" in response.content.decode()
