"""A draft of a live page is its author's alone, may be incomplete, and never goes live by accident."""

import pytest
from django.urls import reverse

from cities.models import City, CityFigure
from learningcities.publishing.models import Change, ContentVersion
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import added_row, filled, form_at, form_of, live, queries, save, send

from .helpers import page_of


@pytest.fixture
def draft(as_editor, city):
    save(as_editor, city, summary_fr="Une ébauche")
    return Change.objects.unfinished().get()


def value(client, row, name):
    return client.get(form_of(row)).context["adminform"].form[name].value()


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


@thorough
def test_an_editors_save_of_a_public_city_keeps_a_draft_again_and_again(as_editor, editor, city, draft, client):
    stamp, before = ContentVersion.objects.get().stamp, client.get(city.get_absolute_url()).content
    assert (draft.state, draft.author) == ("open", editor)
    save(as_editor, city, summary_ar="مسودة")
    draft.refresh_from_db()
    assert {key: after for key, (_, after) in draft.patch.items()} == {
        "summary_fr": "Une ébauche",
        "summary_ar": "مسودة",
    }
    assert Change.objects.unfinished().count() == 1
    assert value(as_editor, city, "summary_fr") == "Une ébauche"
    assert client.get(city.get_absolute_url()).content == before
    assert ContentVersion.objects.get().stamp == stamp


@thorough
def test_a_draft_is_seen_by_its_author_alone(as_editor, as_coordinator, city, draft):
    assert as_editor.get(page_of(draft)).status_code == 200
    assert as_coordinator.get(page_of(draft)).status_code == 302
    for address in (reverse("admin:index"), reverse("admin:publishing_change_changelist"), form_of(city)):
        page = as_coordinator.get(address).content.decode()
        assert page_of(draft) not in page
        assert "Une ébauche" not in page
    assert value(as_coordinator, city, "summary_fr") != "Une ébauche"


def test_who_edits_a_city_is_decided_at_once_and_waits_in_no_draft(as_coordinator, city, editor):
    newcomer = make_person("newcomer")
    save(as_coordinator, city, summary_fr="Une ébauche", editors=[newcomer.pk], _draft="1")
    assert list(city.editors.all()) == [newcomer]
    draft = Change.objects.unfinished().get()
    assert draft.patch.keys() == {"summary_fr"}
    as_coordinator.post(page_of(draft), {"step": "discard"})
    assert list(city.editors.all()) == [newcomer]


@pytest.mark.parametrize("step", ["apply", "schedule", "return", "discard"])
def test_a_coordinator_can_do_nothing_with_anothers_draft(as_coordinator, city, draft, step):
    data = {"step": step, "comment": "x", "due": "2099-01-01T10:00"}
    as_coordinator.post(page_of(draft), data)
    draft.refresh_from_db()
    assert draft.state == "open"


@thorough
def test_another_editor_of_the_city_neither_sees_nor_touches_it(city, draft):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    client = logged_in(colleague)
    assert value(client, city, "summary_fr") != "Une ébauche"
    assert client.post(page_of(draft), {"step": "discard"}).status_code == 302
    save(client, city, summary_fr="Autre ébauche")
    draft.refresh_from_db()
    assert (draft.state, draft.patch["summary_fr"][1]) == ("open", "Une ébauche")
    assert Change.objects.unfinished().count() == 2


@thorough
def test_a_figure_that_is_left_without_a_name_comes_back_with_a_sentence(as_editor, city):
    factories.make_figure(city)
    response = save(as_editor, city, **{"figures-0-label_fr": "", "summary_fr": "", "slug": ""})
    assert response.status_code == 200
    formset = next(one.formset for one in response.context["inline_admin_formsets"] if one.formset.prefix == "figures")
    assert "dites ce que mesure le chiffre" in str(formset.errors)
    assert live(city).slug == city.slug


@thorough
def test_rows_without_end_are_refused_at_once_and_change_nothing(as_editor, city):
    response = save(as_editor, city, summary_fr="Avec mille lignes", **{"figures-TOTAL_FORMS": 1000})
    assert response.status_code == 200
    formset = next(one.formset for one in response.context["inline_admin_formsets"] if one.formset.prefix == "figures")
    assert "50" in str(formset.non_form_errors())
    assert len(formset.forms) == 50
    assert not Change.objects.unfinished().exists()


@thorough
def test_an_incomplete_draft_is_saved_and_sending_it_names_what_is_missing(as_editor, city):
    figure = added_row("figures", 0, label_fr="Habitants", value="10")
    response = save(as_editor, city, summary_fr="", **figure)
    assert response.status_code == 302
    assert Change.objects.unfinished().get().state == "open"
    address = form_of(city)
    response = as_editor.post(address, filled(form_at(as_editor, address), _send="1"), follow=True)
    change = Change.objects.unfinished().get()
    assert change.state == "open"
    assert change.patch["summary_fr"][1] == ""
    sentences = said(response)
    assert 'href="#id_summary_fr"' in sentences
    assert "(français)" in sentences
    assert 'href="#figures-group"' in sentences
    assert not CityFigure.objects.exists()


@thorough
def test_a_draft_with_a_photo_nobody_described_is_not_sent(as_editor, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, public=False, alternative_fr="")
    send(as_editor, city, cover=photo.pk)
    assert Change.objects.of(city).unfinished().get().state == "open"


@thorough
def test_the_word_to_a_colleague_waits_until_what_it_goes_with_can_be_sent(as_editor, city):
    send(as_editor, city, summary_fr="", comment="Pour lundi, merci.")
    assert not Change.objects.waiting().exists()
    assert not value(as_editor, factories.make_initiative(city, slug="other"), "comment"), (
        "the word is about another page"
    )
    assert value(as_editor, city, "comment") == "Pour lundi, merci."
    assert not value(as_editor, city, "comment"), "it is offered once"
    draft = factories.make_initiative(city, public=False, summary_fr="")
    save(as_editor, draft, _ask="1", comment="Une nouvelle.")
    assert not Change.objects.waiting().exists()
    assert value(as_editor, draft, "comment") == "Une nouvelle."


@thorough
def test_a_change_in_review_stays_there_with_its_new_text_and_comes_back_when_it_lacks_something(as_editor, city):
    send(as_editor, city, summary_fr="Un résumé", comment="C’est urgent.")
    change = Change.objects.waiting().get()
    assert change.comment == "C’est urgent."
    save(as_editor, city, summary_fr="Un autre résumé", comment="C’est urgent.")
    change.refresh_from_db()
    assert (change.state, change.patch["summary_fr"][1]) == ("review", "Un autre résumé")
    save(as_editor, city, summary_fr="")
    change.refresh_from_db()
    assert change.state == "open"


@thorough
def test_a_draft_is_discarded_from_the_form(as_editor, city, draft):
    response = as_editor.post(page_of(draft), {"step": "discard", "from_form": "yes"})
    assert response["Location"] == form_of(city)
    draft.refresh_from_db()
    assert draft.state == "discarded"
    assert value(as_editor, city, "summary_fr") == live(city).summary_fr


@thorough
def test_a_draft_is_compared_with_the_page_as_visitors_see_it(as_editor, city, draft):
    assert page_of(draft) in as_editor.get(form_of(city)).content.decode()
    page = as_editor.get(page_of(draft)).content.decode()
    assert "Une ébauche" in page
    assert live(city).summary_fr in page
    assert f'href="{form_of(city)}#steps"' in page, "from there it is sent"


@thorough
def test_a_coordinator_keeps_a_draft_and_publishes_it_from_the_same_form(as_coordinator, coordinator, city):
    before = live(city).summary_fr
    save(as_coordinator, city, _draft="1", summary_fr="")
    assert live(city).summary_fr == before
    assert value(as_coordinator, city, "summary_fr") == ""
    response = save(as_coordinator, city, _save="1")
    assert "summary_fr" in response.context["adminform"].form.errors, "a draft that lacks something isn't published"
    save(as_coordinator, city, _save="1", summary_fr="Par le coordinateur")
    assert live(city).summary_fr == "Par le coordinateur"
    assert not Change.objects.unfinished().exists()
    change = Change.objects.of(city).happened().first()
    assert (change.author, change.decided_by) == (coordinator, coordinator)


@thorough
def test_a_coordinators_draft_writes_over_nothing_that_was_changed_since(as_coordinator, coordinator, city):
    save(as_coordinator, city, _draft="1", summary_fr="Ébauche")
    City.objects.filter(pk=city.pk).update(summary_fr="Écrit entre-temps")
    save(as_coordinator, city, _save="1")
    assert live(city).summary_fr == "Écrit entre-temps"
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Ébauche"


@thorough
def test_a_draft_left_untouched_while_the_page_is_withdrawn_stays(as_coordinator, city):
    save(as_coordinator, city, _draft="1", summary_fr="Ébauche")
    save(as_coordinator, city, _withdraw="1")
    assert live(city).state == "withdrawn"
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Ébauche"


@thorough
def test_an_editor_publishes_nothing_with_a_coordinators_buttons(as_editor, city):
    before = live(city).summary_fr
    for button in ("_publish", "_schedule", "_withdraw", "_draft", "_ask", "_restore"):
        save(as_editor, city, **{button: "1", "summary_fr": "Forgé", "due": "2099-01-01T10:00"})
        row = live(city)
        assert (row.summary_fr, row.state, row.public_until) == (before, "public", None)
        assert set(Change.objects.unfinished().values_list("state", flat=True)) <= {"open"}


@thorough
def test_a_form_with_a_draft_costs_the_same_however_many_colleagues_have_one(as_editor, city, draft):
    few = queries(as_editor, form_of(city))
    for number in range(5):
        Change.save_draft(city, make_person(f"colleague-{number}"), {"summary_fr": ["", "x"]})
    assert queries(as_editor, form_of(city)) == few
