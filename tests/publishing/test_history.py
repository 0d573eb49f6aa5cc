"""What happened to an item as its staff read it, and the way back: one wording, an earlier page, the bin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from cities.models import City
from initiatives.models import Theme
from learningcities.pages.models import MenuLink
from learningcities.publishing.models import Change, Comment, PageLock, Redirect
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.text_diff import before_and_after, marked
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import edit, form_of, live, queries, section_at
from tests.forms import page_of as screen_of

from .helpers import draft_of, go_back, happened_to, page_of, take, way_back_of, write


def moments(client, row, **query):
    return client.get(happened_to(row), query).context["moments"]


def words_of(client, change, key):
    """What the page says of one key of a change."""
    moment = next(moment for moment in moments(client, change.item) if moment.row == change)
    return next(words for words in moment.words if words.key == key)


def said_in(response):
    return " ".join(map(str, response.context["messages"]))


@pytest.fixture
def figure(city):
    return factories.make_figure(city, value=3, year=2020, source_fr="HCP")


# What is read


@thorough
def test_the_page_names_author_approver_and_fields_and_shows_both_texts_in_full(as_editor, as_coordinator, city):
    edit(as_editor, city, {"summary_fr": "Une ville qui lit."}, "_send")
    change = Change.objects.waiting().get()
    as_coordinator.post(page_of(change), {"step": "apply"})
    page = as_editor.get(happened_to(city)).content.decode()
    for word in ("editor", "coordinator", "(français)", 'lang="fr" dir="ltr"'):
        assert word in page
    assert "Une ville qui <del>" in page
    assert "apprend.</del>" in page
    assert "Une ville qui <ins>" in page
    assert "lit.</ins>" in page


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Une belle ville", "Une grande ville", "Une <del>belle </del> <ins>grande </ins> ville"),
        ("مدينة جميلة", "مدينة كبيرة", "مدينة <del>جميلة</del> <ins>كبيرة</ins> "),
        ("", "Nouveau", "<ins>Nouveau</ins> "),
        ("Rien de commun", "Tout autre chose", "<del>Rien de commun</del> <ins>Tout autre chose</ins> "),
        ("<b>", "<i>", "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> "),
    ],
)
def test_words_that_go_and_come_are_marked_and_said(before, after, expected):
    with override("en"):
        said = str(marked(before, after))
    for word in ("Removed:", "Added:"):
        said = said.replace(f'<span class="visually-hidden" lang="en">{word}</span>', "")
    assert said == expected


def test_two_texts_are_shown_whole_one_below_the_other():
    with override("en"):
        before, after = before_and_after("Une belle ville", "Une grande ville")
    assert "Une <del>" in before
    assert before.endswith("ville")
    assert "grande" not in before
    assert "Une <ins>" in after
    assert "belle" not in after


@thorough
def test_a_change_of_formatting_alone_is_said(as_coordinator, city):
    write(city, body_fr="<p>Un mot</p>")
    change = write(city, body_fr="<p><strong>Un mot</strong></p>")
    [line] = words_of(as_coordinator, change, "body_fr").lines
    assert line.is_formatting


def test_the_moments_of_all_kinds_stand_in_their_order_the_newest_last(as_editor, as_coordinator, editor, city):
    edit(as_editor, city, {"summary_fr": "Une ville qui lit."}, "_send")
    change = Change.objects.waiting().get()
    as_coordinator.post(happened_to(city), {"text": "Qui le dit ?", "key": "summary_fr"})
    as_editor.post(happened_to(city), {"text": "Le plan.", "answers": Comment.objects.get().pk})
    as_coordinator.post(page_of(change), {"step": "return", "comment": "Dites-le."})
    as_editor.post(happened_to(city), {"lock": "acquire", "reason": "Je relis"})
    as_editor.post(happened_to(city), {"lock": "release"})
    kinds = [(moment.place.what, str(moment.row)) for moment in moments(as_editor, city)]
    assert [kind for kind, _row in kinds] == ["change", "change", "step", "comment", "comment", "step", "note", "note"]
    page = as_editor.get(happened_to(city)).text
    for word in ("Qui le dit ?", "Le plan.", "Dites-le.", "Je relis"):
        assert word in page
    assert page.index("Qui le dit ?") < page.index("Le plan.") < page.index("Dites-le.")


def test_drafts_and_words_to_an_author_are_seen_by_those_alone_who_see_the_change(as_editor, as_coordinator, city):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    edit(as_editor, city, {"summary_fr": "Encore tenu secret."}, "_send")
    as_coordinator.post(page_of(Change.objects.get(state="review")), {"step": "return", "comment": "Mot confidentiel"})
    for client, sees in ((as_editor, True), (as_coordinator, True), (logged_in(colleague), False)):
        page = client.get(happened_to(city)).text
        assert ("tenu secret" in page) is sees
        assert ("confidentiel" in page) is sees
    edit(as_editor, city, {"summary_fr": "Brouillon à moi."}, "_draft")
    Change.objects.filter(author__username="editor").unfinished().update(state="open")
    assert "Brouillon à moi" not in as_coordinator.get(happened_to(city)).text


def test_moments_are_filtered_by_kind_and_by_section(as_editor, editor, city, figure):
    axis = city.axes.create(title_fr="Lire")
    axis.delete()
    write(city, also_known_as="Nom")
    Comment.write(city, editor, "Sur le chiffre", key=f"figures:{figure.pk}:value")
    Comment.write(city, editor, "Sur tout")

    def shown(**query):
        return [moment.place.what for moment in moments(as_editor, city, **query)]

    assert shown() == ["change"] * 5 + ["comment"] * 2
    assert shown(kind="questions") == ["comment", "comment"]
    assert shown(kind="changes") == ["change"] * 5
    assert shown(kind="decisions") == []
    # The city came into being with no figure; then there was one.
    assert shown(section="figures") == ["change", "comment"]
    assert shown(section="figures", kind="questions") == ["comment"]
    assert shown(section="nonsense", kind="nonsense", p="nonsense", at="nonsense") == shown()


def test_older_moments_are_behind_one_button_and_a_link_finds_its_page(as_editor, city, editor):
    first = Comment.write(city, editor, "Tout premier")
    for number in range(40):
        Comment.write(city, editor, f"Mot {number}")
    newest = as_editor.get(happened_to(city))
    assert len(newest.context["moments"]) == 30
    assert "?p=2" in newest.text
    assert "Tout premier" not in newest.text
    older = as_editor.get(happened_to(city), {"p": "2"})
    assert len(older.context["moments"]) == 12
    assert "Tout premier" in older.text
    assert "Tout premier" in as_editor.get(happened_to(city), {"at": f"remark-{first.pk}"}).text
    assert as_editor.get(happened_to(city), {"p": "9" * 30}).status_code == 200


def test_the_page_opens_at_what_came_after_ones_own_last_moment(as_editor, editor, coordinator, city):
    Comment.write(city, editor, "De moi")
    new = Comment.write(city, coordinator, "Nouveau")
    Comment.write(city, coordinator, "Plus nouveau")
    page = as_editor.get(happened_to(city))
    assert page.context["new"] == f"remark-{new.pk}"
    assert page.text.count('id="new"') == 1
    as_editor.post(happened_to(city), {"text": "Vu"})
    page = as_editor.get(happened_to(city))
    assert page.context["new"] is None
    assert page.text.count('id="new"') == 1, "the box to answer"


@thorough
def test_the_page_costs_the_same_with_3_moments_of_each_kind_and_12(as_coordinator, as_editor, city, figure, editor):
    def more(numbers):
        for number in numbers:
            write(city, also_known_as=f"n{number}")
            figure.document = factories.make_document(city, title_fr=f"d{number}")
            figure.value = number + 10
            figure.save()
            comment = Comment.write(city, editor, str(number), key="summary_fr")
            Comment.write(city, editor, "R", answers=comment)
            Comment.note(city, editor, Comment.Kind.LOCK)
            change = Change.propose(city, make_person(f"p{number}"), {"summary_fr": [city.summary_fr, str(number)]})
            change.return_to_author(make_person(f"c{number}"), "Non")

    more(range(3))
    few = queries(as_coordinator, happened_to(city))
    more(range(3, 12))
    assert queries(as_coordinator, happened_to(city)) <= few


@thorough
def test_a_vocabulary_has_its_changes_and_no_remarks(as_coordinator, as_editor):
    theme = Theme.objects.first()
    change = write(theme, name_fr="Autre")
    page = as_coordinator.get(happened_to(theme))
    assert [moment.row for moment in page.context["moments"]][-1] == change
    assert 'name="text"' not in page.text
    assert as_coordinator.post(happened_to(theme), {"text": "Mot"}).status_code == 403
    take(as_coordinator, change, "name_fr")
    theme.refresh_from_db()
    assert theme.name_fr != "Autre"


# Take this wording


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_a_wording_is_put_into_ones_draft_whatever_came_later_and_nothing_else_is_touched(who, city, request):
    client, before = request.getfixturevalue(who), city.summary_fr
    change = write(city, summary_fr="Faute", also_known_as="Nom")
    write(city, summary_fr="Encore autre chose", name_ar="مدينة")
    response = take(client, change, "summary_fr")
    assert draft_of(city) == {"summary_fr": before}
    assert Change.objects.unfinished().get().patch == {"summary_fr": ["Encore autre chose", before]}
    assert (live(city).summary_fr, live(city).also_known_as) == ("Encore autre chose", "Nom")
    assert "summary_fr" in said_in(response), "it links to the field"
    assert words_of(client, change, "summary_fr").reason, "it is in the draft: no button"
    assert words_of(client, change, "also_known_as").take


def test_a_wording_joins_ones_draft_which_keeps_its_other_words_and_what_its_author_knew(as_editor, editor, city):
    change = write(city, also_known_as="Nom")
    before = live(city).summary_ar
    Change.save_draft(city, editor, {"summary_ar": [before, "ملخص"], "also_known_as": ["Nom", "Mien"]})
    write(city, also_known_as="Leur")
    take(as_editor, change, "also_known_as")
    draft = Change.objects.unfinished().get()
    assert draft.patch == {"summary_ar": [before, "ملخص"], "also_known_as": ["Nom", ""]}
    assert draft.conflicts() == ["also_known_as"], "that someone else has changed it stays to be seen"


def test_the_published_wording_takes_a_wish_out_of_the_draft_and_an_empty_draft_is_none(as_editor, editor, city):
    before = city.summary_fr
    draft = Change.save_draft(city, editor, {"summary_fr": [before, "Mien"], "also_known_as": ["", "Nom"]})
    take(as_editor, draft, "summary_fr")
    assert draft_of(city) == {"also_known_as": "Nom"}
    take(as_editor, draft, "also_known_as")
    draft.refresh_from_db()
    assert draft.state == "discarded"
    take(as_editor, draft, "also_known_as")
    assert draft_of(city) == {"also_known_as": "Nom"}, "what was given up can be taken up again"


def test_what_was_never_public_has_its_wording_back_at_once_and_that_is_on_record(as_editor, editor, city):
    initiative = factories.make_initiative(city, public=False)
    change = write(initiative, title_fr="Autre", summary_fr="Mot")
    take(as_editor, change, "title_fr")
    initiative.refresh_from_db()
    assert (initiative.title_fr, initiative.summary_fr) == ("Initiative", "Mot")
    last = Change.objects.of(initiative).happened().first()
    assert (last.author, last.patch) == (editor, {"title_fr": ["Autre", "Initiative"]})
    assert not Change.objects.unfinished().exists()


def test_a_removed_row_comes_back_whole(as_editor, city, figure):
    key = f"figures:{figure.pk}"
    city.figures.get().delete()
    removed = Change.objects.of(city).happened().first()
    take(as_editor, removed, key)
    [(before, after)] = Change.objects.unfinished().get().patch.values()
    assert (before, after["value"], after["source_fr"]) == (None, "3.00", "HCP")
    take(as_editor, removed, key)
    assert len(draft_of(city)) == 1
    as_editor.post(*section_at(as_editor, city, "figures", PatchKey.parse(key)))
    assert draft_of(city)[key]["value"] == "3.00", "the form knows the row"


def test_an_earlier_field_of_a_row_comes_back_and_the_row_with_it_where_that_is_gone(as_editor, city, figure):
    figure.value = 4
    figure.save()
    change = Change.objects.of(city).happened().first()
    key = f"figures:{figure.pk}:value"
    take(as_editor, change, key)
    assert draft_of(city) == {key: "3.00"}
    Change.objects.unfinished().get().discard(make_person("x"))
    city.figures.get().delete()
    take(as_editor, change, key)
    [(row, after)] = draft_of(city).items()
    assert (row, after["value"], after["year"]) == (f"figures:{figure.pk}", "3.00", 2020)


def test_a_field_of_a_row_that_ones_draft_brings_or_removes_goes_into_that_row(as_editor, editor, city, figure):
    figure.value = 4
    figure.save()
    change, row = Change.objects.of(city).happened().first(), f"figures:{figure.pk}"
    whole = {**Change.objects.of(city).happened()[1].patch[row][1], "value": "4.00"}
    Change.save_draft(city, editor, {row: [whole, None]})
    take(as_editor, change, f"{row}:value")
    assert draft_of(city) == {f"{row}:value": "3.00"}
    city.figures.get().delete()
    draft = Change.objects.unfinished().get()
    Change.objects.filter(pk=draft.pk).update(patch={row: [None, {**whole, "source_fr": "Le mien"}]})
    take(as_editor, change, f"{row}:value")
    after = draft_of(city)[row]
    assert (after["value"], after["source_fr"]) == ("3.00", "Le mien")


def test_a_row_that_was_added_is_removed_again_and_an_added_text_emptied(as_editor, city, figure):
    added = Change.objects.of(city).happened().first()
    assert words_of(as_editor, added, f"figures:{figure.pk}").take
    take(as_editor, added, f"figures:{figure.pk}")
    assert draft_of(city) == {f"figures:{figure.pk}": None}
    named = write(city, also_known_as="Nom")
    take(as_editor, named, "also_known_as")
    assert draft_of(city)["also_known_as"] == ""


def test_where_a_lock_or_rights_forbid_it_the_reason_stands_in_place_of_the_button(as_editor, city):
    change = write(city, summary_fr="Deux", summary_ar="ثان")
    translator, holder = make_person("translator", languages=["ar"]), make_person("holder", first_name="Fatima")
    city.editors.add(translator)
    client = logged_in(translator)
    assert words_of(client, change, "summary_ar").take
    assert words_of(client, change, "summary_fr").reason
    response = take(client, change, "summary_fr")
    assert "(français)" in said_in(response)
    assert not Change.objects.unfinished().exists()
    lock = PageLock.acquire(city, holder)
    words = words_of(as_editor, change, "summary_fr")
    assert "Fatima" in words.reason
    assert 'name="take"' not in as_editor.get(happened_to(city)).text
    assert lock.sentence in said_in(take(as_editor, change, "summary_fr"))
    assert not Change.objects.unfinished().exists()


def test_what_is_not_for_someone_to_choose_has_its_reason_and_what_is_theirs_its_button(
    as_editor, as_coordinator, city, other_city, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    for photo, has_button in ((factories.make_photo(other_city), False), (factories.make_photo(city), True)):
        write(city, cover_id=photo.pk)
        change = write(city, cover_id=None)
        words = words_of(as_editor, change, "cover")
        assert (bool(words.take), bool(words.reason)) == (has_button, not has_button)
        assert words_of(as_coordinator, change, "cover").take
        take(as_editor, change, "cover")
        assert Change.objects.unfinished().exists() is has_button


def test_who_may_not_edit_a_row_takes_up_nothing(as_editor, city, other_city):
    change = write(other_city, also_known_as="Nom")
    assert as_editor.post(happened_to(other_city), {"take": f"{change.pk} also_known_as"}).status_code == 404
    assert as_editor.post(happened_to(city), {"take": f"{change.pk} also_known_as"}).status_code == 404
    theme = Theme.objects.first()
    renamed = write(theme, name_fr="Autre")
    assert as_editor.post(happened_to(theme), {"take": f"{renamed.pk} name_fr"}).status_code == 403
    assert not Change.objects.unfinished().exists()


@pytest.mark.parametrize(
    "what", ["", "x", "-1 summary_fr", "9" * 40 + " summary_fr", "{pk}", "{pk} nonsense", "{pk} a:b:c"]
)
def test_words_that_are_none_are_not_taken_up(as_editor, city, what):
    change = write(city, also_known_as="Nom")
    assert as_editor.post(happened_to(city), {"take": what.format(pk=change.pk)}).status_code == 404


def test_no_date_and_nothing_of_what_brought_a_row_into_being_is_taken_up(as_coordinator, city):
    initiative = factories.make_initiative(city)
    first = Change.objects.of(initiative).happened().last()
    initiative.withdraw()
    withdrawn = Change.objects.of(initiative).happened().first()
    for change, key in ((first, "title_fr"), (withdrawn, "withdrawn_at")):
        assert as_coordinator.post(happened_to(initiative), {"take": f"{change.pk} {key}"}).status_code == 403
        assert f'value="{change.pk} {key}"' not in as_coordinator.get(happened_to(initiative)).text
    initiative.refresh_from_db()
    assert initiative.state == "withdrawn"


# The page before some changes


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_undoing_one_change_of_a_live_page_is_a_draft_and_keeps_what_came_later(who, city, request):
    client, before = request.getfixturevalue(who), city.summary_fr
    change = write(city, summary_fr="Faute")
    write(city, also_known_as="Nom")
    go_back(client, "undo", change)
    assert draft_of(city) == {"summary_fr": before}
    assert (live(city).summary_fr, live(city).also_known_as) == ("Faute", "Nom")


def test_before_a_page_goes_back_it_lists_what_others_would_lose_and_writes_nothing(as_editor, coordinator, city):
    before = city.summary_fr
    change = write(city, summary_fr="Faute")
    later = Change.propose(city, coordinator, {"also_known_as": ["", "Mot de Fatima"]})
    later.apply(by=coordinator)
    page = as_editor.get(way_back_of(change))
    assert not Change.objects.unfinished().exists()
    ways = {step.name: (others, own) for step, _way, others, own, _left in page.context["ways"]}
    assert {loss.key: loss.by for loss, *_lines in ways["restore"][0]}["also_known_as"] == coordinator
    assert "also_known_as" not in {loss.key for loss, *_lines in ways["undo"][0]}
    assert "Mot de Fatima" in page.text
    assert before in page.text
    go_back(as_editor, "restore", change)
    assert draft_of(city) == {"summary_fr": before, "also_known_as": ""}
    assert live(city).also_known_as == "Mot de Fatima"


def test_what_someone_adds_after_one_has_looked_is_not_lost_unseen(as_editor, city):
    change = write(city, summary_fr="Faute")
    seen = as_editor.get(way_back_of(change)).context["seen"]
    write(city, also_known_as="Ajouté entre-temps")
    for step in ("restore", "undo"):
        response = as_editor.post(way_back_of(change), {"step": step, "seen": seen})
        assert response["Location"] == way_back_of(change)
    as_editor.post(way_back_of(change), {"step": "restore"})
    assert not Change.objects.unfinished().exists()
    assert "Ajouté entre-temps" in as_editor.get(way_back_of(change)).text


def test_an_address_of_the_release_before_asks_first(as_editor, city):
    change = write(city, summary_fr="Faute")
    old = reverse("admin:cities_city_history", args=[city.pk])
    page = as_editor.post(old, {"step": "restore", "change": change.pk}, follow=True)
    assert page.redirect_chain == [(happened_to(city), 308), (way_back_of(change), 302)]
    assert page.context["change"] == change
    assert not Change.objects.unfinished().exists()


@thorough
def test_what_was_changed_again_is_left_and_named(as_editor, city):
    change = write(city, summary_fr="Un", also_known_as="Nom")
    write(city, summary_fr="Deux")
    assert "(français)" in as_editor.get(way_back_of(change)).text
    response = go_back(as_editor, "undo", change)
    assert "(français)" in said_in(as_editor.get(response["Location"]))
    assert draft_of(city) == {"also_known_as": ""}


@thorough
def test_undo_is_laid_over_ones_own_draft(as_editor, city):
    change = write(city, also_known_as="Nom")
    edit(as_editor, city, {"summary_ar": "ملخص"}, "_draft")
    go_back(as_editor, "undo", change)
    assert draft_of(city) == {"also_known_as": "", "summary_ar": "ملخص"}


@thorough
def test_an_earlier_page_comes_back_with_rows_and_relations(as_coordinator, city):
    initiative = factories.make_initiative(city, themes=[Theme.objects.first()])
    partner = initiative.partners.create(name_fr="Association")
    name = partner.pk
    partner.name_fr = "Autre"
    partner.save()
    first = Change.objects.of(initiative).happened().first()
    partner.delete()
    initiative.themes.clear()
    write(initiative, title_fr="Autre titre")
    go_back(as_coordinator, "restore", first)
    assert initiative.partners.count() == 0, "visitors see nothing of it yet"
    edit(as_coordinator, initiative, {})
    initiative.refresh_from_db()
    assert (initiative.title_fr, initiative.themes.count()) == ("Initiative", 1)
    assert initiative.partners.get().name_fr == "Association"
    assert initiative.partners.get().pk == name


def test_what_was_never_public_comes_back_at_once_and_that_is_on_record(as_editor, editor, city):
    initiative = factories.make_initiative(city, public=False)
    change = write(initiative, title_fr="Autre")
    go_back(as_editor, "undo", change)
    initiative.refresh_from_db()
    assert initiative.title_fr == "Initiative"
    assert Change.objects.of(initiative).happened().first().author == editor


def test_going_back_neither_publishes_nor_withdraws(as_coordinator, city):
    initiative = factories.make_initiative(city)
    initiative.withdraw()
    change = Change.objects.of(initiative).happened().first()
    for step in ("undo", "restore"):
        go_back(as_coordinator, step, change)
    assert not Change.objects.of(initiative).unfinished().exists()
    initiative.refresh_from_db()
    assert initiative.state == "withdrawn"


def test_what_brought_a_row_into_being_is_not_undone(as_coordinator, city):
    assert as_coordinator.get(way_back_of(Change.objects.of(city).happened().last())).status_code == 403


def test_who_may_not_edit_a_row_brings_nothing_back(city, other_city, as_editor):
    change = write(other_city, also_known_as="Nom")
    assert as_editor.get(way_back_of(change)).status_code == 404
    theme = Theme.objects.first()
    renamed = write(theme, name_fr="Autre")
    for step in ("undo", "restore"):
        data = {"step": step, "seen": renamed.pk}
        assert as_editor.post(way_back_of(renamed), data).status_code == 403
        assert as_editor.post(way_back_of(change), data | {"seen": change.pk}).status_code == 404
    assert not Change.objects.unfinished().exists()


def test_a_change_of_another_row_is_not_undone_here(as_editor, city, other_city):
    change = write(other_city, also_known_as="Nom")
    address = reverse("admin:cities_city_back", args=[city.pk, change.pk])
    assert as_editor.post(address, {"step": "undo", "seen": change.pk}).status_code == 404


@pytest.mark.parametrize("key", [0, int("9" * 18)])
def test_a_change_that_is_none_is_not_undone(as_editor, city, key):
    address = reverse("admin:cities_city_back", args=[city.pk, key])
    assert as_editor.post(address, {"step": "undo"}).status_code == 404


def test_a_colleague_of_the_city_may_undo(city):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    change = write(city, also_known_as="Nom")
    go_back(logged_in(colleague), "undo", change)
    assert Change.objects.unfinished().get().author == colleague


# The bin


@pytest.fixture
def whole(city, settings, tmp_path):
    """A photo and an initiative that other rows point at."""
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city)
    axis = city.axes.create(title_fr="Lire")
    initiative = factories.make_initiative(city, slug="old", cover=photo)
    initiative.axes.add(axis)
    initiative.gallery.create(photo=photo)
    initiative.slug = "new"
    initiative.save()
    return initiative


@thorough
def test_what_comes_out_of_the_bin_is_whole(whole, as_coordinator, client, city):
    old = client.get("/fr/initiatives/old/")
    for row in (whole, whole.cover):
        as_coordinator.post(form_of(row).replace("change", "delete"), {"post": "yes"})
        assert as_coordinator.get(form_of(row)).status_code == 200
        as_coordinator.post(screen_of(row, "steps"), {"step": "restore"})
        edit(as_coordinator, row, {})
    row = type(whole).objects.get(pk=whole.pk)
    assert row.is_public()
    assert (row.cover, [one.photo for one in row.gallery.all()]) == (whole.cover, [whole.cover])
    assert [axis.title_fr for axis in row.axes.all()] == ["Lire"]
    assert Redirect.objects.filter(slug="old").exists()
    assert client.get("/fr/initiatives/old/")["Location"] == old["Location"]


def test_the_list_of_the_bin_says_how_long_it_is_kept(whole, as_coordinator):
    whole.move_to_bin()
    response = as_coordinator.get(reverse("admin:initiatives_initiative_changelist"), {"state": "bin"})
    whole.refresh_from_db()
    assert whole.kept_until == whole.binned_at + timedelta(days=30)
    with override("fr"):
        assert date_format(localtime(whole.kept_until), "j F") in response.content.decode()


@thorough
def test_a_selection_is_taken_out_of_the_bin(whole, as_coordinator):
    whole.move_to_bin()
    address = f"{reverse('admin:initiatives_initiative_changelist')}?state=bin"
    as_coordinator.post(address, {"action": "restore_selected", "_selected_action": [whole.pk]})
    whole.refresh_from_db()
    assert whole.state == "withdrawn"


@thorough
def test_an_editor_takes_no_public_page_out_of_the_bin(whole, as_editor):
    whole.move_to_bin()
    as_editor.post(screen_of(whole, "steps"), {"step": "restore"})
    address = f"{reverse('admin:initiatives_initiative_changelist')}?state=bin"
    as_editor.post(address, {"action": "restore_selected", "_selected_action": [whole.pk]})
    whole.refresh_from_db()
    assert whole.state == "binned"


@thorough
def test_a_deletion_says_first_where_the_thing_is_used(whole, as_coordinator, city):
    def linked(row):
        page = as_coordinator.get(form_of(row).replace("change", "delete")).content.decode()
        return {target for target in (whole, city) if f'href="{form_of(target)}"' in page}

    assert linked(whole.cover) >= {whole}
    assert linked(city) >= {whole}
    page = factories.make_page()
    link = MenuLink.objects.create(place="header", label_fr="Page", page=page)
    said = as_coordinator.get(form_of(page).replace("change", "delete")).content.decode()
    assert f'href="{form_of(link)}"' in said


def test_a_deletion_does_not_name_what_another_city_does(other_city, city, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(city, public=False)
    City.objects.filter(pk=other_city.pk).update(cover=photo)
    client = logged_in(editor)
    page = client.get(form_of(photo).replace("change", "delete"))
    assert page.status_code == 200
    assert str(other_city) not in page.content.decode()
    assert [hidden for _, _, hidden in page.context["uses"] if hidden] == [1]


def test_a_page_in_the_bin_says_so_first_and_who_may_takes_it_out_there(as_editor, as_coordinator, city):
    own = factories.make_initiative(city, public=False)
    own.move_to_bin()
    page = as_editor.get(happened_to(own)).text
    assert page.index('value="restore"') < page.index("happened-line")
    as_editor.post(happened_to(own), {"bin": "restore"})
    own.refresh_from_db()
    assert own.state == "never"
    assert 'name="bin"' not in as_editor.get(happened_to(own)).text


def test_an_editor_asks_a_coordinator_who_is_told_and_sees_it_until_the_page_is_out(
    as_editor, as_coordinator, coordinator, city, mailoutbox, django_capture_on_commit_callbacks
):
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    initiative = factories.make_initiative(city)
    initiative.move_to_bin()
    page = as_editor.get(happened_to(initiative)).text
    assert 'value="ask_out"' in page
    assert 'value="restore"' not in page
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            as_editor.post(happened_to(initiative), {"bin": "ask_out"})
    [message] = mailoutbox
    assert message.to == ["coordinator@example.org"]
    assert happened_to(initiative) in message.body
    request = Comment.objects.to_read(coordinator).get()
    assert (request.kind, request.author.username) == ("bin", "editor")
    assert 'value="ask_out"' not in as_editor.get(happened_to(initiative)).text
    as_editor.post(happened_to(initiative), {"bin": "restore"})
    initiative.refresh_from_db()
    assert initiative.state == "binned"
    as_coordinator.post(happened_to(initiative), {"bin": "restore"})
    initiative.refresh_from_db()
    request.refresh_from_db()
    assert (initiative.state, request.resolved_by) == ("withdrawn", coordinator)
    assert as_editor.post(happened_to(initiative), {"bin": "ask_out"}).status_code == 302
    assert not Comment.objects.requests().exists(), "it is in no bin"
    assert as_coordinator.post(happened_to(initiative), {"bin": "ask_out"}).status_code == 403
