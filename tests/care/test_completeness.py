"""What a page lacks to be really good: known when it is written, shown to the staff and to nobody else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from cities.models import City, Recognition
from initiatives.models import Initiative, Partner, Theme
from learningcities.care.completeness import measure_missing, models_with_completeness
from learningcities.text.translation import columns
from tests import factories
from tests.conftest import thorough
from tests.forms import edit, page_of


def missing_aspects(row):
    return type(row).objects.get(pk=row.pk).missing_aspects


def test_every_aspect_is_a_field_with_a_name():
    assert models_with_completeness() == [City, Initiative]
    for model in models_with_completeness():
        for aspect in model.aspect_fields():
            assert model.aspect_label(aspect), aspect


def test_what_is_missing_is_written_with_the_row_its_parts_and_its_relations(city):
    initiative = factories.make_initiative(city, themes=Theme.objects.all()[:1])
    assert "[themes]" not in missing_aspects(initiative)
    assert "[title]" in missing_aspects(initiative)
    assert "[partners]" in missing_aspects(initiative)
    Partner.objects.create(initiative=initiative, name_fr="Partenaire")
    assert "[partners]" not in missing_aspects(initiative)
    initiative.apply_patch({"title_ar": ["", "مبادرة"], "title_en": ["", "Initiative"]})
    assert "[title]" not in missing_aspects(initiative)
    initiative.apply_patch({"themes": [[1], []]})
    assert "[themes]" in missing_aspects(initiative)


def test_a_text_is_there_when_it_is_there_in_each_language(city):
    gap = next(gap for gap in city.gaps() if gap.aspect == "summary")
    assert [language for _name, language in gap.languages] == ["العربيّة", "English"]


def test_one_way_to_reach_the_city_is_enough(city):
    assert "[website]" in missing_aspects(city)
    city.apply_patch({"contact_phone": ["", "0500"]})
    assert "[website]" not in missing_aspects(city)


def test_a_photo_counts_once_it_is_described_in_each_language_of_its_page(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city)
    initiative = factories.make_initiative(city, cover=photo)
    assert "[cover]" not in missing_aspects(initiative)
    texts = {"title_ar": "مبادرة", "summary_ar": "مشروع.", "title_en": "Initiative", "summary_en": "A project."}
    initiative.apply_patch({name: ["", text] for name, text in texts.items()})
    assert "[cover]" in missing_aspects(initiative)
    assert next(gap for gap in initiative.gaps() if gap.aspect == "cover").row == photo
    photo.apply_patch({"alternative_ar": ["", "ساحة"], "alternative_en": ["", "A yard"]})
    assert "[cover]" not in missing_aspects(initiative)
    photo.move_to_bin()
    assert "[cover]" in missing_aspects(initiative)


def test_what_nobody_has_looked_at_is_measured_after_an_upgrade(city):
    factories.make_many(city, [1, 2])
    assert Initiative.objects.filter(missing_aspects=None).count() == 2
    assert not Initiative.objects.incomplete()
    measure_missing()
    assert Initiative.objects.incomplete().count() == 2


def gaps_of(client, item):
    """What the outline says is missing of each section."""
    cards = client.get(page_of(item, "change")).context["outline"].all_cards
    return {card.section.name: [str(gap) for gap in card.gaps] for card in cards}


@thorough
def test_the_outline_of_a_draft_says_what_the_draft_lacks_with_a_way_to_each_section(city, as_editor):
    initiative = factories.make_initiative(city)
    gaps = gaps_of(as_editor, initiative)
    assert gaps["brief"][0] == "Manque en : anglais, arabe."
    assert "Il manque : Début." in gaps["time"]
    assert gaps["partners"] == ["Rien encore : les visiteurs ne voient pas cette partie."]
    page = as_editor.get(page_of(initiative, "change")).text
    panel = as_editor.get(page_of(initiative, "send")).text
    assert f'href="{page_of(initiative, "section", "partners")}#section-partners"' in page
    for section in ("brief", "time"):
        assert f'href="{page_of(initiative, "section", section)}#section-{section}"' in page
        assert all(escape(gap) in page for gap in gaps[section])
        assert f'href="{page_of(initiative, "section", section)}#section-{section}"' in panel
    edit(as_editor, initiative, {"start": "2020", "summary_ar": "ملخص"}, "_draft")
    drafted = gaps_of(as_editor, initiative)
    assert "Il manque : Début." not in drafted["time"]
    assert drafted["brief"][0] == "Manque en : anglais."
    assert "[start]" in missing_aspects(initiative), "what is public lacks it still"
    assert "[summary]" in missing_aspects(initiative)


def test_visitors_are_told_nothing_of_it(city):
    factories.make_initiative(city)
    for path in (city.get_absolute_url(), "/api/v1/cities/", "/fr/villes/?format=csv"):
        response = Client().get(path)
        said = response.getvalue().decode() if response.streaming else response.content.decode()
        assert response.status_code == 200
        assert "missing_aspects" not in said
        assert "completeness" not in said


@thorough
def test_the_list_is_filtered_and_sorted_by_it_at_the_same_cost(city, as_editor, other_city):
    full = factories.make_initiative(city, slug="full", start="2020", checked_on="2026-01-01")
    factories.make_initiative(city, slug="empty")
    factories.make_initiative(other_city, slug="other")
    listed = reverse("admin:initiatives_initiative_changelist")

    def slugs(**asked):
        return [row.slug for row in as_editor.get(listed, asked).context["cl"].result_list]

    assert slugs(lacks="start") == ["empty"]
    assert slugs(lacks="nothing") == []
    columns = [getattr(column, "__name__", column) for column in as_editor.get(listed).context["cl"].list_display]
    place = columns.index("completeness")
    assert slugs(o=place) == ["empty", "full"]
    assert slugs(o=f"-{place}") == ["full", "empty"]
    full.refresh_from_db()
    assert full.has_count == 2
    with CaptureQueriesContext(connection) as few:
        as_editor.get(listed)
    for number in range(8):
        factories.make_initiative(city, slug=f"more-{number}")
    as_editor.get(listed)  # the texts of the site are read once for each version of the content
    with CaptureQueriesContext(connection) as many:
        as_editor.get(listed)
    assert len(many) == len(few)


@thorough
def test_saving_costs_the_same_however_many_rows_there_are(city):
    initiative = factories.make_initiative(city, start="2018")

    def cost(value):
        with CaptureQueriesContext(connection) as counted:
            Initiative.objects.get(pk=initiative.pk).apply_patch({"start": ["", value]})
        return len(counted)

    few = cost("2019")
    for number in range(8):
        factories.make_initiative(city, slug=f"more-{number}")
    assert cost("2020") == few


@pytest.mark.parametrize("name", ["summary", "motivation"])
def test_a_citys_texts_are_asked_for_in_each_language(city, name):
    city.apply_patch({column: ["", "<p>Texte</p>"] for column in columns(name)})
    assert f"[{name}]" not in missing_aspects(city)


def test_a_statement_more_is_one_gap_less(city):
    before = City.objects.get(pk=city.pk).has_count
    Recognition.objects.create(city=city, kind="other", title_fr="Titre", date="2020", source_fr="Source")
    assert City.objects.get(pk=city.pk).has_count == before + 1
