"""The index of the database: made again when it is lost, and never needed for a right answer."""

import pytest
from django.core.management import call_command
from django.db import connection

from cities.models import City
from initiatives.models import Initiative
from learningcities.publishing.version import content_version
from learningcities.search import database
from learningcities.search.database import EVENTS, INDEX, has_trigrams
from learningcities.search.models import Entry
from learningcities.search.signals import prepare
from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own index by itself")


@pytest.fixture
def city(db):
    return factories.make_city(slug="azrou", name_fr="Azrou", summary_fr="Une ville.")


def slugs(client, words="bibliotheques"):
    return sorted(item.slug for item in client.get("/fr/initiatives/", {"q": words}).context["page"])


def execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'search_entry'")
        return sorted(name for (name,) in cursor.fetchall())


def test_a_row_without_an_entry_is_not_found_until_the_next_migration(city, client):
    Initiative.objects.bulk_create(
        [
            Initiative(
                city=city, slug="bulk", title_fr="Bibliothèque", status_on="2024", public_from=content_version.moment()
            )
        ]
    )
    content_version.ContentVersion.bump()
    assert slugs(client) == []
    prepare()
    content_version.ContentVersion.bump()
    assert slugs(client) == ["bulk"]
    assert Initiative.objects.get(slug="bulk").sort_fr == "bibliotheque"


@thorough
def test_a_migration_prepares_the_index_of_every_kind(city, client):
    factories.make_initiative(city, title_fr="Bibliothèque")
    Entry.objects.all().delete()
    call_command("migrate", verbosity=0)
    content_version.ContentVersion.bump()
    assert slugs(client) == ["an-initiative"]
    assert Entry.objects.of_kind(City).count() == 1


def test_an_entry_goes_with_its_row(city):
    initiative = factories.make_initiative(city)
    assert Entry.objects.of_kind(Initiative).filter(object_id=initiative.pk).count() == 1
    initiative.delete()
    assert not Entry.objects.of_kind(Initiative).exists()
    assert Entry.objects.of_kind(City).count() == 1


@thorough
@only_sqlite
@pytest.mark.parametrize("event", EVENTS)
def test_a_lost_trigger_is_made_again_and_the_index_with_it(city, client, event):
    older = factories.make_initiative(city, "kept", title_fr="Bibliothèque")
    gone = factories.make_initiative(city, "gone", title_fr="Bibliothèques")
    execute(f"DROP TRIGGER {INDEX}_{event}")
    factories.make_initiative(city, "new", title_fr="Bibliothèque neuve")
    older.title_fr = "Une bibliothèque"
    older.save()
    gone.delete()
    prepare()
    assert triggers() == sorted(f"{INDEX}_{name}" for name in EVENTS)
    assert slugs(client) == ["kept", "new"]
    factories.make_initiative(city, "newer", title_fr="Bibliothèque")
    assert slugs(client) == ["kept", "new", "newer"]
    execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - no value


@only_sqlite
def test_a_lost_index_is_made_again(city, client):
    factories.make_initiative(city, title_fr="Bibliothèque")
    execute(f"DROP TABLE {INDEX}")
    prepare()
    assert has_trigrams("default")
    assert slugs(client) == ["an-initiative"]


@pytest.mark.parametrize("words", ["bibliotheques", "فن", "azrou", "%", '"', "biblio* OR x", "nulle part"])
def test_without_trigrams_the_answers_are_the_same(city, client, monkeypatch, words):
    factories.make_initiative(city, "library", title_fr="Bibliothèque", title_ar="فن")
    factories.make_initiative(city, "other", title_fr="Autre")
    with_index = slugs(client, words)
    monkeypatch.setattr(database, "has_trigrams", lambda using: False)
    assert slugs(client, words) == with_index


@only_sqlite
def test_a_database_that_knows_no_trigrams_is_prepared_without_them(city, client, monkeypatch):
    factories.make_initiative(city, title_fr="Bibliothèque")
    execute(*(f"DROP TRIGGER {INDEX}_{event}" for event in EVENTS), f"DROP TABLE {INDEX}")
    statements = "CREATE VIRTUAL TABLE x USING no_such_module"
    monkeypatch.setattr(database, "sqlite_statements", lambda cursor: [statements])
    prepare()
    assert not has_trigrams("default")
    assert slugs(client) == ["an-initiative"]
    monkeypatch.undo()
    prepare()
    assert has_trigrams("default")
