"""Several people at one form: what they write is kept and laid together, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City, CityFigure
from initiatives.models import Theme
from learningcities.publishing.models import Change, ContentVersion, Presence
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import added_row, filled, form_of, live, save, send

from .helpers import autosave, opened, page_of


@pytest.fixture
def colleague(city):
    person = make_person("colleague", first_name="Fatima")
    city.editors.add(person)
    return person


@pytest.fixture
def as_colleague(colleague):
    return logged_in(colleague)


@pytest.fixture
def note(city):
    """An initiative that was never public: it is edited in place."""
    return factories.make_initiative(city, public=False, title_fr="Atelier", context_fr="<p>Avant</p>")


def clashing(client, row):
    return [clash.key for clash in client.get(form_of(row)).context["clashes"]]


def stored(row):
    return type(row).objects.get(pk=row.pk)


def sentences(response):
    return " ".join(str(message) for message in response.context["messages"])


# Two people change different things


@thorough
def test_different_fields_of_an_unpublished_row_go_together_and_the_second_is_told_whose(as_editor, as_colleague, note):
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"title_ar": "ورشة", "_continue": "1"})
    response = as_editor.post(form_of(note), first | {"title_fr": "Mon atelier", "_continue": "1"}, follow=True)
    row = stored(note)
    assert (row.title_fr, row.title_ar) == ("Mon atelier", "ورشة")
    assert "Fatima" in sentences(response)
    newest = Change.objects.of(note).happened().first()
    assert newest.patch == {"title_fr": ["Atelier", "Mon atelier"]}, "each one's own change is on record as theirs"
    assert not Change.objects.unfinished().exists()


@thorough
def test_rows_and_relations_go_together(as_editor, as_colleague, note):
    one, _other, third = Theme.objects.all()[:3]
    note.themes.set([one])
    partner = note.partners.create(name_fr="Association")
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(
        form_of(note), second | {"partners-0-role_fr": "Lieu", **added_row("updates", 0, date="2024", title_fr="Début")}
    )
    as_editor.post(form_of(note), first | {"themes": [one.pk, third.pk], **added_row("partners", 1, name_fr="Mairie")})
    row = stored(note)
    assert {theme.pk for theme in row.themes.all()} == {one.pk, third.pk}
    assert {(p.name_fr, p.role_fr) for p in row.partners.all()} == {("Association", "Lieu"), ("Mairie", "")}
    assert row.updates.count() == 1
    assert row.partners.filter(pk=partner.pk).exists()


@thorough
def test_a_coordinators_live_save_takes_along_what_was_published_meanwhile(as_coordinator, as_colleague, city):
    data = opened(as_coordinator, city)
    change = send(as_colleague, city, summary_ar="ملخص") and Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "apply"})
    as_coordinator.post(form_of(city), data | {"also_known_as": "Autre nom", "_save": "1"})
    row = live(city)
    assert (row.summary_ar, row.also_known_as) == ("ملخص", "Autre nom")


# Two people change the same


@thorough
def test_the_same_text_is_shown_side_by_side_and_what_is_kept_is_chosen(as_editor, as_colleague, note):
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"title_fr": "Leur atelier"})
    as_editor.post(form_of(note), first | {"title_fr": "Mon atelier", "title_ar": "ورشة", "_continue": "1"})
    assert stored(note).title_fr == "Leur atelier", "nothing is overwritten"
    page = as_editor.get(form_of(note))
    (clash,) = page.context["clashes"]
    assert (clash.key, str(clash.by)) == ("title_fr", "Fatima")
    assert page.context["adminform"].form["title_fr"].value() == "Mon atelier"
    assert page.context["adminform"].form["title_ar"].value() == "ورشة"
    assert "Leur" in page.content.decode()
    as_editor.post(form_of(note), filled(page))
    assert stored(note).title_fr == "Leur atelier", "not until its author has chosen"
    as_editor.post(form_of(note), opened(as_editor, note, **{"_choice title_fr": "mine"}))
    row = stored(note)
    assert (row.title_fr, row.title_ar) == ("Mon atelier", "ورشة")
    assert not Change.objects.unfinished().exists()


@thorough
@pytest.mark.parametrize(
    ("answer", "title"), [({"_choice title_fr": "theirs"}, "Leur"), ({"title_fr": "À deux"}, "À deux")]
)
def test_theirs_can_be_taken_and_mine_be_mended(as_editor, as_colleague, note, answer, title):
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"title_fr": "Leur"})
    as_editor.post(form_of(note), first | {"title_fr": "Mien", "title_ar": "ورشة"})
    as_editor.post(form_of(note), opened(as_editor, note, **answer))
    row = stored(note)
    assert (row.title_fr, row.title_ar) == (title, "ورشة")


@thorough
def test_a_coordinator_publishes_nothing_over_a_text_that_was_changed_meanwhile(as_coordinator, as_colleague, city):
    data = opened(as_coordinator, city)
    send(as_colleague, city, summary_fr="Le leur")
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    as_coordinator.post(form_of(city), data | {"summary_fr": "Le mien", "_save": "1"})
    assert live(city).summary_fr == "Le leur"
    assert clashing(as_coordinator, city) == ["summary_fr"]
    as_coordinator.post(form_of(city), opened(as_coordinator, city, **{"_save": "1", "_choice summary_fr": "mine"}))
    assert live(city).summary_fr == "Le mien"


@thorough
def test_an_editors_draft_of_a_text_that_changed_isnt_sent_until_they_have_chosen(as_editor, as_coordinator, city):
    data = opened(as_editor, city)
    save(as_coordinator, city, summary_fr="Le leur")
    as_editor.post(form_of(city), data | {"summary_fr": "Le mien", "_send": "1"})
    assert Change.objects.unfinished().get().state == "open"
    assert clashing(as_editor, city) == ["summary_fr"]
    send(as_editor, city, **{"_choice summary_fr": "mine"})
    change = Change.objects.waiting().get()
    assert (change.conflicts(), change.patch) == ([], {"summary_fr": ["Le leur", "Le mien"]})


@thorough
def test_a_row_that_one_removed_and_the_other_changed_is_a_question(as_editor, as_colleague, note):
    note.partners.create(name_fr="Association", role_fr="Hôte")
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"partners-0-DELETE": "on"})
    as_editor.post(form_of(note), first | {"partners-0-role_fr": "Lieu", "title_fr": "Mon atelier"})
    assert stored(note).title_fr == "Atelier", "one save is one"
    (key,) = clashing(as_editor, note)
    as_editor.post(form_of(note), opened(as_editor, note, **{f"_choice {key}": "mine"}))
    (partner,) = note.partners.all()
    assert (partner.name_fr, partner.role_fr, stored(note).title_fr) == ("Association", "Lieu", "Mon atelier")


@thorough
def test_a_row_that_i_removed_and_another_changed_is_a_question(as_editor, as_colleague, note):
    note.partners.create(name_fr="Association", role_fr="Hôte")
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"partners-0-role_fr": "Lieu"})
    as_editor.post(form_of(note), first | {"partners-0-DELETE": "on"})
    (key,) = clashing(as_editor, note)
    as_editor.post(form_of(note), opened(as_editor, note, **{f"_choice {key}": "theirs"}))
    assert note.partners.get().role_fr == "Lieu"


@thorough
def test_a_draft_of_a_row_that_was_removed_since_keeps_its_words(as_editor, as_coordinator, city):
    factories.make_figure(city, label_fr="Habitants")
    save(as_editor, city, **{"figures-0-source_fr": "Recensement"})
    save(as_coordinator, city, **{"figures-0-DELETE": "on"})
    page = as_editor.get(form_of(city))
    assert len(page.context["clashes"]) == 1
    assert "Recensement" in page.content.decode()
    save(as_editor, city, also_known_as="Nom")
    assert len(clashing(as_editor, city)) == 1, "until its author has chosen"
    (key,) = clashing(as_editor, city)
    send(as_editor, city, **{f"_choice {key}": "mine"})
    as_coordinator.post(page_of(Change.objects.waiting().get()), {"step": "apply"})
    assert CityFigure.objects.get().source_fr == "Recensement"


@thorough
def test_ones_own_other_window_is_asked_about_and_nothing_typed_is_lost(as_editor, city):
    first, second = opened(as_editor, city), opened(as_editor, city)
    as_editor.post(form_of(city), first | {"summary_fr": "Fenêtre une", "note": "Mot"})
    page = as_editor.post(form_of(city), second | {"summary_fr": "Fenêtre deux", "summary_ar": "ملخص"})
    assert [clash.key for clash in page.context["clashes"]] == ["summary_fr"]
    assert "une" in page.content.decode()
    form = page.context["adminform"].form
    assert [form[name].value() for name in ("summary_fr", "summary_ar", "note")] == ["Fenêtre deux", "ملخص", "Mot"]
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Fenêtre une"
    as_editor.post(form_of(city), filled(page, **{"_choice summary_fr": "other"}))
    words = {key: after for key, (_before, after) in Change.objects.unfinished().get().patch.items()}
    assert words == {"summary_fr": "Fenêtre une", "summary_ar": "ملخص", "note": "Mot"}


@thorough
def test_a_request_for_publication_isnt_given_up_for_a_text_that_clashes(as_editor, as_colleague, note):
    save(as_editor, note, _ask="1")
    first, second = (opened(client, note) for client in (as_editor, as_colleague))
    as_colleague.post(form_of(note), second | {"title_fr": "Leur atelier"})
    page = as_editor.post(form_of(note), first | {"title_fr": "Mon atelier", "title_ar": "ورشة"})
    assert page.context["adminform"].form["title_ar"].value() == "ورشة"
    assert [str(clash.by) for clash in page.context["clashes"]] == ["Fatima"]
    assert set(Change.objects.waiting().get().patch) == {"public_from"}
    as_editor.post(form_of(note), filled(page, **{"_choice title_fr": "theirs"}))
    assert (stored(note).title_fr, stored(note).title_ar) == ("Leur atelier", "ورشة")


def test_words_of_a_vocabulary_go_together_too(as_coordinator):
    theme, other = Theme.objects.first(), logged_in(make_person("second", "coordinator"))
    first, second = (opened(client, theme) for client in (as_coordinator, other))
    other.post(form_of(theme), second | {"name_ar": "كلمة"})
    as_coordinator.post(form_of(theme), first | {"name_fr": "Mot"})
    assert (stored(theme).name_fr, stored(theme).name_ar) == ("Mot", "كلمة")


# While someone writes


@thorough
def test_autosave_writes_one_draft_and_touches_nothing_else(as_editor, editor, city):
    data, stamp = opened(as_editor, city), ContentVersion.objects.get().stamp
    happened, before = Change.objects.happened().count(), live(city).summary_fr
    for words in ("Une éb", "Une ébauche"):
        answer = autosave(as_editor, city, data | {"summary_fr": words})
        assert answer["kept"]
        data["seen"] = answer["seen"]
    change = Change.objects.unfinished().get()
    assert (change.author, change.state, change.patch) == (editor, "open", {"summary_fr": [before, "Une ébauche"]})
    assert (ContentVersion.objects.get().stamp, Change.objects.happened().count()) == (stamp, happened)
    assert live(city).summary_fr == before
    assert not mail.outbox
    autosave(as_editor, city, data | {"summary_fr": before})
    assert not Change.objects.unfinished().exists(), "who types it back wants nothing any more"


@thorough
def test_autosave_of_an_unpublished_row_is_laid_over_the_form_and_written_by_a_save(as_editor, note):
    data = opened(as_editor, note)
    assert autosave(as_editor, note, data | {"title_fr": "Gardé", **added_row("partners", 0, name_fr="Mairie")})["kept"]
    assert (stored(note).title_fr, note.partners.count()) == ("Atelier", 0), "the row waits for a save"
    page = as_editor.get(form_of(note))
    assert page.context["adminform"].form["title_fr"].value() == "Gardé"
    as_editor.post(form_of(note), filled(page))
    assert (stored(note).title_fr, note.partners.count()) == ("Gardé", 1)
    assert set(Change.objects.of(note).values_list("state", flat=True)) == {"applied"}
    assert Change.objects.of(note).happened().first().patch["title_fr"] == ["Atelier", "Gardé"]


def test_autosave_of_words_that_say_nothing_new_keeps_nothing(as_editor, city):
    assert autosave(as_editor, city, opened(as_editor, city))["kept"]
    assert not Change.objects.unfinished().exists()


@thorough
def test_autosave_and_then_a_save_of_the_same_form_are_not_two_windows(as_editor, city):
    data = opened(as_editor, city)
    data["seen"] = autosave(as_editor, city, data | {"summary_fr": "Une"})["seen"]
    response = as_editor.post(form_of(city), data | {"summary_fr": "Une ébauche"})
    assert response.status_code == 302
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Une ébauche"


@thorough
@pytest.mark.parametrize("button", ["_save", "_publish", "_send", "_schedule", "_withdraw", "_ask"])
def test_autosave_takes_no_step_whatever_button_is_named(as_coordinator, as_editor, city, note, button):
    step = {button: "1", "due": "2099-01-01T10:00"}
    for client in (as_coordinator, as_editor):
        autosave(client, city, opened(client, city, summary_fr="Mot", **step))
        autosave(client, note, opened(client, note, title_fr="Mot", **step))
    assert (live(city).summary_fr, live(city).state) == ("Une ville qui apprend.", "public")
    assert (stored(note).title_fr, stored(note).state) == ("Atelier", "never")
    assert set(Change.objects.unfinished().values_list("state", flat=True)) == {"open"}


@thorough
def test_autosave_leaves_what_waits_or_is_approved_alone_and_says_so(as_editor, as_coordinator, city, note):
    send(as_editor, city, summary_fr="Envoyé")
    save(as_editor, note, _ask="1")
    for row in (city, note):
        answer = autosave(as_editor, row, opened(as_editor, row, summary_fr="Plus tard"))
        assert not answer["kept"]
        assert answer["said"]
    assert Change.objects.of(city).waiting().get().patch["summary_fr"][1] == "Envoyé"
    assert set(Change.objects.of(note).waiting().get().patch) == {"public_from"}
    change = Change.objects.of(city).waiting().get()
    as_coordinator.post(page_of(change), {"step": "return", "comment": "Plus court."})
    assert autosave(as_editor, city, opened(as_editor, city, summary_fr="Court"))["kept"]
    change.refresh_from_db()
    assert (change.state, change.patch["summary_fr"][1]) == ("returned", "Court")


@thorough
def test_autosave_keeps_all_but_the_fields_that_cant_be_read_and_names_them(as_editor, city):
    row = added_row("figures", 0, label_fr="Habitants", value="douze")
    data = opened(as_editor, city, website="pas une adresse", latitude="loin", summary_fr="Mot", **row)
    answer = autosave(as_editor, city, data)
    assert not answer["kept"]
    assert str(City._meta.get_field("latitude").verbose_name) in answer["said"].lower()
    assert Change.objects.unfinished().get().patch == {"summary_fr": ["Une ville qui apprend.", "Mot"]}
    data |= {
        "seen": answer["seen"],
        "website": "https://ville.example/",
        "latitude": "33.5",
        "longitude": "-7.5",
        "figures-0-value": "12",
    }
    assert autosave(as_editor, city, data)["kept"]
    assert len(Change.objects.unfinished().get().patch) == 5


# Who is here


@thorough
def test_two_people_see_each_others_names_at_opening_and_while_they_write(as_editor, as_colleague, editor, city):
    assert not as_editor.get(form_of(city)).context["others"]
    assert "editor" in as_colleague.get(form_of(city)).content.decode().split('class="others"')[1][:200]
    assert "Fatima" in autosave(as_editor, city, {})["others"]
    assert "Fatima" not in as_editor.get(form_of(factories.make_initiative(city))).context["others"]
    assert not Change.objects.unfinished().exists(), "to be there writes nothing"
    Presence.objects.update(seen_at=moment() - timedelta(minutes=2))
    assert not autosave(as_editor, city, {})["others"]
    assert Presence.objects.get().user == editor, "who is gone leaves no trace"


@thorough
@pytest.mark.parametrize("words", [{}, {"summary_fr": "Mot"}])
def test_a_word_of_the_form_costs_the_same_however_much_there_is(as_editor, city, words):
    def cost():
        data = opened(as_editor, city, **words) if words else {}
        with CaptureQueriesContext(connection) as counted:
            autosave(as_editor, city, data)
        return len(counted)

    cost()
    few = cost()
    for number in range(5):
        factories.make_initiative(city, slug=f"n-{number}")
        Presence.objects.meet(city, make_person(f"person-{number}"))
    assert cost() == few
    assert few < (90 if words else 20)


# What an expired login or a lost token leaves


def test_a_form_sent_without_login_or_token_leads_back_to_it(client, city, editor):
    response = client.post(form_of(city), {"form_id": "x"})
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={form_of(city)}")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    response = strict.post(form_of(city), {"form_id": "x"})
    assert response.status_code == 403
    assert f'href="{form_of(city)}"' in response.content.decode()


@thorough
def test_the_browser_is_told_which_form_was_saved_and_only_then(as_editor, note):
    data = opened(as_editor, note)
    refused = as_editor.post(form_of(note), data | {"title_fr": ""})
    assert "saved_form" not in refused.cookies
    again = as_editor.post(form_of(note), data | {"title_fr": "Mot", "_again": "yes"})
    assert "saved_form" not in again.cookies
    assert again.context["adminform"].form["title_fr"].value() == "Mot"
    assert stored(note).title_fr == "Atelier", "what is shown again isn't saved"
    for button in ("_continue", "_preview"):
        saved = as_editor.post(form_of(note), opened(as_editor, note, **{button: "1", "form_id": "ab\u202ec;"}))
        assert saved.cookies["saved_form"].value == "abc"


@thorough
def test_autosave_says_who_has_changed_the_same_text_and_keeps_both(as_editor, as_coordinator, city):
    data = opened(as_editor, city)
    save(as_coordinator, city, summary_fr="Le leur")
    answer = autosave(as_editor, city, data | {"summary_fr": "Le mien"})
    assert answer["kept"]
    assert answer["clash"]
    assert "coordinator" in answer["news"]
    data["seen"] = answer["seen"]
    assert autosave(as_editor, city, data | {"summary_fr": "Le mien aussi"})["clash"], "as long as it isn't seen"
    assert live(city).summary_fr == "Le leur"


def test_autosave_of_another_city_is_refused_and_writes_nothing(as_editor, city, other_city, client):
    stranger = make_person("stranger")
    data = opened(as_editor, city, summary_fr="Forgé")
    assert autosave(as_editor, other_city, data).status_code == 404
    assert autosave(logged_in(stranger), city, data).status_code in (403, 404)
    assert autosave(client, city, data).status_code == 302
    assert as_editor.get(reverse("admin:cities_city_autosave", args=[city.pk])).status_code == 405
    assert not Change.objects.unfinished().exists()
    assert not Presence.objects.exclude(user__username="editor").exists()


@thorough
def test_a_forged_token_is_worth_as_much_as_none(as_editor, city, note):
    for token in ("", "forged", opened(as_editor, note)["seen"]):
        as_editor.post(form_of(city), opened(as_editor, city, seen=token, summary_ar="ملخص"))
        assert Change.objects.unfinished().get().patch == {"summary_ar": ["", "ملخص"]}


# Rights


@thorough
def test_a_translators_words_are_kept_and_nothing_else_of_what_they_send(city, as_coordinator):
    translator = make_person("translator", languages=["ar"])
    city.editors.add(translator)
    client = logged_in(translator)
    factories.make_figure(city, label_fr="Habitants")
    data = opened(client, city, summary_ar="ملخص", **{"figures-0-source_ar": "الإحصاء"})
    save(as_coordinator, city, **{"figures-0-DELETE": "on"})
    answer = autosave(client, city, data | {"summary_fr": "Forgé", "figures-0-value": "99"})
    assert answer["kept"]
    patch = Change.objects.unfinished().get().patch
    assert {after for _before, after in patch.values()} == {"ملخص", "الإحصاء"}, "what they wrote in a removed row stays"
    assert "الإحصاء" in client.get(form_of(city)).content.decode()
    assert save(client, city, note="x").status_code == 302
    assert set(Change.objects.unfinished().get().patch) == set(patch)
