"""A translator changes the texts in their languages and nothing else, whichever way it is sent."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cities.models import Axis, City, CityFigure
from initiatives.models import Initiative
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.snapshot import diff, snapshot
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.workflow.change import Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import form_of, live, save

from .helpers import go_back, page_of

#: What a translator into Arabic may and may not change: texts, codes, relations, dates, rows of parts.
OWN = ["summary_ar", "axes:1:title_ar", "figures:1:source_ar"]
OTHERS = [
    "summary_fr",
    "slug",
    "region",
    "cover",
    "note",
    "public_from",
    "public_until",
    "figures:1:value",
    "figures:1",
]


@pytest.fixture
def translator(city):
    person = make_person("translator", languages=["ar"])
    city.editors.add(person)
    return person


@pytest.fixture
def as_translator(translator):
    return logged_in(translator)


@pytest.fixture
def rows(city):
    axis = Axis.objects.create(city=city, title_fr="Axe", position=1)
    return axis, factories.make_figure(city, label_fr="Habitants")


def said(response):
    return " ".join(map(str, get_messages(response.wsgi_request)))


def test_who_may_change_what(translator, editor, coordinator):
    coordinator.languages = ["ar"]
    assert forbidden_keys(translator, City, [*OWN, *OTHERS]) == OTHERS
    for person in (editor, coordinator, None):
        assert forbidden_keys(person, City, [*OWN, *OTHERS]) == []


@thorough
def test_the_form_shows_the_source_to_read_and_only_the_own_language_to_write(as_translator, as_editor, city, rows):
    City.objects.filter(pk=city.pk).update(motivation_fr="<p>Pour <strong>apprendre</strong>.</p>")
    response = as_translator.get(form_of(city))
    form = response.context["adminform"].form
    assert {name.rpartition("_")[2] for name in form.fields} <= {"ar", "comment", "due"}
    page = response.content.decode()
    assert "Pour <strong>apprendre</strong>" in page
    assert 'lang="fr" dir="ltr"' in page
    assert "figures-0-label_ar" in page
    for name in ("figures-0-value", "figures-0-label_fr", "figures-0-DELETE", "figures-__prefix__-value"):
        assert name not in page
    assert "figures-0-value" in as_editor.get(form_of(city)).content.decode()


def test_what_is_posted_beyond_is_not_heard_and_is_named_and_nothing_is_cleared(as_translator, city, rows):
    axis, _figure = rows
    City.objects.filter(pk=city.pk).update(note="Une note", summary_en="A town", latitude="33.5", longitude="-7.5")
    before = snapshot(live(city))
    forged = {
        "slug": "vole",
        "summary_fr": "Volé",
        "figures-0-value": "7",
        "figures-0-DELETE": "on",
        "axes-TOTAL_FORMS": "2",
        "axes-1-title_ar": "جديد",
        "editors": "1",
    }
    response = save(as_translator, city, summary_ar="ملخص", **{"axes-0-title_ar": "محور", **forged})
    change = Change.objects.of(city).unfinished().get()
    assert change.patch == {"summary_ar": ["", "ملخص"], f"axes:{axis.pk}:title_ar": ["", "محور"]}
    assert snapshot(live(city)) == before
    assert "Nom court dans l’adresse" in said(response)


@thorough
def test_a_row_that_is_not_public_yet_is_written_at_once_and_in_that_language_only(as_translator, as_editor, city):
    initiative = factories.make_initiative(city, public=False, title_ar="عنوان")
    before = snapshot(initiative)
    save(as_translator, initiative, title_ar="آخر", title_fr="Volé", start="1999")
    after = snapshot(Initiative.objects.get(pk=initiative.pk))
    assert diff(before, after) == {"title_ar": ["عنوان", "آخر"]}
    save(as_editor, initiative, title_fr="Par l’éditeur")
    assert Initiative.objects.get(pk=initiative.pk).title_fr == "Par l’éditeur"


def test_no_way_past_the_form_writes_more(translator, editor, city):
    patch = {"summary_fr": [city.summary_fr, "Volé"]}
    with pytest.raises(PermissionDenied, match="العربيّة"):
        Change.save_draft(city, translator, patch)
    city.summary_fr = "Volé"
    with acting(translator), pytest.raises(PermissionDenied):
        city.save()
    assert live(city).summary_fr != "Volé"
    Change.save_draft(city, editor, patch)
    with acting(editor):
        city.save()
    assert live(city).summary_fr == "Volé"


@thorough
def test_a_draft_from_before_keeps_the_words_of_the_own_language(as_translator, as_coordinator, translator, city):
    translator.languages = []
    patch = {"summary_fr": [city.summary_fr, "Ancien"], "summary_ar": ["", "ملخص"]}
    change = Change.propose(city, translator, patch)
    response = as_coordinator.post(page_of(change), {"step": "apply"})
    assert "العربيّة" in said(response), "the coordinator hears why it can't be applied"
    assert live(city).summary_fr != "Ancien"
    response = save(as_translator, city)
    change.refresh_from_db()
    assert change.patch == {"summary_ar": ["", "ملخص"]}
    as_coordinator.post(page_of(change), {"step": "apply"})
    assert live(city).summary_ar == "ملخص"


def test_undo_and_restore_bring_back_the_own_language_and_name_the_rest(as_translator, as_editor, city):
    city.summary_fr, city.summary_ar = "Deuxième", "ثان"
    city.save()
    change = Change.objects.of(city).happened().first()
    response = go_back(as_translator, "undo", change)
    assert Change.objects.unfinished().get().patch == {"summary_ar": ["ثان", ""]}
    assert "العربيّة" in said(response)
    go_back(as_editor, "undo", change)
    assert "summary_fr" in Change.objects.unfinished().get(author__username="editor").patch


@thorough
def test_a_translator_adds_copies_bins_and_publishes_nothing(as_translator, as_editor, city):
    row = factories.make_initiative(city, public=False)
    before = snapshot(row)
    assert as_translator.get(reverse("admin:initiatives_initiative_add")).status_code == 403
    addresses = [reverse(f"admin:initiatives_initiative_{step}", args=[row.pk]) for step in ("duplicate", "delete")]
    for address in addresses:
        assert as_translator.post(address, {"post": "yes"}).status_code == 403
    data = {"action": "bin_selected", "_selected_action": [row.pk]}
    as_translator.post(reverse("admin:initiatives_initiative_changelist"), data)
    assert "العربيّة" in said(save(as_translator, row, _ask="1"))
    assert snapshot(Initiative.objects.get(pk=row.pk)) == before
    assert not Change.objects.unfinished().exists()
    save(as_editor, row, _ask="1")
    assert Change.objects.waiting().exists()
    assert [as_editor.post(address, {"post": "yes"}).status_code for address in addresses] == [302, 302]
    assert CityFigure.objects.count() == 0


def test_a_translator_opens_an_initiative_that_was_checked_on_a_day(as_translator, city):
    initiative = factories.make_initiative(city, checked_on="2026-10-05")
    page = as_translator.get(form_of(initiative))
    assert page.status_code == 200
    assert "5 octobre 2026" in page.text
