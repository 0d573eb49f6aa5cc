"""An initiative's page."""

import pytest

from cities.models import SDG
from initiatives.models import Audience, KeyFeature, Theme
from tests import factories

PAGE = "/fr/initiatives/library/"


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def library(module_db):
    city = factories.make_city(slug="laayoune", name_fr="Laâyoune")
    axis = city.axes.create(title_fr="Lire partout")
    place = factories.make_place(city, slug="hall", name_fr="La grande salle")
    library = factories.make_initiative(
        city,
        slug="library",
        title_fr="Une bibliothèque",
        status="under-way",
        status_on="2020",
        start="2019-05",
        website="https://example.org/lire",
        checked_on="2026-03-02",
        context_fr="<p>Un <strong>contexte</strong>.</p>",
        objectives_fr="<p>Un but.</p>",
        method_fr="<p>Une manière.</p>",
        lessons_fr="<p>Une leçon.</p>",
        themes=Theme.objects.filter(slug="literacy"),
        sdgs=SDG.objects.filter(number__in=[4, 11]),
        audiences=Audience.objects.filter(slug="children"),
        key_features=KeyFeature.objects.filter(slug="inclusive-education"),
    )
    library.axes.add(axis)
    library.places.add(place)
    library.partners.create(name_fr="Les lecteurs", role_fr="prêtent les livres", website="https://example.org/")
    library.figures.create(label_fr="Livres", value="1200.5", year=2020, source_fr="La ville")
    library.updates.create(date="2021-03", title_fr="Ouverture", text_fr="Les portes s’ouvrent.")
    return library


@pytest.fixture
def html(library, client):
    return client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "said",
    [
        "En cours (état connu\u00a0: 2020)",
        "mai 2019",
        "2 mars 2026",
        "<p>Un <strong>contexte</strong>.</p>",
        'href="/fr/initiatives/?theme=literacy"',
        'href="/fr/initiatives/?sdg=11"',
        'href="/fr/initiatives/?audience=children"',
        'href="/fr/initiatives/?key_feature=inclusive-education"',
        'href="/fr/villes/laayoune/#place-hall"',
        "Lire partout",
        "Les lecteurs",
        "prêtent les livres",
        "1\u202f200,50",
        "La ville",
        "mars 2021",
        "Les portes s’ouvrent.",
        "https://example.org/lire",
    ],
)
def test_the_page_says_everything_that_is_known(html, said):
    assert said in html


def test_a_long_story_has_a_table_of_contents(html, library, client):
    assert 'href="#lessons"' in html
    factories.make_initiative(library.city, slug="short", context_fr="<p>Court.</p>")
    assert 'class="contents"' not in client.get("/fr/initiatives/short/").content.decode()


def test_related_are_public_ones_of_the_city_then_of_the_theme(library, client):
    elsewhere = factories.make_city(slug="elsewhere")
    factories.make_many(elsewhere, [1], themes=library.themes.all())
    factories.make_many(elsewhere, [2])
    factories.make_many(library.city, [3])
    factories.make_initiative(library.city, slug="draft", public=False)
    related = client.get(PAGE).context["related"]
    assert [initiative.slug for initiative in related] == ["n-03", "n-01"]


def test_a_place_that_is_not_public_is_not_named(library, client):
    library.places.get().withdraw()
    assert "La grande salle" not in client.get(PAGE).content.decode()


def test_a_full_page_costs_twelve_queries(library, client, django_assert_max_num_queries):
    factories.make_many(library.city, range(1, 9), themes=Theme.objects.all())
    client.get("/fr/recherche/")  # the dates to come and the words of the site are read once for all pages
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_figures_that_share_a_source_say_it_once(client):
    initiative = factories.make_initiative(slug="counted")
    for number in (1, 2):
        initiative.figures.create(label_fr=f"Lecteurs {number}", value=number, year=2024, source_fr="La ville")
    address = "/fr/initiatives/counted/"
    assert client.get(address).content.decode().count("La ville") == 1
    initiative.figures.create(label_fr="Livres", value=3, year=2024, source_fr="La bibliothèque")
    html = client.get(address).content.decode()
    assert (html.count("La ville"), html.count("La bibliothèque")) == (2, 1)
