"""Someone leaves: their drafts go to a colleague, and what can't go is named and stays."""

import pytest
from django.core import mail
from django.urls import reverse

from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person
from tests.forms import filled, form_at


@pytest.fixture
def colleague(city):
    person = make_person("colleague", email="colleague@ville.example")
    city.editors.add(person)
    return person


@pytest.fixture
def draft(city, editor):
    return Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Une ébauche"]})


def page_of(person):
    return reverse("admin:people_user_hand_over", args=[person.pk])


def hand_over(client, leaver, receiver):
    response = client.post(page_of(leaver), {"receiver": receiver.pk}, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_closing_an_account_leads_to_its_drafts_and_names_cities_without_an_editor(as_coordinator, editor, city, draft):
    form = reverse("admin:people_user_change", args=[editor.pk])
    data = filled(form_at(as_coordinator, form))
    data.pop("is_active")
    response = as_coordinator.post(form, data, follow=True)
    assert response.redirect_chain[-1][0] == page_of(editor)
    assert str(city) in " ".join(str(message) for message in response.context["messages"])
    assert str(city) in response.content.decode()
    assert "Une ébauche" not in response.content.decode(), "a draft is read by whoever it is handed to"


def test_a_draft_goes_to_a_colleague_on_record_with_one_mail(
    as_coordinator, coordinator, editor, colleague, draft, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hand_over(as_coordinator, editor, colleague)
    draft.refresh_from_db()
    assert (draft.author, draft.begun_by, draft.handed_over_by) == (colleague, editor, coordinator)
    assert (draft.state, draft.patch["summary_fr"][1]) == ("open", "Une ébauche")
    assert [message.to for message in mail.outbox] == [["colleague@ville.example"]]


def test_what_a_colleague_may_not_take_stays_and_is_named(as_coordinator, editor, colleague, city, other_city, draft):
    other_city.editors.add(editor)
    foreign = Change.save_draft(other_city, editor, {"summary_fr": ["", "x"]})
    theirs = Change.save_draft(city, colleague, {"slug": ["own-city", "autre"]})
    sentence = hand_over(as_coordinator, editor, colleague)
    assert str(other_city) in sentence
    assert str(city) in sentence
    assert set(Change.objects.unfinished().filter(author=editor)) == {draft, foreign}
    theirs.discard(colleague)
    hand_over(as_coordinator, editor, colleague)
    assert set(Change.objects.unfinished().filter(author=colleague)) == {draft}
    translator = make_person("translator", languages=["ar"])
    other_city.editors.add(translator)
    assert "العربيّة" in hand_over(as_coordinator, editor, translator)
    foreign.refresh_from_db()
    assert foreign.author == editor


def test_only_a_coordinator_hands_over(as_editor, editor, colleague, draft, superuser, as_coordinator):
    assert as_editor.get(page_of(editor)).status_code in (403, 404)
    assert as_editor.post(page_of(editor), {"receiver": colleague.pk}).status_code in (403, 404)
    assert as_coordinator.get(page_of(superuser)).status_code == 404
    draft.refresh_from_db()
    assert draft.author == editor


def test_actions_on_a_list_say_what_was_done_and_what_was_not_and_why(as_coordinator, city):
    ready = factories.make_initiative(city, slug="ready", public=False, title_fr="Prête")
    lacking = factories.make_initiative(city, slug="lacking", public=False, title_fr="Incomplète", summary_fr="")
    public = factories.make_initiative(city, slug="public", title_fr="Publique")
    rows = [ready, lacking, public]
    steps = {
        "publish_selected": ([ready], [lacking, public]),
        "withdraw_selected": ([ready, public], [lacking]),
        "bin_selected": (rows, []),
    }
    for action, (done, refused) in steps.items():
        data = {"action": action, "_selected_action": [*(row.pk for row in rows), 999_999]}
        response = as_coordinator.post(reverse("admin:initiatives_initiative_changelist"), data, follow=True)
        levels = {message.level_tag: [] for message in response.context["messages"]}
        for message in response.context["messages"]:
            levels[message.level_tag].append(str(message))
        assert str(len(done)) in levels["success"][0], action
        for row in rows:
            named = any(str(row) in sentence for sentence in levels["warning"])
            assert named == (row in refused), (action, row)
        assert levels["warning"][-1].startswith("1 "), "the row that isn't there any more"
    assert all(row.__class__.objects.get(pk=row.pk).binned_at for row in rows)


def test_a_row_whose_write_fails_stops_none_of_the_others(as_coordinator, city, monkeypatch):
    from django.db import DatabaseError

    from initiatives.models import Initiative

    rows = [factories.make_initiative(city, slug=f"i-{number}", title_fr=f"I {number}") for number in range(2)]
    withdraw = Initiative.withdraw

    def failing(item):
        withdraw(item)
        if item.slug == "i-0":
            raise DatabaseError

    monkeypatch.setattr(Initiative, "withdraw", failing)
    data = {"action": "withdraw_selected", "_selected_action": [row.pk for row in rows]}
    response = as_coordinator.post(reverse("admin:initiatives_initiative_changelist"), data, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success", "warning"]
    states = dict(Initiative.objects.values_list("slug", "withdrawn_at"))
    assert states["i-0"] is None
    assert states["i-1"] is not None
