"""The starting content, loaded as a new site loads it."""

import re

import pytest
from django.core.management import CommandError, call_command

from cities.models import City, CityFigure, Recognition
from initiatives.models import Initiative, InitiativeFigure
from learningcities.pages.models import Page, SiteText
from learningcities.people.models import User
from learningcities.publishing.models import Change
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(module_db):
    call_command("load_demo", accounts=True, verbosity=0)


def test_it_brings_the_three_cities_and_their_initiatives_in_public(loaded):
    assert set(City.objects.published().values_list("slug", flat=True)) == {"benguerir", "chefchaouen", "laayoune"}
    assert Initiative.objects.published().count() >= 15
    assert Initiative.objects.published().filter(city__slug="laayoune").count() == 7
    assert Page.objects.published().count() == 5
    assert SiteText.objects.count() == len(SiteText.Key)


def test_it_is_complete_in_the_three_languages(loaded):
    for row in [*City.objects.all(), *Initiative.objects.all(), *Page.objects.all()]:
        for name in row.needed:
            for language in LANGUAGES:
                assert getattr(row, f"{name}_{language}"), (row, name, language)


def test_no_list_has_an_empty_entry_and_no_text_an_empty_paragraph(loaded):
    for row in [*City.objects.all(), *Initiative.objects.all(), *Page.objects.all()]:
        for field in row._meta.fields:
            if isinstance(field, RichTextField):
                text = getattr(row, field.name) or ""
                assert not re.search(r"<(p|li)>(<br>|\s)*</\1>", text), (row, field.name)


def test_each_figure_and_recognition_has_year_and_source(loaded):
    rows = [*CityFigure.objects.all(), *InitiativeFigure.objects.all(), *Recognition.objects.all()]
    assert len(rows) > 15
    for row in rows:
        assert not row.missing()
        assert all(getattr(row, f"source_{language}") for language in LANGUAGES)


def test_a_second_run_adds_nothing_and_keeps_what_was_edited(loaded):
    city = City.objects.get(slug="laayoune")
    city.summary_fr, city.slug = "Corrigé", "el-aaiun"
    city.save()
    Initiative.objects.get(slug="second-chance-school").move_to_bin()
    counts = [model.objects.count() for model in (City, Initiative, Page, User, Change)]
    call_command("load_demo", accounts=True, verbosity=0)
    assert counts == [model.objects.count() for model in (City, Initiative, Page, User, Change)]
    city.refresh_from_db()
    assert (city.summary_fr, city.slug) == ("Corrigé", "el-aaiun")


def test_each_editor_has_one_city_and_the_demo_password(loaded, client):
    for name in ("benguerir", "chefchaouen", "laayoune"):
        user = User.objects.get(username=f"editor-{name}")
        assert [city.slug for city in user.cities.all()] == [name]
        assert client.login(username=user.username, password="demo")


def test_a_production_site_refuses_the_demo_accounts(loaded, settings):
    User.objects.all().delete()
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", accounts=True, verbosity=0)
    assert not User.objects.exists()


def test_the_public_content_never_names_the_conflict_about_a_membership(loaded):
    laayoune = City.objects.get(slug="laayoune")
    assert laayoune.note
    assert {row.kind for row in laayoune.recognitions.all()} == {"announced"}
