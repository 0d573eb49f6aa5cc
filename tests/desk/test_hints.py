"""Hints on what is being written: beside the field, in the reader's language, by the rules of the text's own."""

import re
import time
from uuid import uuid4

import pytest
from django.urls import reverse

from cities.models import City, CityFigure, Photo, Recognition
from initiatives.models import Initiative
from learningcities.desk.form_hints import hints
from learningcities.text.text_diff import marked
from learningcities.text.translation import LANGUAGES, columns
from tests import factories
from tests.conftest import thorough
from tests.forms import edit, live
from tests.forms import page_of as screen_of

ADDRESS = reverse("admin:hints")


def rules(model=City, **words):
    """The rules that have something to say of each of these fields."""
    found = hints(model(**words))
    return {name: [hint.rule for hint in found[name]] for name in words if name in found}


@pytest.mark.parametrize(
    ("html", "language", "rule"),
    [
        ('<p><a href="/x">ici</a></p>', "fr", "link-words"),
        ('<p><a href="/x">Cliquez ici !</a></p>', "fr", "link-words"),
        ('<p><a href="/x"><strong>هنا</strong></a></p>', "ar", "link-words"),
        ('<p><a href="/x">إضغط هنا</a></p>', "ar", "link-words"),
        ('<p><a href="/x">click here</a></p>', "en", "link-words"),
        ('<p><a href="https://hcp.ma">https://hcp.ma/rgph</a></p>', "ar", "link-address"),
        ("<h3>Petit</h3><p>Texte</p>", "fr", "heading-order"),
        ("<h2> </h2><p>Texte</p>", "fr", "heading-empty"),
        (f"<p>{'mot ' * 121}</p>", "fr", "paragraph"),
        (f"<p>{'كلمة ' * 121}</p>", "ar", "paragraph"),
    ],
)
def test_what_could_be_better_in_a_rich_text_is_said(html, language, rule):
    assert rules(**{f"body_{language}": html}) == {f"body_{language}": [rule]}


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<p><a href="/x">La bibliothèque d’ici</a></p>', "fr"),
        ('<p><a href="/x">here</a></p>', "fr"),
        ('<p><a href="/x">ici</a></p>', "ar"),
        ("<h2>Grand</h2><h3>Petit</h3><h3>Petit</h3><h2>Grand</h2><p>Texte</p>", "fr"),
        (f"<p>{'mot ' * 119}</p><p>{'mot ' * 119}</p>", "fr"),
        ("", "fr"),
    ],
)
def test_a_sound_text_is_left_in_peace_and_judged_in_its_own_language_only(html, language):
    assert rules(**{f"body_{language}": html}) == {}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"alternative_fr": "IMG_2034.JPG"}, "file-name"),
        ({"alternative_ar": "photo-12"}, "file-name"),
        ({"alternative_fr": "Photo d’une cour d’école"}, "photo-said"),
        ({"alternative_ar": "صورة لساحة المدرسة"}, "photo-said"),
        ({"alternative_en": "Image of a school yard"}, "photo-said"),
        ({"alternative_fr": ""}, "missing"),
    ],
)
def test_an_alternative_text_says_what_the_photo_shows(words, found):
    assert rules(Photo, **words) == {next(iter(words)): [found]}


def test_a_good_alternative_text_and_a_decorative_photo_need_nothing():
    assert rules(Photo, alternative_fr="Une cour d’école") == {}
    assert rules(Photo, alternative_fr="", decorative=True) == {}


def test_lengths_are_those_that_lists_show():
    assert rules(summary_fr="x" * 201, summary_ar="قصير", summary_en="x" * 60) == {
        "summary_fr": ["long"],
        "summary_ar": ["short"],
    }
    assert rules(Initiative, title_en="x" * 81) == {"title_en": ["long"]}


def test_a_figure_and_a_recognition_need_their_source_and_a_source_is_no_address():
    assert rules(CityFigure, value="10", year="", source_fr="") == {"year": ["missing"], "source_fr": ["missing"]}
    assert rules(Recognition, date="2020", source_fr="https://uil.unesco.org/x") == {"source_fr": ["source"]}


def test_a_row_in_the_making_is_judged_by_the_same_rules_in_the_readers_language(as_editor):
    row = {"model": "cities.cityfigure", "value": "10", "year": "2024", "nothing": "x", "city": "1"}
    row |= dict.fromkeys(columns("source"), "")
    sentences = set()
    for language in LANGUAGES:
        as_editor.post(reverse("admin:set_language"), {"language": language})
        answer = as_editor.post(ADDRESS, row).json()
        assert answer.keys() == {"value", "year", *columns("source")}
        assert answer["value"] == []
        [[rule, sentence]] = answer.pop(f"source_{language}")
        assert not any(answer.values())
        assert rule == "missing"
        sentences.add(sentence)
    assert len(sentences) == len(LANGUAGES)


@pytest.mark.parametrize("piece", ['<a href="">', '<a href="">x', "<h2>", "<p><li>"])
def test_a_text_that_takes_too_long_to_judge_is_told_to_be_too_long_or_judged_at_once(as_editor, piece):
    html = piece * 40_000
    start = time.process_time()
    answer = as_editor.post(ADDRESS, {"model": "cities.city", "body_fr": html}).json()
    assert time.process_time() - start < 5
    assert [rule for rule, _sentence in answer["body_fr"]] == ["too-long"]


def test_a_comparison_of_texts_takes_a_time_that_follows_from_their_length_alone():
    start = time.process_time()
    assert "<del>" in marked("a b " * 1000, "a b b " * 660)
    assert time.process_time() - start < 5


def test_the_hints_are_for_the_staff_and_nothing_else_is_told(client, as_editor):
    assert client.post(ADDRESS, {"model": "cities.city"}).status_code == 302
    assert as_editor.get(ADDRESS).status_code == 405
    for model in ("", "x", "cities.nothing", "people.user", "publishing.change", "a.b.c"):
        assert as_editor.post(ADDRESS, {"model": model, "password": "x"}).status_code == 404


@thorough
def test_hints_stand_beside_the_field_without_javascript_and_never_stop_a_save(as_coordinator, city):
    figure = factories.make_figure(city, source_fr="https://hcp.ma")
    edit(as_coordinator, city, {"summary_fr": "Court", "body_ar": '<p><a href="/x">هنا</a></p>'})
    assert live(city).summary_fr == "Court"
    expected = {
        ("section", "brief"): ("summary_fr", "short"),
        ("section", "body"): ("body_ar", "link-words"),
        ("row", "figures", figure.pk): ("source_fr", "source"),
    }
    for names, (field, rule) in expected.items():
        page = as_coordinator.get(screen_of(city, *names)).text
        said = page.split(f'id="id_{field}_hints"')[1]
        assert f'data-rule="{rule}"' in said[: said.index("</ul>")]
    page = as_coordinator.get(screen_of(city, "section", "brief")).text
    assert 'aria-describedby="id_summary_fr_helptext id_summary_fr_hints"' in page


#: A text that is needed in whichever language, or in the one that is nearest to complete.
NEEDED = re.compile(r'id="id_([\w-]+)_hints"[^<]*>\s*<li data-rule="(?:needed|missing)">')


def test_an_empty_form_says_which_texts_are_needed_in_whichever_language(as_editor, city):
    initiative = factories.make_initiative(city, public=False, title_fr="", title_ar="مبادرة", summary_fr="")
    partner = initiative.partners.create()
    needed = {
        ("section", "brief"): columns("summary"),
        ("row", "partners", partner.pk): columns("name"),
        ("row", "partners", uuid4()): columns("name"),
    }
    for names, texts in needed.items():
        page = as_editor.get(screen_of(initiative, *names)).text
        lists = re.findall(r'<ul class="hints"\s+id="id_(\w+)_hints".*?</ul>', page, re.DOTALL)
        assert set(texts) <= set(NEEDED.findall(page)), names
        assert len(NEEDED.findall(page)) < len(lists)


def test_a_form_shows_what_publication_asks_for_in_the_language_that_is_nearest_to_complete(as_coordinator):
    city = factories.make_city("arabic", public=False, name_fr="", name_ar="مدينة", summary_fr="")
    page = as_coordinator.get(screen_of(city, "section", "brief")).text
    assert re.findall(r'id="id_([\w-]+)_hints"[^<]*data-needed>', page) == ["summary_ar"]


@thorough
def test_a_text_that_is_there_is_not_said_to_be_needed(as_coordinator, city):
    figure = factories.make_figure(city)
    for names in (["section", "names"], ["section", "brief"], ["row", "figures", figure.pk]):
        page = as_coordinator.get(screen_of(city, *names)).text
        assert "_hints" in page
        assert NEEDED.findall(page) == []
