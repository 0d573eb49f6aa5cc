"""A list as it is filtered, searched and ordered is saved under a name, found above the filters, and removed."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from learningcities import bounds
from learningcities.people.models import SavedView
from tests.conftest import logged_in, make_person

LIST = reverse("admin:initiatives_initiative_changelist")
CITIES = reverse("admin:cities_city_changelist")
SHOWN = "?q=lire&o=-2&p=0"
#: The same, as it is kept: without the page, always in one order.
KEPT = "o=-2&q=lire"


def save(client, name="À relire", address=LIST + SHOWN):
    return client.post(address, {"save_view": "1", "name": name}, follow=True)


def remove(client, name, address=LIST):
    return client.post(address, {"remove_view": name}, follow=True)


def chips(client, address=LIST):
    """The saved views above a list: [(address, name)]."""
    part = client.get(address).text.partition('class="saved-views"')[2].partition('id="changelist"')[0]
    return re.findall(r'<a href="\?([^"]*)"[^>]*>\s*<bdi>(.*?)</bdi>', part)


@pytest.mark.parametrize("role", ["editor", "coordinator"])
def test_a_list_is_saved_under_a_name_opened_and_removed(role, as_editor, as_coordinator, city):
    client = {"editor": as_editor, "coordinator": as_coordinator}[role]
    assert save(client).redirect_chain == [(LIST + SHOWN, 302)]
    assert chips(client) == [(escape(KEPT), "À relire")]
    opened = client.get(f"{LIST}?{KEPT}")
    assert 'aria-current="page"' in opened.text.partition('class="saved-views"')[2].partition("</ul>")[0]
    assert opened.context["cl"].query == "lire"
    remove(client, "À relire")
    assert chips(client) == []


def test_a_list_as_everyone_has_it_is_not_offered_to_be_saved(as_editor, city):
    assert 'name="save_view"' not in as_editor.get(LIST).text
    assert 'name="save_view"' in as_editor.get(LIST + SHOWN).text
    assert 'name="save_view"' not in as_editor.get(f"{LIST}?p=0&q=").text


def test_each_person_and_each_list_has_its_own(as_editor, as_coordinator, city):
    save(as_editor)
    assert chips(as_coordinator) == []
    assert chips(as_editor, CITIES) == []
    remove(as_coordinator, "À relire")
    remove(as_editor, "À relire", CITIES)
    assert len(chips(as_editor)) == 1


def test_the_same_name_again_takes_its_place(as_editor, city):
    save(as_editor)
    save(as_editor, address=f"{LIST}?q=écrire")
    assert [name for _address, name in chips(as_editor)] == ["À relire"]
    assert SavedView.objects.get().query == "q=%C3%A9crire"


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_view_without_a_name_or_with_a_long_one_is_not_saved(as_editor, city, name):
    assert save(as_editor, name).context["messages"]
    assert not SavedView.objects.exists()


def test_a_person_has_so_many_views_of_a_list_and_no_long_ones(as_editor, city, monkeypatch):
    monkeypatch.setattr(bounds, "SAVED_VIEWS", 2)
    for number in range(3):
        save(as_editor, f"Vue {number}")
    assert [view.name for view in SavedView.objects.all()] == ["Vue 0", "Vue 1"]
    save(as_editor, "Vue 1", f"{LIST}?q=autre")
    assert SavedView.objects.get(name="Vue 1").query == "q=autre", "what is there is replaced nevertheless"
    remove(as_editor, "Vue 0")
    save(as_editor, "Longue", f"{LIST}?q={'x' * bounds.SAVED_VIEW_CHARACTERS}")
    assert not SavedView.objects.filter(name="Longue").exists()


@pytest.mark.parametrize("text", ["//evil.example/", "https://evil.example/", '"><script>', "javascript:alert(1)"])
def test_a_view_leads_nowhere_but_to_its_list(as_editor, city, text):
    for address in (f"{LIST}?q={text}", f"{LIST}?{text}"):
        save(as_editor, "Ailleurs", address)
        for query, _name in chips(as_editor):
            assert not set(query) & set("<>\"'/ "), "it stands after a question mark, and ends there"
        SavedView.objects.all().delete()


def test_a_view_with_a_filter_that_is_no_longer_there_leads_to_the_list(as_editor, editor, city):
    model, query = "initiatives.initiative", "city__id__exact=nonsense"
    SavedView.objects.create(user=editor, model=model, name="Ancienne", query=query)
    assert as_editor.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_who_does_not_see_a_list_saves_no_view_of_it(as_editor, city):
    address = reverse("admin:people_user_changelist")
    assert as_editor.post(f"{address}?q=x", {"save_view": "1", "name": "Vue"}).status_code == 403
    assert not SavedView.objects.exists()


def test_a_visitor_is_sent_to_the_login(client, city):
    assert "/login/" in save(client).redirect_chain[0][0]
    assert not SavedView.objects.exists()


def test_who_leaves_takes_their_views_along(superuser, city):
    person = make_person("passing")
    city.editors.add(person)
    save(logged_in(person))
    assert SavedView.objects.exists()
    address = reverse("admin:people_user_delete", args=[person.pk])
    logged_in(superuser).post(address, {"post": "yes"})
    assert not type(person).objects.filter(pk=person.pk).exists()
    assert not SavedView.objects.exists()
