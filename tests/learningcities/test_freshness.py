"""What is computed once for all visits is never old and never changed by one of them."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pyroaring import AbstractBitMap, FrozenBitMap

from cities.models import SDG
from initiatives.filters import Spans
from initiatives.models import Audience, Theme
from learningcities.facets.facet_index import FacetIndex, Order
from learningcities.publishing.version import content_version, version_cache
from tests import factories
from tests.conftest import thorough

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def literacy():
    return Theme.objects.get(slug="literacy")


@pytest.fixture
def city():
    return factories.make_city(slug="tinghir", name_fr="Tinghir")


@pytest.fixture
def initiative(city, literacy):
    """Public, and the only one of its theme; another one is always there."""
    factories.make_initiative(city, slug="another", title_fr="Lecture")
    return factories.make_initiative(city, slug="zellige", title_fr="Zellige partagé", themes=[literacy])


@pytest.fixture
def after(monkeypatch):
    """Let some hours pass."""

    def pass_by(hours):
        now = timezone.now() + hours * HOUR
        monkeypatch.setattr(content_version, "moment", lambda: now)

    return pass_by


def places(client, word="zellige"):
    """{where visitors and programs could meet the initiative: whether they do}."""
    initiatives, cities, home = client.get("/fr/initiatives/"), client.get("/fr/villes/"), client.get("/fr/").context
    file = json.loads(client.get("/fr/initiatives/?theme=literacy&format=json").getvalue())
    return {
        "its page": client.get("/fr/initiatives/zellige/").status_code == 200,
        "the list": "zellige" in rows_of(initiatives),
        "the number of all": initiatives.context["page"].paginator.count == 2,
        "the count beside its theme": counts(initiatives) == {"literacy": 1},
        "the list of its theme": rows_of(client.get("/fr/initiatives/?theme=literacy")) == ["zellige"],
        "the words of the list": rows_of(client.get("/fr/initiatives/", {"q": word})) == ["zellige"],
        "the cities of its theme": rows_of(client.get("/fr/villes/?theme=literacy")) == ["tinghir"],
        "the count of these cities": counts(cities) == {"literacy": 1},
        "the search": found(client, word) == ["zellige"],
        "the proposals": b"zellige/" in client.get("/fr/recherche/propositions/", {"q": word}).content,
        "the newest on the home page": "zellige" in slugs(filter(None, [home["told"], *home["initiatives"]])),
        "the themes of the home page": slugs(home["ways"]["theme"]) == ["literacy"],
        "the figures of the home page": home["counts"]["initiatives"] == 2,
        "the file": file["count"] == len(file["results"]) == 1,
        "the API": client.get("/api/v1/initiatives/?theme=literacy").json()["count"] == 1,
        "the sitemap": b"/fr/initiatives/zellige/" in client.get("/sitemap.xml").content,
    }


def missed(client, **options):
    """Where the initiative should be and isn't."""
    return {place for place, is_shown in places(client, **options).items() if not is_shown}


def met(client, **options):
    """Where it is and shouldn't be."""
    return {place for place, is_shown in places(client, **options).items() if is_shown}


def rows_of(response):
    return slugs(response.context["page"])


def slugs(rows):
    return [row.slug for row in rows]


def counts(response):
    return {option.row.slug: option.count for option in response.context["filter"].filters["theme"].options}


def found(client, word):
    return [row.slug for kind in client.get("/fr/recherche/", {"q": word}).context["kinds"] for row in kind.rows]


@thorough
def test_what_is_published_is_everywhere_at_once_and_what_is_withdrawn_nowhere(initiative, client):
    assert not missed(client)
    initiative.withdraw()
    assert not met(client)
    initiative.publish()
    assert not missed(client)


@thorough
def test_what_is_in_the_bin_is_nowhere_and_comes_back_when_it_is_published(initiative, client):
    assert not missed(client)
    initiative.move_to_bin()
    assert not met(client)
    initiative.take_out_of_bin()
    initiative.publish()
    assert not missed(client)


@thorough
def test_what_is_scheduled_comes_and_goes_by_itself(initiative, client, after):
    initiative.set_dates(public_from=timezone.now() + HOUR, public_until=timezone.now() + 3 * HOUR)
    assert not met(client)
    after(0.9)
    assert not met(client)
    after(1.1)
    assert not missed(client)
    after(2.9)
    assert not missed(client)
    after(3.1)
    assert not met(client)


@thorough
def test_an_initiative_goes_and_comes_back_with_its_city(city, initiative, client):
    assert not missed(client)
    city.withdraw()
    assert not met(client)
    assert not rows_of(client.get("/fr/villes/"))
    assert client.get("/fr/").context["counts"] == {"cities": 0, "initiatives": 0, "places": 0}
    city.publish()
    assert not missed(client)


@thorough
def test_an_edited_title_is_found_by_its_new_words_only(initiative, client):
    assert not missed(client)
    initiative.title_fr = "Mosaïque"
    initiative.save()
    assert not missed(client, word="mosaique")
    assert met(client, word="zellige").isdisjoint({"the words of the list", "the search", "the proposals"})


@thorough
def test_an_initiative_that_leaves_a_theme_is_no_longer_counted_there(initiative, client):
    assert not missed(client)
    initiative.themes.clear()
    assert missed(client) == {place for place in places(client) if "theme" in place} | {
        "the count of these cities",
        "the file",
        "the API",
    }


@thorough
def test_a_renamed_theme_has_its_new_name_everywhere_and_finds_what_it_did(initiative, literacy, client):
    assert not missed(client)
    assert found(client, "alphabetisation") == ["zellige"]
    literacy.name_fr = "Savoirs de base"
    literacy.save()
    assert not missed(client)
    assert (found(client, "alphabetisation"), found(client, "savoirs")) == ([], ["zellige"])
    for address in ("/fr/initiatives/?theme=literacy", "/fr/villes/", "/fr/", "/fr/initiatives/?format=csv"):
        page = client.get(address).getvalue().decode()
        assert "Savoirs de base" in page, address
        assert "Alphabétisation" not in page, address
    assert client.get("/api/v1/themes/literacy/").json()["name"]["fr"] == "Savoirs de base"


@thorough
def test_a_renamed_city_has_its_new_name_everywhere(city, initiative, client):
    assert "Tinghir" in client.get("/fr/initiatives/").content.decode()
    city.name_fr = "Tinerhir"
    city.save()
    for address in ("/fr/initiatives/?city=tinghir", "/fr/villes/", "/fr/", "/fr/villes/?format=csv"):
        page = client.get(address).getvalue().decode()
        assert "Tinerhir" in page, address
        assert "Tinghir" not in page, address
    assert found(client, "tinerhir") == ["tinghir", "zellige", "another"]
    assert not found(client, "tinghir")


@thorough
def test_a_write_that_is_undone_changes_nothing_even_if_someone_looked(initiative, client):
    assert not missed(client)
    with transaction.atomic():
        initiative.withdraw()
        assert not met(client)
        transaction.set_rollback(True)
    assert not missed(client)


WALK = [
    *["/fr/", "/fr/initiatives/", "/fr/villes/", "/ar/cities/?sort=recent", "/fr/initiatives/?sort=city"],
    *["/fr/initiatives/?city=tinghir&theme=literacy", "/fr/villes/?country=ma&region=a-region&city=tinghir&q=tinghir"],
    *["/fr/villes/?theme=literacy&sdg=4&status=under-way&year=2020", "/fr/villes/?year=2050&year=1950&audience=women"],
    *["/fr/initiatives/?year=2050&q=zellige", "/fr/initiatives/?view=map", "/fr/villes/?view=map&theme=literacy"],
    *["/fr/recherche/?q=zellige", "/fr/recherche/?q=zelige", "/fr/recherche/propositions/?q=ze", "/fr/donnees/"],
    *["/fr/initiatives/?format=csv&theme=literacy", "/fr/villes/?format=geojson", "/fr/initiatives/?q=rien"],
    *["/api/v1/initiatives/?theme=literacy&city=tinghir", "/api/v1/cities/?sdg=4&q=tinghir", "/sitemap.xml"],
]


@thorough
def test_no_visit_changes_what_all_of_them_share(initiative, client):
    initiative.sdgs.set(SDG.objects.filter(number=4))
    initiative.audiences.set(Audience.objects.filter(slug="women"))
    walk(client)
    store = version_cache._caches[content_version.ContentVersion.current()]
    before = {name: told(value) for name, value in store.items()}
    assert len(before) > 20
    walk(client)
    assert {name: told(store[name]) for name in before} == before


def walk(client):
    for address in WALK:
        response = client.get(address)
        assert response.status_code == 200, address
        response.getvalue()


def told(value):
    """All that is in a value that is kept, in a form that nobody shares."""
    if isinstance(value, AbstractBitMap):
        assert isinstance(value, FrozenBitMap)
        return frozenset(value)
    if isinstance(value, dict):
        return [(key, told(one)) for key, one in value.items()]
    if isinstance(value, (list, tuple, set)):
        return [told(one) for one in value]
    if isinstance(value, (FacetIndex, Order, Spans)):
        return told(vars(value))
    return repr(value)
