"""The care list and the desk: each number is the number of rows behind its link, for those who look after them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from cities.models import CityFigure, CityPhoto, Indicator, LearningPlace, Recognition
from initiatives.models import Initiative
from learningcities.care.issues import INCOMPLETE, issue_types
from learningcities.care.models import Link
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.conftest import thorough
from tests.forms import form_at

CARE, DESK = "/admin/care/", "/admin/"


def ago(**time):
    return localdate(moment()) - timedelta(**time)


def listed(client, **asked):
    return client.get(CARE, asked).context["page"].object_list


def said(client, **asked):
    return [issue.description for issue in listed(client, **asked)]


@pytest.fixture
def neglected(city, other_city, settings, tmp_path):
    """One row for each kind of care, in the editor's city and in another."""
    settings.MEDIA_ROOT = tmp_path
    for number, place in enumerate((city, other_city)):
        website = f"https://site-{number}.example.org/"
        factories.make_initiative(place, slug=f"i-{number}", end="2021", website=website, checked_on=ago(days=400))
        link = Link.objects.get(address=website)
        link.failing_since, link.checked_at, link.reason = moment() - timedelta(days=8), moment(), "gone"
        link.save()
        factories.make_photo(place, public=False, alternative_fr="")
        factories.make_photo(place, consent_until=ago(days=1))
        factories.make_document(place).store_derived(doubt="macros")
        factories.make_figure(place, year=2015)
        Recognition.objects.create(city=place, kind="other", title_fr=f"Titre {number}", date="2020")
    return city


@thorough
def test_an_editor_meets_each_kind_in_their_own_city_and_nothing_of_another(neglected, as_editor):
    for kind in issue_types():
        issues = form_at(as_editor, f"{CARE}?kind={kind}").context_data["page"].object_list
        assert [issue.owner for issue in issues] == [neglected] * (2 if kind is INCOMPLETE else 1), kind
    page = as_editor.get(CARE).content.decode()
    assert "Autre ville" not in page
    assert "Titre 1" not in page


@thorough
def test_an_editor_who_names_another_city_is_told_so_and_gets_nothing_of_it(neglected, other_city, as_editor):
    response = as_editor.get(CARE, {"city": other_city.pk, "kind": "nonsense"})
    assert set(response.context["form"].errors) == {"city", "kind"}
    assert {issue.owner for issue in response.context["page"]} == {neglected}


@thorough
def test_a_coordinator_sees_all_and_narrows_it_to_a_city(neglected, other_city, as_coordinator):
    assert {issue.owner for issue in listed(as_coordinator)} == {neglected, other_city}
    assert {issue.owner for issue in listed(as_coordinator, city=other_city.pk)} == {other_city}


@thorough
def test_each_row_leads_to_its_field(neglected, as_editor):
    figure, recognition = CityFigure.objects.get(city=neglected), Recognition.objects.get(city=neglected)
    keys = {
        "doubtful": "file",
        "broken": "website",
        "overdue": "status",
        "unsourced": f"recognitions:{recognition.pk}",
        "undescribed": "alternative_fr",
        "unchecked": "checked_on",
        "consent": "consent_until",
        "outdated": f"figures:{figure.pk}",
    }
    for issue in listed(as_editor):
        if issue.type is not INCOMPLETE:
            assert issue.form == admin.site.field_address(issue.item, keys[issue.type.name])
            assert as_editor.get(issue.form).status_code == 200, issue


@thorough
def test_every_number_on_the_desk_and_in_the_table_is_the_number_of_rows_of_its_list(
    neglected, editor, coordinator, as_editor, as_coordinator
):
    initiative = Initiative.objects.get(slug="i-0")
    Change.save_draft(initiative, editor, {"title_fr": ["Initiative", "Autre"]})
    asked = Change.save_draft(neglected, editor, {"summary_fr": ["Une ville qui apprend.", "Autre"]})
    asked.transition(Change.State.REVIEW)
    scheduled = Change.save_draft(initiative, coordinator, {"start": ["", "2019"]})
    scheduled.schedule(moment() + timedelta(days=1), coordinator)
    factories.make_report(initiative)
    for client in (as_editor, as_coordinator):
        numbers = {*numbered_links(client.get("/admin/overview/").content.decode())}
        numbers |= {*numbers_of_the_desk(client.get(DESK).context)}
        for address, number in numbers:
            context = form_at(client, address).context_data
            rows = context["cl"].result_count if "cl" in context else context["page"].paginator.count
            assert rows == number, address
        assert len(numbers) > 10


def numbers_of_the_desk(said):
    for line in [*said["groups"], *said["under_way"]]:
        yield line.address, line.number
    for gap in (gap for city in said["cities"] for gap in city.issue_gaps):
        yield gap.address, int(re.search(r"\d+", gap.sentence)[0])


def numbered_links(page):
    """The links whose words begin or end with a number, except those that say how complete a page is."""
    content = page[page.index('id="content"') :]
    for address, words in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', content, re.DOTALL):
        text = re.sub(r"<[^>]+>", " ", words).split()
        numbers = [word for word in (text[:1] + text[-1:]) if word.isdecimal()]
        # The board of translations has rows, and the number is one of texts.
        if numbers and "#" not in address and "/translations/" not in address:
            yield unescape(address), int(numbers[0])


def test_an_empty_desk_says_that_nothing_waits(as_coordinator):
    assert "Rien ne vous attend." in as_coordinator.get(DESK).content.decode()


def test_an_editor_without_a_city_finds_a_desk_and_no_care(as_editor, editor):
    editor.cities.clear()
    assert "Rien ne vous attend." in as_editor.get(DESK).content.decode()
    assert as_editor.get(DESK).context["cities"] == []
    assert as_editor.get(CARE).status_code == 403


@thorough
@pytest.mark.parametrize(
    ("status", "is_listed"), [("planned", False), ("under-way", True), ("established", True), ("completed", False)]
)
def test_what_has_ended_can_be_neither_under_way_nor_in_place(as_editor, city, status, is_listed):
    factories.make_initiative(city, checked_on=ago(days=1), end="2019", status=status)
    assert [issue.item.slug for issue in listed(as_editor, kind="overdue")] == ["an-initiative"] * is_listed


@thorough
def test_what_needs_no_care_is_left_alone(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    factories.make_initiative(city, slug="fresh", checked_on=ago(days=300), end=str(ago(days=0).year))
    factories.make_initiative(city, slug="done", checked_on=ago(days=1), end="2019", status="completed")
    factories.make_initiative(city, slug="draft", public=False, end="2019")
    factories.make_photo(city, decorative=True, alternative_fr="")
    factories.make_figure(city, year=2015)
    factories.make_figure(city, year=ago(days=0).year - 1)
    indicator = Indicator.objects.first()
    for year in (2004, 2024):
        factories.make_figure(city, indicator=indicator, label_fr="", year=year)
    binned = factories.make_initiative(city, slug="binned", checked_on=ago(days=900))
    binned.move_to_bin()
    for kind in issue_types():
        rows = [row for rows in kind.querysets() for row in rows if kind is not INCOMPLETE]
        assert rows == [], kind


@pytest.mark.parametrize(("end", "is_over"), [("year", False), ("month", False), ("day", True), ("last", True)])
def test_an_end_is_over_when_all_of_it_is(city, end, is_over):
    yesterday = ago(days=1).isoformat()
    today = ago(days=0)
    ends = {"year": str(today.year), "month": f"{today:%Y-%m}", "day": yesterday, "last": str(today.year - 1)}
    factories.make_initiative(city, end=ends[end])
    assert Initiative.objects.overdue().exists() is is_over


def test_the_capacity_of_a_place_is_a_figure_too(city):
    factories.make_place(city, public=False, capacity=30, year=2012)
    factories.make_place(city, slug="no-figure", public=False, year=2012)
    assert LearningPlace.objects.outdated().count() == LearningPlace.objects.unsourced().count() == 1


def test_a_photo_says_what_it_shows_in_the_languages_in_which_visitors_read_its_pages(
    city, settings, tmp_path, as_editor
):
    settings.MEDIA_ROOT = tmp_path
    cover, in_gallery = factories.make_photo(city), factories.make_photo(city)
    initiative = factories.make_initiative(city, cover=cover)
    CityPhoto.objects.create(city=city, photo=in_gallery)
    assert said(as_editor, kind="undescribed") == []
    initiative.apply_patch({"title_ar": ["", "مبادرة"], "summary_ar": ["", "مشروع للتعلّم."]})
    assert said(as_editor, kind="undescribed") == ["العربيّة"]
    city.apply_patch({"name_en": [city.name_en, "A city"], "summary_en": ["", "A city that learns."]})
    assert set(said(as_editor, kind="undescribed")) == {"العربيّة", "English"}
    cover.apply_patch({"alternative_ar": ["", "ساحة"]})
    assert said(as_editor, kind="undescribed") == ["English"]
    city.withdraw()
    assert said(as_editor, kind="undescribed") == []


def test_a_photo_that_no_page_shows_says_what_it_shows_in_one_language_or_is_named(city, settings, tmp_path, as_editor):
    settings.MEDIA_ROOT = tmp_path
    factories.make_photo(city, public=False, alternative_fr="", alternative_ar="ساحة")
    assert said(as_editor, kind="undescribed") == []
    factories.make_photo(city, public=False, alternative_fr="")
    assert said(as_editor, kind="undescribed") == ["français, العربيّة, English"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_counts_in_whatever_language_it_is_written(city, as_editor, language):
    source = {"source_fr": "", f"source_{language}": "HCP"}
    factories.make_figure(city, **source)
    Recognition.objects.create(city=city, kind="other", title_fr="Titre", date="2020", **source)
    place = factories.make_place(city, slug="hall", public=False, capacity=30, year=ago(days=0).year, **source)
    assert said(as_editor, kind="unsourced") == []
    place.publish()


# I have checked it today


def check_address(initiative):
    return reverse("admin:initiatives_initiative_checked", args=[initiative.pk])


def test_a_coordinators_click_says_today_on_the_page_as_an_ordinary_change(city, as_coordinator, coordinator):
    initiative = factories.make_initiative(city, checked_on=ago(days=400))
    as_coordinator.post(check_address(initiative), {"next": f"{CARE}?kind=unchecked"})
    change = Change.objects.of(initiative).happened().first()
    assert change.author == coordinator
    assert change.patch == {"checked_on": [ago(days=400).isoformat(), ago(days=0).isoformat()]}
    assert not Initiative.objects.unchecked()


@pytest.mark.parametrize(
    "back", ["", "None", "home", "//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere"]
)
def test_checking_leads_on_to_a_page_of_this_site_whatever_the_form_names(as_coordinator, city, back):
    response = as_coordinator.post(check_address(factories.make_initiative(city)), {"next": back})
    assert (response.status_code, response["Location"]) == (302, CARE)


def test_an_editors_click_waits_for_a_coordinator(city, as_editor, editor):
    initiative = factories.make_initiative(city)
    response = as_editor.post(check_address(initiative), {"next": "https://elsewhere.example/"})
    assert response["Location"] == CARE
    change = Change.objects.of(initiative).unfinished().get()
    assert (change.author, change.state) == (editor, Change.State.REVIEW)
    assert change.patch == {"checked_on": [None, ago(days=0).isoformat()]}
    initiative.refresh_from_db()
    assert initiative.checked_on is None


def test_an_editors_click_goes_into_the_draft_they_have_and_doesnt_send_it(city, as_editor, editor):
    initiative = factories.make_initiative(city)
    Change.save_draft(initiative, editor, {"title_fr": ["Initiative", "Nouveau"]})
    as_editor.post(check_address(initiative))
    draft = Change.objects.of(initiative).unfinished().get()
    assert draft.state == Change.State.OPEN
    assert set(draft.patch) == {"title_fr", "checked_on"}


def test_nobody_checks_another_citys_initiative_or_by_a_mere_visit(city, other_city, as_editor):
    other = factories.make_initiative(other_city)
    assert as_editor.post(check_address(other)).status_code == 404
    assert as_editor.get(check_address(factories.make_initiative(city, slug="own"))).status_code == 403
    assert not Change.objects.unfinished()


# The table of cities, and what all of it costs


@thorough
def test_the_table_is_sorted_searched_and_paged(as_coordinator):
    factories.make_many_cities(range(60))
    city = factories.make_city(slug="neglected", name_fr="Négligée")
    factories.make_initiative(city)
    table = reverse("admin:overview")
    first = as_coordinator.get(table).context["page"]
    assert len(first) == 50
    assert first[0].owner == city
    assert as_coordinator.get(table, {"page": 2}).context["page"].has_next() is False
    assert [line.owner for line in as_coordinator.get(table, {"q": "negligee"}).context["page"]] == [city]
    assert as_coordinator.get(table, {"sort": "pages"}).context["page"][0].owner != city
    assert as_coordinator.get(table, {"sort": "nonsense"}).context["page"][0].owner == city


def test_an_editors_table_holds_their_own_cities_and_says_nothing_of_who_works(other_city, city, as_editor):
    table = as_editor.get(reverse("admin:overview"))
    assert [line.owner for line in table.context["page"]] == [city]
    assert table.context["staff"] == []


def test_coordinators_see_who_was_active_last_and_which_city_nobody_keeps(
    other_city, city, editor, as_editor, as_coordinator
):
    draft = Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Autre"]})
    table = as_coordinator.get(reverse("admin:overview"))
    active = {each.person: each for each in table.context["staff"]}
    assert active[editor].at == max(editor.last_login or draft.created_at, draft.created_at)
    assert active[editor].changes == "1 modification cette semaine"
    kept = {line.owner: [each.person for each in line.keepers] for line in table.context["page"]}
    assert kept == {city: [editor], other_city: []}


@thorough
@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_desk_list_and_table_cost_the_same_with_few_rows_and_many(who, neglected, request):
    client = request.getfixturevalue(who)
    pages = (DESK, CARE, reverse("admin:overview"))

    def cost(page):
        client.get(page)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(page).status_code == 200
        return len(counted)

    few = [cost(page) for page in pages]
    for number in range(5):
        factories.make_initiative(neglected, slug=f"more-{number}", end="2020", website="https://site-0.example.org/")
        factories.make_figure(neglected, label_fr=f"Nombre {number}", year=2010)
        factories.make_city(slug=f"city-{number}").editors.set(neglected.editors.all())
    assert all(cost(page) <= before for page, before in zip(pages, few, strict=True))
    assert max(few) <= 40
