"""An OpenAPI checker asks what the document says can be asked, and what it says can't."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, assume, given, settings

from cities.models import SDG
from initiatives.models import Theme
from learningcities.wsgi import application
from tests import factories

schemathesis = pytest.importorskip("schemathesis")

from schemathesis import GenerationMode  # noqa: E402

pytestmark = pytest.mark.django_db
#: What the document calls a slug, with values that are known here: else every answer were a refusal.
KNOWN = {
    "city": ["benguerir"],
    "country": ["ma"],
    "region": ["a-region"],
    "theme": ["literacy", "equity-and-inclusion"],
    "audience": ["women"],
    "sdg": ["4", "17"],
    "key_feature": ["culture-of-learning"],
    "status": ["planned", "under-way", "established", "completed"],
    "year": ["2019", "2024"],
    "slug": ["benguerir", "n-01", "a-place", "literacy", "4", "ma", "a-region", "moved"],
}


@pytest.fixture(scope="module")
def one_connection(module_db):
    """A request's end would close the connection, and with it undo the rows that are made once."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(one_connection):
    city = factories.make_city(slug="benguerir", latitude="32.24088", longitude="-7.95397")
    factories.make_place(city)
    factories.make_figure(city, value="12.50", source_url="https://example.org/")
    city.recognitions.create(kind="member", date="2020-09", title_fr="Membre", source_fr="Article")
    factories.make_many(city, range(1, 31), themes=Theme.objects.all()[:2], sdgs=SDG.objects.all()[:4], start="2019-05")
    moved = factories.make_city(slug="moved")
    moved.slug = "moved-on"
    moved.save()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for path in schema.raw_schema["paths"].values():
        for parameter in path["get"]["parameters"]:
            if values := KNOWN.get(parameter["name"]):
                parameter["schema"] = known(parameter["schema"], values)
    return schema


def known(schema, values):
    if schema["type"] == "array":
        return {"type": "array", "items": {"type": "string", "enum": values}}
    return {"type": "string", "enum": values}


def asks_for_nothing(query):
    """An empty value is no value, as in the address of a page; the checker would have it refused."""
    values = [each for value in (query or {}).values() for each in (value if isinstance(value, list) else [value])]
    return any(value in ("", None, [], {}) for value in values)


def paths():
    lists = "cities initiatives places themes sdgs key-features audiences place-kinds countries regions indicators"
    return [f"/api/v1/{name}/{row}" for name in lists.split() for row in ("", "{slug}/")]


# The checker's own parametrize() needs an older pytest.
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("path", paths())
def test_no_question_breaks_the_api_and_every_answer_is_as_described(described, path, mode):
    operation = described[path]["GET"]

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def check(case):
        assume(not asks_for_nothing(case.query))
        # Without a socket nothing between the site and the checker unpacks what is compressed.
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    check()


def test_every_address_of_the_document_is_checked(described):
    assert set(described.raw_schema["paths"]) == set(paths())
