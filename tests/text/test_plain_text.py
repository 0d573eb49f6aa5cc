"""A text holds what someone can read, whichever way it comes; what says nothing is nothing."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection

from cities.models import City
from initiatives.models import Partner
from learningcities.care.completeness import measure_missing
from learningcities.pages.models import Page
from learningcities.publishing.models import Change, Translations
from learningcities.publishing.upgrades.stored_texts import tidy_stored
from learningcities.text.plain_text import says_nothing
from tests import factories
from tests.conftest import thorough
from tests.forms import edit
from tests.spreadsheets.helpers import Edited, errors, exported, tried

pytestmark = pytest.mark.django_db

INVISIBLE = [*"\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u3164\u0640\u061c\u2800\u115f"]
INVISIBLE += [" \u00a0\u2003\t", "\u200f\u064e\u200b", "\u202e\u2066\u0000"]
BLANK = [
    "<p></p>",
    "<p>&nbsp;</p><p>\u200f</p>",
    "<p><br></p>",
    "<ul><li></li><li><p>&#8203;</p></li></ul>",
    "<blockquote><p> </p></blockquote>",
    "<h2><strong>&shy;</strong></h2>",
    '<p><a href="https://example.org/"> </a></p>',
    "<table><tr><td></td><td>&nbsp;</td></tr></table>",
]
#: What a text may not hold, between two letters.
CONTROLS = [*"\x00\x01\x08\x0e\x1b\x7f\x80\x9f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ud800"]


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_text_that_nobody_sees_says_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["a", "٣", "–", "ⵣ", "مـ", "’", "…", "©", "\ue000", "\u200f!"])
def test_a_text_that_someone_sees_says_something(text):
    assert not says_nothing(text)


@thorough
def test_a_name_that_nobody_sees_is_missing_when_it_is_published_and_changes_nothing(as_coordinator, city):
    response = edit(as_coordinator, city, {"name_fr": "".join(INVISIBLE)})
    addresses = [address for address, _words, _sentence in response.context_data["lacks"]]
    assert any(address.endswith("#id_name_fr") for address in addresses)
    assert City.objects.get(pk=city.pk).name_fr == city.name_fr


@thorough
def test_a_name_that_nobody_sees_is_refused_in_a_file(as_editor, city):
    factories.make_initiative(city)
    address, sheet = "/admin/initiatives/initiative/", "initiatives.initiative"
    content = exported(as_editor, address)
    assert errors(tried(as_editor, address, Edited(content).put(sheet, 0, title_fr="ـ\u200f\u3164\u200b").content))


def test_a_translation_that_nobody_sees_leaves_the_reader_the_other_language(as_coordinator, client, city):
    edit(as_coordinator, city, {"name_ar": "\u200f\u200b", "summary_ar": "ـ", "name_en": " \u2060"})
    city.refresh_from_db()
    assert (city.name_ar, city.summary_ar, city.name_en) == ("", "", "")
    assert city.name_fr in client.get(f"/ar/cities/{city.slug}/").text


@pytest.mark.parametrize("html", BLANK)
def test_a_rich_text_that_says_nothing_is_stored_as_nothing(html):
    page = factories.make_page(body_fr="<p>Un mot</p>", body_ar=html)
    Page.objects.filter(pk=page.pk).update(body_en=html)
    page.refresh_from_db()
    assert (page.body_ar, page.body_en) == ("", "")


@thorough
def test_no_heading_stands_over_nothing_and_no_count_is_fooled(as_coordinator, client, city):
    edit(as_coordinator, city, {"challenges_fr": BLANK[1], "challenges_ar": BLANK[3], "challenges_en": BLANK[4]})
    city.refresh_from_db()
    assert "[challenges]" in city.missing_aspects
    assert 'id="challenges"' not in client.get(f"/fr/villes/{city.slug}/").text
    edit(as_coordinator, city, {"challenges_fr": "<p>Les distances.</p>"})
    assert "challenges_ar" in Translations.objects.of(city).missing
    assert "Les distances." in client.get(f"/ar/cities/{city.slug}/").text


@thorough
def test_what_no_text_needs_is_left_out_by_a_form_a_program_and_an_update(as_coordinator, city):
    controls = "".join(CONTROLS)
    dirty, html = f"Fè{controls}s", f"<p>Fè{controls}s</p>"
    # No browser can send half a letter.
    edit(as_coordinator, city, {"name_fr": dirty.replace("\ud800", ""), "body_fr": html.replace("\ud800", "")})
    City.objects.filter(pk=city.pk).update(province_fr=dirty, vision_fr=html)
    partner = Partner.objects.create(initiative=factories.make_initiative(city), name_fr=dirty)
    city.refresh_from_db()
    partner.refresh_from_db()
    assert [city.name_fr, city.province_fr, partner.name_fr] == ["Fès"] * 3
    assert [city.body_fr, city.vision_fr] == ["<p>Fès</p>"] * 2


def test_an_entity_brings_no_control_into_a_rich_text():
    page = factories.make_page(body_fr="<p>a&#x202e;b&#8295;c</p>")
    page.refresh_from_db()
    assert page.body_fr == "<p>abc</p>"


@thorough
def test_controls_are_left_out_of_what_a_file_brings(as_editor, city):
    factories.make_initiative(city)
    address, sheet = "/admin/initiatives/initiative/", "initiatives.initiative"
    file = Edited(exported(as_editor, address)).put(sheet, 0, title_fr="Lire\u202e\u2066 et écrire")
    (row,) = tried(as_editor, address, file.content).right
    assert row.patch["title_fr"][1] == "Lire et écrire"


def test_marks_that_arabic_needs_stay_and_lines_keep_apart():
    page = factories.make_page(
        title_ar="لغة \u200eC++\u200e جديدة", summary_fr="un\r\ndeux\vtrois", title_fr="a\u2028b"
    )
    page.refresh_from_db()
    assert page.title_ar == "لغة \u200eC++\u200e جديدة"
    assert (page.summary_fr, page.title_fr) == ("un\ndeux\ntrois", "a b")


def store(row, **texts):
    """Write past every rule, as an earlier release did."""
    with connection.cursor() as cursor:
        for column, text in texts.items():
            cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [text, row.pk])  # noqa: S608


def migrate():
    tidy_stored(apps, SimpleNamespace(connection=connection))


def test_what_an_earlier_release_stored_is_brought_under_the_rules(city, editor):
    store(city, challenges_fr="<p>&nbsp;</p>", province_fr="\u200b", note="Fè\u202es", lacks="")
    draft = Change.objects.create(
        content_type=ContentType.objects.get_for_model(City),
        object_id=city.pk,
        author=editor,
        state="open",
        title="x",
        patch={"challenges_fr": ["<p>&nbsp;</p>", "<p>Neuf</p>"], "figures:1:label_fr": ["a\u202e", "b"]},
    )
    migrate()
    city.refresh_from_db()
    draft.refresh_from_db()
    assert (city.challenges_fr, city.province_fr, city.note) == ("", "", "Fès")
    assert draft.patch == {"challenges_fr": ["", "<p>Neuf</p>"], "figures:1:label_fr": ["a", "b"]}
    assert city.missing_aspects is None
    measure_missing()
    city.refresh_from_db()
    assert "[challenges]" in city.missing_aspects


def test_a_field_that_needs_a_text_takes_no_invisible_one(city):
    city.name_fr = "\u2060"
    with pytest.raises(ValidationError):
        city.full_clean()
