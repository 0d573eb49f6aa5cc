"""What every list does with its address: chips, pages, complaints, sentences, languages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.http import urlencode

from cities.models import SDG
from initiatives.models import Theme
from tests import factories
from tests.conftest import thorough

INITIATIVES = "/fr/initiatives/"


def slugs(response):
    return [item.slug for item in response.context["page"]]


pytestmark = pytest.mark.django_db


@pytest.fixture
def many(db):
    city = factories.make_city(slug="benguerir", name_fr="Benguerir")
    literacy = Theme.objects.filter(slug="literacy")
    factories.make_many(city, range(1, 6))
    factories.make_many(city, range(6, 31), themes=literacy)
    return city


def test_a_page_has_twelve_rows_and_the_others_follow(many, client):
    first, third = client.get(INITIATIVES), client.get(INITIATIVES, {"page": 3})
    assert slugs(first) == [f"n-{number:02}" for number in range(30, 18, -1)]
    assert slugs(third) == ["n-06", "n-05", "n-04", "n-03", "n-02", "n-01"]
    assert "30 initiatives" in first.content.decode()


@pytest.mark.parametrize(("typed", "shown"), [("0", 3), ("99", 3), ("-1", 3), ("x", 1), ("", 1), ("2", 2)])
def test_a_page_number_out_of_range_gives_the_nearest_page(many, client, typed, shown):
    assert client.get(INITIATIVES, {"page": typed}).context["page"].number == shown


def test_pages_chips_and_languages_keep_everything_else(many, client):
    html = client.get("/fr/initiatives/?theme=literacy&sort=title&page=2&q=ecole&utm_source=x").content.decode()
    assert 'href="?q=ecole&amp;theme=literacy&amp;sort=title&amp;page=1"' in html
    assert 'href="/ar/initiatives/?q=ecole&amp;theme=literacy&amp;sort=title&amp;page=2"' in html
    assert 'href="/fr/initiatives/?q=ecole&amp;sort=title"' in html
    assert "utm_source" not in html


def test_a_wrong_value_is_named_and_the_valid_rest_applies(many, client):
    response = client.get("/en/initiatives/?theme=literacy&theme=nonsense&sdg=99&sort=random&year=soon&page=1")
    assert response.status_code == 200
    html = response.content.decode()
    for value in ("nonsense", "99", "random", "soon"):
        assert f"“{value}”" in html
    assert response.context["page"].paginator.count == 25
    assert set(response.context["filter"].errors) == {"theme", "sdg", "sort", "year"}


def test_unknown_parameters_are_left_alone(many, client):
    response = client.get(INITIATIVES, {"utm_source": "x", "fbclid": "y"})
    assert response.context["page"].paginator.count == 30
    assert not response.context["filter"].complaints


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "a" * 5000,
        "theme=%00&sdg=%00&city=%27",
        "sdg=4%27--",
        "year=%D9%A2%D9%A0%D9%A2%D9%A0",
        "year=99999999999",
        "page=%00",
        "theme=" + "&theme=x" * 500,
        "sort=sort_fr",
        "q=%25_%5C",
        "q=%ff%fe",
        "q=a&q=b",
    ],
)
@pytest.mark.parametrize("path", ["/fr/initiatives/", "/ar/cities/"])
def test_no_address_breaks_a_list(many, client, path, query):
    assert client.get(f"{path}?{query}").status_code == 200


def test_nothing_found_is_said_with_a_way_back(many, client):
    html = client.get(INITIATIVES, {"q": "introuvable"}).content.decode()
    assert "Aucune initiative ne correspond à ces critères." in html
    assert html.count(f'href="{INITIATIVES}"') >= 2


@thorough
def test_the_count_follows_the_grammar_of_arabic(db, client):
    city = factories.make_city()
    counts = []
    for number in range(1, 12):
        factories.make_initiative(city, slug=f"n-{number}")
        counts.append(re.search(r'class="count">\s*(.*?)\s*<', client.get("/ar/initiatives/").content.decode())[1])
    assert counts[:3] == ["مبادرة واحدة", "مبادرتان", "3 مبادرات"]
    assert counts[-1] == "11 مبادرة"


def test_only_choices_that_occur_are_offered_but_any_known_one_may_be_asked(many, client):
    response = client.get(INITIATIVES, {"sdg": "17"})
    filters = response.context["filter"].filters
    assert [option.row.slug for option in filters["theme"].options] == []
    assert [option.row.slug for option in filters["sdg"].options] == ["17"]
    assert not response.context["filter"].complaints
    assert response.context["page"].paginator.count == 0


@thorough
def test_an_item_has_one_address_and_those_with_filters_that_were_shared_before_open_the_same_page(many, client):
    listed = client.get("/fr/initiatives/?theme=literacy&page=2").content.decode()
    assert 'href="/fr/initiatives/n-18/"' in listed
    assert "n-18/?" not in listed
    page = client.get("/fr/initiatives/n-18/").content
    assert client.get("/fr/initiatives/n-18/?theme=literacy&page=2&utm_source=x&next=//evil").content == page
    assert b'<link rel="canonical" href="http://testserver/fr/initiatives/n-18/">' in page
    assert b'<a href="/fr/initiatives/" data-back>' in page


@thorough
@pytest.mark.parametrize(
    "letters", ["\ue000", "\ue001", "\ue000kept\ue001", "%", "%s", "%(kept)s", "{}", "{0}", "{{ x }}"]
)
def test_no_letter_of_a_text_means_anything_to_the_pages(client, db, letters):
    city = factories.make_city(slug="azrou", name_fr=f"Azrou {letters}", summary_fr=f"Ville {letters} {letters}")
    theme = Theme.objects.get(slug="literacy")
    theme.name_fr = f"Lire {letters}"
    theme.save()
    factories.make_initiative(city, slug="lire", title_fr=letters * 2, summary_fr=f"Lire {letters}", themes=[theme])
    for path in ("", "villes/", "villes/azrou/", "initiatives/", "initiatives/lire/", "initiatives/?q=lire"):
        for _visit in range(2):
            html = client.get(f"/fr/{path}").content.decode()
            assert html.count(escape(letters)) >= 2, path


def test_typed_words_are_shown_as_text(many, client):
    html = client.get(INITIATIVES, {"q": '"><script>x</script>'}).content.decode()
    assert "<script>x" not in html


@thorough
@pytest.mark.parametrize(
    "query", [{}, {"theme": "equity-and-inclusion", "year": "2020", "q": "ecole"}, {"country": "ma", "sort": "city"}]
)
@pytest.mark.parametrize("path", ["/fr/initiatives/", "/fr/villes/"])
def test_a_list_costs_the_same_with_three_rows_and_with_three_hundred(
    db, client, path, query, django_assert_num_queries
):
    terms = {"themes": Theme.objects.all()[:3], "sdgs": SDG.objects.all()[:3]}
    address = f"{path}?{urlencode(query)}"
    for number in range(3):
        city = factories.make_city(slug=f"c-{number}", also_known_as="École")
        factories.make_many(city, [number], start="2019", **terms)
    client.get(address)  # what is cached for this version of the content is made once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).context["page"].paginator.count == 3
    few = len(captured)
    factories.make_many(city, range(3, 300), start="2019", **terms)
    factories.make_many_cities(range(1000, 1300))
    client.get(address)
    with django_assert_num_queries(few):
        assert client.get(address).context["page"].paginator.count >= 3
    assert 0 < few <= 8


@pytest.mark.parametrize("year", ["02024", "020249999", "²024", "20 24", "1e3", "-2024"])
def test_a_year_that_is_none_is_named_and_changes_nothing(many, client, year):
    for path in ("/fr/initiatives/", "/fr/villes/"):
        response = client.get(path, {"year": year})
        assert response.status_code == 200
        assert response.context["filter"].errors


@thorough
def test_a_long_question_unfolds_many_choices_and_a_link_shows_all(many, client):
    cities = factories.make_many_cities(range(1, 71))
    for number, city in enumerate(cities, 100):
        factories.make_many(city, [number])
    page = client.get(INITIATIVES)
    choices = page.context["filter"].filters["city"]
    assert (len(choices.options), len(choices.promising)) == (60, 71)
    assert choices.whole_query == "whole=city"
    assert 'href="?whole=city"' in page.content.decode()

    whole = client.get(INITIATIVES, {"theme": "literacy", "whole": "city", "view": "map"})
    assert whole.context["filter"].query_string == "theme=literacy&whole=city&view=map"
    whole = client.get(INITIATIVES, {"whole": "city"})
    html = whole.content.decode()
    assert len(whole.context["filter"].filters["city"].options) == 71
    assert 'id="more-city" open' in html
    assert '<input type="hidden" name="whole" value="city"' in html
    assert '<meta name="robots" content="noindex' in html
    assert "whole=city&amp;page=2" in html


def test_a_question_that_is_none_is_named_and_the_list_stays(many, client):
    page = client.get(INITIATIVES, {"whole": "weather"})
    assert "« weather » n’est pas un filtre de cette liste." in page.content.decode()
    assert len(page.context["page"]) == 12
