"""A title in Latin or Arabic letters becomes a readable short name."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

from cities.models import City
from learningcities.text.slugs import slug_of
from tests import factories
from tests.conftest import thorough
from tests.spreadsheets.helpers import Edited, exported, make

from .helpers import READABLE, titles


@pytest.mark.parametrize(("title", "slug"), READABLE.items())
def test_a_short_name_can_be_read(title, slug):
    assert slug_of(title) == slug


def test_every_title_of_the_starting_content_and_every_city_has_one():
    assert len(titles()) > 200
    for title in titles():
        slug = slug_of(title, 80)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug) or "ⵜ" in title, title
        assert not re.search("[bcdfgjklmnpqrstvxz]{5}", slug), f"{title}: {slug} can't be read"
        letters = sum(unicodedata.category(letter)[0] == "L" for letter in title)
        assert len(slug.replace("-", "")) >= min(letters, 30) * 0.6 or "ⵜ" in title, f"{title}: {slug} has lost letters"


def test_forms_fill_in_by_the_same_tables():
    python, script = (
        (Path(settings.BASE_DIR) / path).read_text("utf-8")
        for path in ("learningcities/text/slugs.py", "static/js/slugs.js")
    )
    tables = [re.findall(r"\b([A-Z_]+) = table\(([^)]*)\)", code) for code in (python, script)]
    letters = [{name: re.findall('"(.*?)"', lines) for name, lines in found} for found in tables]
    assert letters[0] == letters[1]
    assert len(letters[0]) == 6


@thorough
def test_a_new_row_of_a_file_gets_a_readable_short_name_and_others_keep_theirs(as_coordinator, city):
    before = City.objects.get(pk=city.pk).slug
    file = Edited(exported(as_coordinator, "/admin/cities/city/"))
    file.put("cities.city", 0, name_fr="Cœur de l’Atlas", also_known_as="Œuvre")
    file.put("cities.city", 1, name_fr="Cœur", summary_fr="Un résumé.", region=str(factories.make_region()))
    make(as_coordinator, "/admin/cities/city/", file.content)
    assert City.objects.get(name_fr="Cœur").slug == "coeur"
    assert City.objects.get(pk=city.pk).slug == before
