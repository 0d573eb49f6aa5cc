"""The page of an item in the desk: its outline, the small form of each section, and what leads from there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cities.models import Axis, Photo
from initiatives.models import Initiative
from learningcities.desk.section import fields_of
from learningcities.publishing.history.tracked_models import Tracked
from learningcities.publishing.models import Change
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import DATES, tracked_fields
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import data_of, edit, form_at, live, page_of, queries, section_at
from tests.hostile_files import flat_png
from tests.publishing.helpers import Window

pytestmark = pytest.mark.django_db
NEW = reverse("admin:initiatives_initiative_add")


def answered(client, **answers):
    return client.post(NEW, data_of(form_at(client, NEW)) | answers)


# A new item


def test_a_refused_form_says_that_its_photo_is_to_be_chosen_again(as_editor, city):
    photo = SimpleUploadedFile("a.png", flat_png(30, 20))
    response = answered(as_editor, title_fr="Atelier", start="hier", cover=photo)
    assert response.status_code == 200
    assert "Choisissez de nouveau le fichier" in response.text
    assert "Choisissez de nouveau le fichier" not in answered(as_editor, title_fr="Atelier", start="hier").text


def test_the_photo_of_a_new_initiative_is_asked_for_all_that_its_publication_needs(as_editor, city):
    photo = SimpleUploadedFile("a.png", flat_png(30, 20))
    rights = {"taken_by": "Nadia", "licence": "CC BY 4.0", "_content_language": "fr"}
    answered(as_editor, title_fr="Atelier", start="mars 2025", cover=photo, shows="Une place", **rights)
    made = Initiative.objects.get(title_fr="Atelier")
    assert (made.start, made.cover.missing()) == ("2025-03", {})


def test_one_answer_in_any_language_is_enough_for_a_new_initiative(as_editor, city):
    response = answered(as_editor, title_ar="ورشة النسيج")
    made = Initiative.objects.get(title_ar="ورشة النسيج")
    assert response["Location"] == page_of(made, "change")
    assert (made.city, made.public_from, made.title_fr) == (city, None, "")


def test_a_new_initiative_without_a_title_is_refused_with_a_sentence_and_nothing_is_lost(as_editor, city):
    response = answered(as_editor, summary_fr="Des mots")
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "Des mots" in response.content.decode()
    assert not Initiative.objects.exists()


def test_a_city_that_is_the_only_one_is_not_asked_for(as_editor, editor, city, other_city):
    words = [str(words) for _number, words, _fields in form_at(as_editor, NEW).context_data["form"].asked()]
    other_city.editors.add(editor)
    more = [str(words) for _number, words, _fields in form_at(as_editor, NEW).context_data["form"].asked()]
    assert set(more) - set(words) == {"Quelle est sa ville ?"}


# Sections


def test_each_section_opens_its_own_small_form(as_editor, city):
    form = form_at(as_editor, page_of(city, "section", "contact")).context_data["form"]
    assert list(form.fields) == [
        *("website", "contact_office_fr", "contact_office_ar", "contact_office_en"),
        *("contact_email", "contact_phone"),
    ]


def test_a_section_that_isnt_there_is_not_found(as_editor, city):
    assert as_editor.get(page_of(city, "section", "nowhere")).status_code == 404


def test_what_isnt_right_yet_is_kept_in_the_draft_and_told_beside_the_field(as_editor, city):
    edit(as_editor, city, {"figures:new:value": "12"}, "_draft")
    (key,) = Change.objects.unfinished().get().patch
    parsed = PatchKey.parse(key)
    page = as_editor.get(page_of(city, "row", "figures", parsed.uuid))
    assert page.context["form"].faults
    refused = as_editor.post(page_of(city, "send"), {"when": "now"})
    assert refused.status_code == 200
    assert refused.context["lacks"]
    assert not Change.objects.waiting().exists()


def test_a_value_that_is_none_is_refused_at_its_field_and_changes_nothing(as_editor, city):
    response = edit(as_editor, city, {"figures:new:value": "douze"}, "_draft")
    assert "value" in response.context["form"].errors
    assert "douze" in response.content.decode()
    assert not Change.objects.unfinished().exists()


def test_the_published_text_comes_back_with_one_button(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Autre", "summary_ar": "آخر"}, "_draft")
    as_editor.post(page_of(city, "section", "brief"), {"published": "summary_fr"})
    assert set(Change.objects.unfinished().get().patch) == {"summary_ar"}


def test_a_save_of_nothing_makes_no_draft(as_editor, city):
    address, data = section_at(as_editor, city, "brief")
    page = as_editor.post(address, data, follow=True)
    assert "Rien à enregistrer" in page.content.decode()
    assert not Change.objects.unfinished().exists()


def test_a_form_without_its_token_is_shown_again_with_what_was_typed(as_editor, city):
    address, data = section_at(as_editor, city, "brief")
    page = as_editor.post(address, data | {"seen": "forged", "summary_fr": "Mes mots"})
    assert page.status_code == 200
    assert "Mes mots" in page.content.decode()
    assert not Change.objects.unfinished().exists()


# Rows of a part


@pytest.fixture
def axes(city):
    return [Axis.objects.create(city=city, title_fr=name, position=place) for place, name in enumerate("ABC")]


def shown(client, city, section="axes"):
    return [
        line.words
        for card in client.get(page_of(city, "section", section)).context["outline"].all_cards
        if card.section.name == section
        for line in card.lines
    ]


def test_rows_are_ordered_by_buttons_in_the_draft(as_editor, city, axes):
    address = page_of(city, "section", "axes")
    as_editor.post(address, {"move": f"{axes[2].pk}:up"})
    assert shown(as_editor, city) == ["A", "C", "B"]
    assert [axis.title_fr for axis in city.axes.all()] == ["A", "B", "C"]


def test_rows_are_ordered_by_their_whole_order_in_the_draft(as_editor, city, axes):
    address = page_of(city, "section", "axes")
    a, b, c = (str(axis.pk) for axis in axes)
    as_editor.post(address, {"order": f"{c} {a} {b}"})
    assert shown(as_editor, city) == ["C", "A", "B"]
    assert [axis.title_fr for axis in city.axes.all()] == ["A", "B", "C"]
    as_editor.post(address, {"order": f"{a} {b} {c}"})
    assert not Change.objects.unfinished().exists()


def test_an_order_that_names_too_little_too_much_or_something_twice_loses_no_row(as_editor, city, axes):
    address = page_of(city, "section", "axes")
    _a, b, c = (str(axis.pk) for axis in axes)
    as_editor.post(address, {"order": f"{c} {c} nonsense {uuid4()} {b}"})
    assert shown(as_editor, city) == ["C", "B", "A"]
    assert as_editor.post(address, {"order": " "}).status_code == 404


def test_rows_without_an_order_of_their_own_get_none(as_editor, city):
    figures = [factories.make_figure(city, year=2020 + number) for number in range(2)]
    address = page_of(city, "section", "figures")
    assert "data-order" not in as_editor.get(address).text
    as_editor.post(address, {"order": " ".join(str(figure.pk) for figure in reversed(figures))})
    assert not Change.objects.unfinished().exists()


def test_a_row_that_was_taken_out_stands_there_until_it_is_put_back(as_editor, city, axes):
    address = page_of(city, "section", "axes")
    as_editor.post(address, {"remove": axes[0].pk})
    assert set(Change.objects.unfinished().get().patch) == {f"axes:{axes[0].pk}"}
    assert len(shown(as_editor, city)) == 3
    as_editor.post(address, {"restore": axes[0].pk})
    assert not Change.objects.unfinished().exists()


def test_a_translator_neither_adds_nor_removes_nor_moves_rows(city, axes):
    translator = make_person("translator", languages=["ar"])
    city.editors.add(translator)
    client = logged_in(translator)
    address = page_of(city, "section", "axes")
    orders = {"move": f"{axes[0].pk}:down"}, {"order": f"{axes[1].pk} {axes[0].pk}"}
    for data in ({"remove": axes[0].pk}, *orders, {"restore": axes[0].pk}):
        assert client.post(address, data).status_code == 403
    assert "data-order" not in client.get(address).text
    form = form_at(client, page_of(city, "row", "axes", axes[0].pk)).context_data["form"]
    assert set(form.fields) == {"title_ar", "text_ar"}


@pytest.mark.parametrize("step", ["remove", "restore", "move", "order"])
def test_a_row_that_is_no_row_is_not_found(as_editor, city, step):
    assert as_editor.post(page_of(city, "section", "axes"), {step: "x"}).status_code == 404


@pytest.mark.parametrize("button", ["_save", "_close", "_send"])
@pytest.mark.parametrize("is_public", [True, False])
def test_a_new_row_into_which_nothing_was_typed_adds_nothing_and_says_so(as_editor, city, button, is_public):
    note = factories.make_initiative(city, public=is_public)
    for section, words in (("figures", {}), ("partners", {"name_fr": "  "}), ("updates", {"text_fr": "\u200b"})):
        window = Window(as_editor, note, section, uuid4())
        page = as_editor.post(window.address, window.data | words | {button: "yes"}, follow=True)
        assert "Rien n’a été saisi" in page.content.decode()
        window.keep(**words)
    assert not Change.objects.of(note).unfinished().exists()
    assert not [row for part in (note.figures, note.partners, note.updates) for row in part.all()]


def test_a_new_row_into_which_one_word_was_typed_is_kept(as_editor, city):
    Window(as_editor, city, "figures", uuid4()).save(source_ar="مصدر")
    (row,) = (after for _before, after in Change.objects.unfinished().get().patch.values())
    assert row["source_ar"] == "مصدر"


def test_a_new_row_whose_words_were_all_taken_back_is_no_row(as_editor, city):
    window = Window(as_editor, city, "figures", uuid4())
    assert window.keep(label_fr="Habitants")["kept"]
    window.save(label_fr="")
    assert not Change.objects.unfinished().exists()


def test_a_row_whose_words_were_all_taken_away_is_still_a_row(as_editor, city):
    note = factories.make_initiative(city, public=False)
    partner = note.partners.create(name_fr="Mairie", role_fr="Hôte")
    Window(as_editor, note, "partners", partner.pk).save(role_fr="")
    assert note.partners.get().role_fr == ""


# What it costs


def test_the_outline_and_a_row_cost_the_same_with_three_figures_as_with_sixty(as_editor, city):
    figures = [factories.make_figure(city, year=2000 + number, label_fr="A") for number in range(3)]
    addresses = [page_of(city, "change"), page_of(city, "row", "figures", figures[0].pk)]
    few = [queries(as_editor, address) for address in addresses]
    for number in range(57):
        factories.make_figure(city, year=1900 + number, label_fr="A")
    assert [queries(as_editor, address) for address in addresses] == few


# Sending and publishing


def test_the_panel_wants_an_end_after_its_beginning(as_coordinator, city):
    data = {"when": "from", "due": "2099-01-02T10:00", "until": "2099-01-01T10:00"}
    page = as_coordinator.post(page_of(city, "send"), data)
    assert "until" in page.context["form"].errors
    assert live(city).public_until is None


def test_an_editor_sends_and_a_coordinator_publishes_from_the_panel(as_editor, as_coordinator, city):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_draft")
    as_editor.post(page_of(city, "send"), {"when": "now", "comment": "Voici"})
    change = Change.objects.waiting().get()
    assert change.comment == "Voici"
    assert live(city).summary_fr != "Nouveau"
    edit(as_coordinator, city, {"summary_ar": "جديد"})
    assert live(city).summary_ar == "جديد"


def test_nothing_is_sent_where_nothing_was_changed(as_editor, city):
    page = as_editor.post(page_of(city, "send"), {"when": "now"})
    assert page.status_code == 200
    assert not Change.objects.exists() or not Change.objects.waiting().exists()


# The page beside


def test_the_page_beside_shows_ones_own_draft_and_nobody_elses(as_editor, as_coordinator, city):
    edit(as_editor, city, {"summary_fr": "Mon ébauche"}, "_draft")
    address = page_of(city, "page", "fr")
    assert "Mon ébauche" in as_editor.get(address).content.decode()
    assert "Mon ébauche" not in as_coordinator.get(address).content.decode()
    assert as_editor.get(page_of(city, "page", "xx")).status_code == 404
    assert logged_in(make_person("stranger")).get(address).status_code == 404


# A photo with a new initiative


def test_a_photo_that_comes_with_a_new_initiative_is_its_cover_and_says_what_it_shows(
    as_editor, city, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    photo = SimpleUploadedFile("a.png", flat_png(1600, 900), content_type="image/png")
    answered(as_editor, title_fr="Avec photo", cover=photo, shows="Un métier à tisser", _content_language="fr")
    cover = Initiative.objects.get(title_fr="Avec photo").cover
    assert (cover.alternative_fr, cover.city, cover.public_from) == ("Un métier à tisser", city, None)


def test_a_file_that_is_no_photo_is_refused_and_nothing_is_made(as_editor, city):
    response = answered(as_editor, title_fr="Sans", cover=SimpleUploadedFile("a.png", b"no photo"))
    assert "cover" in response.context["form"].errors
    assert not Initiative.objects.exists()
    assert not Photo.objects.exists()


# What nobody gets past


def test_no_address_makes_a_new_item_public(as_editor, city):
    asked = f"{NEW}?public_from=2020-01-01T00:00:00Z&public_until=2090-01-01T00:00:00Z"
    as_editor.post(asked, data_of(form_at(as_editor, asked)) | {"title_fr": "Sans relecture"})
    made = Initiative.objects.get(title_fr="Sans relecture")
    assert (made.public_from, made.public_until) == (None, None)


def test_words_that_follow_a_request_are_asked_about_again(as_editor, coordinator, city):
    note = factories.make_initiative(city, public=False)
    as_editor.post(page_of(note, "send"), {"when": "now"})
    request = Change.objects.waiting().get()
    request.schedule(content_version.moment() + timedelta(days=1), coordinator)
    seen = Change.objects.get(pk=request.pk).version
    edit(as_editor, note, {"summary_fr": "D’autres mots"}, "_draft")
    request.refresh_from_db()
    assert (request.state, request.version == seen) == (Change.State.REVIEW, False)


def test_the_end_that_is_asked_for_stands_in_the_request(as_editor, city):
    note = factories.make_initiative(city, public=False)
    as_editor.post(page_of(note, "send"), {"when": "now", "until": "2099-01-01T10:00"})
    assert set(Change.objects.waiting().get().patch) == {"public_from", "public_until"}
    note.refresh_from_db()
    assert note.public_until is None


def test_two_texts_of_what_was_never_public_are_chosen_from_before_it_is_sent(as_editor, as_coordinator, city):
    note = factories.make_initiative(city, public=False, title_fr="Atelier")
    address, data = section_at(as_editor, note, "names")
    as_editor.post(f"{address}autosave/", data | {"title_fr": "Le mien"})
    edit(as_coordinator, note, {"title_fr": "Le leur"}, "_draft")
    assert as_editor.post(page_of(note, "send"), {"when": "now"}).status_code == 200
    assert Change.objects.unfinished().get().patch["title_fr"][1] == "Le mien"


def test_what_visitors_knew_is_not_published_at_once_where_a_time_was_asked_for(as_coordinator, city):
    city.withdraw()
    as_coordinator.post(page_of(city, "send"), {"when": "from", "due": "2099-01-01T10:00"})
    assert not live(city).is_public()


def test_a_row_that_is_put_back_twice_is_there_once(as_editor, city, axes):
    address = page_of(city, "section", "axes")
    as_editor.post(address, {"remove": axes[0].pk})
    for _again in range(2):
        as_editor.post(address, {"restore": axes[0].pk})
    assert not Change.objects.unfinished().exists()
    assert as_editor.get(page_of(city, "change")).status_code == 200


def test_a_step_that_isnt_offered_is_refused(as_coordinator, city):
    note = factories.make_initiative(city, public=False)
    assert as_coordinator.post(page_of(note, "steps"), {"step": "withdraw"}).status_code == 403
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_what_lies_in_the_bin_is_not_written(as_editor, city):
    note = factories.make_initiative(city, public=False, title_fr="Jetée")
    address, data = section_at(as_editor, note, "names")
    note.move_to_bin()
    as_editor.post(address, data | {"title_fr": "Autre"})
    note.refresh_from_db()
    assert note.title_fr == "Jetée"


def test_an_editor_who_was_added_meanwhile_stays(as_coordinator, city, editor):
    page = as_coordinator.get(page_of(city, "beside"))
    second = make_person("second")
    city.editors.add(second)
    as_coordinator.post(page_of(city, "beside"), {"seen": page.context["seen"], "editors": [editor.pk]})
    assert second in city.editors.all()
    as_coordinator.post(page_of(city, "beside"), {"seen": page.context["seen"], "editors": []})
    assert editor not in city.editors.all()


@pytest.mark.parametrize("model", [model for model in admin.site._registry if issubclass(model, Tracked)])
def test_whatever_a_row_says_can_be_changed_in_one_of_its_sections(model):
    for _part, described, names in fields_of(admin.site._registry[model].sections, model):
        assert {field.name for field in tracked_fields(described)} - {*names, *DATES} == set()


def test_who_has_asked_for_a_page_in_the_bin_is_not_offered_to_ask_again(as_editor, as_coordinator, city):
    initiative = factories.make_initiative(city)
    initiative.move_to_bin()
    outline = page_of(initiative, "change")
    assert 'value="ask_out"' in as_editor.get(outline).text
    assert as_editor.post(page_of(initiative, "steps"), {"step": "ask_out"}).status_code == 302
    page = as_editor.get(outline).text
    assert 'value="ask_out"' not in page
    assert "a demandé à la coordination" in page
    assert 'value="restore"' in as_coordinator.get(outline).text
