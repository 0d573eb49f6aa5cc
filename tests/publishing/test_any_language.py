"""Any language first: what is written in one language alone can be saved, found, sorted, published and read."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from cities.models import City, CityFigure, LearningPlace, PlaceKind, Region
from initiatives.models import Initiative, InitiativeFigure, Partner, Theme
from learningcities.publishing.models import Change, Translations
from learningcities.text.translation import LANGUAGES, columns
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import data_of, edit, form_at
from tests.spreadsheets.helpers import Edited, errors, exported, make, tried

NAMES = {"fr": "Maison du savoir", "ar": "دار المعرفة", "en": "House of knowledge"}
SLUGS = {"fr": "maison-du-savoir", "ar": "dar-al-marfa", "en": "house-of-knowledge"}
NO_FRENCH = {"name_fr": "", "name_ar": "دار المعرفة", "summary_fr": "", "summary_ar": "مدينة تتعلّم على الدوام."}


def add(client, model, **values):
    place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return client.post(place, data_of(form_at(client, place)) | values)


def only(name, language, words):
    return dict.fromkeys(columns(name), "") | {f"{name}_{language}": words}


# Saved


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_saved_with_a_title_in_any_one_language_which_gives_its_address(as_editor, city, language):
    words = only("title", language, NAMES[language])
    assert add(as_editor, Initiative, city=city.pk, slug="", **words).status_code == 302
    new = Initiative.objects.get()
    assert (str(new), new.slug, new.public_from) == (NAMES[language], SLUGS[language], None)


def test_a_row_that_says_nothing_in_any_language_is_refused_with_a_sentence(as_editor, city):
    answer = add(as_editor, Initiative, city=city.pk, slug="", **only("title", "fr", ""))
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"title_fr": ["Ce texte est nécessaire dans une langue au moins."]}
    assert not Initiative.objects.exists()


def test_a_missing_title_is_asked_for_in_the_language_of_who_writes(as_editor, city):
    as_editor.post(reverse("admin:set_language"), {"language": "ar"})
    answer = add(as_editor, Initiative, city=city.pk, slug="", **only("title", "fr", ""))
    assert list(answer.context["form"].errors) == ["title_ar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_a_page_and_of_a_vocabulary_are_saved_in_any_one_language(as_coordinator, city, language):
    words = {f"label_{language}": NAMES[language], "value": 3, "year": 2024, f"source_{language}": "HCP"}
    edit(as_coordinator, city, {f"figures:new:{name}": value for name, value in words.items()})
    assert CityFigure.objects.get().name == NAMES[language]
    assert add(as_coordinator, Theme, slug="", position=1, **only("name", language, NAMES[language])).status_code == 302
    assert Theme.objects.get(slug=SLUGS[language]).name == NAMES[language]


def test_a_figure_and_a_row_of_a_vocabulary_without_any_words_are_refused(as_coordinator, city):
    answer = edit(as_coordinator, city, {"figures:new:value": 3, "figures:new:year": 2024})
    assert "dites ce que mesure le chiffre" in answer.text
    assert add(as_coordinator, Theme, slug="", position=1, **only("name", "fr", "")).status_code == 200
    for model, owner in ((CityFigure, city), (InitiativeFigure, factories.make_initiative(city))):
        with pytest.raises(IntegrityError), transaction.atomic():
            owner.figures.create(value=1)
        owner.figures.create(value=1, label_ar="السكان")
        assert model.objects.get().name == "السكان"


def test_an_editor_may_empty_the_french_words_of_a_page_that_has_others_but_not_all(as_coordinator, city):
    edit(as_coordinator, city, NO_FRENCH)
    assert City.objects.get(pk=city.pk).name_fr == ""
    assert edit(as_coordinator, city, {"name_ar": ""}).status_code == 200
    assert City.objects.get(pk=city.pk).name_ar == NO_FRENCH["name_ar"]


# The short name in its address


def test_a_short_name_that_is_made_is_free_not_reserved_and_no_old_address(city):
    with override("fr"):
        names = ["Carte", "Carte", "Ville à elle", "ⵜⴰⵎ", "ⵜⴰⵎ"]
        city.apply_patch({"slug": [city.slug, "a-new-one"]})
        factories.make_city("ville-a-elle").apply_patch({"slug": ["ville-a-elle", "elsewhere"]})
        made = [City.objects.create(name_fr=name, region=city.region).slug for name in names]
    assert made == ["carte-2", "carte-3", "ville-a-elle-2", "city", "city-2"]


def test_french_comes_first_in_a_short_name_and_what_has_one_keeps_it(as_coordinator, city):
    place = LearningPlace.objects.create(
        city=city, kind=PlaceKind.objects.first(), name_ar=NAMES["ar"], name_fr=NAMES["fr"]
    )
    assert place.slug == SLUGS["fr"]
    edit(as_coordinator, place, {"name_fr": "Autre nom", "slug": ""})
    assert LearningPlace.objects.values_list("name_fr", "slug").get() == ("Autre nom", SLUGS["fr"])
    assert Region.objects.create(name_en="Rif", country=city.region.country).slug == "rif"


# Published


def test_publication_needs_name_and_summary_in_one_and_the_same_language(city):
    mixed = factories.make_city("mixed", public=False, name_ar=NAMES["ar"], name_fr="", summary_fr="Une ville.")
    mixed.apply_patch({"summary_en": ["", "A city."], "name_en": ["", "House"]})
    mixed.publish()
    other = factories.make_city("other", public=False, name_ar=NAMES["ar"], name_fr="", summary_fr="")
    for language in LANGUAGES:
        with override(language), pytest.raises(ValidationError) as refused:
            other.publish()
        assert list(refused.value.message_dict) == ["summary_ar"], "the language that is nearest to complete"
    with override("fr"), pytest.raises(ValidationError, match="nécessaire en arabe"):
        other.publish()


def test_of_languages_that_lack_as_much_publication_asks_for_the_readers_own(city):
    half = factories.make_city("half", public=False, name_ar=NAMES["ar"], name_fr="", summary_fr="Une ville.")
    for language, asked in (("fr", ["name_fr"]), ("ar", ["summary_ar"])):
        with override(language), pytest.raises(ValidationError) as refused:
            half.publish()
        assert list(refused.value.message_dict) == asked


def test_a_source_is_asked_for_where_there_is_none_in_the_language_of_its_row(city):
    figure = factories.make_figure(city, label_fr="", label_ar="السكان", source_fr="")
    with pytest.raises(ValidationError) as refused:
        city.publish()
    assert list(refused.value.message_dict) == [f"figures:{figure.pk}:source_ar"]
    figure.source_ar = "المندوبية السامية للتخطيط"
    assert figure.missing() == {}


@pytest.fixture
def arabic(city):
    return factories.make_city("dar", **NO_FRENCH)


def test_what_is_public_without_french_stands_on_the_board_of_translations(as_coordinator, arabic):
    board = as_coordinator.get("/admin/publishing/translations/?language=fr&state=missing").text
    assert f"/admin/cities/city/{arabic.pk}/sections/names/?language=fr#id_name_fr" in board
    assert "?language=fr#id_summary_fr" in board
    edit(as_coordinator, arabic, {"name_fr": "Maison", "summary_fr": "Une ville qui apprend."})
    board = as_coordinator.get("/admin/publishing/translations/?language=fr&state=missing").text
    assert "?language=fr#id_summary_fr" not in board


def test_its_french_page_shows_the_language_that_there_is_and_names_it(client, arabic):
    page = client.get(arabic.get_absolute_url()).text
    assert f'lang="ar" dir="rtl">{arabic.name_ar}</h1>' in page
    assert "Cette page n’est pas encore rédigée en français : vous la lisez en arabe." in page
    with override("ar"):
        assert "بعد، وتقرؤونها" not in client.get(arabic.get_absolute_url()).text


@thorough
def test_an_initiative_and_a_page_name_the_language_that_they_are_read_in(client, city):
    initiative = factories.make_initiative(
        city, title_fr="", title_en="Evening school", summary_fr="", summary_en="Learning after work."
    )
    page = factories.make_page("about", title_fr="", title_en="About", body_fr="", body_en="<p>Words.</p>")
    for item in (initiative, page):
        assert "vous la lisez en anglais" in client.get(item.get_absolute_url()).text
        with override("en"):
            assert 'class="notice"' not in client.get(item.get_absolute_url()).text.split("<main")[1]


def test_machines_are_told_the_languages_that_it_is_written_in_and_where_others_go(client, arabic):
    with override("ar"):
        there = arabic.get_absolute_url()
    page = client.get(arabic.get_absolute_url()).text
    links = re.findall(r'hreflang="([^"]+)" href="http://testserver([^"]+)"', page)
    assert links == [("ar", there), ("x-default", there)]
    sitemap = client.get("/sitemap.xml").text
    entry = next(one for one in sitemap.split("<url>") if f"<loc>http://testserver{there}</loc>" in one)
    assert re.findall(r'hreflang="([^"]+)" href="http://testserver([^"]+)"', entry) == [
        ("ar", there),
        ("x-default", there),
    ]


# Sorted, compared


def test_a_row_without_french_is_sorted_by_the_text_that_it_has(as_coordinator, city):
    country = city.region.country
    for slug, words in (("z", {"name_fr": "Zagora"}), ("b", {"name_en": "Berkane"}), ("a", {"name_fr": "Agadir"})):
        Region.objects.create(slug=slug, country=country, **words)
    assert [slug for slug in Region.objects.values_list("slug", flat=True) if len(slug) == 1] == ["a", "b", "z"]
    cities = [factories.make_city(slug, region=Region.objects.get(slug=slug)) for slug in "zab"]
    in_order = City.objects.filter(pk__in=[one.pk for one in cities]).order_by("region")
    assert [one.slug for one in in_order] == ["a", "b", "z"]
    shown = as_coordinator.get("/admin/cities/region/?o=1").context["cl"].result_list
    assert [row.slug for row in shown if len(row.slug) == 1] == ["a", "b", "z"]
    initiative = factories.make_initiative(city)
    for words in ({"name_fr": "Union"}, {"name_en": "Bank"}):
        Partner.objects.create(initiative=initiative, **words)
    assert [str(row) for row in initiative.partners.all()] == ["Bank", "Union"]


def test_a_list_is_sorted_by_the_names_that_its_reader_sees(as_coordinator, city):
    for slug, words in (("one", {"name_fr": "Aa", "name_ar": "ياء"}), ("two", {"name_fr": "Zz", "name_ar": "ألف"})):
        Region.objects.create(slug=slug, country=city.region.country, **words)

    def order():
        rows = as_coordinator.get("/admin/cities/region/?o=1").context["cl"].result_list
        return [row.slug for row in rows if row.slug in ("one", "two")]

    assert order() == ["one", "two"]
    as_coordinator.post(reverse("admin:set_language"), {"language": "ar"})
    assert order() == ["two", "one"]


def test_figures_count_the_same_by_their_words_in_any_language_and_no_words_count_nothing(client, city):
    old = factories.make_figure(city, label_fr="", label_ar="السكان", year=2004)
    other = factories.make_figure(city, label_fr="", label_ar="المدارس", year=2004)
    new = factories.make_figure(city, label_fr="Habitants", label_ar="السكان", year=2024)
    assert list(CityFigure.objects.outdated()) == [other]
    page = client.get(city.get_absolute_url()).text
    assert page.count("<caption") == 1, "the figures of one thing are a series, those of another are none"
    assert old.counts_the_same(new)
    assert not old.counts_the_same(other)


# Spreadsheets

CITY = "cities.city"


def test_a_file_adds_a_page_with_arabic_words_alone_and_refuses_one_without_any(as_coordinator, city):
    file = Edited(exported(as_coordinator, "/admin/cities/city/"))
    words = {name: text for name, text in NO_FRENCH.items() if text}
    file.put(CITY, 1, region=str(city.region), **words)
    file.put(CITY, 2, region=str(city.region), website="https://example.org")
    file.put("cities.cityfigure", 0, item="dar-al-marfa", label_ar="السكان", value=3, year=2024, source_ar="المندوبية")
    trial = tried(as_coordinator, "/admin/cities/city/", file.content)
    assert errors(trial)[0][1] == "Ce texte est nécessaire dans une langue au moins."
    make(as_coordinator, "/admin/cities/city/", file.content)
    new = City.objects.get(name_ar=NO_FRENCH["name_ar"])
    assert (new.slug, new.public_from, new.figures.get().name) == ("dar-al-marfa", None, "السكان")
    assert City.objects.count() == 2


@thorough
def test_a_file_may_empty_the_french_name_of_a_row_that_has_another_and_no_short_name(as_coordinator, city):
    file = Edited(exported(as_coordinator, "/admin/cities/city/")).put(CITY, 0, name_fr=None)
    assert errors(tried(as_coordinator, "/admin/cities/city/", file.content))
    file.put(CITY, 0, name_ar=NAMES["ar"], summary_ar="مدينة.")
    assert not errors(tried(as_coordinator, "/admin/cities/city/", file.content))
    assert errors(tried(as_coordinator, "/admin/cities/city/", file.put(CITY, 0, slug=None).content))


@thorough
def test_the_instructions_of_a_file_say_of_which_texts_one_language_is_enough(as_coordinator):
    page = Edited(exported(as_coordinator, "/admin/cities/city/")).book["Mode d’emploi"]
    kinds = {row[0].value: row[1].value for row in page.iter_rows() if row[1].value}
    assert {kinds[f"Nom ({name})"] for name in ("français", "العربيّة", "English")} == {"texte (*)"}
    assert kinds["Région"].endswith(" *")
    assert "(*)" not in kinds["Résumé (français)"]


# Translated


@thorough
def test_a_translator_into_french_writes_it_where_there_is_none(arabic, coordinator):
    person = make_person("translator", languages=["fr"])
    arabic.editors.add(person)
    edit(logged_in(person), arabic, {"name_fr": "Maison du savoir"}, "_draft")
    draft = Change.objects.of(arabic).unfinished().get()
    assert draft.patch == {"name_fr": ["", "Maison du savoir"]}
    draft.apply(by=coordinator)
    assert Translations.objects.of(arabic).sources["name"] == "ar", "what it comes from stays what was written first"
