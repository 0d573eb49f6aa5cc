"""Someone keeps a page to themselves: nobody else changes it, until they let go of it or a week is over."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cities.models import City
from initiatives.models import Initiative
from learningcities.publishing.models import Change
from learningcities.publishing.rights.page_lock import PageLock
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import data_of, edit, form_at, live, queries, section_at
from tests.forms import page_of as screen_of
from tests.spreadsheets.helpers import Edited, exported, make, send

from .helpers import go_back, happened_to, page_of

LIST = reverse("admin:publishing_pagelock_changelist")


@pytest.fixture
def colleague(city):
    """Another editor of the city, who holds it."""
    person = make_person("colleague", first_name="Fatima")
    city.editors.add(person)
    return person


@pytest.fixture
def held(city, colleague):
    return PageLock.acquire(city, colleague, "Je relis tout")


def take(client, row, reason=""):
    return client.post(happened_to(row), {"lock": "acquire", "reason": reason}, follow=True)


def release(client, row):
    return client.post(happened_to(row), {"lock": "release"})


def age(lock, **by):
    PageLock.objects.filter(pk=lock.pk).update(at=timezone.now() - timedelta(**by))


def is_refused(response, lock):
    """The form comes back with the sentence, to be read and sent again."""
    assert response.status_code == 200
    form = response.context["form"]
    assert lock.sentence in form.non_field_errors()
    assert 'id="section-form"' in response.text
    return form


def published(client, row):
    """The answer to the panel by which it is sent or published."""
    panel = screen_of(row, "send")
    return client.post(panel, data_of(form_at(client, panel)) | {"when": "now"}, follow=True)


def messages_of(response):
    return " ".join(map(str, response.context["messages"]))


@thorough
def test_who_may_change_a_page_holds_it_and_the_form_says_so_to_everyone(as_editor, as_coordinator, editor, city):
    take(as_editor, city, "Je relis tout")
    lock = PageLock.objects.get()
    assert (lock.item, lock.by, lock.reason) == (city, editor, "Je relis tout")
    page = as_coordinator.get(screen_of(city, "change")).text
    assert lock.sentence in page
    assert "Je relis tout" in page
    assert "Vous avez réservé cette page" in as_editor.get(screen_of(city, "change")).text
    edit(as_editor, city, {"summary_fr": "À moi"})
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "À moi"


@thorough
def test_the_form_has_buttons_only_for_who_holds_it_and_for_who_has_typed_something(as_editor, as_coordinator, city):
    take(as_editor, city)
    brief = screen_of(city, "section", "brief")
    assert 'name="_save"' in as_editor.get(brief).text
    page = as_coordinator.get(brief).text
    assert 'name="_save"' not in page
    assert f'href="{brief}' not in page, "nor a way into a section"
    assert screen_of(city, "send") not in page
    assert 'name="_save"' in edit(as_coordinator, city, {"summary_fr": "Perdu ?"}).text


@thorough
@pytest.mark.parametrize(
    ("who", "button"),
    [
        *(("as_editor", button) for button in ("_save", "_send", "_preview", "_close")),
        *(("as_coordinator", button) for button in ("_save", "_send", "_preview", "_right")),
    ],
)
def test_no_button_of_the_form_changes_what_another_holds_and_what_was_typed_comes_back(
    who, button, city, held, request
):
    client, changes = request.getfixturevalue(who), Change.objects.count()
    address, data = section_at(client, city, "brief")
    form = is_refused(client.post(address, data | {"summary_fr": "Perdu ?", button: "summary_ar"}), held)
    assert form["summary_fr"].value() == "Perdu ?"
    assert (live(city).summary_fr, live(city).state) == (city.summary_fr, "public")
    assert Change.objects.count() == changes


@thorough
@pytest.mark.parametrize("act", ["remove", "move", "restore", "published"])
def test_no_button_of_a_row_changes_what_another_holds_and_each_says_why(as_editor, city, editor, colleague, act):
    figures = [factories.make_figure(city, label_fr=label) for label in ("Habitants", "Écoles", "Lecteurs")]
    removed = f"figures:{figures[2].pk}"
    edit(as_editor, city, {f"{removed}:DELETE": "on", "summary_fr": "À moi"}, "_draft")
    axes = [city.axes.create(title_fr=name, position=place) for place, name in enumerate("AB")]
    lock, patch = PageLock.acquire(city, colleague), Change.objects.unfinished().get().patch
    data = {
        "remove": figures[0].pk,
        "move": f"{axes[0].pk}:down",
        "restore": figures[2].pk,
        "published": "summary_fr",
    }
    section = "axes" if act == "move" else "figures"
    response = as_editor.post(screen_of(city, "section", section), {act: data[act]}, follow=True)
    assert lock.sentence in messages_of(response)
    assert Change.objects.unfinished().get().patch == patch


@thorough
@pytest.mark.parametrize("step", ["withdraw", "decide"])
def test_no_step_is_taken_on_what_another_holds(as_coordinator, city, colleague, step):
    edit(as_coordinator, city, {"summary_fr": "À moi"}, "_draft")
    City.objects.filter(pk=city.pk).update(summary_fr="À eux")
    lock, patch = PageLock.acquire(city, colleague), Change.objects.unfinished().get().patch
    seen = as_coordinator.get(screen_of(city, "change")).context["clashes_seen"]
    data = {"step": step, "_choice summary_fr": "mine", "seen": seen}
    response = as_coordinator.post(screen_of(city, "steps"), data, follow=True)
    assert lock.sentence in messages_of(response)
    assert Change.objects.unfinished().get().patch == patch
    assert (live(city).summary_fr, live(city).state) == ("À eux", "public")


@thorough
def test_a_page_that_was_never_public_is_neither_written_nor_published_nor_asked_for(
    as_editor, as_coordinator, city, colleague
):
    draft = factories.make_initiative(city, slug="draft", public=False, title_fr="Avant")
    lock = PageLock.acquire(draft, colleague)
    for client in (as_editor, as_coordinator):
        is_refused(edit(client, draft, {"title_fr": "Après"}), lock)
        assert lock.sentence in published(client, draft).text
    draft.refresh_from_db()
    assert (draft.title_fr, draft.state) == ("Avant", "never")
    assert not Change.objects.unfinished().exists()


def test_autosave_keeps_nothing_of_what_another_holds_and_says_why(as_editor, city, colleague):
    address, data = section_at(as_editor, city, "brief")
    lock = PageLock.acquire(city, colleague)
    answer = as_editor.post(f"{address}autosave/", data | {"summary_fr": "Mot"}).json()
    assert (answer["kept"], answer["said"]) == (False, lock.sentence)
    assert not Change.objects.unfinished().exists()


@thorough
def test_the_bin_is_closed_to_others_there_and_back(as_coordinator, city, colleague):
    initiative = factories.make_initiative(city)
    lock = PageLock.acquire(initiative, colleague)
    delete = reverse("admin:initiatives_initiative_delete", args=[initiative.pk])
    assert lock.sentence in messages_of(as_coordinator.post(delete, {"post": "yes"}, follow=True))
    listed = reverse("admin:initiatives_initiative_changelist")
    for action in ("bin_selected", "withdraw_selected", "publish_selected"):
        as_coordinator.post(listed, {"action": action, "_selected_action": [initiative.pk]})
    assert Initiative.objects.get().state == "public"
    initiative.move_to_bin()
    said = messages_of(
        as_coordinator.post(
            f"{listed}?state=bin", {"action": "restore_selected", "_selected_action": [initiative.pk]}, follow=True
        )
    )
    assert "Fatima" in said
    assert Initiative.objects.get().state == "binned"


def test_history_brings_nothing_back_over_what_another_holds(as_editor, city, colleague):
    City.objects.filter(pk=city.pk).update(summary_fr="Faute")
    change, lock = Change.objects.of(city).happened().first(), PageLock.acquire(city, colleague)
    go_back(as_editor, "undo", change)
    assert lock.sentence in messages_of(as_editor.get(happened_to(city)))
    assert not Change.objects.unfinished().exists()


@thorough
def test_a_row_of_a_spreadsheet_is_wrong_while_another_holds_its_page_and_the_others_are_right(
    as_editor, city, colleague
):
    one, two = (factories.make_initiative(city, slug, title_fr=slug) for slug in ("one", "two"))
    address, sheet = "/admin/initiatives/initiative/", "initiatives.initiative"
    file = Edited(exported(as_editor, address))
    for row in (0, 1):
        file.put(sheet, row, summary_fr="Un projet pour lire.")
    lock = PageLock.acquire(one, colleague, "Je relis")
    assert lock.sentence in send(as_editor, address, file.content).text
    batch = make(as_editor, address, file.content)
    assert [change.item for change in batch.changes.all()] == [two]


@thorough
def test_a_batch_is_not_applied_over_what_another_holds(as_editor, as_coordinator, city, colleague):
    initiative = factories.make_initiative(city, "one", title_fr="one")
    address, sheet = "/admin/initiatives/initiative/", "initiatives.initiative"
    file = Edited(exported(as_editor, address)).put(sheet, 0, summary_fr="Un projet pour lire.")
    batch = make(as_editor, address, file.content)
    page = reverse("admin:publishing_batch_change", args=[batch.pk])
    as_editor.post(page, {"step": "send"})
    lock = PageLock.acquire(initiative, colleague)
    said = messages_of(as_coordinator.post(page, {"step": "apply"}, follow=True))
    assert lock.sentence in said
    assert set(batch.changes.values_list("state", flat=True)) == {"review"}


@thorough
def test_a_change_that_waits_is_applied_by_its_holder_alone(
    as_editor, as_coordinator, coordinator, city, colleague, superuser
):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change = Change.objects.waiting().get()
    lock = PageLock.acquire(city, superuser)
    assert lock.sentence in messages_of(as_coordinator.post(page_of(change), {"step": "apply"}, follow=True))
    assert live(city).summary_fr != "Nouveau"
    logged_in(superuser).post(page_of(change), {"step": "apply"})
    assert live(city).summary_fr == "Nouveau"


def test_what_was_approved_before_comes_at_its_time(as_editor, coordinator, city, editor, colleague):
    change = Change.propose(city, editor, {"summary_fr": [city.summary_fr, "À l’heure"]})
    change.schedule(timezone.now() + timedelta(hours=1), by=coordinator)
    PageLock.acquire(city, colleague)
    Change.objects.filter(pk=change.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    Change.objects.apply_due()
    assert live(city).summary_fr == "À l’heure"


@thorough
def test_approving_for_a_time_waits_until_the_page_is_let_go(as_editor, as_coordinator, city, colleague):
    edit(as_editor, city, {"summary_fr": "Nouveau"}, "_send")
    change, lock = Change.objects.waiting().get(), PageLock.acquire(city, colleague)
    due = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    response = as_coordinator.post(page_of(change), {"step": "schedule", "due": due}, follow=True)
    assert lock.sentence in messages_of(response)
    change.refresh_from_db()
    assert change.state == "review"


@thorough
def test_only_who_holds_a_page_and_coordinators_let_go_of_it(as_editor, as_coordinator, city, held, other_city):
    assert release(as_editor, city).status_code == 403
    assert held.sentence in messages_of(take(as_editor, city))
    assert PageLock.objects.get() == held
    release(as_coordinator, city)
    assert not PageLock.objects.exists()
    edit(as_coordinator, city, {"summary_fr": "Enfin"})
    assert live(city).summary_fr == "Enfin"


def test_who_may_not_change_a_page_can_neither_hold_nor_let_go_of_it(
    city, held, other_city, as_editor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    stranger = make_person("stranger")
    other_city.editors.add(stranger)
    client, networks = logged_in(stranger), factories.make_photo()
    assert take(client, city).status_code == 404
    assert release(client, city).status_code == 404
    # They see the network's photo, and don't change it.
    assert as_editor.get(happened_to(networks)).status_code == 200
    assert take(as_editor, networks).status_code == 403
    assert PageLock.objects.get() == held


def test_a_reason_that_is_too_long_is_refused_with_a_sentence_and_stays(as_editor, city):
    response = take(as_editor, city, "x" * 201)
    assert response.context["lock_form"].errors["reason"]
    assert response.context["lock_form"]["reason"].value() == "x" * 201
    assert not PageLock.objects.exists()


@thorough
def test_a_hold_ends_by_itself_after_a_week(as_editor, city, held):
    age(held, days=6, hours=23)
    is_refused(edit(as_editor, city, {"summary_fr": "Mot"}), PageLock.objects.get())
    age(held, days=7)
    assert "a réservé cette page" not in as_editor.get(screen_of(city, "change")).text
    edit(as_editor, city, {"summary_fr": "Mot"})
    assert Change.objects.unfinished().get().patch["summary_fr"][1] == "Mot"
    take(as_editor, city)
    assert PageLock.objects.active().get().by.username == "editor"
    age(PageLock.objects.get(), days=8)
    call_command("tidy")
    assert not PageLock.objects.exists()


@thorough
def test_lists_name_who_holds_a_page_and_a_coordinators_desk_counts_them(as_editor, as_coordinator, city, held):
    other = factories.make_city(slug="third")
    ended = PageLock.acquire(other, held.by)
    age(ended, days=8)
    listed = as_coordinator.get(reverse("admin:cities_city_changelist"), {"state": "held"})
    assert list(listed.context["cl"].result_list) == [city]
    assert "Fatima" in listed.content.decode()
    under_way = {task.address: task.number for task in as_coordinator.get("/admin/").context["under_way"]}
    assert under_way[LIST] == 1
    assert LIST not in [task.address for task in as_editor.get("/admin/").context["under_way"]]
    assert list(as_coordinator.get(LIST).context["cl"].result_list) == [held]
    assert f"{happened_to(city)}#hold" in as_editor.get(LIST).content.decode()


@thorough
def test_holds_cost_one_question_at_the_form_and_none_for_each_row_of_a_list(as_editor, colleague, city):
    rows = [factories.make_initiative(city, slug=f"n-{number}") for number in range(6)]
    listed, form = reverse("admin:initiatives_initiative_changelist"), screen_of(rows[0], "section", "brief")
    PageLock.acquire(rows[0], colleague)
    few = [queries(as_editor, address) for address in (listed, form, LIST)]
    for row in rows[1:]:
        PageLock.acquire(row, colleague)
    assert [queries(as_editor, address) for address in (listed, form, LIST)] == few
    asked = as_editor.get(form)
    assert asked.context["lock"].by == colleague


def test_photos_that_another_holds_are_not_described_by_others(as_editor, city, colleague, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, public=False)
    address = f"{reverse('admin:cities_photo_describe')}?photo={photo.pk}"
    assert as_editor.get(address).status_code == 200
    PageLock.acquire(photo, colleague)
    assert as_editor.get(address).status_code == 302


def test_a_hold_goes_with_its_page(city, held):
    city.delete()
    assert not PageLock.objects.exists()
