"""Whatever makes a row, pressed twice or by two people at once, ends with a sentence."""

from threading import Barrier
from uuid import uuid4

import pytest
from django.urls import reverse

from cities.models import Country
from cities.people_admin import PersonAdmin
from initiatives.models import Initiative, Theme
from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.spreadsheets import SheetAdmin
from learningcities.people.models import User
from learningcities.publishing.models import Batch, Change
from learningcities.search.models import Synonym
from tests import factories
from tests.at_once import at_once, meeting
from tests.conftest import logged_in, thorough
from tests.forms import data_of, filled, form_at, page_of
from tests.publishing.helpers import Window, remove
from tests.spreadsheets.helpers import Edited, exported, send


def said_in(response):
    return " ".join(str(message) for message in response.context["messages"])


@thorough
@pytest.mark.usefixtures("vocabularies_after")
@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_asked_for_twice_at_once_is_two_copies(editor, city, monkeypatch):
    initiative = factories.make_initiative(city, public=False)
    address = reverse("admin:initiatives_initiative_duplicate", args=[initiative.pk])
    monkeypatch.setattr(ItemAdmin, "free_slug", meeting(ItemAdmin.free_slug, Barrier(2, timeout=0.3)))
    one, other = logged_in(editor), logged_in(editor)
    answers = at_once(lambda: one.post(address, follow=True), lambda: other.post(address, follow=True))
    assert [answer.status_code for answer in answers] == [200, 200]
    slugs = {"an-initiative", "an-initiative-copy", "an-initiative-copy-2"}
    assert set(Initiative.objects.values_list("slug", flat=True)) == slugs


@thorough
@pytest.mark.usefixtures("vocabularies_after")
@pytest.mark.django_db(transaction=True)
def test_a_file_is_made_into_drafts_once(editor, city, monkeypatch):
    factories.make_initiative(city)
    address = reverse("admin:initiatives_initiative_changelist")
    one, other = logged_in(editor), logged_in(editor)
    file = Edited(exported(one, address)).put(
        "initiatives.initiative", 1, title_fr="Nouvelle", city=str(city), summary_fr="Une idée.", status_on="2024"
    )
    trial = send(one, address, file.content).redirect_chain[-1][0]
    monkeypatch.setattr(SheetAdmin, "grids", meeting(SheetAdmin.grids, Barrier(2, timeout=3)))
    press = [lambda client=client: client.post(trial, {"make": "yes"}, follow=True) for client in (one, other)]
    answers = at_once(*press)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Initiative.objects.filter(title_fr="Nouvelle").count() == 1
    assert Batch.objects.get().changes.count() == 1


@thorough
def test_a_row_that_is_added_by_a_button_pressed_twice_is_one_row(as_editor, city):
    note = factories.make_initiative(city, public=False)
    for row in (city, note):
        window = Window(as_editor, row, "figures", uuid4())
        answers = [window.save(label_fr="Habitants", value="12") for _press in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        cards = as_editor.get(window.address).context["outline"].cards
        assert [len(card.lines) for card in cards if card.section.name == "figures"] == [1]
    assert note.figures.count() == 1


@thorough
def test_a_row_that_is_removed_by_a_button_pressed_twice_is_gone(as_editor, city):
    note = factories.make_initiative(city, public=False)
    for row in (city, note):
        figure = row.figures.create(label_fr="Habitants", value=12)
        page = as_editor.get(page_of(row, "section", "figures"))
        for _press in range(2):
            assert remove(as_editor, row, "figures", figure.pk, page).status_code == 302
    assert not note.figures.exists()
    assert [after for _before, after in Change.objects.of(city).unfinished().get().patch.values()] == [None]


def test_an_invitation_that_another_sends_at_the_same_moment_is_said_to_be_there(as_coordinator, monkeypatch):
    save = PersonAdmin.save_model

    def after_another(self, request, person, form, change):
        User.objects.create_user("new@ville.example", email="new@ville.example")
        save(self, request, person, form, change)

    monkeypatch.setattr(PersonAdmin, "save_model", after_another)
    address = reverse("admin:people_user_add")
    data = filled(form_at(as_coordinator, address), first_name="N", last_name="N", email="new@ville.example")
    response = as_coordinator.post(address, data, follow=True, headers={"Referer": f"http://testserver{address}"})
    assert response.redirect_chain[-1][0].endswith(address)
    assert "au même moment" in said_in(response)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Theme, {"name_fr": "Nouveau", "slug": "new", "position": 1}),
        (Country, {"name_fr": "Nouveau", "code": "zz", "unesco_region": "africa"}),
        (Synonym, {"words": "un, deux"}),
    ],
)
def test_what_is_added_a_second_time_is_refused_on_the_form(as_coordinator, model, words):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    before = model.objects.count()
    for expected in (302, 200):
        data = data_of(form_at(as_coordinator, address)) | words
        assert as_coordinator.post(address, data).status_code == expected
    assert model.objects.count() == before + 1
