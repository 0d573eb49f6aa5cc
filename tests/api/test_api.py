"""What holds for every address under /api/v1/."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.http import urlencode

from cities.models import SDG
from initiatives.models import Theme
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.conftest import thorough

LISTS = """
    cities initiatives places themes sdgs key-features audiences place-kinds countries regions indicators
""".split()  # noqa: SIM905 - a list of words reads better than a list of quotes
CITIES, INITIATIVES = "/api/v1/cities/", "/api/v1/initiatives/"


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def content(module_db):
    """A published city with all kinds of rows, and a draft of everything."""
    city = factories.make_city(slug="benguerir", name_fr="Benguerir", name_ar="ابن جرير", name_en="")
    factories.make_place(city, slug="library")
    factories.make_many(city, range(1, 26), themes=Theme.objects.filter(slug="literacy"), start="2019")
    factories.make_many(city, range(26, 31), sdgs=SDG.objects.filter(number=4))
    factories.make_place(city, slug="draft-place", public=False)
    factories.make_initiative(city, slug="draft-initiative", title_fr="Secret", public=False)
    draft = factories.make_city(slug="draft-city", region=factories.make_region("draft-region"), public=False)
    factories.make_initiative(draft, slug="too-early")
    return city


@pytest.fixture
def ask(content, client):
    def answer(address, status=200, **options):
        response = client.get(address, **options)
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/json"
        return response.json()

    return answer


def slugs(answer):
    return [row["slug"] for row in answer["results"]]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_leads_to_its_rows(ask, name):
    rows = ask(f"/api/v1/{name}/")["results"]
    assert rows or name == "indicators"
    for row in rows[:2]:
        whole = ask(f"/api/v1/{name}/{row['slug']}/")
        assert whole.items() >= row.items()
    ask(f"/api/v1/{name}/no-such-row/", 404)


@pytest.mark.parametrize("name", LISTS)
def test_drafts_are_nowhere(ask, name):
    text = json.dumps(ask(f"/api/v1/{name}/", data={"page_size": "100"}), ensure_ascii=False)
    for secret in ("draft-", "too-early", "Secret"):
        assert secret not in text


@pytest.mark.parametrize("path", ["cities/draft-city", "initiatives/draft-initiative", "initiatives/too-early"])
def test_a_draft_is_not_there(ask, path):
    ask(f"/api/v1/{path}/", 404)
    ask("/api/v1/places/draft-place/", 404)
    ask("/api/v1/regions/draft-region/", 404)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=ecole",
        "theme=literacy",
        "sdg=4&sdg=17&sort=title",
        "year=2020&country=ma",
        "city=benguerir&sort=city",
        "status=under-way&theme=literacy&q=ecole",
    ],
)
def test_a_list_finds_what_its_page_finds_in_the_same_order(ask, client, query):
    page = client.get(f"/fr/initiatives/?{query}").context["filter"].answer
    answer = ask(f"{INITIATIVES}?{query}&page_size=100")
    assert slugs(answer) == [row.slug for row in page[:100]]
    assert answer["count"] == len(page)


@pytest.mark.parametrize("query", ["", "theme=literacy", "sdg=17", "q=benguerir", "region=a-region&sort=recent"])
def test_so_do_the_cities(ask, client, query):
    page = client.get(f"/fr/villes/?{query}").context["filter"].answer
    assert slugs(ask(f"{CITIES}?{query}")) == [row.slug for row in page[:20]]


def test_pages_follow_each_other_and_keep_what_was_asked(ask):
    first = ask(f"{INITIATIVES}?sort=title&theme=literacy&page_size=10&lang=ar")
    assert first["count"] == 25
    assert first["previous"] is None
    assert first["next"] == f"http://testserver{INITIATIVES}?theme=literacy&sort=title&page_size=10&lang=ar&page=2"
    found_slugs, answer = slugs(first), first
    while answer["next"]:
        answer = ask(answer["next"])
        found_slugs += slugs(answer)
    assert len(found_slugs) == len(set(found_slugs)) == 25
    assert answer["previous"].endswith("page=2")


def test_a_page_has_twenty_rows_unless_fewer_or_more_are_asked_for(ask):
    assert len(ask(INITIATIVES)["results"]) == 20
    assert len(ask(f"{INITIATIVES}?page_size=100")["results"]) == 30
    assert len(ask(f"{INITIATIVES}?page_size=7&page=5")["results"]) == 2


def test_an_empty_list_is_an_answer(ask):
    assert ask(f"{INITIATIVES}?q=introuvable") == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize("page", ["3", "0", "-1", "x", "²", "1_0", "9" * 5000])
def test_a_page_that_is_none_is_not_found(ask, page):
    assert ask(f"{INITIATIVES}?page={page}&lang=en", 404) == {"detail": "The list has no page with this number."}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("theme", "nonsense"),
        ("sdg", "99"),
        ("year", "soon"),
        ("city", "draft-city"),
        ("sort", "random"),
        ("q", "\0"),
        ("q", "a" * 500),
        ("lang", "xx"),
        ("lang", ""),
        ("page_size", "101"),
        ("page_size", "²"),
        ("page_size", "-1"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(ask, parameter, value):
    errors = ask(f"{INITIATIVES}?{urlencode({parameter: value})}", 400)["errors"]
    assert list(errors) == [parameter]
    assert all(errors[parameter])


def test_every_wrong_parameter_is_named(ask):
    errors = ask(f"{CITIES}?theme=a&theme=b&sdg=99&sort=c&lang=en", 400)["errors"]
    assert set(errors) == {"theme", "sdg", "sort"}
    listed = "All values are listed at http://testserver/en/api/v1/#parameters"
    assert errors["theme"] == [f"“{value}” is not a choice we know for “Theme”. {listed}" for value in "ab"]
    assert errors["sort"] == ["“c” is not a choice we know for “Order”. Known values: name, recent."]


def test_a_refusal_speaks_the_language_of_who_asks(ask, client):
    assert "Thème" in ask(f"{CITIES}?theme=x", 400)["errors"]["theme"][0]
    assert "Theme" in ask(f"{CITIES}?theme=x", 400, headers={"accept-language": "en"})["errors"]["theme"][0]
    assert "الموضوع" in ask(f"{CITIES}?theme=x&lang=ar", 400, headers={"accept-language": "en"})["errors"]["theme"][0]


def test_empty_parameters_are_left_alone(ask):
    assert ask(f"{CITIES}?theme=&q=&sort=&page=&page_size=") == ask(CITIES)


@pytest.mark.parametrize("path", [CITIES, "/api/v1/sdgs/", f"{CITIES}benguerir/", "/api/v1/openapi.json"])
@pytest.mark.parametrize("name", ["contry", "utm_source", "_", "format", "Lang"])
def test_a_parameter_that_is_none_is_refused_and_named(ask, path, name):
    errors = ask(f"{path}?{name}=kr&lang=en", 400)["errors"]
    assert list(errors) == [name]
    assert errors[name][0].startswith(f"“{name}” is not a parameter here. Known parameters: ")
    assert "lang" in errors[name][0]


def test_only_lists_have_the_parameters_of_lists(ask):
    for path, name in ((f"{CITIES}benguerir/", "theme"), (f"{CITIES}benguerir/", "page"), ("/api/v1/sdgs/", "q")):
        assert list(ask(f"{path}?{name}=x", 400)["errors"]) == [name]
    assert ask(f"{CITIES}?country=ma&page=1&page_size=5&sort=name&view=map")["count"]


def test_texts_come_in_all_languages_with_null_for_what_is_not_written(ask):
    assert ask(f"{CITIES}benguerir/")["name"] == {"fr": "Benguerir", "ar": "ابن جرير", "en": None}


def test_or_in_one_language_that_says_which_it_is(ask):
    assert ask(f"{CITIES}benguerir/?lang=ar")["name"] == {"text": "ابن جرير", "lang": "ar"}
    assert ask(f"{CITIES}benguerir/?lang=en")["name"] == {"text": "Benguerir", "lang": "fr"}
    assert ask(f"{CITIES}benguerir/?lang=en")["vision"] is None
    assert ask(f"{INITIATIVES}?lang=en")["results"][0]["city"]["name"] == {"text": "Benguerir", "lang": "fr"}


def test_the_answer_never_depends_on_the_browser(content, client):
    for address in (f"{INITIATIVES}?sort=title", f"{CITIES}benguerir/", "/api/v1/openapi.json"):
        french, arabic = (client.get(address, headers={"accept-language": code}) for code in ("fr", "ar"))
        assert french.content == arabic.content
    assert client.get(CITIES)["Content-Language"] == ", ".join(LANGUAGES)
    assert client.get(f"{CITIES}?lang=ar")["Content-Language"] == "ar"


def test_an_item_names_its_page_in_every_language(ask, client):
    addresses = ask(f"{CITIES}benguerir/")["url"]
    assert set(addresses) == set(LANGUAGES)
    for language, address in addresses.items():
        assert f'<html lang="{language}"' in client.get(address).content.decode()


def test_a_renamed_item_has_moved_for_good(ask, client):
    city = factories.make_city(slug="old-name")
    city.slug = "new-name"
    city.save()
    response = client.get(f"{CITIES}old-name/?lang=ar")
    assert response.status_code == 301
    assert response["Location"] == f"http://testserver{CITIES}new-name/?lang=ar"
    assert ask(response["Location"])["slug"] == "new-name"
    city.withdraw()
    ask(f"{CITIES}old-name/", 410)


def test_a_withdrawn_city_is_gone_and_takes_its_initiatives_along(content, ask):
    assert ask(INITIATIVES)["count"] == 30
    content.withdraw()
    assert ask(f"{CITIES}benguerir/?lang=en", 410) == {"detail": "It was public once and has been taken off the site."}
    ask(f"{INITIATIVES}n-01/", 410)
    ask("/api/v1/places/library/", 410)
    for name in ("cities", "initiatives", "places", "countries", "regions"):
        assert ask(f"/api/v1/{name}/")["count"] == 0


@pytest.mark.parametrize("path", ["nothing/", "cities/a/b/", "cities/%00/", "sdgs/4.5/", "openapi.json/", "../v2/"])
def test_an_address_that_is_none_is_refused_in_json(ask, path):
    assert ask(f"/api/v1/{path}", 404, headers={"accept-language": "en"})["detail"].startswith("The address may be")


def test_a_missing_slash_is_forgiven(content, client):
    response = client.get("/api/v1/cities?theme=literacy")
    assert response.status_code == 301
    assert response["Location"] == f"{CITIES}?theme=literacy"


@pytest.mark.parametrize("path", [CITIES, f"{CITIES}benguerir/", "/api/v1/themes/", "/api/v1/openapi.json"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(content, path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path, {}, content_type="application/json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["detail"]


@pytest.mark.parametrize("path", [CITIES, f"{CITIES}benguerir/", f"{CITIES}?theme=x", "/api/v1/x/", "/api/v1/themes/"])
def test_pages_of_any_site_may_read_and_nobody_gets_a_cookie(content, path):
    for method in ("get", "head", "options", "post"):
        response = getattr(Client(), method)(path, headers={"origin": "https://example.org"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_a_browser_may_ask_beforehand(content, client):
    response = client.options(CITIES)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert not response.content


def test_head_says_what_get_would_say(content, client):
    head, get = client.head(CITIES), client.get(CITIES)
    assert head.status_code == 200
    assert not head.content
    assert head["Content-Length"] == get["Content-Length"]


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "text/csv;q=0.9", "nonsense"])
def test_the_answer_is_json_whatever_is_accepted(ask, accepted):
    ask(CITIES, headers={"accept": accepted})


def test_a_mistake_of_ours_is_json_too(content, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("learningcities.api.views.RowViewSet.get_queryset", broken)
    response = Client(raise_request_exception=False).get("/api/v1/themes/")
    assert response.status_code == 500
    assert response.json()["detail"]
    assert response["Access-Control-Allow-Origin"] == "*"


@thorough
def test_the_document_is_valid_and_made_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_the_document_describes_every_list_and_the_parameters_of_its_page(ask):
    document = ask("/api/v1/openapi.json")
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {f"/api/v1/{name}/{row}" for name in LISTS for row in ("", "{slug}/")}
    names = [parameter["name"] for parameter in document["paths"][INITIATIVES]["get"]["parameters"]]
    parameters = "q country region city theme audience sdg key_feature status year sort page page_size lang"
    assert names == parameters.split()


def test_the_document_speaks_the_language_that_is_asked_for(ask):
    def summary(code):
        return ask(f"/api/v1/openapi.json?lang={code}")["paths"][CITIES]["get"]["summary"]

    assert (summary("fr"), summary("ar"), summary("en")) == ("Villes", "المدن", "Cities")
