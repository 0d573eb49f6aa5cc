"""The picture of a shared link: its size and its caching, who has one, and that its Arabic can be read."""

import io
import re

import pytest
from django.core.cache import cache
from PIL import Image

from cities.models import City
from learningcities.media.palette import palette
from learningcities.media.share import Card, ShareImage
from learningcities.media.text_layout import fitted, font, visual, widest
from learningcities.pages.models import SiteText
from learningcities.text.translation import Text
from tests import factories
from tests.conftest import thorough

pytestmark = thorough

OG_IMAGE = re.compile(r'<meta property="og:image" content="http://testserver([^"]+)">')


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def content(db):
    SiteText.objects.create(key="site_name", value_fr="Villes apprenantes", value_ar="مدن التعلّم")
    city = factories.make_city(slug="fes", name_fr="Fès", name_ar="فاس", colour="plum")
    factories.make_initiative(city, slug="lire", title_fr="Apprendre à lire")
    factories.make_page(slug="about")


def image(response):
    return Image.open(io.BytesIO(response.content))


PAGES = ["/fr/", "/ar/cities/fes/", "/fr/villes/", "/en/initiatives/", "/fr/initiatives/lire/", "/ar/about/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_a_picture_of_1200_by_630_that_never_changes(content, client, path):
    address = OG_IMAGE.search(client.get(path).content.decode())[1]
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert (image(response).format, image(response).size) == ("PNG", (1200, 630))
    assert len(response.content) < 120_000


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789ab", "?v=%00"])
def test_an_address_without_the_right_version_is_soon_asked_again(content, client, query):
    response = client.get(f"/fr/share/city/fes.png{query}")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "path",
    ["city/draft", "initiative/of-draft", "initiative/withdrawn", "city/nothing", "site/admin", "user/1", "photo/1"],
)
def test_what_is_not_public_has_no_picture(content, client, path):
    draft = factories.make_city(slug="draft", public=False)
    factories.make_initiative(draft, slug="of-draft")
    factories.make_initiative(City.objects.get(slug="fes"), slug="withdrawn").withdraw()
    assert client.get(f"/fr/share/{path}.png").status_code == 404


def test_the_version_changes_with_what_is_shown_and_with_nothing_else(content, client):
    def address():
        return OG_IMAGE.search(client.get("/fr/villes/fes/").content.decode())[1]

    first, city = address(), City.objects.get(slug="fes")
    city.summary_fr = "Autre résumé."
    city.save()
    assert address() == first
    city.colour = "olive"
    city.save()
    assert address() != first


def test_a_picture_is_drawn_once(content, client, monkeypatch):
    first = client.get("/fr/share/city/fes.png").content
    monkeypatch.setattr(ShareImage, "drawn", lambda self: pytest.fail("drawn again"))
    assert client.get("/fr/share/city/fes.png?v=other").content == first


def test_it_costs_three_queries_at_most_and_the_clocks(content, client, django_assert_max_num_queries):
    client.get("/fr/share/city/fes.png")
    with django_assert_max_num_queries(4):
        client.get("/ar/share/initiative/lire.png")


def test_a_right_to_left_picture_is_laid_out_the_other_way_round():
    card = Card("فاس", "جهة", "plum", "fes")
    pictures = {language: drawn(card, language) for language in ("fr", "ar")}
    paper = Image.new("RGB", (1, 1), palette()["paper"]).getpixel((0, 0))
    for language, (bare, tiled) in {"fr": (100, 1000), "ar": (1100, 200)}.items():
        assert near(pictures[language].getpixel((bare, 60)), paper)
        assert sum(not near(pictures[language].getpixel((tiled, y)), paper) for y in range(150, 600, 10)) > 20


def drawn(card, language):
    return Image.open(io.BytesIO(ShareImage(card, "Nom", language).drawn())).convert("RGB")


def near(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 12


@pytest.mark.parametrize("colour", ["", *City.Colour.values[::4]])
def test_the_colour_of_a_city_is_in_its_picture(colour):
    picture = drawn(Card("A", colour=colour, seed="fes"), "fr")
    found = {pixel for _count, pixel in picture.getcolors(1 << 16)}
    for name in ("city-deep", "paper"):
        wanted = Image.new("RGB", (1, 1), palette(colour)[name]).getpixel((0, 0))
        assert any(near(pixel, wanted) for pixel in found), name


# Lettering


def test_arabic_letters_are_joined_and_stand_in_the_order_of_the_eye():
    assert visual("مدن", "ar") == "\ufee5\ufeaa\ufee3"  # final noon, final dal, initial meem
    assert visual("سلام", "ar") == "\ufee1\ufefc\ufeb3"  # lam and alef in one
    assert visual("شفشاون", "ar")[::-1] == "\ufeb7\ufed4\ufeb8\ufe8e\ufeed\ufee5"


def test_no_letter_is_left_unjoined():
    words = "مدينة التعلّم تجمع المدارس والمكتبات وأماكن العمل، ولا تنسى الآباء والأمّهات"
    assert not re.search("[\u0621-\u064a]", visual(words, "ar"))


def test_numbers_and_latin_words_keep_their_own_order_in_arabic():
    cities = visual("مدن", "ar")
    assert visual("مدن 2024", "ar") == f"2024 {cities}"
    assert visual("مدن UNESCO", "ar") == f"UNESCO {cities}"
    assert visual("مدن UNESCO مدن", "ar") == f"{cities} UNESCO {cities}"


def test_parentheses_and_quotation_marks_face_the_right_way():
    assert visual("(مدن)", "ar") == "(" + visual("مدن", "ar") + ")"
    assert visual("«مدن»", "ar") == "«" + visual("مدن", "ar") + "»"


@pytest.mark.parametrize("inside", ["GNLC", "2024", "مدن", "UNESCO 2024"])
@pytest.mark.parametrize(
    "around", ["{}", "مدن {}", "UNESCO {}", "{} UNESCO", "{} 12", "GNLC {} UNESCO", "مدن {} UNESCO"]
)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_brackets_hold_what_they_held_whatever_stands_around_them(inside, around, language):
    assert f"({visual(inside, language)})" in visual(around.format(f"({inside})"), language)


def test_a_shadda_stays_and_vowel_signs_go():
    assert "\u0651" in visual("التعلّم", "ar")
    assert visual("مُدُنٌ", "ar") == visual("مدن", "ar")


def test_latin_text_stays_as_it_is():
    assert visual("L’école (2024) : « œuvre »", "fr") == "L’école (2024) : « œuvre »"


def test_an_arabic_name_inside_a_latin_line_is_joined_where_it_stands():
    assert visual("Fès (فاس), Maroc", "fr") == f"Fès ({visual('فاس', 'ar')}), Maroc"


def test_the_font_has_every_glyph_that_is_asked_of_it():
    empty = font(40).getmask("\uf8ff").getbbox(), font(40).getlength("\uf8ff")
    for sign in set(visual("أبتثجحخدذرزسشصضطظعغفقكلمنهويىةءآإؤئ،؛؟", "ar")) | set("ÉèçœŒ’«»–…"):
        for weight in ("Regular", "Bold"):
            face = font(40, weight)
            assert (face.getmask(sign).getbbox(), face.getlength(sign)) != empty, hex(ord(sign))


TITLES = [
    ("fr", "École"),
    ("fr", "Une école de la deuxième chance pour les jeunes femmes " * 3),
    ("fr", "Anticonstitutionnellement" * 6),
    ("ar", "برنامج محو الأمية لفائدة النساء في مدينة العيون بشراكة مع UNESCO " * 3),
]


@pytest.mark.parametrize(("language", "title"), TITLES)
def test_a_title_of_any_length_fits_its_box(language, title):
    face, lines = fitted(title[:160], language, 1000, 660, [224, 120, 76], "Bold")
    assert widest(lines, language, face) <= 1000
    assert len(lines) * face.size <= 660


def test_a_longer_title_is_smaller_and_loses_no_word_before_the_smallest_size():
    short, _lines = fitted("École", "fr", 1000, 660, [224, 120, 76])
    title = "Une école de la deuxième chance pour les jeunes femmes"
    long, lines = fitted(title, "fr", 1000, 660, [224, 120, 76])
    assert long.size < short.size
    assert " ".join(lines) == title


def test_a_line_never_begins_with_the_sign_that_a_hard_space_holds():
    _face, lines = fitted("Apprendre toujours et partout\u00a0!", "fr", 600, 660, [76])
    assert len(lines) > 1
    assert lines[-1].endswith("partout\u00a0!")


@pytest.mark.parametrize(
    ("language", "title"),
    [("ar", Text("Apprendre à lire", "fr")), ("fr", Text("التعلّم", "ar")), ("en", ""), ("ar", "ⵜⴰⵎⴰⵣⵉⵖⵜ 😀")],
)
def test_a_title_in_another_language_or_without_any_word_is_drawn_too(language, title):
    assert drawn(Card(title, title), language).size == (1200, 630)
