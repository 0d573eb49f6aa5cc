"""A city's page."""

import re

import pytest

from cities.models import SDG, City, Indicator
from initiatives.models import Theme
from tests import factories
from tests.conftest import thorough

PAGE = "/fr/villes/benguerir/"


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(module_db):
    city = factories.make_city(slug="benguerir", name_fr="Benguerir", name_ar="ابن جرير", note="Jamais en public")
    for year, value in ((2024, 114_872), (2004, 62_693)):
        factories.make_figure(city, label_fr="Population", year=year, value=value, source_fr=f"HCP {year}")
    city.recognitions.create(kind="member", date="2020", title_fr="Membre", source_fr="Article")
    city.recognitions.create(kind="announced", date="2020-09", title_fr="Annonce", source_fr="Article")
    return city


@pytest.fixture
def page(city, client):
    return lambda path=PAGE: client.get(path).content.decode()


def test_every_figure_has_its_year_and_source_in_the_readers_digits(page):
    html = page()
    assert "114\u202f872" in html
    assert html.index("62\u202f693") < html.index("114\u202f872")
    assert "HCP 2004" in html
    assert "114,872" in page("/en/cities/benguerir/")


def test_the_names_in_other_scripts_say_their_language(page):
    assert '<span lang="ar" dir="rtl">ابن جرير</span>' in page()


def test_recognitions_follow_each_other_in_time_with_their_source(city, page):
    city.recognitions.create(kind="award", date="2020-04", title_fr="Prix", source_fr="Lettre")
    html = page()
    assert html.index("avril 2020") < html.index('<time datetime="2020">')
    assert re.search(r"Source.*?Article", html, re.DOTALL)


def test_a_membership_that_was_announced_and_confirmed_in_one_year_is_told_once(page, client):
    html = page()
    assert "<h3>Membre</h3>" in html
    assert "<h3>Annonce</h3>" not in html
    assert html.index("<h3>Membre</h3>") < html.index("Annonce\u00a0: septembre 2020") < html.index(">Article<")
    assert html.count(">Article<") == 1
    assert "الإعلان: شتنبر 2020" in page("/ar/cities/benguerir/")
    assert [row["kind"] for row in client.get("/api/v1/cities/benguerir/").json()["recognitions"]] == [
        "announced",
        "member",
    ]


def test_what_the_announcement_says_and_who_says_it_is_lost_in_no_telling(city, page):
    city.recognitions.filter(kind="announced").update(text_fr="Annoncée à Paris.", source_fr="Lettre")
    html = page()
    assert html.index("<h3>Membre</h3>") < html.index("<p>Annoncée à Paris.</p>") < html.index(">Lettre<")
    assert "Article" in html


@pytest.mark.parametrize("date", ["2019-09", "2021"])
def test_a_membership_that_was_confirmed_in_another_year_is_told_beside_its_announcement(city, page, date):
    city.recognitions.filter(kind="announced").update(date=date)
    html = page()
    assert "<h3>Annonce</h3>" in html
    assert "<h3>Membre</h3>" in html


def test_months_are_named_as_in_morocco(page):
    assert "شتنبر 2020" in page("/ar/cities/benguerir/")


def test_the_note_of_the_editors_is_nowhere(page):
    assert "Jamais en public" not in page()


def test_a_place_can_be_linked_to(city, page):
    factories.make_place(city, slug="um6p", name_fr="UM6P")
    factories.make_place(city, slug="secret", name_fr="Secret", public=False)
    assert 'id="place-um6p"' in page()
    assert "Secret" not in page()


def test_the_newest_six_initiatives_lead_on_to_the_filtered_list(city, page):
    factories.make_many(city, range(1, 9), themes=Theme.objects.filter(slug="literacy"))
    factories.make_initiative(city, slug="draft", title_fr="Un brouillon", public=False)
    html = page()
    assert html.count('class="entry"') == 6
    assert "Un brouillon" not in html
    assert 'href="/fr/initiatives/?city=benguerir"' in html
    assert 'href="/fr/initiatives/?city=benguerir&amp;theme=literacy"' in html


def test_the_axes_lead_to_their_goals(city, page):
    city.axes.create(title_fr="Climat").sdgs.set(SDG.objects.filter(number=13))
    assert 'href="/fr/initiatives/?sdg=13"' in page()


@thorough
def test_the_map_shows_where_the_city_is_once_that_is_known(city, page):
    assert 'id="map"' not in page()
    city.latitude, city.longitude = "32.24088", "-7.95397"
    city.save()
    assert 'class="map-land"' in page()


def test_only_what_is_known_has_a_section(page):
    html = page()
    for section in ("why", "how", "challenges", "vision", "initiatives", "places", "gallery", "map"):
        assert f'id="{section}"' not in html


@thorough
def test_a_full_page_costs_twelve_queries(city, client, django_assert_max_num_queries):
    factories.make_many(city, range(1, 9), themes=Theme.objects.all())
    for number in range(4):
        factories.make_place(city, slug=f"place-{number}")
        city.axes.create(title_fr=f"Axe {number}").sdgs.set(SDG.objects.all()[:3])
    client.get("/fr/recherche/")  # the dates to come and the words of the site are read once for all pages
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_a_city_without_a_colour_gets_the_one_that_fewest_cities_have(city, client):
    colours = [factories.make_city(slug=f"new-{number}").colour for number in range(len(City.Colour) - 1)]
    assert sorted([city.colour, *colours]) == sorted(City.Colour.values)
    factories.make_city(slug="binned", colour=colours[0], public=False).move_to_bin()
    City.objects.get(slug="new-0").move_to_bin()
    factories.make_city(slug="last")
    assert f'<body data-colour="{colours[0]}">' in client.get("/fr/villes/last/").content.decode()


def test_the_page_wears_the_colour_of_its_city(city, client):
    city.colour = "saffron"
    city.save()
    factories.make_many(city, [1])
    for path in (PAGE, "/fr/initiatives/n-01/"):
        assert '<body data-colour="saffron">' in client.get(path).content.decode()


@pytest.mark.parametrize("first", ["/fr/initiatives/", PAGE])
def test_a_card_is_that_of_its_page_whichever_page_was_visited_first(page, city, first):
    initiative = factories.make_initiative(city, title_fr="Lire ensemble")
    initiative.themes.add(Theme.objects.get(slug="literacy"))
    page(first)
    card = re.compile(r'<div class="entry-text">(.*?)</div>', re.DOTALL)
    [of_list], [of_city] = (card.findall(page(path)) for path in ("/fr/initiatives/", PAGE))
    assert "entry-city" in of_list
    assert "themes" in of_list
    assert "entry-city" not in of_city
    assert "themes" not in of_city


def test_the_head_says_initiatives_inhabitants_and_award_and_leads_to_each(city, page):
    city.recognitions.create(kind="award", date="2024", title_fr="Prix 2024", source_fr="UIL")
    city.figures.create(indicator=Indicator.objects.get(slug="population"), year=2024, value=114_872, source_fr="HCP")
    factories.make_initiative(city)
    factories.make_initiative(city, slug="draft", public=False)
    head = page().partition('class="meta city-facts"')[2].partition("</p>")[0]
    assert re.findall(r'href="#(\w+)"', head) == ["initiatives", "figures", "recognitions"]
    assert re.search(r"\b1\s+initiative\b", head)
    assert "Prix 2024" in head


def test_the_contents_name_every_section_of_the_page(city, page):
    City.objects.filter(pk=city.pk).update(motivation_fr="<p>Pourquoi.</p>", body_fr="<p>Ainsi.</p>")
    html = page()
    contents = html.partition('class="contents')[2].partition("</nav>")[0]
    sections = re.findall(r'<section class="section[^"]*" id="(\w+)"', html)
    assert re.findall(r'href="#(\w+)"', contents) == sections
