"""A translator changes the texts in their languages and nothing else, whichever way it is sent."""

from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cities.models import Axis, City, CityFigure
from initiatives.models import Initiative
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import diff, snapshot
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.workflow.change import Change
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import edit, live, section_at
from tests.forms import page_of as screen_of

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


def forms_of(item):
    """The address of each small form of an item: {section: address}, of a part that of its first row."""
    found = {}
    for section in admin.site._registry[type(item)].sections:
        row = getattr(item, section.part).first() if section.part else None
        if row or not section.part:
            step = ["row", section.name, row.pk] if row else ["section", section.name]
            found[section.name] = screen_of(item, *step)
    return found


def fields_at(client, address):
    form = client.get(address).context["form"]
    return set(form.fields) if form else set()


def test_who_may_change_what(translator, editor, coordinator):
    coordinator.languages = ["ar"]
    assert forbidden_keys(translator, City, [*OWN, *OTHERS]) == OTHERS
    for person in (editor, coordinator, None):
        assert forbidden_keys(person, City, [*OWN, *OTHERS]) == []


@thorough
def test_the_forms_show_the_source_to_read_and_only_the_own_language_to_write(as_translator, as_editor, city, rows):
    city.motivation_fr = "<p>Pour <strong>apprendre</strong>.</p>"
    city.save()
    forms = {key: fields_at(as_translator, address) for key, address in forms_of(city).items()}
    assert {name.rpartition("_")[2] for fields in forms.values() for name in fields} == {"ar"}
    assert forms["brief"] == {"summary_ar", "cover_alternative_ar"}
    assert forms["figures"] >= {"label_ar", "source_ar"}
    page = as_translator.get(screen_of(city, "section", "motivation")).text
    assert "Pour <strong>apprendre</strong>" in page
    assert 'lang="fr" dir="ltr"' in page
    theirs = {key: fields_at(as_editor, address) for key, address in forms_of(city).items()}
    assert {"value", "label_fr", "label_ar"} <= theirs["figures"]
    assert {"summary_fr", "summary_ar", "cover"} <= theirs["brief"]


@thorough
def test_a_translator_is_offered_no_row_to_add_to_move_or_to_remove(as_translator, as_editor, city, rows):
    axis, figure = rows
    figures = screen_of(city, "section", "figures")
    for client, is_offered in ((as_translator, False), (as_editor, True)):
        page = client.get(screen_of(city, "row", "axes", axis.pk)).text + client.get(figures).text
        for offered in ('name="remove"', 'class="add-row"'):
            assert (offered in page) == is_offered
    before = snapshot(live(city))
    for data in ({"remove": figure.pk}, {"move": f"{figure.pk}:up"}, {"restore": figure.pk}):
        assert as_translator.post(figures, data).status_code == 403
    assert not Change.objects.unfinished().exists()
    assert snapshot(live(city)) == before
    assert as_editor.post(figures, {"remove": figure.pk}).status_code == 302
    assert Change.objects.unfinished().get().patch[f"figures:{figure.pk}"][1] is None


@thorough
def test_a_row_that_a_translator_makes_up_is_not_kept(as_translator, city, rows):
    address, made_up = screen_of(city, "section", "axes"), uuid4()
    data = section_at(as_translator, city, "axes", PatchKey("axes", made_up))[1]
    as_translator.post(f"{address}{made_up}/", data | {"title_ar": "جديد"})
    assert not any(str(made_up) in key for change in Change.objects.unfinished() for key in change.patch)
    assert city.axes.count() == 1


def test_what_is_posted_beyond_is_not_heard_and_is_named_and_nothing_is_cleared(as_translator, city, rows):
    axis, figure = rows
    City.objects.filter(pk=city.pk).update(note="Une note", summary_en="A town", latitude="33.5", longitude="-7.5")
    before = snapshot(live(city))
    forged = {"summary_fr": "Volé", "cover": "1"}
    answers = [
        edit(as_translator, city, {"summary_ar": "ملخص", **forged}, "_draft"),
        edit(as_translator, city, {"slug": "vole"}, "_draft"),
        edit(as_translator, city, {f"axes:{axis.pk}:title_ar": "محور", f"axes:{axis.pk}:title_fr": "Volé"}, "_draft"),
        edit(as_translator, city, {f"figures:{figure.pk}:value": "7"}, "_draft"),
    ]
    change = Change.objects.of(city).unfinished().get()
    assert change.patch == {"summary_ar": ["", "ملخص"], f"axes:{axis.pk}:title_ar": ["", "محور"]}
    assert snapshot(live(city)) == before
    assert as_translator.post(screen_of(city, "beside"), {"editors": "1"}).status_code == 403
    named = " ".join(map(said, answers))
    for name in ("Nom court dans l’adresse", "Résumé (français)", "Photo de couverture", "Chiffres"):
        assert name in named


@thorough
def test_a_row_that_is_not_public_yet_is_written_at_once_and_in_that_language_only(as_translator, as_editor, city):
    initiative = factories.make_initiative(city, public=False, title_ar="عنوان")
    before = snapshot(initiative)
    edit(as_translator, initiative, {"title_ar": "آخر", "title_fr": "Volé", "start": "1999"})
    after = snapshot(Initiative.objects.get(pk=initiative.pk))
    assert diff(before, after) == {"title_ar": ["عنوان", "آخر"]}
    edit(as_editor, initiative, {"title_fr": "Par l’éditeur"})
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
    assert "العربيّة" in as_translator.get(screen_of(city, "change")).text
    edit(as_translator, city, {"vision_title_ar": "رؤية"}, "_send")
    change.refresh_from_db()
    assert change.patch == {"summary_ar": ["", "ملخص"], "vision_title_ar": ["", "رؤية"]}
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
    panel = screen_of(row, "send")
    assert panel not in as_translator.get(screen_of(row, "change")).text
    assert "العربيّة" in said(as_translator.post(panel, {"when": "now"}))
    assert snapshot(Initiative.objects.get(pk=row.pk)) == before
    assert not Change.objects.unfinished().exists()
    edit(as_editor, row, {}, "_send")
    assert Change.objects.waiting().exists()
    assert [as_editor.post(address, {"post": "yes"}).status_code for address in addresses] == [302, 302]
    assert CityFigure.objects.count() == 0


def test_a_translator_opens_an_initiative_that_was_checked_on_a_day(as_translator, city):
    initiative = factories.make_initiative(city, checked_on="2026-10-05")
    pages = [
        as_translator.get(address) for address in (*forms_of(initiative).values(), screen_of(initiative, "change"))
    ]
    assert {page.status_code for page in pages} == {200}
    assert "5 octobre 2026" in " ".join(page.text for page in pages)
