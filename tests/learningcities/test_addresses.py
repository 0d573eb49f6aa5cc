"""Every public address, as the URL configuration has them: it answers, it refuses, no query string breaks it."""

import os
from collections import Counter

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.translation import override
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from learningcities.publishing.workflow.preview import Preview
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.addresses import ITEMS, queries
from tests.conftest import THOROUGH, make_person, thorough

#: Random query strings; a longer run is asked for by the environment.
EXAMPLES = int(os.environ.get("ADDRESS_EXAMPLES", 800 if THOROUGH else 150))
IS_LONG = EXAMPLES > 2000
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
    paths = []
    for language in LANGUAGES:
        with override(language):
            paths.append(reverse(name, kwargs=arguments))
    return list(dict.fromkeys(paths))


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


#: What every address is asked, besides all that is random.
WORST = "q=%00%ff&theme=%00&sort=%00&page=%00&format=&lang=&page_size=%00&year=%c2%b2024&view=map&at=%00&p=%00&v=%00"


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
