"""A file that comes back: what it asks for, what is wrong with it, and that nothing is written before one says so."""

from string import ascii_uppercase

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cities.models import Axis, City, CityFigure, LearningPlace
from initiatives.models import Initiative, Partner, Theme
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough

from .helpers import Edited, errors, exported, make, send, tried

INITIATIVES, CITIES = "/admin/initiatives/initiative/", "/admin/cities/city/"
MAIN, PARTNERS, FIGURES = "initiatives.initiative", "initiatives.partner", "cities.cityfigure"


@pytest.fixture
def initiative(city):
    return factories.make_initiative(city, summary_ar="ملخص", website="https://example.org")


@pytest.fixture
def file(as_editor, initiative):
    return Edited(exported(as_editor, INITIATIVES))


@thorough
def test_a_trial_shows_the_difference_and_writes_nothing(as_editor, initiative, file):
    before = Change.objects.count()
    response = send(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Un projet pour lire.").content)
    assert "<ins>" in response.text
    assert "lire." in response.text
    assert Change.objects.count() == before
    initiative.refresh_from_db()
    assert initiative.summary_fr == "Un projet pour apprendre."


@thorough
def test_an_empty_cell_empties_and_a_missing_column_leaves(as_editor, file):
    trial = tried(as_editor, INITIATIVES, file.put(MAIN, 0, website=None).drop_column(MAIN, "summary_ar").content)
    assert trial.right[0].patch == {"website": ["https://example.org", ""]}


@thorough
def test_an_error_names_the_cell_the_reason_and_what_to_write(as_editor, file):
    file.put(MAIN, 0, status="presque", checked_on="demain", start="2020-13", city=None, website="=1+1")
    sentences = {sentence for _cell, sentence in errors(tried(as_editor, INITIATIVES, file.content))}
    assert len(sentences) == 5
    letter = file.sheet(MAIN).cell(1, file.columns(MAIN)["status"]).column_letter
    status = next(s for cell, s in errors(tried(as_editor, INITIATIVES, file.content)) if cell == f"{letter}3")
    assert "presque" in status
    assert "en cours" in status
    assert "en place" in status


@thorough
@pytest.mark.parametrize("written", ["en place", "established", "EN PLACE"])
def test_what_stands_is_said_by_its_word_or_its_value(as_editor, file, written):
    trial = tried(as_editor, INITIATIVES, file.put(MAIN, 0, status=written).content)
    assert trial.right[0].patch == {"status": ["under-way", "established"]}


@thorough
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 234,5", "1234.50"),
        ("١٢٣٤٫٥", "1234.50"),
        ("1.234,50", "1234.50"),
        (1234.5, "1234.50"),
        ("1,234.5", "1234.50"),
    ],
)
def test_numbers_are_read_as_people_write_them(as_editor, city, written, value):
    factories.make_figure(city)
    file = Edited(exported(as_editor, CITIES)).put(FIGURES, 0, value=written)
    (row,) = tried(as_editor, CITIES, file.content).right
    assert [after for key, (_before, after) in row.patch.items() if key.endswith(":value")] == [value]


@thorough
@pytest.mark.parametrize("written", ["1,234", "beaucoup", "12,345678", "1e999", True])
def test_a_number_that_may_mean_two_or_none_is_refused(as_editor, city, written):
    factories.make_figure(city)
    file = Edited(exported(as_editor, CITIES)).put(FIGURES, 0, value=written)
    assert len(errors(tried(as_editor, CITIES, file.content))) == 1


@thorough
def test_days_are_read_in_any_digits(as_editor, initiative, file):
    file.put(MAIN, 0, checked_on="٢٣/٠٩/٢٠٢٤", start=2021, end="09/2022")
    patch = tried(as_editor, INITIATIVES, file.content).right[0].patch
    assert {key: after for key, (_before, after) in patch.items()} == {
        "checked_on": "2024-09-23",
        "start": "2021",
        "end": "2022-09",
    }


@thorough
def test_relations_are_named_in_any_language_and_spelling(as_editor, file):
    first, second = Theme.objects.all()[:2]
    file.put(MAIN, 0, themes=f"{first.name_ar} | {second.name_fr.upper()}")
    assert tried(as_editor, INITIATIVES, file.content).right[0].patch["themes"][1] == sorted([first.pk, second.pk])


@thorough
def test_an_unknown_name_is_met_with_the_nearest_and_an_ambiguous_one_with_its_candidates(as_editor, city, file):
    theme = Theme.objects.first()
    for slug in ("a-library", "b-library"):
        factories.make_place(city, slug)
    file.put(MAIN, 0, themes=f"{theme.name_fr}es", places="Bibliotheque")
    unknown, ambiguous = (sentence for _cell, sentence in errors(tried(as_editor, INITIATIVES, file.content)))
    assert theme.name_fr in unknown
    assert "a-library" in ambiguous
    assert "b-library" in ambiguous


@thorough
def test_a_name_that_several_cities_have_means_the_own_citys(as_coordinator, city, other_city, file):
    own = factories.make_place(city, "own-library")
    factories.make_place(other_city, "other-library")
    Axis.objects.create(city=other_city, title_fr="Axe d’ailleurs")
    (row,) = tried(as_coordinator, INITIATIVES, file.put(MAIN, 0, places="Bibliothèque").content).right
    assert row.patch["places"] == [[], [own.pk]]
    assert errors(tried(as_coordinator, INITIATIVES, file.put(MAIN, 0, axes="Axe d’ailleurs").content))


def test_an_editor_changes_their_own_rows_and_no_others(as_editor, as_coordinator, city, other_city, initiative):
    other = factories.make_initiative(other_city, "theirs", title_fr="À eux")
    file = Edited(exported(as_coordinator, INITIATIVES))
    for row in range(2):
        file.put(MAIN, row, summary_fr="Changé.")
    trial = tried(as_editor, INITIATIVES, file.content)
    assert [row.item for row in trial.right] == [initiative]
    assert len(trial.wrong) == 1
    batch = make(as_editor, INITIATIVES, file.content)
    assert [change.item for change in batch.changes.all()] == [initiative]
    # Neither may a row be given to another city.
    row = file.row_of(MAIN, "slug", initiative.slug)
    mine = Edited(exported(as_editor, INITIATIVES)).put(MAIN, 0, city=file.get(MAIN, row, "city"))
    assert errors(tried(as_editor, INITIATIVES, mine.put(MAIN, 0, city=str(other.city)).content))


@thorough
def test_a_column_that_is_not_the_editors_is_left_out_and_named(as_editor, as_coordinator, city):
    factories.make_page()
    assert as_editor.get("/admin/pages/page/import/").status_code == 403
    file = Edited(exported(as_editor, CITIES))
    file.sheet("cities.city").cell(1, 99, "public_from")
    file.sheet("cities.city").cell(3, 99, "2020")
    trial = tried(as_editor, CITIES, file.content)
    assert trial.same == 1
    assert trial.notes


@thorough
def test_parts_are_changed_added_and_removed(as_editor, initiative):
    kept, gone = (Partner.objects.create(initiative=initiative, name_fr=name) for name in ("Une", "Deux"))
    file = Edited(exported(as_editor, INITIATIVES))
    file.put(PARTNERS, file.row_of(PARTNERS, "name_fr", "Une"), role_fr="Accueil")
    file.put(PARTNERS, file.row_of(PARTNERS, "name_fr", "Deux"), remove="نعم")
    file.put(PARTNERS, 2, item=initiative.slug, name_fr="Trois")
    (row,) = tried(as_editor, INITIATIVES, file.content).right
    assert row.patch[f"partners:{kept.pk}:role_fr"] == ["", "Accueil"]
    assert row.patch[f"partners:{gone.pk}"][1] is None
    added = [after for before, after in row.patch.values() if before is None]
    assert [values["name_fr"] for values in added] == ["Trois"]
    # A row of a part that the file doesn't show stays.
    file.sheet(PARTNERS).delete_rows(3, 10)
    assert tried(as_editor, INITIATIVES, file.content).same == 1


def test_what_a_colleague_changed_since_is_kept_and_what_both_changed_is_told(as_editor, initiative, file):
    initiative.summary_fr, initiative.title_ar = "Vu par un autre.", "عنوان"
    initiative.save()
    (row,) = tried(as_editor, INITIATIVES, file.put(MAIN, 0, website="https://example.com").content).right
    assert set(row.patch) == {"website"}
    ((_cell, sentence),) = errors(tried(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Le mien.").content))
    assert "Vu par un autre." in sentence


@thorough
def test_a_figure_that_a_colleague_removed_since_does_not_come_back(as_editor, city):
    figure = factories.make_figure(city)
    file = Edited(exported(as_editor, CITIES))
    figure.delete()
    assert tried(as_editor, CITIES, file.content).same == 1
    assert errors(tried(as_editor, CITIES, file.put(FIGURES, 0, value=5).content))


@thorough
def test_a_draft_that_one_has_already_is_not_lost(as_editor, editor, initiative, file):
    draft = Change.save_draft(initiative, editor, {"summary_fr": [initiative.summary_fr, "Mon brouillon."]})
    make(as_editor, INITIATIVES, file.put(MAIN, 0, website="").content)
    draft.refresh_from_db()
    assert draft.patch["summary_fr"][1] == "Mon brouillon."
    assert errors(tried(as_editor, INITIATIVES, file.put(MAIN, 0, summary_fr="Le fichier.").content))


@thorough
def test_what_the_model_refuses_is_told_by_row(as_editor, initiative, file):
    file.put(MAIN, 0, title_fr="x" * 200, slug="Pas Bon", start="2022", end="2020")
    assert len(errors(tried(as_editor, INITIATIVES, file.content))) >= 3


@thorough
def test_an_editor_adds_initiatives_of_their_city_and_no_city(as_editor, as_coordinator, city, file):
    file.put(MAIN, 1, title_fr="Écoles ouvertes", city="ville a SOI", context_fr="Un\nDeux & trois")
    file.put(MAIN, 1, summary_fr="Un projet.", status_on="2024")
    file.put(PARTNERS, 0, item="ecoles-ouvertes", name_fr="Association")
    file.put(MAIN, 1, slug="ecoles-ouvertes")
    batch = make(as_editor, INITIATIVES, file.content)
    new = Initiative.objects.get(slug="ecoles-ouvertes")
    assert new.public_from is None
    assert new.context_fr == "<p>Un</p><p>Deux &amp; trois</p>"
    assert new.partners.get().name == "Association"
    assert [change.item for change in batch.changes.all()] == [new]
    cities = Edited(exported(as_editor, CITIES)).put("cities.city", 1, name_fr="Nouvelle", region="Région")
    cities.put("cities.city", 1, summary_fr="Une ville.")
    assert errors(tried(as_editor, CITIES, cities.content))
    make(as_coordinator, CITIES, cities.content)
    assert City.objects.get(slug="nouvelle").public_from is None


def test_new_cities_of_a_file_get_the_colours_that_fewest_have_and_one_that_says_its_colour_keeps_it(as_coordinator):
    factories.make_city("taken", colour="azure")
    file, label = Edited(exported(as_coordinator, CITIES)), "cities.city"
    for number in range(1, 12):
        file.put(label, number, name_fr=f"Nouvelle {number}", region="Région", summary_fr="Une ville.")
    file.put(label, 12, name_fr="Rose", region="Région", summary_fr="Une ville.", colour="rose")
    make(as_coordinator, CITIES, file.content)
    colours = dict(City.objects.filter(slug__startswith="nouvelle").values_list("slug", "colour"))
    assert len(set(colours.values())) == len(City.Colour)
    assert list(colours.values()).count("azure") == 1
    assert City.objects.get(slug="rose").colour == "rose"


@thorough
def test_a_new_row_without_what_it_needs_is_refused(as_editor, file):
    file.put(MAIN, 1, title_fr="Sans ville").put(MAIN, 2, summary_fr="Sans titre", city="Ville à soi")
    cells = [cell for cell, _sentence in errors(tried(as_editor, INITIATIVES, file.content))]
    assert {cell.lstrip(ascii_uppercase) for cell in cells} == {"4", "5"}
    file.drop_column(MAIN, "city")
    assert errors(tried(as_editor, INITIATIVES, file.content))


@thorough
def test_two_rows_of_a_file_can_not_ask_for_the_same(as_editor, initiative, file):
    whole = {"city": "Ville à soi", "slug": "une", "summary_fr": "Un projet.", "status_on": "2024"}
    file.put(MAIN, 1, title_fr="Une", **whole).put(MAIN, 2, title_fr="Deux", **whole)
    file.put(MAIN, 3, **{name: file.get(MAIN, 0, name) for name in (MAIN, "title_fr")})
    assert len(errors(tried(as_editor, INITIATIVES, file.content))) == 2


@thorough
def test_a_vocabulary_is_changed_in_a_batch_and_gains_no_row(as_coordinator):
    address, label = "/admin/initiatives/theme/", "initiatives.theme"
    file = Edited(exported(as_coordinator, address)).put(label, 0, name_en="Changed")
    batch = make(as_coordinator, address, file.content)
    as_coordinator.post(f"/admin/publishing/batch/{batch.pk}/change/", {"step": "apply"})
    assert Theme.objects.filter(name_en="Changed").exists()
    assert errors(tried(as_coordinator, address, file.put(label, 50, name_fr="Neuf", slug="neuf").content))


@thorough
def test_a_file_is_tried_by_whoever_sent_it(as_editor, file, other_city):
    address = send(as_editor, INITIATIVES, file.put(MAIN, 0, website="").content).redirect_chain[-1][0]
    colleague = make_person("colleague")
    other_city.editors.add(colleague)
    assert logged_in(colleague).get(address).status_code == 404
    assert as_editor.post(address, {"discard": "yes"}).status_code == 302
    assert as_editor.get(address).status_code == 404


def cost(client, content):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert send(client, INITIATIVES, content).context["dry_run"].right
    return len(queries)


@thorough
def test_a_trial_costs_a_query_for_each_row_that_changes_and_none_for_the_others(as_coordinator, city):
    factories.make_many(city, range(2))
    file = Edited(exported(as_coordinator, INITIATIVES)).put(MAIN, 0, title_ar="عنوان")
    send(as_coordinator, INITIATIVES, file.content)
    few = cost(as_coordinator, file.content)
    factories.make_many(city, range(10, 40))
    file = Edited(exported(as_coordinator, INITIATIVES)).put(MAIN, 0, title_ar="عنوان")
    send(as_coordinator, INITIATIVES, file.content)
    assert cost(as_coordinator, file.content) == few
    for row in range(10):
        file.put(MAIN, row, title_ar="عنوان")
    # Twice: once when it is sent, once when it is shown.
    assert cost(as_coordinator, file.content) == few + 2 * 9


@thorough
def test_places_are_exported_and_changed_like_any_list(as_editor, city):
    place = factories.make_place(city, capacity=20, year=2020, source_fr="HCP")
    address, label = "/admin/cities/learningplace/", "cities.learningplace"
    file = Edited(exported(as_editor, address)).put(label, 0, capacity="١٢٠")
    assert tried(as_editor, address, file.content).right[0].patch == {"capacity": [20, 120]}
    assert LearningPlace.objects.get(pk=place.pk).capacity == 20
    assert errors(tried(as_editor, address, file.put(label, 0, source_fr=None).content))
    assert CityFigure.objects.count() == 0


@thorough
def test_a_translator_changes_the_texts_of_their_languages_alone(as_editor, editor, initiative, file):
    type(editor).objects.filter(pk=editor.pk).update(languages=["ar"])
    Partner.objects.create(initiative=initiative, name_fr="Une")
    trial = tried(as_editor, INITIATIVES, file.put(MAIN, 0, summary_ar="كلمات", summary_fr="Des mots.").content)
    assert [set(row.patch) for row in trial.right] == [{"summary_ar"}]
    assert trial.notes
    file = Edited(exported(as_editor, INITIATIVES))
    assert "summary_fr" not in file.columns(MAIN)
    assert errors(tried(as_editor, INITIATIVES, file.put(PARTNERS, 0, remove="oui").content))
