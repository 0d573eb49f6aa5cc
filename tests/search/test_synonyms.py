"""Synonyms: kept by the coordinators in the admin, used at once, in any number and language."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from initiatives.models import Initiative
from learningcities.publishing.models import Change
from learningcities.search.models import Synonym
from tests import factories
from tests.conftest import thorough
from tests.forms import edit

ADD = "/admin/search/synonym/add/"
pytestmark = [thorough, pytest.mark.django_db]


@pytest.fixture
def written(db):
    city = factories.make_city(slug="azrou", name_fr="Azrou")
    titles = {
        "media": "Des médiathèques",
        "maktaba": "المكتبات",
        "goals": "Les objectifs de développement durable",
        "goal": "Un objectif de développement durable",
        "apart": "Développement durable : nos objectifs",
        "ahdaf": "تحقيق أهداف التنمية المستدامة",
        "book": "كتب",
    }
    for slug, title in titles.items():
        factories.make_initiative(city, slug, title_fr=title)


def slugs(client, words):
    slugs = {item.slug for item in client.get("/fr/initiatives/", {"q": words}).context["page"]}
    with override("fr"):
        assert client.get(reverse("search"), {"q": words}).context["count"] == len(slugs)
    return slugs


def test_a_coordinator_adds_changes_and_deletes_a_group_and_it_counts_at_once(written, as_coordinator, client):
    assert slugs(client, "bibliothèque") == set()
    as_coordinator.post(ADD, {"words": "bibliothèque, médiathèque، مكتبة"})
    assert slugs(client, "bibliothèque") == {"media", "maktaba"}
    group = Synonym.objects.get()
    edit(as_coordinator, group, {"words": "bibliothèque, médiathèque"})
    assert slugs(client, "bibliothèque") == {"media"}
    as_coordinator.post(f"/admin/search/synonym/{group.pk}/delete/", {"post": "yes"})
    assert slugs(client, "bibliothèque") == set()
    assert Change.objects.of_kind(Synonym).count() == 3


def test_an_editor_may_not_see_add_change_or_delete_them(as_editor):
    group = Synonym.objects.create(words="livre, كتاب")
    row = f"/admin/search/synonym/{group.pk}"
    for path in (ADD, "/admin/search/synonym/", f"{row}/change/", f"{row}/delete/"):
        assert as_editor.get(path).status_code == 403
        assert as_editor.post(path, {"words": "a, b", "post": "yes"}).status_code == 403
    assert [row.words for row in Synonym.objects.all()] == ["livre, كتاب"]


def test_a_group_holds_no_sign_that_turns_or_hides_what_follows(as_coordinator):
    as_coordinator.post(ADD, {"words": "livre\u202e, كتاب\x07"})
    assert Synonym.objects.get().words == "livre, كتاب"


@pytest.mark.parametrize("words", ["", "livre", "livre, Livre", "livre,,", " , ", "!, ?"])
def test_a_group_of_one_is_refused(as_coordinator, words):
    response = as_coordinator.post(ADD, {"words": words})
    assert response.context["form"].errors["words"]
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("typed", ["bibliothèque", "Bibliotheques", "médiathèque", "مكتبة", "المكتبات", "بالمكتبة"])
def test_each_word_finds_the_others_in_any_number_and_behind_any_article(written, client, typed):
    Synonym.objects.create(words="bibliothèque, médiathèque, مكتبة")
    assert slugs(client, typed) == {"media", "maktaba"}


@pytest.mark.parametrize("typed", ["ODD", "odd", "أهداف التنمية المستدامة", "sdg", "S.D.G."])
def test_an_expression_is_found_in_a_row_in_any_number(written, client, typed):
    Synonym.objects.create(words="ODD, SDG, objectifs de développement durable, أهداف التنمية المستدامة")
    assert slugs(client, typed) == {"goals", "goal", "ahdaf"}


@pytest.mark.parametrize("typed", ["objectif de développement durable", "les objectifs de développement durable"])
def test_an_expression_that_is_typed_finds_its_words_and_its_synonyms(written, client, typed):
    Synonym.objects.create(words="ODD, objectifs de développement durable, أهداف التنمية المستدامة")
    assert slugs(client, typed) == {"goals", "goal", "ahdaf", "apart"}
    assert slugs(client, f"{typed} azrou") == {"goals", "goal", "ahdaf", "apart"}


def test_an_abbreviation_is_no_beginning_of_a_word(written, client):
    city = factories.make_city(slug="ifrane")
    factories.make_initiative(city, "ticket", title_fr="Un ticket")
    factories.make_initiative(city, "tic", title_fr="Les TIC")
    Synonym.objects.create(words="numérique, TIC")
    assert slugs(client, "numérique") == {"tic"}


def test_a_synonym_is_marked_in_what_it_finds(written, client):
    Synonym.objects.create(words="ODD, objectifs de développement durable")
    html = client.get("/fr/initiatives/", {"q": "odd"}).content.decode()
    assert "Les <mark>objectifs de développement durable</mark>" in html
    assert "<mark>développement</mark>" not in html


def test_a_word_in_two_groups_finds_both(written, client):
    Synonym.objects.create(words="savoir, كتاب, كتب")
    Synonym.objects.create(words="savoir, médiathèque")
    assert slugs(client, "savoir") == {"media", "book"}
    assert slugs(client, "كتاب") == {"book"}


@pytest.fixture(scope="module")
def loaded(module_db):
    call_command("load_demo", verbosity=0)


def test_a_new_site_starts_with_groups_and_keeps_what_was_edited(loaded):
    groups = Synonym.objects.all()
    assert 15 <= len(groups) <= 40
    for group in groups:
        group.full_clean()
    group = Synonym.objects.get(words__startswith="bibliothèque")
    group.words = "bibliothèque, book house"
    group.save()
    Synonym.objects.get(words__startswith="livre").delete()
    call_command("load_demo", verbosity=0)
    assert Synonym.objects.filter(words="bibliothèque, book house").exists()


def test_no_word_stands_in_two_starting_groups(loaded):
    seen = {}
    for group in Synonym.objects.all():
        for expression in group.group():
            key = frozenset(map(frozenset, expression.readings))
            assert key not in seen, (group, seen[key])
            seen[key] = group


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("médiathèque", "مكتبة"),
        ("خزانة", "library"),
        ("مدارس", "مدرسة"),
        ("مشروع", "مشاريع"),
        ("كتاب", "كتب"),
        ("نساء", "femmes"),
        ("women", "امرأة"),
        ("طالب", "طلبة"),
        ("ONG", "associations"),
        ("LYDEX", "ثانوية التميز"),
        ("UM6P", "جامعة محمد السادس متعددة التخصصات التقنية"),
        ("école de la 2e chance", "مدرسة الفرصة الثانية"),
        ("SDG", "objectif de développement durable"),
    ],
)
def test_the_starting_groups_bring_words_of_one_meaning_together(loaded, client, typed, other):
    row = factories.make_initiative(factories.make_city(slug="azrou"), "other", title_fr=other)
    assert "other" in everywhere(client, typed)
    Initiative.objects.filter(pk=row.pk).update(title_fr=typed)
    assert "other" in everywhere(client, other)


def everywhere(client, words):
    answer = client.get("/fr/initiatives/", {"q": words}).context["filter"].answer
    return {row.slug for row in answer.through(Initiative.objects.all())}
