"""Every public address, as the URL configuration has them: it answers, it refuses, no query string breaks it."""

import os
from collections import Counter
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.translation import override
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from cities.filters import CityFilter
from initiatives.filters import InitiativeFilter
from learningcities.listing.exports.formats import FORMATS
from learningcities.publishing.workflow.preview import Preview
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.conftest import THOROUGH, make_person, thorough

#: Random query strings; a longer run is asked for by the environment.
EXAMPLES = int(os.environ.get("ADDRESS_EXAMPLES", 800 if THOROUGH else 150))
IS_LONG = EXAMPLES > 2000
#: The arguments of addresses that have some: of what is there, and of what is not or not public.
ITEMS = {
    "cities:detail": ({"slug": "benguerir"}, {"slug": "draft"}),
    "initiatives:detail": ({"slug": "n-01"}, {"slug": "draft"}),
    "page": ({"slug": "about"}, {"slug": "draft"}),
    "addresses": ({"section": "cities"}, {"section": "none"}),
    "icon": ({"name": "star-192"}, {"name": "none"}),
    "share": ({"kind": "city", "slug": "benguerir"}, {"kind": "city", "slug": "draft"}),
    "media": ({"name": "{photo}"}, {"name": "../settings.py"}),
    "preview": ({"token": "{preview}", "language": "fr"}, {"token": "made-up", "language": "fr"}),
    **{
        f"api:{name}-detail": ({"slug": slug}, {"slug": "draft"})
        for name, slug in {
            "cities": "benguerir",
            "initiatives": "n-01",
            "places": "a-place",
            "themes": "literacy",
            "sdgs": "4",
            "key-features": "culture-of-learning",
            "audiences": "women",
            "place-kinds": "library",
            "countries": "ma",
            "regions": "a-region",
            "indicators": "population",
        }.items()
    },
}
#: The query strings that an address without arguments refuses; the others refuse only what is sent to them.
REFUSED = {
    "cities:list": "format=exe",
    "initiatives:list": "format=csv&theme=nonsense",
    "reports:report": "page=//example.org/",
    "reports:thanks": "page=https://example.org/",
    "sitemap": "section=none&p=99",
    "api:openapi": "lang=de",
}

#: Addresses that read most of a query are asked more often, those that answer fast most of all.
OFTEN = {
    "cities:list": 1,
    "initiatives:list": 1,
    "search": 3,
    "proposals": 5,
    "api:cities-list": 8,
    "api:initiatives-list": 3,
}

pytestmark = pytest.mark.django_db


def public(resolver, spaces=()):
    """(name, names of its arguments) of every address but the admin's."""
    for entry in resolver.url_patterns:
        if not isinstance(entry, URLResolver):
            yield ":".join([*spaces, entry.name]), frozenset(entry.pattern.converters)
        elif str(entry.pattern) != "admin/":
            yield from public(entry, [*spaces, entry.namespace] if entry.namespace else spaces)


ADDRESSES = dict(public(get_resolver()))


@pytest.fixture(scope="module")
def made(module_db):
    """A little of everything; the names of a photo and of a preview, which nobody could guess."""
    city = factories.make_city(slug="benguerir", name_ar="بنجرير", latitude="32.24088", longitude="-7.95397")
    factories.make_city(slug="draft", public=False)
    factories.make_place(city)
    factories.make_many(city, range(1, 15), start="2019")
    factories.make_initiative(city, slug="draft", public=False)
    factories.make_page(slug="about")
    factories.make_page(slug="draft", public=False)
    moved = factories.make_city(slug="moved")
    moved.slug = "moved-on"
    moved.save()
    preview = Preview.objects.create(item=city, author=make_person("author"), pages={"fr": "<h1>Aperçu</h1>"})
    return {"photo": factories.make_photo(city).file.name, "preview": preview.link_token}


def paths_of(name, arguments):
    """The address in every language, or once where it is of none."""
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(reverse(name, kwargs=arguments))
    return list(dict.fromkeys(found))


def existing(name, made):
    arguments, _missing = ITEMS.get(name, ({}, {}))
    return {key: value.format(**made) for key, value in arguments.items()}


def test_every_public_address_is_known_here():
    assert {name for name, arguments in ADDRESSES.items() if arguments} == set(ITEMS)
    assert set(REFUSED) <= set(ADDRESSES)
    assert len(ADDRESSES) > 35


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_answers_and_refuses(made, name):
    client = Client(enforce_csrf_checks=True)
    for path in paths_of(name, existing(name, made)):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert answer.getvalue(), path
        if name in REFUSED:
            assert client.get(f"{path}?{REFUSED[name]}").status_code in (400, 404), path
        elif name not in ITEMS:
            assert client.post(path, {"q": "x"}).status_code in (403, 405), path
    if name in ITEMS:
        for path in paths_of(name, ITEMS[name][1]):
            assert client.get(path).status_code == 404, path


#: Parameters that addresses know, each with values that mean something.
KNOWN = {
    **{name: ["literacy"] for name in [*CityFilter.names(), *InitiativeFilter.names()]},
    "q": ["ecole", "ville bengrir", "العيون", "l'", "a" * 300],
    "city": ["benguerir", "draft"],
    "country": ["ma"],
    "region": ["a-region"],
    "theme": ["literacy", "equity-and-inclusion"],
    "sdg": ["4", "17"],
    "audience": ["women"],
    "key_feature": ["culture-of-learning"],
    "status": ["planned", "under-way"],
    "year": ["2019", "1900", "2200"],
    "sort": ["recent", "title", "city", "name"],
    "view": ["map", "list"],
    "at": ["benguerir"],
    "page": ["1", "2", "99", "last", "/fr/villes/benguerir/"],
    "page_size": ["1", "100"],
    "format": [*FORMATS, "api"],
    "lang": LANGUAGES,
    "kind": ["city", "initiative", "page", "learningplace"],
    "section": ["cities"],
    "p": ["1", "2"],
    "v": ["abc"],
    "next": ["//example.org"],
}
HOSTILE = [
    *["", " ", "\0", "\r\nSet-Cookie: a=b", "'", '"><script>', "' OR 1=1 --", "%", "_", "\\", "*", "../../etc/passwd"],
    *["-1", "0", "1e9", "0x10", "٢٠٢٤", "²", "9" * 40, "-0", "NaN", "1.5", "None", "{}", "[]", "{{ x }}", "$(id)"],
    *["\u202e", "\ufeff", "ﷺ", "İ", "ß", "e\u0301" * 50, "😀", "~", "~a", "و", "ال", "\U0010ffff", "\ud7ff", "//"],
]
#: Pieces that are no pairs, or not in UTF-8.
BROKEN = ["", "=", "&", "%", "%zz", "%ff%fe=%ff", "q=%c3", "q", "=q", "q[]=1", "q=1;page=2", "q=%ed%a0%80", "é"]
#: What every address is asked, besides all that is random.
WORST = "q=%00%ff&theme=%00&sort=%00&page=%00&format=&lang=&page_size=%00&year=%c2%b2024&view=map&at=%00&p=%00&v=%00"

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.one_of(*[st.sampled_from(sorted(KNOWN))] * 4, text)
hostile = st.one_of(st.sampled_from(HOSTILE), text)


@st.composite
def pairs(draw):
    name = draw(names)
    value = draw(st.one_of(st.sampled_from(KNOWN.get(name, ["x"])), hostile))
    return f"{quote_plus(name)}={quote_plus(value)}"


queries = st.lists(st.one_of(*[pairs()] * 4, st.sampled_from(BROKEN)), min_size=1, max_size=5).map("&".join)


def asked_paths(made):
    """Every address in every language, and what is missing or has moved."""
    paths = [path for name in ADDRESSES for path in paths_of(name, existing(name, made))]
    paths += [paths_of(name, missing)[0] for name, (_known, missing) in ITEMS.items()]
    return [*paths, "/fr/villes/moved/", "/api/v1/cities/moved/"]


@thorough
def test_no_query_string_breaks_an_address(made, record_property):
    client, every = Client(), asked_paths(made)
    often = [path for name, times in OFTEN.items() for path in paths_of(name, {}) * times]
    asked, statuses = Counter(), Counter()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not IS_LONG)
    @given(st.sampled_from([*every, *often]), queries, st.booleans())
    def locks(path, query, is_part):
        # An error of the view is raised here, and shown with the query that makes it.
        note(f"{path}?{query}")
        response = client.get(path, QUERY_STRING=query, headers={"HX-Request": "true"} if is_part else {})
        response.getvalue()
        assert response.status_code < 500
        asked[path] += 1
        statuses[response.status_code] += 1

    for path in every:
        locks = example(path, WORST, False)(locks)
    locks()
    assert set(asked) == set(every)
    record_property("random query strings", f"{sum(asked.values())}, answered with {dict(sorted(statuses.items()))}")
