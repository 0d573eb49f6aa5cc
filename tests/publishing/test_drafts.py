"""A draft of a live page is its author's alone, may be incomplete, and never goes live by accident."""

from uuid import uuid4

import pytest
from django.urls import reverse

from cities.models import City, CityFigure
from learningcities.publishing.models import Change, ContentVersion
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import data_of, edit, form_at, live, page_of, queries, section_at

from .helpers import Window, outline_of
from .helpers import page_of as page_of_change


@pytest.fixture
def draft(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Une ébauche"})
    return Change.objects.unfinished().get()


def summary(client, row):
    _address, data = section_at(client, row, "brief")
    return data["summary_fr"]


def lacks(response):
    """What the panel says that is missing: [(address, name of the field, sentence)]."""
    return response.context["lacks"]


def take(client, row, step, **data):
    return client.post(page_of(row, "steps"), {"step": step} | data)


@thorough
def test_an_editors_save_of_a_public_city_keeps_a_draft_again_and_again(as_editor, editor, city, draft, client):
    stamp, before = ContentVersion.objects.get().stamp, client.get(city.get_absolute_url()).content
    assert (draft.state, draft.author) == ("open", editor)
    edit(as_editor, city, {"summary_ar": "مسودة"})
    draft.refresh_from_db()
    assert {key: after for key, (_, after) in draft.patch.items()} == {
        "summary_fr": "Une ébauche",
        "summary_ar": "مسودة",
    }
    assert Change.objects.unfinished().count() == 1
    assert summary(as_editor, city) == "Une ébauche"
    assert client.get(city.get_absolute_url()).content == before
    assert ContentVersion.objects.get().stamp == stamp


@thorough
def test_a_draft_is_seen_by_its_author_alone(as_editor, as_coordinator, city, draft):
    assert as_editor.get(page_of_change(draft)).status_code == 200
    assert "Une ébauche" in outline_of(as_editor, city).content.decode()
    assert as_coordinator.get(page_of_change(draft)).status_code == 302
    for address in (
        reverse("admin:index"),
        reverse("admin:publishing_change_changelist"),
        page_of(city, "change"),
        page_of(city, "section", "brief"),
        page_of(city, "send"),
    ):
        page = as_coordinator.get(address).content.decode()
        assert page_of_change(draft) not in page
        assert "Une ébauche" not in page
    assert summary(as_coordinator, city) != "Une ébauche"


def test_who_edits_a_city_is_decided_at_once_and_waits_in_no_draft(as_coordinator, city, editor):
    newcomer = make_person("newcomer")
    edit(as_coordinator, city, {"summary_fr": "Une ébauche", "editors": [newcomer.pk]}, "_draft")
    assert list(city.editors.all()) == [newcomer]
    draft = Change.objects.unfinished().get()
    assert draft.patch.keys() == {"summary_fr"}
    as_coordinator.post(page_of_change(draft), {"step": "discard"})
    assert list(city.editors.all()) == [newcomer]


@pytest.mark.parametrize("step", ["apply", "schedule", "return", "discard"])
def test_a_coordinator_can_do_nothing_with_anothers_draft(as_coordinator, city, draft, step):
    data = {"step": step, "comment": "x", "due": "2099-01-01T10:00"}
    as_coordinator.post(page_of_change(draft), data)
    as_coordinator.post(page_of(city, "steps"), data)
    draft.refresh_from_db()
    assert draft.state == "open"


@thorough
def test_another_editor_of_the_city_neither_sees_nor_touches_it(city, draft):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    client = logged_in(colleague)
    assert summary(client, city) != "Une ébauche"
    assert "Une ébauche" not in outline_of(client, city).content.decode()
    assert client.post(page_of_change(draft), {"step": "discard"}).status_code == 302
    take(client, city, "discard")
    edit(client, city, {"summary_fr": "Autre ébauche"})
    draft.refresh_from_db()
    assert (draft.state, draft.patch["summary_fr"][1]) == ("open", "Une ébauche")
    assert Change.objects.unfinished().count() == 2


@thorough
def test_a_figure_that_is_left_without_a_name_is_kept_and_says_what_it_lacks(as_editor, city):
    figure = factories.make_figure(city)
    edit(as_editor, city, {f"figures:{figure.pk}:label_fr": "", "summary_fr": "", "slug": ""})
    page = form_at(as_editor, page_of(city, "row", "figures", figure.pk)).context_data
    assert "dites ce que mesure le chiffre" in str(page["form"].faults)
    said = as_editor.get(page_of(city, "row", "figures", figure.pk)).content.decode()
    assert "dites ce que mesure le chiffre" in said, "and it is shown"
    response = edit(as_editor, city, {}, "_send")
    assert {"dites ce que mesure le chiffre" in str(sentence) for _to, _name, sentence in lacks(response)} == {
        True,
        False,
    }
    assert Change.objects.unfinished().get().state == "open"
    assert (live(city).slug, CityFigure.objects.get().label_fr) == (city.slug, figure.label_fr)


@thorough
def test_a_form_adds_one_row_whatever_is_sent_along(as_editor, city):
    address, data = section_at(as_editor, city, "figures")
    assert as_editor.post(address, data | {"figures-TOTAL_FORMS": 1000}).status_code == 404
    row = Window(as_editor, city, "figures", uuid4())
    row.save(label_fr=["Un", "Habitants"], **{"figures-TOTAL_FORMS": 1000, "figures-0-label_fr": "Deux"})
    ((key, (before, after)),) = Change.objects.unfinished().get().patch.items()
    assert (key.split(":")[0], before, after["label_fr"]) == ("figures", None, "Habitants")


@thorough
def test_an_incomplete_draft_is_saved_and_sending_it_names_what_is_missing(as_editor, city):
    response = edit(as_editor, city, {"summary_fr": "", "figures:new:label_fr": "Habitants", "figures:new:value": "10"})
    assert response.status_code == 302
    assert Change.objects.unfinished().get().state == "open"
    response = edit(as_editor, city, {}, "_send")
    change = Change.objects.unfinished().get()
    assert change.state == "open"
    assert change.patch["summary_fr"][1] == ""
    (row,) = (key.split(":")[1] for key in change.patch if key.startswith("figures:"))
    addresses = [address for address, _name, _sentence in lacks(response)]
    assert f"{page_of(city, 'section', 'brief')}?language=fr#id_summary_fr" in addresses
    assert any("(français)" in name for _address, name, _sentence in lacks(response))
    assert any(address.startswith(page_of(city, "row", "figures", row)) for address in addresses)
    for address in addresses:
        page = as_editor.get(address).content.decode()
        field = address.partition("#")[2]
        assert f'id="{field}"' in page, "each leads to where it is written"
    assert not CityFigure.objects.exists()


@thorough
def test_a_draft_with_a_photo_nobody_described_is_not_sent(as_editor, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, public=False, alternative_fr="")
    edit(as_editor, city, {"cover": photo.pk}, "_send")
    assert Change.objects.of(city).unfinished().get().state == "open"


@thorough
def test_the_word_to_a_colleague_waits_until_what_it_goes_with_can_be_sent(as_editor, city):
    response = edit(as_editor, city, {"summary_fr": ""}, "_send", comment="Pour lundi, merci.")
    assert not Change.objects.waiting().exists()
    assert response.context["form"]["comment"].value() == "Pour lundi, merci."
    edit(as_editor, city, {"summary_fr": "Un résumé"})
    as_editor.post(page_of(city, "send"), data_of(response))
    assert Change.objects.waiting().get().comment == "Pour lundi, merci."
    draft = factories.make_initiative(city, public=False, summary_fr="")
    response = edit(as_editor, draft, {}, "_send", comment="Une nouvelle.")
    assert not Change.objects.of(draft).waiting().exists()
    assert response.context["form"]["comment"].value() == "Une nouvelle."


@thorough
def test_a_change_in_review_stays_there_with_its_new_text_and_comes_back_when_it_lacks_something(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Un résumé"}, "_schedule", comment="C’est urgent.", due="2099-01-01T10:00")
    change = Change.objects.waiting().get()
    wanted = change.wanted_at
    assert (change.comment, wanted.year) == ("C’est urgent.", 2099)
    edit(as_editor, city, {"summary_fr": "Un autre résumé"})
    change.refresh_from_db()
    assert (change.state, change.patch["summary_fr"][1]) == ("review", "Un autre résumé")
    assert (change.comment, change.wanted_at) == ("C’est urgent.", wanted), "with the word and the wish that went along"
    edit(as_editor, city, {"summary_fr": ""})
    change.refresh_from_db()
    assert change.state == "open"


@thorough
def test_a_draft_is_discarded_from_the_page(as_editor, city, draft):
    response = take(as_editor, city, "discard")
    assert response["Location"] == page_of(city, "change")
    draft.refresh_from_db()
    assert draft.state == "discarded"
    assert summary(as_editor, city) == live(city).summary_fr


@thorough
def test_one_text_of_a_draft_is_given_up_and_the_rest_stays(as_editor, city, draft):
    edit(as_editor, city, {"summary_ar": "ملخص"})
    as_editor.post(page_of(city, "section", "brief"), {"published": "summary_fr"})
    draft.refresh_from_db()
    assert set(draft.patch) == {"summary_ar"}
    assert summary(as_editor, city) == live(city).summary_fr


@thorough
def test_a_draft_is_compared_with_the_page_as_visitors_see_it(as_editor, city, draft):
    form = as_editor.get(page_of(city, "section", "brief")).context["form"]
    change = str(form["summary_fr"].change)
    assert "<ins>" in change
    assert "<del>" in change
    assert not form["summary_ar"].change
    page = as_editor.get(page_of_change(draft)).content.decode()
    assert "Une ébauche" in page
    assert live(city).summary_fr in page
    assert f'href="{page_of(city, "change")}' in page, "from there it is sent"
    assert page_of(city, "send") in outline_of(as_editor, city).content.decode()


@thorough
def test_a_coordinator_keeps_a_draft_and_publishes_it_from_the_same_page(as_coordinator, coordinator, city):
    before = live(city).summary_fr
    edit(as_coordinator, city, {"summary_fr": ""}, "_draft")
    assert live(city).summary_fr == before
    assert summary(as_coordinator, city) == ""
    response = edit(as_coordinator, city, {}, "_publish")
    assert lacks(response), "a draft that lacks something isn't published"
    assert live(city).summary_fr == before
    edit(as_coordinator, city, {"summary_fr": "Par le coordinateur"}, "_publish")
    assert live(city).summary_fr == "Par le coordinateur"
    assert not Change.objects.unfinished().exists()
    change = Change.objects.of(city).happened().first()
    assert (change.author, change.decided_by) == (coordinator, coordinator)


@thorough
def test_a_coordinators_draft_writes_over_nothing_that_was_changed_since(as_coordinator, coordinator, city):
    edit(as_coordinator, city, {"summary_fr": "Ébauche"}, "_draft")
    City.objects.filter(pk=city.pk).update(summary_fr="Écrit entre-temps")
    edit(as_coordinator, city, {}, "_publish")
    assert live(city).summary_fr == "Écrit entre-temps"
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Ébauche"


@thorough
def test_a_draft_left_untouched_while_the_page_is_withdrawn_stays(as_coordinator, city):
    edit(as_coordinator, city, {"summary_fr": "Ébauche"}, "_draft")
    take(as_coordinator, city, "withdraw")
    assert live(city).state == "withdrawn"
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Ébauche"


@thorough
def test_an_editor_publishes_nothing_with_a_coordinators_buttons(as_editor, city):
    before = live(city).summary_fr
    for step in ("publish", "schedule", "withdraw", "draft", "ask", "restore", "apply"):
        due = {"due": "2099-01-01T10:00"}
        Window(as_editor, city, "brief").save(summary_fr="Forgé", **{f"_{step}": "1"}, **due)
        take(as_editor, city, step, **due)
        row = live(city)
        assert (row.summary_fr, row.state, row.public_until) == (before, "public", None)
        assert set(Change.objects.unfinished().values_list("state", flat=True)) <= {"open"}
    edit(as_editor, city, {}, "_schedule", due="2099-01-01T10:00", until="2099-02-01T10:00")
    row, change = live(city), Change.objects.unfinished().get()
    assert (row.summary_fr, row.state, row.public_until) == (before, "public", None)
    assert (change.state, change.due_at) == ("review", None), "a moment is a wish"


@thorough
def test_a_page_with_a_draft_costs_the_same_however_many_colleagues_have_one(as_editor, city, draft):
    addresses = [page_of(city, "change"), page_of(city, "section", "brief"), page_of(city, "send")]
    few = [queries(as_editor, address) for address in addresses]
    for number in range(5):
        Change.save_draft(city, make_person(f"colleague-{number}"), {"summary_fr": ["", "x"]})
    assert [queries(as_editor, address) for address in addresses] == few
