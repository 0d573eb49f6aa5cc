"""What a form or a file knows of is the number of the last act, whatever the clocks of the servers say."""

from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from cities.models import City
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import edit, live, section_at
from tests.forms import page_of as screen_of
from tests.spreadsheets.helpers import Edited, exported, tried

from .helpers import go_back, happened_to

LIST = "/admin/cities/city/"
MOMENT = datetime.fromisoformat("2026-11-30T16:08:07.281738+00:00")
#: The token of a form of commit da0cec9, opened at that moment, and a list that was exported a few seconds later.
FORM = "WyIyMDI2LTExLTMwVDE2OjA4OjA3LjI4MTczOCswMDowMCIse31d:1xY3vI:3EXt3Az3F6C4pd1GdYzqyYOqm6g4aHPq6fe2qGVI41s"
SHEET = Path(__file__).parent.parent / "upgrade/sheet-2026-11.xlsx"


def acts(row):
    return Change.objects.of(row).happened()


@pytest.fixture
def before(db, settings):
    """The city of that form and file, as it was then."""
    settings.SECRET_KEY = "only-for-test-on-one-machine"
    words = {"name_fr": "Ville d’avant", "summary_fr": "Le résumé d’avant"}
    city = factories.make_city("ville-d-avant", id=4711, uuid=UUID("0f0e0d0c-0b0a-4908-8706-050403020100"), **words)
    factories.make_figure(city, pk=UUID("1f0e0d0c-0b0a-4908-8706-050403020100"))
    Change.objects.update(created_at=MOMENT - timedelta(days=1))
    return city


@pytest.fixture
def author(before):
    person = make_person("author")
    before.editors.add(person)
    return logged_in(person)


@pytest.fixture
def changed_since(before, as_coordinator):
    """A coordinator has changed the text an hour after."""
    edit(as_coordinator, before, {"summary_fr": "Leur résumé"})
    act = acts(before).first()
    Change.objects.filter(pk=act.pk).update(created_at=MOMENT + timedelta(hours=1))
    return before


@thorough
@pytest.mark.parametrize(
    ("step", "names", "said"),
    [
        ("change", [], "rien n’en est enregistré"),
        ("section", ["brief"], "Ce formulaire ne peut plus être lu."),
    ],
)
def test_a_form_of_the_release_before_writes_nothing_and_its_author_reads_why(changed_since, author, step, names, said):
    """It had all fields; what was typed stays in the browser, which offers it as text."""
    address = screen_of(changed_since, step, *names)
    data = {"summary_fr": "Le résumé d’avant", "also_known_as": "Mon nom", "seen": FORM, "_save": "1"}
    answer = author.post(address, data, follow=True)
    assert answer.status_code == 200
    assert said in answer.text
    assert "saved_form" not in author.cookies, "the browser forgets nothing"
    assert not Change.objects.unfinished().exists()
    assert live(changed_since).summary_fr == "Leur résumé"


@thorough
def test_a_sheet_of_the_release_before_is_merged_by_its_time(changed_since, author):
    content = Edited(SHEET.read_bytes()).put("cities.city", 0, also_known_as="Mon nom").content
    (row,) = tried(author, LIST, content).right
    assert row.patch == {"also_known_as": ["", "Mon nom"]}


@thorough
def test_what_a_form_has_shown_is_no_news(before, author, as_coordinator):
    edit(as_coordinator, before, {"summary_fr": "Vu dans le formulaire"})
    Change.objects.update(created_at=MOMENT + timedelta(days=400))
    address, data = section_at(author, before, "brief")
    author.post(address, data | {"summary_fr": "Le mien"})
    assert Change.objects.unfinished().get().patch == {"summary_fr": ["Vu dans le formulaire", "Le mien"]}


@thorough
@pytest.mark.parametrize("behind", [timedelta(seconds=30), timedelta(days=400)])
def test_a_colleague_on_a_server_whose_clock_is_behind_loses_nothing_to_a_form(as_editor, as_coordinator, city, behind):
    address, data = section_at(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Leur résumé"})
    act = acts(city).first()
    Change.objects.filter(pk=act.pk).update(created_at=act.created_at - behind)
    as_editor.post(address, data | {"summary_ar": "ملخص"})
    assert Change.objects.unfinished().get().patch == {"summary_ar": ["", "ملخص"]}


@thorough
def test_nor_to_a_sheet(as_editor, as_coordinator, city):
    sheet = Edited(exported(as_editor, LIST))
    edit(as_coordinator, city, {"summary_fr": "Leur résumé"})
    Change.objects.filter(pk=acts(city).first().pk).update(created_at=MOMENT - timedelta(days=400))
    (row,) = tried(as_editor, LIST, sheet.put("cities.city", 0, also_known_as="Mon nom").content).right
    assert row.patch == {"also_known_as": ["", "Mon nom"]}


@thorough
def test_a_form_of_before_a_backup_was_brought_back_is_merged_by_what_it_showed(as_editor, as_coordinator, city):
    """The numbers of its last acts were given again, to other acts."""
    edit(as_coordinator, city, {"contact_office_fr": "Perdu avec la sauvegarde"})
    address, data = section_at(as_editor, city, "contact")
    Change.objects.filter(pk=acts(city).first().pk).delete()
    City._base_manager.filter(pk=city.pk).update(contact_office_fr="")
    edit(as_coordinator, city, {"website": "https://ville.example"})
    as_editor.post(address, data | {"contact_phone": "+212 5 22 00 00 00"})
    assert set(Change.objects.unfinished().get().patch) == {"contact_phone"}


# The numbers themselves


@thorough
def test_each_act_has_the_next_number_and_a_draft_has_none(as_editor, as_coordinator, city, other_city):
    edit(as_editor, city, {"summary_fr": "Brouillon"})
    edit(as_coordinator, other_city, {"summary_fr": "Un"})
    edit(as_coordinator, city, {"summary_ar": "ملخص"})
    newest = [acts(row).first().sequence for row in (other_city, city)]
    assert newest[1] == newest[0] + 1
    assert Change.objects.unfinished().get().sequence is None


@thorough
def test_the_acts_on_record_are_numbered_as_they_happened(as_coordinator, city, other_city):
    for words in ("Un", "Deux"):
        edit(as_coordinator, city, {"summary_fr": words})
    by_time = list(Change.objects.filter(state="applied").order_by("created_at", "id"))
    first = by_time.pop()
    long_ago = MOMENT - timedelta(days=4000)
    Change.objects.filter(pk=first.pk).update(created_at=long_ago, decided_at=long_ago)
    Change.objects.update(sequence=None)
    migration = import_module("learningcities.publishing.migrations.0014_sequence")
    migration.number(apps, SimpleNamespace(connection=connection))
    numbered = Change.objects.exclude(sequence=None).order_by("sequence")
    assert list(numbered) == [first, *by_time]


@thorough
def test_what_a_release_before_writes_meanwhile_is_news_and_numbered_by_the_next_act(as_editor, as_coordinator, city):
    address, data = section_at(as_editor, city, "brief")
    sheet = Edited(exported(as_editor, LIST))
    edit(as_coordinator, city, {"summary_fr": "Leur résumé"})
    act = acts(city).first()
    Change.objects.filter(pk=act.pk).update(sequence=None)
    (row,) = tried(as_editor, LIST, sheet.put("cities.city", 0, also_known_as="Mon nom").content).right
    assert row.patch == {"also_known_as": ["", "Mon nom"]}
    as_editor.post(address, data | {"cover_alternative_fr": "Une place"})
    assert set(Change.objects.unfinished().get().patch) == {"cover_alternative_fr"}
    edit(as_coordinator, city, {"summary_ar": "ملخص"})
    act.refresh_from_db()
    assert act.sequence + 1 == acts(city).first().sequence


@thorough
def test_a_record_whose_clocks_were_behind_is_shown_and_undone_in_its_order(as_coordinator, city):
    edit(as_coordinator, city, {"summary_fr": "Un"})
    edit(as_coordinator, city, {"summary_fr": "Deux"})
    last = acts(city).first()
    Change.objects.filter(pk=last.pk).update(created_at=MOMENT - timedelta(days=4000))
    assert acts(city).first() == last
    moments = [moment.row for moment in as_coordinator.get(happened_to(city)).context["moments"]]
    assert moments == list(acts(city).reverse())
    go_back(as_coordinator, "restore", last)
    assert Change.objects.unfinished().get().patch == {"summary_fr": ["Deux", "Un"]}
