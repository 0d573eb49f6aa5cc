"""Several people at one page: what they write is kept and laid together, and nothing typed is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.models import City, CityFigure
from initiatives.models import Theme
from learningcities.publishing.models import Change, ContentVersion, PageLock, Presence
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import data_of, edit, live, page_of, section_at

from .helpers import Window, decide, outline_of, remove
from .helpers import page_of as page_of_change


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
    return [clash.key for clash in outline_of(client, row).context["clashes"]]


def stored(row):
    return type(row).objects.get(pk=row.pk)


def sentences(response):
    return " ".join(str(message) for message in response.context["messages"])


def draft():
    return {key: after for key, (_before, after) in Change.objects.unfinished().get().patch.items()}


def apply(client, change):
    return client.post(page_of_change(change), {"step": "apply"})


# Two people change different things


@thorough
def test_different_fields_of_an_unpublished_row_go_together_and_the_second_is_told_whose(as_editor, as_colleague, note):
    first, second = (Window(client, note, "names") for client in (as_editor, as_colleague))
    second.save(title_ar="ورشة")
    first.save(title_fr="Mon atelier")
    row = stored(note)
    assert (row.title_fr, row.title_ar) == ("Mon atelier", "ورشة")
    said = sentences(outline_of(as_editor, note))
    assert "Fatima" in said
    assert "–" not in said, "who has made the page saved nothing since"
    newest = Change.objects.of(note).happened().first()
    assert newest.patch == {"title_fr": ["Atelier", "Mon atelier"]}, "each one's own change is on record as theirs"
    assert not Change.objects.unfinished().exists()


@thorough
def test_a_form_that_is_hours_old_changes_only_what_was_typed_into_it(as_editor, as_coordinator, city):
    window = Window(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Leur résumé", "summary_en": "Their summary"})
    window.save(summary_ar="ملخصي")
    assert draft() == {"summary_ar": "ملخصي"}
    assert not clashing(as_editor, city)


@thorough
def test_rows_and_relations_go_together(as_editor, as_colleague, note):
    one, _other, third = Theme.objects.all()[:3]
    note.themes.set([one])
    partner = note.partners.create(name_fr="Association")
    themes, mairie = Window(as_editor, note, "audience"), Window(as_editor, note, "partners", uuid4())
    Window(as_colleague, note, "partners", partner.pk).save(role_fr="Lieu")
    Window(as_colleague, note, "updates", uuid4()).save(date="2024", title_fr="Début")
    themes.save(themes=[one.pk, third.pk])
    mairie.save(name_fr="Mairie")
    row = stored(note)
    assert {theme.pk for theme in row.themes.all()} == {one.pk, third.pk}
    assert {(p.name_fr, p.role_fr) for p in row.partners.all()} == {("Association", "Lieu"), ("Mairie", "")}
    assert row.updates.count() == 1
    assert row.partners.filter(pk=partner.pk).exists()


@thorough
def test_two_fields_of_one_row_go_together(as_editor, as_colleague, note):
    partner = note.partners.create(name_fr="Association")
    first, second = (Window(client, note, "partners", partner.pk) for client in (as_editor, as_colleague))
    second.save(role_fr="Lieu")
    first.save(name_ar="جمعية")
    partner.refresh_from_db()
    assert (partner.name_fr, partner.name_ar, partner.role_fr) == ("Association", "جمعية", "Lieu")


@thorough
def test_a_coordinators_live_save_takes_along_what_was_published_meanwhile(as_coordinator, as_colleague, city):
    window = Window(as_coordinator, city, "spellings")
    edit(as_colleague, city, {"summary_ar": "ملخص"}, "_send")
    apply(as_coordinator, Change.objects.waiting().get())
    window.save(also_known_as="Autre nom")
    edit(as_coordinator, city, {}, "_publish")
    row = live(city)
    assert (row.summary_ar, row.also_known_as) == ("ملخص", "Autre nom")


# Two people change the same


@thorough
def test_the_same_text_is_shown_side_by_side_and_what_is_kept_is_chosen(as_editor, as_colleague, note):
    first, second = (Window(client, note, "names") for client in (as_editor, as_colleague))
    second.save(title_fr="Leur atelier")
    first.save(title_fr="Mon atelier", title_ar="ورشة")
    assert stored(note).title_fr == "Leur atelier", "nothing is overwritten"
    page = outline_of(as_editor, note)
    (clash,) = page.context["clashes"]
    assert (clash.key, str(clash.by)) == ("title_fr", "Fatima")
    assert "Leur" in page.content.decode()
    window = Window(as_editor, note, "names")
    assert (window.data["title_fr"], window.data["title_ar"]) == ("Mon atelier", "ورشة")
    window.save()
    assert stored(note).title_fr == "Leur atelier", "not until its author has chosen"
    decide(as_editor, note, title_fr="nonsense")
    assert stored(note).title_fr == "Leur atelier"
    decide(as_editor, note, title_fr="mine")
    row = stored(note)
    assert (row.title_fr, row.title_ar) == ("Mon atelier", "ورشة")
    assert not Change.objects.unfinished().exists()


@thorough
@pytest.mark.parametrize("title", ["Leur", "À deux"])
def test_theirs_can_be_taken_and_mine_be_mended(as_editor, as_colleague, note, title):
    first, second = (Window(client, note, "names") for client in (as_editor, as_colleague))
    second.save(title_fr="Leur")
    first.save(title_fr="Mien", title_ar="ورشة")
    if title == "Leur":
        decide(as_editor, note, title_fr="theirs")
    else:
        Window(as_editor, note, "names").save(title_fr=title)
    row = stored(note)
    assert (row.title_fr, row.title_ar) == (title, "ورشة")


@thorough
def test_mine_is_not_mended_by_who_has_not_seen_theirs(as_editor, as_colleague, note):
    first, second = (Window(client, note, "names") for client in (as_editor, as_colleague))
    second.save(title_fr="Leur")
    first.keep(title_fr="Mien")
    first.save(title_fr="Encore mien")
    assert stored(note).title_fr == "Leur"
    assert clashing(as_editor, note) == ["title_fr"]
    seen = Window(as_editor, note, "names")
    edit(as_colleague, note, {"title_fr": "Plus récent"})
    seen.save(title_fr="À deux")
    assert stored(note).title_fr == "Plus récent", "it has changed once more since they stood side by side"


@thorough
def test_a_coordinator_publishes_nothing_over_a_text_that_was_changed_meanwhile(as_coordinator, as_colleague, city):
    window = Window(as_coordinator, city, "brief")
    edit(as_colleague, city, {"summary_fr": "Le leur"}, "_send")
    apply(as_coordinator, Change.objects.waiting().get())
    window.save(summary_fr="Le mien")
    edit(as_coordinator, city, {}, "_publish")
    assert live(city).summary_fr == "Le leur"
    assert clashing(as_coordinator, city) == ["summary_fr"]
    decide(as_coordinator, city, summary_fr="mine")
    edit(as_coordinator, city, {}, "_publish")
    assert live(city).summary_fr == "Le mien"


def test_what_visitors_never_saw_isnt_published_before_its_coordinator_has_chosen(as_coordinator, as_colleague, note):
    window = Window(as_coordinator, note, "names")
    edit(as_colleague, note, {"title_fr": "Le leur"}, "_draft")
    window.save(title_fr="Le mien")
    edit(as_coordinator, note, {}, "_publish")
    assert stored(note).public_from is None
    assert clashing(as_coordinator, note) == ["title_fr"]
    decide(as_coordinator, note, title_fr="mine")
    edit(as_coordinator, note, {}, "_publish")
    assert (stored(note).state, stored(note).title_fr) == ("public", "Le mien")


@thorough
def test_an_editors_draft_of_a_text_that_changed_isnt_sent_until_they_have_chosen(as_editor, as_coordinator, city):
    window = Window(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Le leur"})
    window.save(summary_fr="Le mien")
    edit(as_editor, city, {}, "_send")
    assert Change.objects.unfinished().get().state == "open"
    assert clashing(as_editor, city) == ["summary_fr"]
    decide(as_editor, city, summary_fr="mine")
    edit(as_editor, city, {}, "_send")
    change = Change.objects.waiting().get()
    assert (change.conflicts(), change.patch) == ([], {"summary_fr": ["Le leur", "Le mien"]})


@thorough
def test_a_row_that_one_removed_and_the_other_changed_is_a_question(as_editor, as_colleague, note):
    partner = note.partners.create(name_fr="Association", role_fr="Hôte")
    window = Window(as_editor, note, "partners", partner.pk)
    remove(as_colleague, note, "partners", partner.pk)
    assert not note.partners.exists()
    window.save(role_fr="Lieu")
    edit(as_editor, note, {"title_fr": "Mon atelier"})
    assert not note.partners.exists(), "nothing comes back until its author has chosen"
    assert stored(note).title_fr == "Atelier", "and what they write meanwhile waits with it"
    assert "Choisissez" in sentences(outline_of(as_editor, note)), "which they are told"
    (key,) = clashing(as_editor, note)
    decide(as_editor, note, **{key: "mine"})
    (partner,) = note.partners.all()
    assert (partner.name_fr, partner.role_fr, stored(note).title_fr) == ("Association", "Lieu", "Mon atelier")


@thorough
@pytest.mark.parametrize(("side", "roles"), [("theirs", ["Lieu"]), ("mine", [])])
def test_a_row_that_i_removed_and_another_changed_is_a_question(as_editor, as_colleague, note, side, roles):
    partner = note.partners.create(name_fr="Association", role_fr="Hôte")
    page = as_editor.get(page_of(note, "section", "partners"))
    Window(as_colleague, note, "partners", partner.pk).save(role_fr="Lieu")
    remove(as_editor, note, "partners", partner.pk, page)
    assert note.partners.get().role_fr == "Lieu", "nobody removes what they haven't seen"
    (key,) = clashing(as_editor, note)
    decide(as_editor, note, **{key: side})
    assert [partner.role_fr for partner in note.partners.all()] == roles


@thorough
def test_a_draft_of_a_row_that_was_removed_since_keeps_its_words(as_editor, as_coordinator, city):
    figure = factories.make_figure(city, label_fr="Habitants")
    edit(as_editor, city, {f"figures:{figure.pk}:source_fr": "Recensement"})
    edit(as_coordinator, city, {f"figures:{figure.pk}:DELETE": "on"})
    assert not CityFigure.objects.exists()
    page = outline_of(as_editor, city)
    assert len(page.context["clashes"]) == 1
    assert "Recensement" in page.content.decode()
    edit(as_editor, city, {"also_known_as": "Nom"})
    assert len(clashing(as_editor, city)) == 1, "until its author has chosen"
    (key,) = clashing(as_editor, city)
    decide(as_editor, city, **{key: "mine"})
    edit(as_editor, city, {}, "_send")
    apply(as_coordinator, Change.objects.waiting().get())
    assert CityFigure.objects.get().source_fr == "Recensement"


def test_a_change_that_waits_brings_no_half_of_a_row_back_that_was_removed_since(as_editor, as_coordinator, city):
    item = factories.make_initiative(city)
    partner = item.partners.create(name_fr="Association")
    edit(as_editor, item, {f"partners:{partner.pk}:name_ar": "جمعية"}, "_send")
    edit(as_coordinator, item, {f"partners:{partner.pk}:DELETE": "on"})
    apply(as_coordinator, Change.objects.waiting().get())
    assert not item.partners.exists()
    assert Change.objects.waiting().exists()
    assert len(clashing(as_editor, item)) == 1


@thorough
@pytest.mark.parametrize(("button", "summary"), [("leave", "Fenêtre une"), ("save", "Fenêtre deux")])
def test_ones_own_other_window_is_asked_about_and_nothing_typed_is_lost(as_editor, city, button, summary):
    first, second = Window(as_editor, city, "brief"), Window(as_editor, city, "brief")
    first.save(summary_fr="Fenêtre une")
    edit(as_editor, city, {"note": "Mot"})
    page = second.save(summary_fr="Fenêtre deux", summary_ar="ملخص")
    assert [clash.key for clash in page.context["doubled"]] == ["summary_fr"]
    shown = page.content.decode()
    assert "une" in shown.split('class="versions"')[1].split("</div>")[0]
    assert "Fenêtre deux" in shown
    form = page.context["form"]
    assert [form[name].value() for name in ("summary_fr", "summary_ar")] == ["Fenêtre deux", "ملخص"]
    assert draft() == {"summary_fr": "Fenêtre une", "summary_ar": "ملخص", "note": "Mot"}
    if button == "save":
        assert as_editor.post(second.address, data_of(page)).status_code == 302
    assert Window(as_editor, city, "brief").data["summary_fr"] == summary
    assert draft() == {"summary_fr": summary, "summary_ar": "ملخص", "note": "Mot"}


def test_a_text_that_nobody_touched_in_a_window_stays_as_ones_own_other_window_has_it(as_editor, city):
    first, second = Window(as_editor, city, "brief"), Window(as_editor, city, "brief")
    first.save(summary_fr="Fenêtre une")
    assert second.save(summary_ar="ملخص").status_code == 302
    assert draft() == {"summary_fr": "Fenêtre une", "summary_ar": "ملخص"}


def test_the_same_words_from_an_older_window_ask_nothing(as_editor, as_coordinator, city):
    older = Window(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Le leur"})
    edit(as_editor, city, {"summary_fr": "À deux"}, "_draft")
    assert older.save(summary_fr="À deux").status_code == 302
    assert Change.objects.unfinished().get().patch == {"summary_fr": ["Le leur", "À deux"]}
    assert not clashing(as_editor, city)


def test_a_new_row_that_ones_own_other_window_has_taken_out_is_asked_about(as_editor, city):
    Window(as_editor, city, "figures", uuid := uuid4()).save(label_fr="Habitants", value="12")
    window = Window(as_editor, city, "figures", uuid)
    remove(as_editor, city, "figures", uuid)
    page = window.save(source_fr="Recensement")
    assert page.context["doubled"]
    assert page.context["form"]["source_fr"].value() == "Recensement"
    assert not Change.objects.unfinished().exists()
    as_editor.post(window.address, data_of(page))
    (row,) = draft().values()
    assert (row["label_fr"], row["source_fr"]) == ("Habitants", "Recensement")
    assert not clashing(as_editor, city)


@thorough
def test_a_row_that_ones_own_other_window_has_removed_is_asked_about(as_editor, city):
    figure = factories.make_figure(city, label_fr="Habitants")
    window = Window(as_editor, city, "figures", figure.pk)
    remove(as_editor, city, "figures", figure.pk)
    page = window.save(source_fr="Recensement")
    assert page.context["doubled"]
    assert page.context["form"]["source_fr"].value() == "Recensement"
    assert draft() == {f"figures:{figure.pk}": None}
    as_editor.post(window.address, data_of(page))
    assert Window(as_editor, city, "figures", figure.pk).data["source_fr"] == "Recensement"
    assert draft()[f"figures:{figure.pk}"]["label_fr"] == "Habitants", "with all that it said"


@thorough
@pytest.mark.parametrize(("button", "title"), [("leave", "Leur atelier"), ("save", "Mon atelier")])
def test_a_request_for_publication_isnt_given_up_for_a_text_that_clashes(as_editor, as_colleague, note, button, title):
    edit(as_editor, note, {}, "_send")
    first, second = (Window(client, note, "names") for client in (as_editor, as_colleague))
    second.save(title_fr="Leur atelier")
    page = first.save(title_fr="Mon atelier", title_ar="ورشة")
    assert stored(note).title_fr == "Leur atelier", "nothing is overwritten"
    assert page.context["form"]["title_fr"].value() == "Mon atelier"
    assert [str(clash.by) for clash in page.context["doubled"]] == ["Fatima"]
    assert set(Change.objects.waiting().get().patch) == {"public_from"}
    if button == "save":
        as_editor.post(first.address, data_of(page))
    assert (stored(note).title_fr, stored(note).title_ar) == (title, "ورشة")
    assert set(Change.objects.waiting().get().patch) == {"public_from"}


def test_words_of_a_vocabulary_go_together_too(as_coordinator):
    theme, other = Theme.objects.first(), logged_in(make_person("second", "coordinator"))
    first, second = (Window(client, theme, "words") for client in (as_coordinator, other))
    second.save(name_ar="كلمة")
    first.save(name_fr="Mot")
    assert (stored(theme).name_fr, stored(theme).name_ar) == ("Mot", "كلمة")


# While someone writes


@thorough
def test_autosave_writes_one_draft_and_touches_nothing_else(as_editor, editor, city):
    window, stamp = Window(as_editor, city, "brief"), ContentVersion.objects.get().stamp
    happened, before = Change.objects.happened().count(), live(city).summary_fr
    for words in ("Une éb", "Une ébauche"):
        assert window.keep(summary_fr=words)["kept"]
    change = Change.objects.unfinished().get()
    assert (change.author, change.state, change.patch) == (editor, "open", {"summary_fr": [before, "Une ébauche"]})
    assert (ContentVersion.objects.get().stamp, Change.objects.happened().count()) == (stamp, happened)
    assert live(city).summary_fr == before
    assert not mail.outbox
    window.keep(summary_fr=before)
    assert not Change.objects.unfinished().exists(), "who types it back wants nothing any more"


@thorough
def test_autosave_of_an_unpublished_row_is_laid_over_the_form_and_written_by_a_save(as_editor, note):
    assert Window(as_editor, note, "names").keep(title_fr="Gardé")["kept"]
    assert Window(as_editor, note, "partners", uuid4()).keep(name_fr="Mairie")["kept"]
    assert (stored(note).title_fr, note.partners.count()) == ("Atelier", 0), "the row waits for a save"
    window = Window(as_editor, note, "names")
    assert window.data["title_fr"] == "Gardé"
    window.save()
    assert (stored(note).title_fr, note.partners.count()) == ("Gardé", 1)
    assert set(Change.objects.of(note).values_list("state", flat=True)) == {"applied"}
    assert Change.objects.of(note).happened().first().patch["title_fr"] == ["Atelier", "Gardé"]


def test_autosave_of_words_that_say_nothing_new_keeps_nothing(as_editor, city):
    assert Window(as_editor, city, "brief").keep()["kept"]
    assert not Change.objects.unfinished().exists()


@thorough
def test_autosave_and_then_a_save_of_the_same_form_are_not_two_windows(as_editor, city):
    window, row = Window(as_editor, city, "brief"), Window(as_editor, city, "figures", uuid4())
    window.keep(summary_fr="Une")
    assert window.save(summary_fr="Une ébauche").status_code == 302
    row.keep(label_fr="Habit")
    assert row.save(label_fr="Habitants", value="12").status_code == 302
    change = Change.objects.unfinished().get()
    assert change.patch["summary_fr"][1] == "Une ébauche"
    (figure,) = (after for key, (_before, after) in change.patch.items() if key.startswith("figures:"))
    assert (figure["label_fr"], figure["value"]) == ("Habitants", "12")


@thorough
@pytest.mark.parametrize("button", ["_save", "_publish", "_send", "_schedule", "_withdraw", "_ask", "_preview"])
def test_autosave_takes_no_step_whatever_button_is_named(as_coordinator, as_editor, city, note, button):
    step = {button: "1", "due": "2099-01-01T10:00", "step": button.removeprefix("_")}
    for client in (as_coordinator, as_editor):
        Window(client, city, "brief").keep(summary_fr="Mot", **step)
        Window(client, note, "names").keep(title_fr="Mot", **step)
    assert (live(city).summary_fr, live(city).state) == ("Une ville qui apprend.", "public")
    assert (stored(note).title_fr, stored(note).state) == ("Atelier", "never")
    assert set(Change.objects.unfinished().values_list("state", flat=True)) == {"open"}


@thorough
@pytest.mark.parametrize("act", ["remove", "restore", "move"])
def test_autosave_moves_no_row_whatever_button_is_named(as_editor, city, act):
    figure = factories.make_figure(city)
    answer = Window(as_editor, city, "figures", figure.pk).keep(**{act: f"{figure.pk}{':up' * (act == 'move')}"})
    assert answer["kept"]
    assert not Change.objects.unfinished().exists()


@thorough
def test_autosave_leaves_what_waits_or_is_approved_alone_and_says_so(as_editor, as_coordinator, city, note):
    edit(as_editor, city, {"summary_fr": "Envoyé"}, "_send")
    edit(as_editor, note, {}, "_send")
    for row in (city, note):
        answer = Window(as_editor, row, "brief").keep(summary_fr="Plus tard")
        assert not answer["kept"]
        assert answer["said"]
    assert Change.objects.of(city).waiting().get().patch["summary_fr"][1] == "Envoyé"
    assert set(Change.objects.of(note).waiting().get().patch) == {"public_from"}
    change = Change.objects.of(city).waiting().get()
    as_coordinator.post(page_of_change(change), {"step": "return", "comment": "Plus court."})
    assert Window(as_editor, city, "brief").keep(summary_fr="Court")["kept"]
    change.refresh_from_db()
    assert (change.state, change.patch["summary_fr"][1]) == ("returned", "Court")


def test_autosave_writes_no_half_word_on_the_row_of_a_request_that_was_returned(as_editor, as_coordinator, note):
    edit(as_editor, note, {}, "_send")
    request = Change.objects.waiting().get()
    as_coordinator.post(page_of_change(request), {"step": "return", "comment": "Un autre titre."})
    window = Window(as_editor, note, "names")
    answer = window.keep(title_fr="Un au")
    assert not answer["kept"]
    assert "navigateur" in answer["said"]
    assert stored(note).title_fr == "Atelier"
    window.save(title_fr="Un autre titre")
    assert stored(note).title_fr == "Un autre titre"
    assert Change.objects.unfinished().get().patch.keys() == {"public_from"}


@thorough
def test_autosave_keeps_all_but_the_fields_that_cant_be_read_and_names_them(as_editor, city):
    windows = {name: Window(as_editor, city, name) for name in ("brief", "contact", "map")}
    windows["figures"] = Window(as_editor, city, "figures", uuid4())
    for name, wrong, right in (
        ("map", {"latitude": "loin"}, {}),
        ("contact", {"website": "pas une adresse"}, {"contact_phone": "0522"}),
        ("figures", {"value": "douze"}, {"label_fr": "Habitants"}),
    ):
        answer = windows[name].keep(**wrong, **right)
        assert not answer["kept"]
        (column,) = wrong
        model = CityFigure if name == "figures" else City
        assert str(model._meta.get_field(column).verbose_name) in answer["said"].lower()
    assert windows["brief"].keep(summary_fr="Mot")["kept"]
    words = draft()
    (figure,) = (row for key, row in words.items() if key.startswith("figures:"))
    assert (figure["label_fr"], words["summary_fr"], words["contact_phone"]) == ("Habitants", "Mot", "0522")
    assert not {"latitude", "website"} & words.keys()
    assert windows["contact"].keep(website="https://ville.example/", contact_phone="0522")["kept"]
    assert windows["map"].keep(latitude="33.5", longitude="-7.5")["kept"]
    assert windows["figures"].keep(label_fr="Habitants", value="12")["kept"]
    assert len(draft()) == 6


@thorough
def test_what_is_wrong_is_said_on_the_form_and_what_was_typed_stays(as_editor, city):
    page = Window(as_editor, city, "contact").save(website="pas une adresse", contact_phone="0522")
    form = page.context["form"]
    assert "website" in form.errors
    assert (form["website"].value(), form["contact_phone"].value()) == ("pas une adresse", "0522")
    assert not Change.objects.unfinished().exists()


# Who is here


@thorough
def test_two_people_see_each_others_names_at_opening_and_while_they_write(as_editor, as_colleague, editor, city):
    address = page_of(city, "section", "brief")
    assert not as_editor.get(address).context["others"]
    assert "editor" in as_colleague.get(address).content.decode().split('class="others"')[1][:200]
    window = Window(as_editor, city, "brief")
    window.data = {}
    assert "Fatima" in window.keep()["others"]
    other = page_of(factories.make_initiative(city), "section", "brief")
    assert "Fatima" not in as_editor.get(other).context["others"]
    assert not Change.objects.unfinished().exists(), "to be there writes nothing"
    Presence.objects.update(seen_at=moment() - timedelta(minutes=2))
    assert not window.keep()["others"]
    assert Presence.objects.get().user == editor, "who is gone leaves no trace"


def test_who_is_at_another_page_of_the_same_kind_is_not_named(as_editor, as_colleague, city, note):
    other = factories.make_initiative(city, slug="other")
    as_colleague.get(page_of(other, "section", "brief"))
    assert not as_editor.get(page_of(note, "section", "brief")).context["others"]
    assert "Fatima" in as_editor.get(page_of(other, "section", "brief")).context["others"]


@thorough
@pytest.mark.parametrize("words", [{}, {"summary_fr": "Mot"}])
def test_a_word_of_the_form_costs_the_same_however_much_there_is(as_editor, city, words):
    def cost():
        window = Window(as_editor, city, "brief")
        if not words:
            window.data = {}
        with CaptureQueriesContext(connection) as counted:
            window.keep(**words)
        return len(counted)

    cost()
    few = cost()
    for number in range(5):
        factories.make_initiative(city, slug=f"n-{number}")
        factories.make_figure(city, label_fr=f"Chiffre {number}")
        Presence.objects.meet(city, make_person(f"person-{number}"))
    assert cost() == few
    assert few < (60 if words else 20)


@thorough
def test_autosave_says_who_has_changed_the_same_text_and_keeps_both(as_editor, as_coordinator, city):
    window = Window(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Le leur"})
    answer = window.keep(summary_fr="Le mien")
    assert answer["kept"]
    assert answer["clash"]
    assert "coordinator" in answer["news"]
    assert window.keep(summary_fr="Le mien aussi")["clash"], "as long as it isn't seen"
    assert live(city).summary_fr == "Le leur"


@thorough
@pytest.mark.parametrize("is_public", [True, False])
def test_a_form_that_autosaves_for_hours_takes_back_nothing_that_others_save_meanwhile(
    as_editor, as_coordinator, city, note, is_public
):
    row, section = (city, "brief") if is_public else (note, "brief")
    window = Window(as_editor, row, section)
    assert window.keep(summary_fr="Une")["kept"]
    edit(as_coordinator, row, {"summary_ar": "ملخصهم"})
    for words in ("Une éb", "Une ébauche"):
        assert window.keep(summary_fr=words)["kept"]
    assert window.save(summary_fr="Une ébauche").status_code == 302
    edit(as_editor, row, {}, "_send")
    assert stored(row).summary_ar == "ملخصهم"
    patches = [change.patch for change in Change.objects.of(row).filter(author__username="editor")]
    assert not any("summary_ar" in patch for patch in patches)


@thorough
def test_a_row_that_autosaves_takes_back_nothing_that_others_save_meanwhile(as_editor, as_coordinator, city):
    figure = factories.make_figure(city)
    window = Window(as_editor, city, "figures", figure.pk)
    assert window.keep(source_fr="Recensement")["kept"]
    edit(as_coordinator, city, {f"figures:{figure.pk}:label_ar": "سكان"})
    assert window.keep(source_fr="Recensement de 2024")["kept"]
    assert window.save(source_fr="Recensement de 2024").status_code == 302
    assert draft() == {f"figures:{figure.pk}:source_fr": "Recensement de 2024"}


@thorough
def test_autosave_keeps_nothing_over_the_words_of_ones_other_window(as_editor, city):
    window = Window(as_editor, city, "brief")
    edit(as_editor, city, {"summary_fr": "Fenêtre une"})
    answer = window.keep(summary_fr="Fenêtre deux")
    assert not answer["kept"]
    assert answer["said"]
    assert draft() == {"summary_fr": "Fenêtre une"}


# What an expired login or a lost token leaves


def test_a_form_sent_without_login_or_token_leads_back_to_it(client, city, editor):
    address = page_of(city, "section", "brief")
    response = client.post(address, {"form_id": "x"})
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={address}")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    response = strict.post(address, {"form_id": "x"})
    assert response.status_code == 403
    assert f'href="{address}"' in response.content.decode()


@thorough
def test_the_browser_is_told_which_form_was_saved_and_only_then(as_editor, note):
    window = Window(as_editor, note, "documents")
    refused = window.save(website="pas une adresse")
    assert refused.status_code == 200
    assert "saved_form" not in refused.cookies
    again = window.save(website="https://ville.example/", _again="yes")
    assert "saved_form" not in again.cookies
    assert again.context["form"]["website"].value() == "https://ville.example/"
    assert not stored(note).website, "what is shown again isn't saved"
    assert not Change.objects.unfinished().exists()
    for button in ("_save", "_preview", "_send", "_close"):
        saved = Window(as_editor, note, "documents").save(**{button: "1", "form_id": "ab\u202ec;"})
        assert saved.cookies["saved_form"].value == "abc"


@thorough
def test_what_is_shown_again_knows_what_it_was_typed_over(as_editor, as_coordinator, city):
    window = Window(as_editor, city, "brief")
    edit(as_coordinator, city, {"summary_fr": "Le leur"})
    again = window.save(summary_fr="Le mien", _again="yes")
    as_editor.post(window.address, data_of(again))
    assert clashing(as_editor, city) == ["summary_fr"]


def test_autosave_of_another_city_is_refused_and_writes_nothing(as_editor, city, other_city, client):
    stranger = make_person("stranger")
    _address, data = section_at(as_editor, city, "brief")
    Presence.objects.all().delete()
    own, foreign = (f"{page_of(row, 'section', 'brief')}autosave/" for row in (city, other_city))
    data["summary_fr"] = "Forgé"
    assert as_editor.post(foreign, data).status_code == 404
    assert logged_in(stranger).post(own, data).status_code in (403, 404)
    assert client.post(own, data).status_code == 302
    assert as_editor.get(own).status_code == 405
    assert not Change.objects.unfinished().exists()
    assert not Presence.objects.exists()


@thorough
def test_a_row_of_another_item_is_neither_shown_nor_written(as_editor, city, other_city):
    figure = factories.make_figure(other_city, label_fr="Le leur")
    address = page_of(city, "row", "figures", figure.pk)
    assert as_editor.get(address).status_code == 404
    assert as_editor.post(address, {"label_fr": "Forgé", "seen": ""}).status_code == 404
    assert as_editor.post(f"{address}autosave/", {"label_fr": "Forgé", "form_id": "x"}).status_code == 404
    figure.refresh_from_db()
    assert figure.label_fr == "Le leur"
    assert not Change.objects.unfinished().exists()


@thorough
def test_a_forged_token_writes_nothing_and_what_was_typed_is_shown_to_be_saved_again(as_editor, city, note):
    window = Window(as_editor, city, "brief")
    foreign = [Window(as_editor, note, "brief"), Window(as_editor, city, "figures", uuid4())]
    for token in ("", "forged", *(one.data["seen"] for one in foreign)):
        page = window.save(seen=token, summary_ar="ملخص")
        assert page.context["form"]["summary_ar"].value() == "ملخص"
        assert page.context["form"].non_field_errors()
        answer = Window(as_editor, city, "brief").keep(seen=token, summary_ar="ملخص")
        assert not answer["kept"]
        assert answer["said"]
        assert not Change.objects.unfinished().exists()
    as_editor.post(window.address, data_of(page))
    assert Change.objects.unfinished().get().patch == {"summary_ar": ["", "ملخص"]}


# Rights


@thorough
def test_a_page_that_another_holds_keeps_nothing_and_what_was_typed_stays_on_the_form(as_editor, city, colleague):
    window = Window(as_editor, city, "brief")
    PageLock.acquire(city, colleague)
    page = window.save(summary_fr="Le mien")
    assert "Fatima" in str(page.context["form"].non_field_errors())
    assert page.context["form"]["summary_fr"].value() == "Le mien"
    answer = window.keep(summary_fr="Le mien")
    assert not answer["kept"]
    assert "Fatima" in answer["said"]
    assert not Change.objects.unfinished().exists()
    PageLock.objects.all().delete()
    as_editor.post(window.address, data_of(page))
    assert draft() == {"summary_fr": "Le mien"}


@thorough
def test_a_translators_words_are_kept_and_nothing_else_of_what_they_send(city, as_coordinator):
    translator = make_person("translator", languages=["ar"])
    city.editors.add(translator)
    client = logged_in(translator)
    figure = factories.make_figure(city, label_fr="Habitants")
    brief, row = Window(client, city, "brief"), Window(client, city, "figures", figure.pk)
    edit(as_coordinator, city, {f"figures:{figure.pk}:DELETE": "on"})
    assert brief.keep(summary_ar="ملخص", summary_fr="Forgé")["kept"]
    assert row.keep(source_ar="الإحصاء", value="99")["kept"]
    patch = Change.objects.unfinished().get().patch
    assert {after for _before, after in patch.values()} == {"ملخص", "الإحصاء"}, "what they wrote in a removed row stays"
    assert "الإحصاء" in outline_of(client, city).content.decode()
    assert Window(client, city, "note").save(note="x").status_code == 302
    (key,) = clashing(client, city)
    assert sentences(decide(client, city, **{key: "mine"}) and outline_of(client, city)), "they bring back no row"
    assert Change.objects.unfinished().get().patch == patch
