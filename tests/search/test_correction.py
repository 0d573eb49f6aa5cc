"""Did you mean: from the words of what is public, and never for a word that is right."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    city = factories.make_city(slug="azrou", name_fr="Azrou", name_ar="أزرو", summary_fr="Une ville de montagne.")
    factories.make_initiative(
        city,
        "library",
        title_fr="La bibliothèque du quartier",
        title_ar="المكتبة المتنقّلة",
        title_en="The neighbourhood library",
        context_fr="<p>Avec des conteuses.</p>",
    )
    factories.make_initiative(city, "draft", public=False, title_fr="Secretariat", title_ar="سكرتارية")
    factories.make_initiative(city, "withdrawn", title_fr="Fermeture").withdraw()
    return city


def correction(client, words, language="fr", path=None):
    with override(language):
        html = client.get(path or reverse("search"), {"q": words}).content.decode()
    link = re.search(r'class="correction">.*?<a href="([^"]+)"><bdi>(.*?)</bdi>', html)
    return link and link[2]


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("fr", "bibliotèque", "bibliothèque"),
        ("fr", "bibliothéqe", "bibliothèque"),
        ("fr", "biblliotheque quartier", "bibliothèque quartier"),
        ("fr", "qartier", "quartier"),
        ("ar", "المكتبتة", "المكتبة"),
        ("ar", "مكتيبة", "المكتبة"),
        ("en", "libary", "library"),
        ("en", "nieghbourhood", "neighbourhood"),
    ],
)
def test_a_misspelt_word_is_put_right_and_leads_to_what_was_meant(content, client, language, typed, meant):
    assert correction(client, typed, language) == meant
    with override(language):
        assert client.get(reverse("search"), {"q": meant}).context["count"] >= 1


def test_a_list_does_the_same_and_keeps_its_filters(content, client):
    html = client.get("/fr/initiatives/", {"q": "bibliotèque", "city": "azrou"}).content.decode()
    assert 'href="?q=biblioth%C3%A8que&amp;city=azrou"' in html


@pytest.mark.parametrize(
    "typed", ["bibliothèque", "biblio", "conteuses", "montagne", "quartiers", "مكتبات", "xyz", "zzzzzzzz", "", "lib"]
)
def test_no_other_word_is_proposed_for_one_that_is_said_or_is_like_none(content, client, typed):
    assert correction(client, typed) is None


def test_a_right_word_that_is_only_said_elsewhere_stays(content, client):
    assert correction(client, "montagne", path="/fr/initiatives/") is None
    assert correction(client, "conteuses bibliotèque") == "conteuses bibliothèque"


def test_nothing_is_proposed_that_would_find_nothing(content, client):
    assert correction(client, "bibliotèque montagne") is None


@pytest.mark.parametrize("typed", ["Secretariatt", "secretaria", "سكرتاريه", "سكرتارة", "Fermetture"])
def test_words_of_drafts_are_never_proposed(content, client, typed):
    for path in (None, "/fr/initiatives/", "/fr/villes/"):
        assert correction(client, typed, path=path) is None
    with override("fr"):
        assert client.get(reverse("search"), {"q": typed}).context["count"] == 0
