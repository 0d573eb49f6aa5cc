"""The manual in the admin, the way from each screen to its part, and what is new."""

import re

import pytest
from django.contrib import admin
from django.templatetags.static import static
from django.urls import reverse

from learningcities.desk import help as manual_of
from learningcities.text.translation import LANGUAGES
from tests.draw_help import MOST_BYTES, PICTURES, SCREENS, WIDTH

HELP, NEWS = "/admin/help/", "/admin/news/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_has_the_same_parts_in_each_language_in_its_own_words(language):
    parts = manual_of.manual(language)
    counted = [len(manual_of.sections(manual_of.read("docs", name))) for name in manual_of.MANUALS.values()]
    assert len(set(counted)) == 1
    english = manual_of.manual("en")
    assert [part.anchor for part in parts] == [part.anchor for part in english]
    assert language == "en" or len({part.title for part in parts} & {part.title for part in english}) <= 2


def test_every_part_that_a_screen_names_is_there():
    anchors = {part.anchor for part in manual_of.manual("en")}
    named = {row_admin.help_part for row_admin in admin.site._registry.values() if hasattr(row_admin, "help_part")}
    named |= {*manual_of.SCREENS.values(), *manual_of.STEPS.values(), manual_of.ITEM_PART}
    assert named <= anchors


def test_a_screen_leads_to_its_part(city, as_editor):
    screens = {
        "/admin/": "your-desk",
        reverse("admin:cities_photo_changelist"): "photos",
        reverse("admin:cities_city_change", args=[city.pk]): "changing-a-page-that-visitors-see",
        reverse("admin:cities_city_happened", args=[city.pk]): "what-happened",
        reverse("admin:initiatives_initiative_add"): "adding-an-initiative",
        reverse("admin:publishing_translations_changelist"): "translating",
    }
    for address, part in screens.items():
        assert f'href="{HELP}#{part}"' in as_editor.get(address).content.decode(), address


def test_markup_in_the_manual_is_text_and_no_link_runs_a_script():
    html = manual_of.markdown().render("<script>x</script> [y](javascript:z) **b**")
    assert "<script" not in html
    assert "href" not in html
    assert "<strong>b</strong>" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_of_the_manual_are_there_small_and_told_in_words(language):
    html = " ".join(part.body for part in manual_of.manual(language))
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]*)" width="(\d+)"', html)
    assert {static(f"help/{name}-{language}.webp") for name in SCREENS} == {address for address, *_rest in pictures}
    assert all(len(words) > 20 for _address, words, _width in pictures)
    assert all(int(width) <= WIDTH for *_rest, width in pictures)
    assert all(file.stat().st_size <= MOST_BYTES for file in PICTURES.iterdir())
    assert len(list(PICTURES.iterdir())) == len(SCREENS) * len(LANGUAGES), "none is left over"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newest_release_tells_the_staff_what_is_new_in_their_language(language):
    assert manual_of.news(language)


def test_what_is_new_is_marked_until_it_was_read(as_editor, as_coordinator, editor):
    assert as_editor.get("/admin/").context["has_news"]
    as_editor.get(NEWS)
    assert as_editor.get("/admin/").context["has_news"], "a visit alone says nothing"
    as_editor.post(NEWS)
    assert not as_editor.get("/admin/").context["has_news"]
    assert as_coordinator.get("/admin/").context["has_news"], "each reads for themselves"
    editor.news_read = "of a release before"
    editor.save()
    assert as_editor.get("/admin/").context["has_news"]


def test_the_manual_is_shown_in_the_readers_language(as_editor):
    page = as_editor.get(HELP).content.decode()
    assert re.search(r'<section id="photos"', page)
    assert as_editor.get(NEWS).status_code == 200
