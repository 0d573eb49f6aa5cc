"""A migration renames fields and a part: what was stored under the old names goes on in the new ones.

What is stored today is first told in made-up earlier names, as a release before would have stored it, then upgraded.
"""

import json
from datetime import timedelta
from functools import cache

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from cities.models import City, CityFigure
from learningcities.care.models import Mention
from learningcities.publishing.models import Change, Comment, Translations
from learningcities.publishing.upgrades.renaming import rename_field, rename_part
from tests import factories
from tests.forms import edit, live
from tests.forms import page_of as screen_of
from tests.spreadsheets.helpers import Edited, exported, tried

from .helpers import BOARD, DUE, TYPED, draft_of, go_back, page_of, write

CITIES = "/admin/cities/city/"
RENAMED = [
    rename_field("cities", "city", "lead", "summary"),
    rename_field("cities", "city", "homepage", "website"),
    rename_field("cities", "city", "amount", "value", part="numbers"),
    rename_field("cities", "city", "origin", "source", part="numbers"),
    rename_part("cities", "city", "numbers", "figures"),
]
#: The parts of stored keys that the release before didn't know.
NEW = ('"summary_', '"website"', "figures:", ':value"', ':source_fr"', '"value"', '"source_fr"')


@pytest.fixture
def figure(city):
    return factories.make_figure(city)


@cache
def state():
    return MigrationLoader(None).project_state()


def stored():
    models = {Change: ["patch"], Translations: ["sources", "missing", "stale"], Mention: ["key"], Comment: ["key"]}
    return [list(model.objects.order_by("pk").values_list("pk", *columns)) for model, columns in models.items()]


def upgrade(*models):
    """Bring all that is stored from the earlier names to those of today; what these models store has some."""
    today, editor = stored(), connection.schema_editor()
    for step in reversed(RENAMED):
        step.database_backwards("cities", editor, state(), state())
    for model, before, now in zip((Change, Translations, Mention, Comment), stored(), today, strict=True):
        assert not any(name in json.dumps(before) for name in NEW), before
        assert model not in models or before != now
    for step in RENAMED:
        step.database_forwards("cities", editor, state(), state())
    assert stored() == today, "the way back is the same way"


def board_of(client):
    return client.get(BOARD, {"kind": "cities.city"}).content.decode().split('id="result_list"')[1]


def test_a_draft_opens_and_is_sent_and_applied(as_editor, as_coordinator, city, figure):
    value, added = f"figures:{figure.pk}:value", {"figures:new:value": "7", "figures:new:label_fr": "Écoles"}
    added |= {"figures:new:year": "2024", "figures:new:source_fr": "HCP"}
    edit(as_editor, city, {"summary_fr": "Une ébauche", value: "1500", **added}, "_save")
    upgrade(Change)
    response = as_editor.get(screen_of(city, "section", "brief"))
    assert response.context["form"]["summary_fr"].value() == "Une ébauche"
    response = as_editor.get(screen_of(city, "row", "figures", figure.pk))
    assert response.context["form"]["value"].value() == 1500
    edit(as_editor, city, {"summary_ar": "مسودة"}, "_send")
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert (live(city).summary_fr, live(city).summary_ar) == ("Une ébauche", "مسودة")
    assert {(row.label_fr, row.value) for row in city.figures.all()} == {("Habitants", 1500), ("Écoles", 7)}


def test_a_scheduled_change_comes_at_its_time(as_editor, as_coordinator, city, client, at):
    edit(as_editor, city, {"summary_fr": "Le résumé de demain"}, "_send")
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "schedule", "due": TYPED})
    upgrade(Change)
    at(DUE + timedelta(minutes=1))
    assert "Le résumé de demain" in client.get(city.get_absolute_url()).content.decode()
    assert Change.objects.get(author__username="editor").state == "applied"


def test_a_change_is_undone_and_a_removed_row_comes_back(as_editor, as_coordinator, city, figure):
    before, key = city.summary_fr, f"figures:{figure.pk}"
    change = write(city, summary_fr="Faute")
    write(city, website="https://example.org")
    CityFigure.objects.get().delete()
    removal = Change.objects.of(city).happened().first()
    upgrade(Change)
    go_back(as_editor, "undo", change)
    assert draft_of(city) == {"summary_fr": before}
    go_back(as_editor, "undo", removal)
    row = draft_of(city)[key]
    assert (row["value"], row["source_fr"], row["year"]) == ("1000.00", "HCP", 2024)


def test_an_earlier_state_is_restored(as_editor, city, figure):
    before, value = city.summary_fr, f"figures:{figure.pk}:value"
    write(city, also_known_as="Nom")
    change = write(city, summary_fr="Faute", website="https://example.org")
    figure.value = 5
    figure.save()
    upgrade(Change)
    go_back(as_editor, "restore", change)
    assert draft_of(city) == {"summary_fr": before, "website": "", value: "1000.00"}


def test_a_remark_stays_at_its_field(as_editor, editor, city, figure):
    comment = Comment.write(city, editor, "Qui le dit ?", key=f"figures:{figure.pk}:value")
    upgrade(Comment)
    comment.refresh_from_db()
    assert comment.key == f"figures:{figure.pk}:value"


def test_the_board_of_translations_says_the_same(as_coordinator, city, figure):
    write(city, summary_ar="ملخص", summary_en="")
    write(city, summary_fr="Une ville qui lit.")
    figure.source_en = "HCP, census"
    figure.save()
    board = board_of(as_coordinator)
    upgrade(Change, Translations)
    assert board_of(as_coordinator) == board
    row = Translations.objects.of(city)
    again = Translations.objects.from_record(city)
    assert (row.sources, row.missing, row.stale) == (again.sources, again.missing, again.stale)
    assert f"figures:{figure.pk}:source_ar" in row.missing
    assert "summary_ar" in row.stale


def test_links_stand_where_they_are_written(city, figure):
    write(city, website="https://example.org")
    figure.source_url = "https://example.org/source"
    figure.save()
    upgrade(Mention)
    before = stored()
    Mention.objects.collect()
    assert stored() == before


def test_what_is_stored_of_other_models_keeps_its_names(city):
    others = [factories.make_place(city), factories.make_initiative(city)]
    for other in others:
        write(other, website="https://example.org")
    before = [list(Change.objects.of(other).values_list("patch", flat=True)) for other in others]
    for step in reversed(RENAMED):
        step.database_backwards("cities", connection.schema_editor(), state(), state())
    assert [list(Change.objects.of(other).values_list("patch", flat=True)) for other in others] == before


@pytest.mark.parametrize("names", [{"summary": "lead", "website": "homepage"}, {"cities.city": "places.town"}])
def test_a_file_with_earlier_headings_is_read(as_editor, city, monkeypatch, names):
    file = Edited(exported(as_editor, CITIES)).put(City._meta.label_lower, 0, summary_fr="Du fichier", website="b.org")
    for cell in file.sheet(City._meta.label_lower)[1]:
        stem, end, language = str(cell.value).rpartition("_")
        cell.value = names.get(cell.value) or (f"{names[stem]}{end}{language}" if stem in names else cell.value)
    former = {old: new for new, old in names.items()}
    monkeypatch.setattr(City, "former_names", former, raising=False)
    (row,) = tried(as_editor, CITIES, file.content).right
    assert {key: after for key, (_before, after) in row.patch.items()} == {
        "summary_fr": "Du fichier",
        "website": "https://b.org",
    }


def test_an_earlier_heading_is_no_other_field_of_today(as_editor, city, monkeypatch):
    monkeypatch.setattr(City, "former_names", {"website": "also_known_as"}, raising=False)
    label = City._meta.label_lower
    file = (
        Edited(exported(as_editor, CITIES)).put(label, 0, website="https://b.org").drop_column(label, "also_known_as")
    )
    (row,) = tried(as_editor, CITIES, file.content).right
    assert row.patch == {"website": ["", "https://b.org"]}
