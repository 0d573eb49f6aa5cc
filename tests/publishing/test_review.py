"""An editor sends a change of a public page; a coordinator applies or returns it."""

import pytest
from django.urls import reverse

from cities.models import City, CityFigure, Indicator
from learningcities.publishing.models import Change, ContentVersion
from learningcities.publishing.patches import patch_display
from tests import factories
from tests.conftest import thorough
from tests.forms import edit, live, section_at
from tests.forms import page_of as screen_of

from .helpers import page_of


def take(client, item, step):
    return client.post(screen_of(item, "steps"), {"step": step}, follow=True)


def is_led_to(response, item, key):
    """The panel comes back, and what is missing leads to where it is written."""
    assert response.status_code == 200
    addresses = [address for address, _words, _sentence in response.context["lacks"]]
    assert any(address.endswith(f"#id_{key}") for address in addresses)
    assert all(f'href="{address}"' in response.text for address in addresses)
    return True


@pytest.fixture
def waiting(as_editor, city):
    edit(as_editor, city, {"summary_fr": "Un résumé nouveau"}, "_send")
    return Change.objects.waiting().get()


def test_what_an_editor_sends_waits_and_the_live_city_stays(as_editor, editor, city):
    before, stamp = live(city).summary_fr, ContentVersion.objects.get().stamp
    response = edit(as_editor, city, {"summary_fr": "Un résumé nouveau"}, "_send")
    assert response.status_code == 302
    assert live(city).summary_fr == before
    assert ContentVersion.objects.get().stamp == stamp
    change = Change.objects.waiting().get()
    assert (change.author, change.state) == (editor, "review")
    assert change.patch == {"summary_fr": [before, "Un résumé nouveau"]}


@thorough
def test_the_editor_finds_the_waiting_change_in_the_form(as_editor, city, waiting):
    form = as_editor.get(screen_of(city, "section", "brief")).context["form"]
    assert form["summary_fr"].value() == "Un résumé nouveau"
    assert "Un résumé nouveau" in as_editor.get(screen_of(city, "change")).text


@thorough
def test_a_second_save_renews_the_same_change(as_editor, city, waiting):
    edit(as_editor, city, {"summary_ar": "ملخص"})
    change = Change.objects.waiting().get()
    assert change.pk == waiting.pk
    assert {key: after for key, (_, after) in change.patch.items()} == {
        "summary_fr": "Un résumé nouveau",
        "summary_ar": "ملخص",
    }


def test_a_save_that_changes_nothing_waits_for_nobody(as_editor, city):
    City.objects.filter(pk=city.pk).update(note="Une ligne\nUne autre")
    edit(as_editor, city, {"note": "Une ligne\r\nUne autre"})
    assert not Change.objects.unfinished().exists()


@thorough
def test_going_back_to_the_live_text_discards_the_change(as_editor, city, waiting):
    edit(as_editor, city, {"summary_fr": live(city).summary_fr})
    waiting.refresh_from_db()
    assert waiting.state == "discarded"


@thorough
def test_a_coordinator_applies_it_and_the_record_says_who_wrote_and_who_decided(
    as_coordinator, coordinator, editor, city, waiting
):
    stamp = ContentVersion.objects.get().stamp
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    assert live(city).summary_fr == "Un résumé nouveau"
    assert ContentVersion.objects.get().stamp != stamp
    waiting.refresh_from_db()
    assert (waiting.state, waiting.author, waiting.decided_by) == ("applied", editor, coordinator)


def test_a_change_is_applied_once(as_coordinator, city, waiting):
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    City.objects.get(pk=city.pk)
    changes = Change.objects.count()
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    assert Change.objects.count() == changes


@thorough
def test_an_editor_can_neither_apply_nor_return(as_editor, city, waiting):
    for step in ("apply", "return"):
        assert as_editor.post(page_of(waiting), {"step": step, "comment": "x"}).status_code == 403
    assert live(city).summary_fr != "Un résumé nouveau"


@thorough
def test_returned_with_a_comment_it_can_be_mended_and_sent_again(as_coordinator, as_editor, city, waiting):
    as_coordinator.post(page_of(waiting), {"step": "return", "comment": "Plus court, s’il vous plaît."})
    waiting.refresh_from_db()
    assert waiting.state == "returned"
    response = as_editor.get(screen_of(city, "change"))
    assert "Plus court, s’il vous plaît." in response.content.decode()
    edit(as_editor, city, {"summary_fr": "Encore trop long"})
    waiting.refresh_from_db()
    assert waiting.state == "returned", "it is sent only when its author says so"
    edit(as_editor, city, {"summary_fr": "Plus court"}, "_send")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.patch["summary_fr"][1]) == ("review", "Plus court")


@thorough
def test_all_that_was_said_in_a_review_stays_on_the_change(as_coordinator, coordinator, as_editor, editor, city):
    edit(as_editor, city, {"summary_fr": "Long"}, "_send", comment="Voici.")
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "return", "comment": "Plus court."})
    edit(as_editor, city, {"summary_fr": "Co"})
    edit(as_editor, city, {"summary_fr": "Court"}, "_send", comment="C’est fait.")
    as_coordinator.post(page_of(change), {"step": "apply"})
    said = [(step.state, step.by, step.comment) for step in change.trail.all()]
    assert said == [
        ("open", editor, ""),
        ("review", editor, "Voici."),
        ("returned", coordinator, "Plus court."),
        ("review", editor, "C’est fait."),
        ("applied", coordinator, ""),
    ]
    for client in (as_editor, as_coordinator):
        page = client.get(page_of(change)).content.decode()
        assert page.index("Voici.") < page.index("Plus court.") < page.index("C’est fait.")


def test_it_is_not_returned_without_a_word(as_coordinator, waiting):
    as_coordinator.post(page_of(waiting), {"step": "return", "comment": " "})
    waiting.refresh_from_db()
    assert waiting.state == "review"


def test_its_author_may_discard_it(as_editor, city, waiting):
    as_editor.post(page_of(waiting), {"step": "discard"})
    waiting.refresh_from_db()
    assert waiting.state == "discarded"


@thorough
def test_two_who_edit_different_fields_are_merged(as_coordinator, city, waiting):
    edit(as_coordinator, city, {"also_known_as": "Autre nom"})
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    row = live(city)
    assert (row.summary_fr, row.also_known_as) == ("Un résumé nouveau", "Autre nom")


@thorough
def test_two_who_edit_the_same_field_are_told_and_nothing_is_overwritten(as_coordinator, city, waiting):
    edit(as_coordinator, city, {"summary_fr": "Le résumé du coordinateur"})
    page = as_coordinator.get(page_of(waiting)).content.decode()
    assert "Le résumé du coordinateur" not in page or "conflict" in page
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    assert live(city).summary_fr == "Le résumé du coordinateur"
    waiting.refresh_from_db()
    assert waiting.state == "review"


@thorough
def test_a_conflict_stays_one_when_the_editor_saves_again(as_editor, as_coordinator, city, waiting):
    edit(as_coordinator, city, {"summary_fr": "Le résumé du coordinateur"})
    edit(as_editor, city, {"also_known_as": "Autre nom"})
    change = Change.objects.unfinished().get()
    assert (change.pk, change.conflicts()) == (waiting.pk, ["summary_fr"])
    assert change.patch["also_known_as"][1] == "Autre nom"
    assert change.state == "open", "its author chooses first"
    assert "Le résumé du coordinateur" in as_editor.get(screen_of(city, "change")).text
    as_coordinator.post(page_of(change), {"step": "apply"})
    assert live(city).summary_fr == "Le résumé du coordinateur"
    assert live(city).also_known_as == ""


@thorough
def test_a_row_is_replaced_by_one_of_the_same_year(as_editor, as_coordinator, city):
    indicator = Indicator.objects.get(slug="population")
    old = CityFigure.objects.create(city=city, indicator=indicator, value=1, year=2024, source_fr="HCP")
    row = {"indicator": indicator.pk, "value": "2", "year": "2024", "source_fr": "HCP"}
    edit(as_editor, city, {f"figures:{old.pk}:DELETE": "on"}, "_send")
    edit(as_editor, city, {f"figures:new:{name}": value for name, value in row.items()})
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert [figure.value for figure in city.figures.all()] == [2]


@thorough
def test_what_lies_in_the_bin_stays_chosen_where_it_was(as_coordinator, city):
    initiative = factories.make_initiative(city)
    place = factories.make_place(city)
    initiative.places.add(place)
    place.move_to_bin()
    assert edit(as_coordinator, initiative, {"title_fr": "Autre titre"}).status_code == 302
    assert list(initiative.places.all()) == [place]


@thorough
def test_a_row_added_by_an_editor_waits_can_be_corrected_and_is_then_applied(as_editor, as_coordinator, city):
    row = {"label_fr": "Habitants", "value": "10", "year": "2024", "source_fr": "HCP"}
    edit(as_editor, city, {f"figures:new:{name}": value for name, value in row.items()}, "_send")
    assert not CityFigure.objects.exists()
    [added] = Change.objects.waiting().get().patch
    edit(as_editor, city, {f"{added}:value": "12"})
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "apply"})
    assert [(f.label_fr, f.value) for f in CityFigure.objects.all()] == [("Habitants", 12)]


def test_a_row_removed_by_an_editor_stays_until_applied(as_editor, as_coordinator, city):
    figure = factories.make_figure(city, label_fr="Habitants")
    edit(as_editor, city, {f"figures:{figure.pk}:DELETE": "on"}, "_send")
    assert CityFigure.objects.count() == 1
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert not CityFigure.objects.exists()


@thorough
def test_what_a_coordinator_posts_without_a_button_that_publishes_is_a_draft(as_coordinator, city):
    before = live(city).summary_fr
    for button in ("_save", "_close", "_send", "_preview", "_publish", "_unknown"):
        words = f"Par {button}"
        address, data = section_at(as_coordinator, city, "brief")
        as_coordinator.post(address, data | {"summary_fr": words, button: "1"})
        assert live(city).summary_fr == before
        assert Change.objects.unfinished().get().patch["summary_fr"][1] == words
    take(as_coordinator, city, "withdraw")
    assert (live(city).state, live(city).summary_fr) == ("withdrawn", before)
    edit(as_coordinator, city, {})
    assert live(city).summary_fr == words


@thorough
def test_a_public_city_cannot_lose_its_summary(as_coordinator, city):
    response = edit(as_coordinator, city, {"summary_fr": ""})
    assert is_led_to(response, city, "summary_fr")
    assert live(city).summary_fr


@thorough
def test_a_figure_without_year_and_source_cannot_join_a_public_city(as_coordinator, city):
    response = edit(as_coordinator, city, {"figures:new:label_fr": "Habitants", "figures:new:value": "10"})
    assert is_led_to(response, city, "year")
    assert is_led_to(response, city, "source_fr")
    assert not CityFigure.objects.exists()


def test_a_draft_that_was_never_public_is_saved_at_once_and_recorded(as_editor, editor, city):
    initiative = factories.make_initiative(city, public=False, title_fr="Ébauche")
    edit(as_editor, initiative, {"title_fr": "Ébauche corrigée"})
    initiative.refresh_from_db()
    assert initiative.title_fr == "Ébauche corrigée"
    change = Change.objects.of(initiative).first()
    assert (change.state, change.author, change.patch) == (
        "applied",
        editor,
        {"title_fr": ["Ébauche", "Ébauche corrigée"]},
    )


@thorough
def test_the_record_says_saved_of_what_visitors_never_saw_and_applied_of_what_they_see(as_coordinator, city):
    edit(as_coordinator, factories.make_initiative(city, public=False), {"title_fr": "Ébauche corrigée"}, "_draft")
    edit(as_coordinator, city, {"summary_fr": "Corrigé"})
    told = [change.state_word for change in Change.objects.happened()[:2]]
    assert told == [Change.State.APPLIED.label, "enregistrée"]
    assert as_coordinator.get(reverse("admin:publishing_change_changelist")).status_code == 200


@thorough
def test_an_editor_asks_to_publish_and_a_coordinator_does(as_editor, as_coordinator, city, client):
    initiative = factories.make_initiative(city, public=False)
    edit(as_editor, initiative, {}, "_ask")
    change = Change.objects.waiting().get()
    assert not initiative.is_public()
    as_coordinator.post(page_of(change), {"step": "apply"})
    assert initiative.is_public()
    assert client.get(initiative.get_absolute_url()).status_code == 200


@thorough
def test_an_editor_cannot_publish_or_withdraw_by_a_forged_button(as_editor, city):
    draft = factories.make_initiative(city, public=False)
    for step in ("publish", "withdraw", "schedule"):
        assert take(as_editor, draft, step).status_code == 403
        assert take(as_editor, city, step).status_code == 403
    edit(as_editor, draft, {}, "_publish", publish="1", _publish="1")
    draft.refresh_from_db()
    assert draft.public_from is None
    assert Change.objects.waiting().get().item == draft, "whatever is pressed, it is asked for"
    assert live(city).is_public()


@thorough
def test_a_coordinator_publishes_and_withdraws(as_coordinator, city, client):
    initiative = factories.make_initiative(city, public=False)
    edit(as_coordinator, initiative, {}, "_publish")
    assert client.get(initiative.get_absolute_url()).status_code == 200
    take(as_coordinator, initiative, "withdraw")
    assert client.get(initiative.get_absolute_url()).status_code == 410


@thorough
def test_publishing_names_what_is_missing_and_publishes_nothing(as_coordinator, city):
    initiative = factories.make_initiative(city, public=False, summary_fr="")
    response = edit(as_coordinator, initiative, {}, "_publish")
    initiative.refresh_from_db()
    assert initiative.public_from is None
    assert is_led_to(response, initiative, "summary_fr")
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]


def test_a_duplicate_is_a_draft_with_all_rows_and_an_address_of_its_own(as_editor, city):
    original = factories.make_initiative(city)
    original.partners.create(name_fr="Association")
    as_editor.post(reverse("admin:initiatives_initiative_duplicate", args=[original.pk]))
    copy = type(original).objects.exclude(pk=original.pk).get()
    assert (copy.slug, copy.public_from, copy.title_fr) == (f"{original.slug}-copy", None, original.title_fr)
    assert [partner.name_fr for partner in copy.partners.all()] == ["Association"]
    assert copy.uuid != original.uuid


@thorough
def test_moving_to_the_bin_keeps_the_row_and_takes_it_off_the_site(as_coordinator, city, client):
    initiative = factories.make_initiative(city)
    address = reverse("admin:initiatives_initiative_delete", args=[initiative.pk])
    binned = as_coordinator.post(address, {"post": "yes"}, follow=True)
    assert [screen_of(initiative, "change") in str(message) for message in binned.context["messages"]] == [True]
    initiative.refresh_from_db()
    assert initiative.binned_at
    assert client.get(initiative.get_absolute_url()).status_code == 410
    page = as_coordinator.get(screen_of(initiative, "change")).text
    assert 'value="restore"' in page
    assert screen_of(initiative, "send") not in page, "what lies in the bin isn't published from there"
    assert screen_of(initiative, "section", "brief") not in page, "nor written"
    take(as_coordinator, initiative, "restore")
    initiative.refresh_from_db()
    assert not initiative.binned_at
    assert not initiative.is_public(), "out of the bin is not yet back on the site"


def test_an_editor_bins_drafts_from_the_list_and_only_those(as_editor, city):
    public, draft = factories.make_initiative(city), factories.make_initiative(city, slug="draft", public=False)
    data = {"action": "bin_selected", "_selected_action": [public.pk, draft.pk]}
    as_editor.post(reverse("admin:initiatives_initiative_changelist"), data)
    public.refresh_from_db()
    draft.refresh_from_db()
    assert (public.state, draft.state) == ("public", "binned")


def test_an_editor_cannot_bin_a_public_item(as_editor, city):
    initiative = factories.make_initiative(city)
    address = reverse("admin:initiatives_initiative_delete", args=[initiative.pk])
    assert as_editor.post(address, {"post": "yes"}).status_code == 403
    initiative.refresh_from_db()
    assert initiative.binned_at is None


@thorough
def test_an_editor_sees_on_the_form_that_they_have_asked_to_publish_it(as_editor, city):
    initiative = factories.make_initiative(city, public=False)
    assert screen_of(initiative, "send") in as_editor.get(screen_of(initiative, "change")).text
    edit(as_editor, initiative, {}, "_ask")
    page = as_editor.get(screen_of(initiative, "change"))
    [(asked, is_seen)] = page.context["changes"]
    assert (asked.item, asked.state, is_seen) == (initiative, "review", True)
    assert "Vous avez envoyé cette page en relecture." in page.text
    assert screen_of(initiative, "send") not in page.text
    assert 'name="_send"' not in as_editor.get(screen_of(initiative, "section", "brief")).text
    edit(as_editor, initiative, {}, "_ask")
    assert Change.objects.unfinished().get() == asked, "who asks from another window asks once"


@thorough
def test_an_editor_whose_wish_was_returned_may_ask_again(as_editor, as_coordinator, city):
    initiative = factories.make_initiative(city, public=False)
    edit(as_editor, initiative, {}, "_ask")
    as_coordinator.post(
        page_of(Change.objects.get(state="review")), {"step": "return", "comment": "Encore une phrase."}
    )
    assert screen_of(initiative, "send") in as_editor.get(screen_of(initiative, "change")).text
    edit(as_editor, initiative, {}, "_ask")
    assert Change.objects.waiting().get().item == initiative


@thorough
def test_a_change_that_is_applied_leads_to_its_page_on_the_site(as_coordinator, city, waiting):
    assert not as_coordinator.get(page_of(waiting)).context["live_url"]
    as_coordinator.post(page_of(waiting), {"step": "apply"})
    assert as_coordinator.get(page_of(waiting)).context["live_url"] == live(city).get_absolute_url()


@thorough
def test_an_editor_reads_who_takes_a_page_off_the_site(as_editor, as_coordinator, city):
    said = "The coordinators take a page off the site."
    pages = [
        client.get(screen_of(city, "change"), headers={"accept-language": "en"})
        for client in (as_editor, as_coordinator)
    ]
    assert [said in page.content.decode() for page in pages] == [True, False]


@thorough
def test_a_coordinator_is_led_to_the_next_that_waits(as_editor, as_coordinator, other_city, coordinator, waiting):
    assert as_coordinator.get(page_of(waiting)).context["next"] is None
    later = Change.propose(other_city, coordinator, {"summary_fr": ["", "Autre"]})
    page = as_coordinator.post(page_of(waiting), {"step": "apply"}, follow=True)
    assert page_of(later) in page.content.decode()
    assert as_editor.get(page_of(waiting)).context["next"] is None


def test_dates_are_compared_as_people_write_them(as_editor, city):
    initiative = factories.make_initiative(city, status_on="2024-03", checked_on="2024-03-05")
    change = Change.objects.of(initiative).happened().first()
    said = {row.label: row.after for row in patch_display.rows(change)}
    assert {"mars 2024", "5 mars 2024"} <= set(said.values())
