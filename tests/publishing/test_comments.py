"""What the staff say to each other beside an item: who reads it, who is told, and when it goes."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cities.models import City
from learningcities.publishing.models import Change, Comment
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import form_of, queries

from .helpers import happened_to

LIST = reverse("admin:publishing_comment_changelist")


def write(client, row, text):
    return client.post(happened_to(row), {"text": text})


@pytest.fixture
def colleague(city):
    person = make_person("colleague", email="colleague@example.org", language="ar")
    city.editors.add(person)
    return person


@pytest.fixture
def stranger(other_city):
    person = make_person("stranger", email="stranger@example.org")
    other_city.editors.add(person)
    return person


def test_a_remark_is_read_on_the_page_of_its_item_with_its_lines_and_makes_no_change(as_editor, as_coordinator, city):
    changes = Change.objects.count()
    response = write(as_editor, city, "L’année ?\r\nElle est <b>fausse</b>.")
    comment = Comment.objects.of(city).get()
    assert response["Location"] == f"{happened_to(city)}?at=remark-{comment.pk}#remark-{comment.pk}"
    page = as_coordinator.get(happened_to(city)).content.decode()
    assert '<p class="report-words" dir="auto">L’année ?\nElle est &lt;b&gt;fausse&lt;/b&gt;.</p>' in page
    assert Change.objects.count() == changes
    assert "fausse" not in as_coordinator.get(city.get_absolute_url()).content.decode()


def test_remarks_stand_in_the_order_in_which_they_were_written_and_settled_ones_are_folded(as_editor, city, editor):
    first, second = (Comment.write(city, editor, text) for text in ("Un", "Deux"))
    as_editor.post(happened_to(city), {"resolve": first.pk})
    first.refresh_from_db()
    assert (first.resolved_by, second.resolved_at) == (editor, None)
    response = as_editor.get(happened_to(city), {"kind": "questions"})
    assert [moment.row for moment in response.context["moments"]] == [first, second]
    page = response.content.decode()
    assert page.count("<details>") == 1
    assert f'name="resolve" value="{first.pk}"' not in page
    assert f'name="resolve" value="{second.pk}"' in page


def test_what_is_settled_already_stays_as_it_was_and_that_is_said(as_editor, as_coordinator, coordinator, city, editor):
    comment = Comment.write(city, editor, "Un")
    as_coordinator.post(happened_to(city), {"resolve": comment.pk})
    response = as_editor.post(happened_to(city), {"resolve": comment.pk}, follow=True)
    assert len(response.context["messages"]) == 1
    comment.refresh_from_db()
    assert comment.resolved_by == coordinator


def test_what_was_settled_too_early_is_opened_again(as_editor, as_coordinator, city, editor):
    comment = Comment.write(city, editor, "Un")
    as_coordinator.post(happened_to(city), {"resolve": comment.pk})
    assert f'name="reopen" value="{comment.pk}"' in as_editor.get(happened_to(city)).content.decode()
    as_editor.post(happened_to(city), {"reopen": comment.pk})
    comment.refresh_from_db()
    assert (comment.resolved_at, comment.resolved_by) == (None, None)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001, "a\0b"])
def test_an_empty_or_endless_remark_is_refused_with_a_sentence_and_stays_in_the_form(as_editor, city, text):
    response = write(as_editor, city, text)
    assert response.status_code == 200
    assert response.context["form"].errors["text"]
    assert response.context["form"]["text"].value() == text
    assert not Comment.objects.exists()


def test_the_end_of_a_line_counts_once_as_in_the_browser(as_editor, city):
    assert write(as_editor, city, "a" * 1000 + "\r\n" + "b" * 999).status_code == 302


def test_only_who_may_see_an_item_reads_writes_and_settles_its_remarks(city, other_city, editor, stranger, as_editor):
    theirs = factories.make_initiative(other_city, slug="theirs")
    comment = Comment.write(city, editor, "Confidentiel")
    client, page = logged_in(stranger), factories.make_page()
    assert client.get(happened_to(city)).status_code == 404
    assert write(client, city, "Volé").status_code == 404
    assert client.post(happened_to(city), {"resolve": comment.pk}).status_code == 404
    assert write(as_editor, theirs, "Volé").status_code == 404
    assert write(as_editor, page, "Volé").status_code == 404
    # Nor through an item that is one's own.
    assert client.post(happened_to(other_city), {"resolve": comment.pk}).status_code == 404
    assert client.post(happened_to(other_city), {"reopen": comment.pk}).status_code == 404
    assert Comment.objects.open().get() == comment
    assert "Confidentiel" not in client.get(LIST).content.decode()
    assert "Confidentiel" in as_editor.get(LIST).content.decode()


def test_a_translator_takes_part(city):
    person = make_person("translator", languages=["ar"])
    city.editors.add(person)
    write(logged_in(person), city, "كيف نترجم هذا؟")
    assert Comment.objects.of(city).get().author == person


def test_a_remark_tells_who_looks_after_the_item_in_their_language_and_never_its_author(
    as_editor, editor, colleague, stranger, coordinator, city, mailoutbox, django_capture_on_commit_callbacks, settings
):
    for person in (editor, coordinator):
        person.email = f"{person.username}@example.org"
        person.save()
    City.objects.filter(pk=city.pk).update(name_ar="مدينتي")
    with django_capture_on_commit_callbacks() as callbacks:
        write(as_editor, city, "L’année est fausse.")
        assert not mailoutbox
    for callback in callbacks:
        callback()
    [message] = mailoutbox
    assert message.to == ["colleague@example.org"]
    assert "مدينتي" in message.subject
    assert "L’année est fausse." in message.body
    assert settings.SITE_ADDRESS + happened_to(city) in message.body


def test_whoever_has_written_before_is_told_unless_they_may_not_see_the_item_any_more(
    as_editor, editor, coordinator, stranger, city, mailoutbox, django_capture_on_commit_callbacks
):
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    for person in (coordinator, stranger):
        Comment.write(city, person, "Avant")
    with django_capture_on_commit_callbacks(execute=True):
        write(as_editor, city, "Après")
    assert [message.to for message in mailoutbox] == [["coordinator@example.org"]]


def desk_number(client):
    groups = client.get("/admin/").context["groups"]
    return sum(group.number for group in groups if group.address.startswith(f"{LIST}?state=to_read"))


@thorough
def test_the_desk_counts_the_open_comments_of_others_and_leads_to_just_these(
    as_editor, as_coordinator, editor, coordinator, city, other_city
):
    read = Comment.write(city, coordinator, "À lire")
    Comment.write(city, editor, "De moi")
    Comment.write(other_city, coordinator, "Ailleurs")
    assert (desk_number(as_editor), desk_number(as_coordinator)) == (1, 1)
    listed = as_editor.get(LIST, {"state": "to_read"})
    assert list(listed.context["cl"].result_list) == [read]
    assert f"{happened_to(city)}?at=remark-{read.pk}#remark-{read.pk}" in listed.content.decode()
    as_editor.post(happened_to(city), {"resolve": read.pk})
    assert desk_number(as_editor) == 0
    assert list(as_editor.get(LIST, {"state": "settled"}).context["cl"].result_list) == [read]
    assert as_editor.get(LIST, {"state": "nonsense"}).status_code == 200


@thorough
def test_the_form_says_how_many_remarks_are_open_and_leads_there(as_editor, coordinator, city):
    link = f'href="{happened_to(city)}'
    assert as_editor.get(form_of(city)).text.count(link) == 1
    comment = Comment.write(city, coordinator, "Un")
    response = as_editor.get(form_of(city))
    assert response.context["comments"] == [comment]
    assert response.text.count(link) == 2


@thorough
def test_many_remarks_cost_no_more_questions_than_few(as_editor, coordinator, editor, city):
    for number in range(2):
        Comment.write(city, (coordinator, editor)[number % 2], str(number))
    addresses = [happened_to(city), LIST, form_of(city), "/admin/"]
    few = [queries(as_editor, address) for address in addresses]
    for number in range(12):
        Comment.write(city, (coordinator, editor)[number % 2], str(number))
    assert [queries(as_editor, address) for address in addresses] == few


def test_a_remark_is_about_a_field_and_the_page_shows_and_preselects_it(as_editor, editor, city):
    form = as_editor.get(happened_to(city), {"key": "summary_fr"}).context["form"]
    assert form["key"].value() == "summary_fr"
    as_editor.post(happened_to(city), {"text": "Qui le dit ?", "key": "summary_fr"})
    comment = Comment.objects.of(city).open().get(key="summary_fr")
    page = as_editor.get(happened_to(city)).text
    assert f'href="{admin.site.field_address(city, comment.key)}"' in page
    assert "(français)" in page
    figure = factories.make_figure(city)
    key = f"figures:{figure.pk}:value"
    assert as_editor.get(happened_to(city), {"key": key}).context["form"]["key"].value() == key
    response = as_editor.post(f"{happened_to(city)}?key={key}", {"text": "Lequel ?", "key": key})
    assert response.status_code == 302
    assert Comment.objects.of(city).filter(key=key).exists()


@pytest.mark.parametrize("key", ["nonsense", "a:b:c", "figures:x:value", "public_from\0", "x" * 300])
def test_a_remark_about_no_field_is_refused_with_a_sentence_and_a_field_that_went_is_not_shown(
    as_editor, editor, city, key
):
    assert as_editor.get(happened_to(city), {"key": key}).status_code == 200
    response = as_editor.post(happened_to(city), {"text": "Mot", "key": key})
    assert response.status_code == 200
    assert response.context["form"].errors["key"]
    assert not Comment.objects.exists()
    Comment.write(city, editor, "D’un champ d’avant", key="former_fr")
    assert "D’un champ d’avant" in as_editor.get(happened_to(city)).text


def test_an_answer_stands_with_its_question_and_a_tick_settles_both(as_editor, as_coordinator, coordinator, city):
    as_coordinator.post(happened_to(city), {"text": "Qui le dit ?", "key": "summary_fr"})
    question = Comment.objects.get()
    page = as_editor.get(happened_to(city))
    assert page.context["form"].question == question
    assert f'name="answers" value="{question.pk}"' in page.text
    as_editor.post(happened_to(city), {"text": "Le plan.", "answers": question.pk})
    answer = Comment.objects.of(city).latest("pk")
    assert (answer.answers, answer.key, answer.resolved_at) == (question, "summary_fr", None)
    assert Comment.objects.questions().open().get() == question
    assert as_coordinator.get(happened_to(city)).context["comments"] == [question, answer]
    as_editor.post(happened_to(city), {"text": "Page 4.", "answers": question.pk, "settles": "on"})
    assert not Comment.objects.open().exists()
    as_coordinator.post(happened_to(city), {"reopen": answer.pk})
    assert Comment.objects.open().count() == 3
    as_editor.post(happened_to(city), {"text": "", "answers": question.pk, "settles": "on"})
    assert not Comment.objects.open().exists()
    assert Comment.objects.count() == 3
    response = as_editor.post(happened_to(city), {"text": "", "answers": question.pk})
    assert response.context["form"].errors["text"]


def test_nobody_answers_a_question_of_another_page(as_editor, coordinator, city, other_city):
    elsewhere = Comment.write(other_city, coordinator, "Ailleurs")
    for key in (elsewhere.pk, "x", "-1", "9" * 40):
        assert as_editor.post(happened_to(city), {"text": "Mot", "answers": key}).status_code == 404
        assert as_editor.get(happened_to(city), {"answers": key}).status_code == 404
    assert Comment.objects.count() == 1


def test_locks_and_releases_stay_on_record_and_ask_nobody_for_anything(as_editor, editor, coordinator, city):
    as_editor.post(happened_to(city), {"lock": "acquire", "reason": "Je relis"})
    as_editor.post(happened_to(city), {"lock": "release"})
    assert [comment.kind for comment in Comment.objects.of(city)] == ["lock", "release"]
    assert "Je relis" in as_editor.get(happened_to(city)).text
    assert not Comment.objects.to_read(coordinator).exists()
    assert list(as_editor.get(LIST).context["cl"].result_list) == []
    note = Comment.objects.first()
    assert as_editor.post(happened_to(city), {"reopen": note.pk}).status_code == 404


def test_settled_remarks_go_after_a_year_and_those_of_an_item_with_it(city, editor):
    old, young = (Comment.write(city, editor, text) for text in ("Vieux", "Jeune"))
    for comment, days in ((old, 366), (young, 364)):
        at = timezone.now() - timedelta(days=days)
        Comment.objects.filter(pk=comment.pk).update(at=at, resolved_at=at)
    still_open = Comment.write(city, editor, "Ouvert")
    Comment.objects.filter(pk=still_open.pk).update(at=timezone.now() - timedelta(days=999))
    call_command("tidy")
    assert set(Comment.objects.all()) == {young, still_open}
    city.delete()
    assert not Comment.objects.exists()


def test_remarks_stay_when_their_author_is_deleted(city):
    person = make_person("gone")
    comment = Comment.write(city, person, "Reste")
    person.delete()
    comment.refresh_from_db()
    assert (comment.author, comment.text) == (None, "Reste")
