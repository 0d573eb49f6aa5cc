"""The translation board follows the record: what is missing, what is behind its source, what someone found right."""

import pytest
from django.urls import reverse

from learningcities.publishing.models import Change, Translations
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import edit, live, queries, section_at
from tests.forms import page_of as screen_of

from .helpers import BOARD, page_of

SECTIONS = "brief", "vision"


@pytest.fixture
def city(db):
    words = {"name_ar": "مدينتي", "name_en": "My town", "summary_ar": "مدينة تتعلم.", "summary_en": "A learning town."}
    return factories.make_city(slug="own-city", name_fr="Ville à soi", **words)


def say_right(client, row, column, **words):
    """Press "still right" beside a text of the brief, with what was typed there."""
    address, data = section_at(client, row, "brief")
    return client.post(address, data | words | {"_right": column})


def known(row):
    return Translations.objects.of(row)


def listed(client, **asked):
    return [str(row.item) for row in client.get(BOARD, asked).context["cl"].result_list]


def rewrite(row, **words):
    for name, value in words.items():
        setattr(row, name, value)
    row.save()


def test_a_source_that_changes_leaves_its_translations_behind_until_each_is_mended(city):
    assert (known(city).missing, known(city).stale) == ([], {})
    first = city.summary_fr
    rewrite(city, summary_fr="Une ville qui lit.")
    assert known(city).stale == {"summary_ar": first, "summary_en": first}
    rewrite(city, summary_fr="Une ville qui lit et écrit.", summary_ar="مدينة تقرأ وتكتب.")
    assert known(city).stale == {"summary_en": first}, "the words it was made from stay"
    rewrite(city, summary_fr=first)
    assert known(city).stale == {"summary_ar": "Une ville qui lit et écrit."}, "undone, the source says the same again"


def test_a_translation_that_changes_alone_leaves_nobody_behind_and_an_empty_one_is_missing(city):
    rewrite(city, summary_ar="نص آخر", summary_en="")
    assert (known(city).missing, known(city).stale) == (["summary_en"], {})


def test_the_source_is_the_language_that_had_the_text_first(city):
    rewrite(city, vision_title_ar="رؤية")
    assert known(city).missing == ["vision_title_fr", "vision_title_en"]
    rewrite(city, vision_title_fr="Vision")
    rewrite(city, vision_title_ar="رؤية أخرى")
    assert known(city).stale == {"vision_title_fr": "رؤية"}
    rewrite(city, vision_title_ar="")
    assert (known(city).missing, known(city).stale) == (["vision_title_ar", "vision_title_en"], {})


def test_the_rows_of_its_parts_count_too(city):
    axis = city.axes.create(title_fr="Climat", title_ar="المناخ")
    place = f"axes:{axis.pk}:title"
    assert known(city).missing == [f"{place}_en"]
    rewrite(axis, title_fr="Climat et eau")
    assert known(city).stale == {f"{place}_ar": "Climat"}
    axis.delete()
    assert (known(city).missing, known(city).stale) == ([], {})


@thorough
def test_it_is_the_same_when_worked_out_from_the_record_alone(city):
    axis = city.axes.create(title_fr="Climat", title_ar="المناخ")
    rewrite(city, vision_title_ar="رؤية")
    rewrite(city, vision_title_fr="Vision")
    rewrite(city, vision_title_ar="رؤية أخرى", summary_fr="Autre")
    rewrite(axis, title_fr="Climat et eau")
    kept = known(city)
    kept.confirm("summary_ar")
    Translations.objects.all().delete()
    Translations.objects.add_missing()
    for name in ("sources", "missing", "stale", "stale_number_fr", "missing_number_en"):
        assert getattr(known(city), name) == getattr(kept, name)
    assert set(kept.stale) == {"vision_title_fr", "summary_en", f"axes:{axis.pk}:title_ar"}


def test_what_is_gone_leaves_the_board(city):
    place = factories.make_place(city)
    assert known(place).pk
    place.delete()
    assert not Translations.objects.filter(content_type=known(city).content_type, object_id=place.pk).exists()


@thorough
def test_a_draft_makes_nothing_stale_until_it_is_live_but_its_author_is_told(as_editor, as_coordinator, city):
    first = city.summary_fr
    edit(as_editor, city, {"summary_fr": "Une ville qui lit."}, "_send")
    assert known(city).stale == {}
    form = as_editor.get(screen_of(city, "section", "brief")).context["form"]
    assert (form["summary_ar"].source.before, form["summary_ar"].source.words) == (first, "Une ville qui lit.")
    assert "Le texte d’origine a changé" in as_editor.get(screen_of(city, "change")).text
    assert not form["summary_ar"].source.may_confirm, "there is nothing live to confirm"
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert set(known(city).stale) == {"summary_ar", "summary_en"}


@thorough
def test_the_form_shows_word_by_word_what_changed_in_the_source_in_its_direction(as_editor, city):
    rewrite(city, vision_title_ar="رؤية المدينة")
    rewrite(city, vision_title_fr="Vision")
    rewrite(city, vision_title_ar="رؤية الجهة", summary_fr="Une ville qui lit.")
    brief, vision = (" ".join(as_editor.get(screen_of(city, "section", name)).text.split()) for name in SECTIONS)
    french, arabic = brief.split('id="id_summary_ar"')[1], vision.split('id="id_vision_title_fr"')[1]
    assert 'class="source-words" lang="fr" dir="ltr"' in french[:1500]
    assert "apprend." in french[:1500].split("<del>")[1].split("</del>")[0]
    assert 'class="source-words" lang="ar" dir="rtl"' in arabic[:1500]


@thorough
@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_still_right_is_on_record_changes_no_word_and_publishes_nothing(who, request, city):
    client = request.getfixturevalue(who)
    rewrite(city, summary_fr="Une ville qui lit.")
    say_right(client, city, "summary_ar", cover_alternative_fr="Brouillon")
    assert set(known(city).stale) == {"summary_en"}
    assert (live(city).summary_ar, live(city).cover_alternative_fr) == (city.summary_ar, "")
    patch = Change.objects.unfinished().get().patch
    assert patch.keys() == {"cover_alternative_fr"}, "what was typed is kept as a draft"
    act = Change.objects.happened().first()
    assert (act.patch, act.author.username) == ({"summary_ar": [city.summary_ar] * 2}, who.removeprefix("as_"))
    page = client.get(reverse("admin:cities_city_happened", args=[city.pk])).content.decode()
    assert "Relu" in page or "Read again" in page


@thorough
def test_nobody_confirms_the_translation_of_another_city_or_one_that_is_current(as_editor, city, other_city):
    factories.make_initiative(other_city)
    rewrite(other_city, name_ar="مدينة")
    rewrite(other_city, name_fr="Autre nom")
    assert as_editor.post(screen_of(other_city, "section", "names"), {"_right": "name_ar"}).status_code == 302
    assert known(other_city).stale
    changes = Change.objects.count()
    say_right(as_editor, city, "summary_ar")
    assert Change.objects.count() == changes


@thorough
def test_an_editor_sees_their_own_city_and_a_coordinator_everything(as_editor, as_coordinator, city, other_city):
    factories.make_initiative(city, title_fr="La mienne")
    factories.make_initiative(other_city, slug="other", title_fr="Pas la mienne")
    factories.make_page(title_fr="Du réseau")
    assert set(listed(as_editor)) == {str(city), "La mienne"}
    assert {str(other_city), "Pas la mienne", "Du réseau"} <= set(listed(as_coordinator))
    assert logged_in(make_person("visitor", is_active=False)).get(BOARD).status_code == 302


@thorough
def test_the_board_is_filtered_by_state_language_city_and_kind(as_coordinator, city, other_city):
    mine = factories.make_initiative(city, title_fr="La mienne", title_ar="مبادرة", summary_ar="ملخص", title_en="Mine")
    rewrite(mine, title_fr="La nôtre", summary_en="Summary")
    asked = {"kind": "initiatives.initiative"}
    assert listed(as_coordinator, **asked) == ["La nôtre"]
    assert listed(as_coordinator, state="stale", language="ar", **asked) == ["La nôtre"]
    assert listed(as_coordinator, state="missing", language="ar", **asked) == []
    rewrite(mine, title_ar="مبادرتنا")
    assert listed(as_coordinator, state="current", language="ar", **asked) == ["La nôtre"]
    assert listed(as_coordinator, state="current", **asked) == []
    assert set(listed(as_coordinator, city=city.pk)) == {str(city), "La nôtre"}
    assert set(listed(as_coordinator, city=other_city.pk)) == {str(other_city)}
    assert listed(as_coordinator, city="x", state="x", language="x", kind="x")


@thorough
def test_what_lacks_something_and_is_public_comes_first_and_each_cell_leads_to_its_field(as_editor, city):
    rewrite(city, summary_ar="")
    hidden = factories.make_initiative(city, public=False, title_fr="Cachée")
    shown = factories.make_initiative(city, slug="shown", title_fr="Montrée")
    assert listed(as_editor, language="ar") == [str(city), str(shown), str(hidden)]
    page = as_editor.get(BOARD).content.decode()
    brief = screen_of(city, "section", "brief")
    assert f'href="{brief}?language=ar#id_summary_ar"' in page
    form = as_editor.get(brief, {"language": "ar"}).content.decode()
    assert 'value="ar" checked' in form
    assert 'id="id_summary_ar"' in form


@thorough
def test_the_board_costs_the_same_however_many_rows_there_are(as_editor, city):
    factories.make_initiative(city)
    few = queries(as_editor, BOARD)
    for number in range(12):
        factories.make_initiative(city, slug=f"initiative-{number}")
    assert queries(as_editor, BOARD) == few


@thorough
def test_a_form_that_is_refused_confirms_nothing(as_coordinator, city):
    rewrite(city, vision_title_fr="Vision", vision_title_ar="رؤية")
    rewrite(city, vision_title_fr="Autre vision")
    assert "vision_title_ar" in known(city).stale
    address, data = section_at(as_coordinator, city, "vision")
    refused = as_coordinator.post(address, data | {"vision_year": "bientôt", "_right": "vision_title_ar"})
    assert refused.context["form"].errors["vision_year"]
    assert "vision_title_ar" in known(city).stale
    as_coordinator.post(address, data | {"_right": "vision_title_ar"})
    assert "vision_title_ar" not in known(city).stale


@thorough
def test_a_translator_confirms_their_own_language_only(as_editor, editor, city):
    rewrite(city, summary_fr="Une ville qui lit.")
    editor.languages = ["ar"]
    editor.save()
    say_right(as_editor, city, "summary_en")
    assert set(known(city).stale) == {"summary_ar", "summary_en"}
    say_right(as_editor, city, "summary_ar")
    assert set(known(city).stale) == {"summary_en"}
