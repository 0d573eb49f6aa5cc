"""What is found is what is public, the moment it is; nothing else is found, proposed, corrected or suggested."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from cities.models import City, Region
from initiatives.models import Initiative, Theme
from learningcities.pages.models import Page
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import logged_in, make_person, thorough

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def is_found(client, words):
    """Whether the search, its proposals and a list find something; they agree, for words of titles."""
    listed = len(client.get("/fr/initiatives/", {"q": words}).context["filter"].answer) > 0
    with override("fr"):
        searched = client.get(reverse("search"), {"q": words}).context["count"] > 0
        proposed = bool(client.get(reverse("proposals"), {"q": words}).content.strip())
    assert listed == searched == proposed
    return listed


@pytest.fixture
def theme(db):
    return Theme.objects.get(slug="literacy")


@pytest.fixture
def initiative(city, theme):
    return factories.make_initiative(city, title_fr="Ornithologie", public=False, themes=[theme])


@thorough
def test_it_is_found_from_its_publication_to_its_withdrawal(initiative, client):
    assert not is_found(client, "ornithologie")
    initiative.publish()
    assert is_found(client, "ornithologie")
    initiative.withdraw()
    assert not is_found(client, "ornithologie")
    initiative.publish()
    initiative.move_to_bin()
    assert not is_found(client, "ornithologie")
    initiative.take_out_of_bin()
    assert not is_found(client, "ornithologie")


@thorough
def test_a_schedule_brings_it_in_and_out_by_itself(initiative, client, monkeypatch):
    now = content_version.moment()
    initiative.public_from, initiative.public_until = now + HOUR, now + 3 * HOUR
    initiative.save()
    seen = []
    for hours in (0, 2, 4):
        monkeypatch.setattr(content_version, "moment", lambda hours=hours: now + hours * HOUR)
        seen.append(is_found(client, "ornithologie"))
    assert seen == [False, True, False]


@thorough
def test_with_its_city_it_comes_and_goes(initiative, city, client):
    initiative.publish()
    assert is_found(client, "ornithologie")
    city.withdraw()
    assert not is_found(client, "ornithologie")
    city.publish()
    assert is_found(client, "ornithologie")


@thorough
def test_new_words_are_found_and_old_ones_are_not(initiative, client):
    initiative.publish()
    initiative.title_fr = "Apiculture"
    initiative.save()
    assert is_found(client, "apiculture")
    assert not is_found(client, "ornithologie")
    Initiative.objects.filter(pk=initiative.pk).update(title_fr="Botanique")
    assert is_found(client, "botanique")
    initiative.delete()
    assert not is_found(client, "botanique")


@pytest.mark.parametrize("model", [Theme, City, Region])
def test_it_is_found_by_the_new_name_of_what_it_names(initiative, city, theme, client, model):
    initiative.publish()
    renamed = {Theme: theme, City: city, Region: city.region}[model]
    renamed.name_ar = "تسمية جديدة"
    renamed.save()
    assert [row.slug for row in client.get("/fr/initiatives/", {"q": "تسميه"}).context["page"]] == ["an-initiative"]
    renamed.name_ar = "أخرى"
    renamed.save()
    assert not client.get("/fr/initiatives/", {"q": "تسميه"}).context["filter"].answer


def test_by_a_theme_that_is_taken_out_of_it_it_is_no_longer_found(initiative, theme, client):
    initiative.publish()
    new = Theme.objects.create(slug="new", name_fr="Spéléologie")
    initiative.themes.set([theme, new])
    initiative.save()
    assert len(client.get("/fr/initiatives/", {"q": "speleologie"}).context["filter"].answer) == 1
    initiative.themes.set([theme])
    assert not client.get("/fr/initiatives/", {"q": "speleologie"}).context["filter"].answer


HIDDEN = {
    "draft": lambda item: None,
    "withdrawn": lambda item: (item.publish(), item.withdraw()),
    "binned": lambda item: (item.publish(), item.move_to_bin()),
    "later": lambda item: type(item).objects.filter(pk=item.pk).update(public_from=content_version.moment() + HOUR),
}


@thorough
@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("kind", [City, Initiative, Page, "place", "of hidden city"])
def test_what_is_hidden_leaves_no_trace_in_any_answer(city, client, kind, hide):
    word = "Ornithorynque"
    if kind == "of hidden city":
        hidden = factories.make_city(slug="hidden", name_fr=word, public=False)
        factories.make_initiative(hidden, title_fr=word, summary_fr=word)
        factories.make_place(hidden, name_fr=word)
    elif kind == "place":
        hidden = factories.make_place(city, name_fr=word, public=False)
        factories.make_initiative(city, title_fr="Visite").places.set([hidden])
    else:
        make = {City: factories.make_city, Initiative: factories.make_initiative, Page: factories.make_page}[kind]
        words = {"name_fr": word} if kind is City else {"title_fr": word, "summary_fr": word}
        hidden = make(slug="hidden", public=False, **words)
    hide(hidden)
    for typed in (word, "ornithorinque", "ornito"):
        for path in ("/fr/initiatives/", "/fr/villes/", "/fr/recherche/", "/fr/recherche/propositions/"):
            response = client.get(path, {"q": typed})
            assert response.status_code == 200, path
            html = response.content.decode().replace(f"{typed}", "")
            assert "rnithoryn" not in html, (path, typed)
        assert not client.get("/fr/initiatives/", {"q": typed}).context["filter"].answer
        assert not client.get("/fr/villes/", {"q": typed}).context["filter"].answer
        assert client.get("/fr/recherche/", {"q": typed}).context["count"] == 0


@thorough
def test_an_editor_finds_in_the_admin_what_is_theirs_and_nothing_of_another_city(initiative, other_city, as_editor):
    factories.make_initiative(other_city, "theirs", title_fr="Ornithologie là-bas", public=False)
    stranger = make_person("stranger")
    stranger.cities.add(other_city)
    address = "/admin/initiatives/initiative/"
    shown = as_editor.get(address, {"q": "ornithologies"}).context["cl"].queryset
    assert [row.slug for row in shown] == ["an-initiative"]
    assert [row.slug for row in logged_in(stranger).get(address, {"q": "ornithologies"}).context["cl"].queryset] == [
        "theirs"
    ]
