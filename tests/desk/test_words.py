"""Lists of the staff find in any spelling, and histories speak the language of whoever reads them."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from cities.models import Country, Region
from initiatives.models import Theme
from learningcities import bounds
from learningcities.people.models import User
from learningcities.publishing.models import Change, Comment
from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import make_person
from tests.forms import edit, filled, form_at, page_of, section_at


def found(client, model, text):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return set(client.get(address, {"q": text}).context["cl"].queryset)


@pytest.mark.parametrize(
    ("model", "words", "asked", "other"),
    [
        (Country, {"name_fr": "Éthiopie", "code": "et"}, ("ethiopie", "ÉTHIOPIE", "Ethio"), "Kenya"),
        (
            Region,
            {"name_fr": "Fès-Meknès", "name_ar": "فاس – مكناس", "slug": "fm"},
            ("fes meknes", "FÈS", "مكناس"),
            "Souss",
        ),
        (
            Theme,
            {"name_fr": "Égalité et équité", "name_ar": "المُساواة", "slug": "e"},
            ("egalite", "المساواة"),
            "climat",
        ),
        (Synonym, {"words": "école, établissement"}, ("ecole", "ETABLISSEMENT"), "musee"),
        (User, {"username": "x", "first_name": "Zoé", "last_name": "Benaïssa"}, ("zoe benaissa", "BENAÏSSA"), "Aziz"),
    ],
)
def test_a_list_finds_in_any_spelling(as_coordinator, model, words, asked, other):
    if model is Region:
        words = words | {"country": factories.make_country()}
    row = model.objects.create(**words)
    for text in asked:
        assert row in found(as_coordinator, model, text), text
    listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert [as_coordinator.get(listed, {"q": text}).status_code for text in ("\0", "%", "’")] == [200] * 3
    assert row not in found(as_coordinator, model, other)


def test_a_choice_among_regions_needs_no_accents(as_coordinator):
    region = factories.make_region("fm", name_fr="Fès-Meknès")
    asked = {"term": "fes", "app_label": "cities", "model_name": "city", "field_name": "region"}
    answer = as_coordinator.get(reverse("admin:autocomplete"), asked).json()
    assert [one["id"] for one in answer["results"]] == [str(region.pk)]


def test_where_there_are_too_many_rows_the_database_searches(as_coordinator, monkeypatch):
    country = Country.objects.create(name_fr="Éthiopie", code="et")
    monkeypatch.setattr(bounds, "LIST_SEARCH_ROWS", 0)
    assert found(as_coordinator, Country, "thiopie") == {country}


def test_remarks_are_found_without_accents(as_coordinator, coordinator, city):
    comment = Comment.write(city, coordinator, "À vérifier avec l’école")
    assert found(as_coordinator, Comment, "verifier ecole") == {comment}


def test_the_history_of_an_account_is_in_the_language_of_its_reader(as_coordinator, coordinator):
    person = make_person("someone", email="s@ville.example", first_name="S", last_name="T")
    address = reverse("admin:people_user_change", args=[person.pk])
    data = filled(form_at(as_coordinator, address), languages=["ar"], first_name="Autre", language="ar")
    assert as_coordinator.post(address, data).status_code == 302
    LogEntry.objects.create(
        user=coordinator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=person.pk,
        action_flag=2,
        change_message=json.dumps([{"changed": {"fields": ["Translates into", "Role"]}}]),
    )
    page = as_coordinator.get(reverse("admin:people_user_history", args=[person.pk])).text
    for word in ("Translates into", "translates into", "Role", "First name", "Language of messages"):
        assert word not in page, word
    assert "traduit" in page.lower()


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(("value", "written"), [("120", "120"), ("12.5", "12,5"), ("46168", "46 168")])
def test_a_number_stands_on_the_form_as_it_was_written_and_in_the_outline_as_it_is_read(
    as_editor, city, value, written
):
    figure = factories.make_figure(city, value=value)
    page = as_editor.get(page_of(city, "row", "figures", figure.pk)).text
    assert f'value="{value}"' in page
    assert "120.0" not in page
    [card] = [card for card in as_editor.get(page_of(city, "change")).context["outline"].cards if card.lines]
    said = re.sub(r"\s", " ", card.lines[0].words)
    assert f" · {written} · " in said


@pytest.mark.parametrize("name", ["cities_city", "initiatives_initiative", "care_link", "publishing_change"])
def test_a_trail_begins_with_a_capital(as_editor, name):
    page = as_editor.get(reverse(f"admin:{name}_changelist")).content.decode()
    trail = re.search(r'class="breadcrumbs">(.*?)</', page[page.index("breadcrumbs") - 20 :], re.DOTALL)
    assert trail
    steps = re.findall(r"<a [^>]*>(.*?)</a>", page[page.index("breadcrumbs") :])[:2]
    assert all(step[0].isupper() for step in steps), steps


def test_what_the_browser_gives_back_is_shown_as_news_and_real_errors_stay_errors(as_editor, city):
    address, words = section_at(as_editor, city, "contact")
    words |= {"contact_phone": "+212 600", "_save": "yes", "_again": "yes"}
    again = as_editor.post(address, words)
    page = again.content.decode()
    assert "Voici ce que vous aviez écrit." in page
    assert 'value="+212 600"' in page
    assert "errors-list" not in page
    assert "errorlist" not in page
    assert "data-unsaved" in page
    wrong = as_editor.post(address, words | {"contact_email": "nobody"}).content.decode()
    assert "errors-list" in wrong
    assert 'href="#id_contact_email"' in wrong
    assert "Voici ce que vous aviez écrit." in wrong
    assert not Change.objects.unfinished().exists(), "it is shown, and not saved"


def test_a_save_of_nothing_is_not_called_a_save(as_editor, as_coordinator, city):
    address, mine = section_at(as_editor, city, "contact")
    edit(as_coordinator, city, {"contact_email": "ville@example.org"})
    answer = as_editor.post(address, mine | {"_save": "yes"}, follow=True)
    assert "Rien à enregistrer : tout est comme avant." in text_of(answer)
    assert "par coordinator : Adresse électronique. Rien n’est perdu, ni pour vous ni pour les" in text_of(answer)
    assert "Enregistré à" not in text_of(answer)
    assert answer.context["form"]["contact_email"].value() == "ville@example.org", "what a colleague wrote is shown"
    assert not Change.objects.unfinished().exists()
    news = as_editor.post(f"{address}autosave/", mine).json()["news"]
    assert news.startswith("Modifié depuis que vous avez ouvert cette page, par coordinator")
    assert "Adresse électronique" in news
