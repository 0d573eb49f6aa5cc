"""What a town hall does with its pages, from the screens alone, in no more steps than are allowed for it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import localtime
from playwright.sync_api import expect

from initiatives.models import Initiative
from learningcities.care.models import Link
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.document_files import jpeg
from tests.spreadsheets.helpers import Edited, exported

from .helpers import Steps, wait_until

pytestmark = thorough

SUMMARIES = {"fr": "Une ville qui aprend.", "ar": "مدينة تتعلن كل يوم."}
MENDED = {"fr": "Une ville qui apprend.", "ar": "مدينة تتعلم كل يوم."}
OTHER = {"fr": "Une ville qui lit.", "ar": "مدينة تقرأ."}


@pytest.fixture(params=[("fr", 1280), ("ar", 390)], ids=["French", "Arabic"])
def steps(request):
    return Steps(*request.param)


@pytest.fixture
def language(steps):
    return steps.language


@pytest.fixture
def town(site, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SITE_ADDRESS = tmp_path, site
    names = {"name_fr": "Ville à soi", "name_ar": "مدينتي"}
    summaries = {f"summary_{code}": text for code, text in SUMMARIES.items()}
    return factories.make_city(slug="own-city", website="https://ville.example/", **names, **summaries)


@pytest.fixture
def editor(town, language):
    editor = make_person("editor", language=language, email="editor@ville.example")
    town.editors.add(editor)
    return editor


@pytest.fixture
def coordinator(town, language):
    return make_person("coordinator", "coordinator", language=language, email="coordinator@ville.example")


@pytest.fixture
def sit_down(steps, open_page):
    """Someone at the desk, or where a link of a message leads."""

    def sit_down_(person, path="/admin/"):
        locale = {"fr": "fr-FR", "ar": "ar-MA"}[steps.language]
        page = open_page(path, person, locale=locale, viewport={"width": steps.width, "height": 800})
        return steps.follow(page)

    return sit_down_


def live(item):
    return type(item).objects.get(pk=item.pk)


def form(item, *names):
    place = "/".join(["sections", *names]) if names else "change"
    return f"/admin/{item._meta.app_label}/{item._meta.model_name}/{item.pk}/{place}/"


def section(page, name):
    return page.locator(f"#section-{name} .edit").first


def bar(page, name):
    return page.locator(f".desk-bar [name={name}]")


def link_of_message(person):
    """Where the last message to someone leads."""
    message = next(one for one in reversed(mail.outbox) if one.to == [person.email])
    return re.search(r"https?://\S+", message.body).group()


def write_summary(steps, page, town, words):
    """Correct the summary of a city from its outline."""
    steps.load(section(page, "brief"))
    page.fill(f"[name=summary_{steps.language}]", words)
    steps.load(bar(page, "_save"))


def test_one_word_of_a_published_text_is_corrected_left_and_found_again(steps, language, town, editor, sit_down):
    page = sit_down(editor)
    steps.load(page.locator(".home-city h3 a"))
    write_summary(steps, page, town, MENDED[language])
    steps.load(page.locator("#branding a").first)
    steps.load(page.locator(".home-last .button"))
    expect(page.locator(f"[name=summary_{language}]")).to_be_visible()
    expect(page.locator(f"[name=summary_{language}]")).to_have_value(MENDED[language])
    assert getattr(live(town), f"summary_{language}") == SUMMARIES[language], "visitors see it as it was"
    assert steps.count <= 8


def test_a_draft_is_shown_to_someone_without_an_account(steps, language, town, editor, sit_down, open_page):
    page = sit_down(editor, form(town))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write_summary(steps, page, town, MENDED[language])
    steps.begin()
    steps.load(bar(page, "_preview"))
    steps.act(page.locator(".preview-link button"))
    wait_until(page, "document.querySelector('.preview-link [role=status]').textContent")
    assert steps.count <= 2
    visitor = open_page(page.evaluate("navigator.clipboard.readText()"))
    assert visitor.evaluate("document.documentElement.lang") == language
    expect(visitor.get_by_text(MENDED[language]).first).to_be_visible()


def test_a_change_is_sent_returned_answered_and_published(steps, language, town, editor, coordinator, sit_down):
    page = sit_down(editor, form(town))
    write_summary(steps, page, town, MENDED[language])
    steps.begin()
    steps.load(bar(page, "_send"))
    page.fill("[name=comment]", "Une faute.")
    steps.load(page.locator(".desk-bar [type=submit]"))

    review = sit_down(coordinator, link_of_message(coordinator))
    expect(review.get_by_text("Une faute.").first).to_be_visible()
    steps.act(review.locator("summary:has(+ .panel [value=return])"))
    review.fill("[name=comment]", "Est-ce sûr ?")
    steps.load(review.locator("[value=return]"))

    steps.goto(page, link_of_message(editor))
    expect(page.get_by_text("Est-ce sûr ?").first).to_be_visible()
    steps.load(page.locator(".desk-bar a.button--primary"))
    page.fill("[name=comment]", "Oui.")
    steps.load(page.locator(".desk-bar [type=submit]"))

    steps.goto(review, link_of_message(coordinator))
    expect(review.get_by_text("Oui.").first).to_be_visible()
    steps.load(review.locator(".desk-bar > [value=apply]"))
    assert getattr(live(town), f"summary_{language}") == MENDED[language]
    assert steps.count <= 11


def test_a_new_initiative_is_left_unfinished_and_taken_up_again(steps, language, town, editor, sit_down):
    page = sit_down(editor)
    steps.load(page.locator(".home-city a[href*='initiative/add']"))
    page.fill(f"[name=title_{language}]", "Lire")
    page.fill(f"[name=summary_{language}]", "On lit.")
    photo = {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1).read()}
    steps.choose(page.locator("[type=file]"), photo)
    steps.load(page.locator(".desk-bar [type=submit]"))
    steps.load(page.locator("#branding a").first)
    steps.load(page.locator(".home-last .button"))
    steps.load(section(page, "figures"))
    if page.locator(".add-row a").count():
        steps.load(page.locator(".add-row a"))
    page.fill("[name=value]", "120")
    page.fill(f"[name=label_{language}]", "Lectrices")
    page.fill("[name=year]", "2026")
    page.fill(f"[name=source_{language}]", "HCP")
    steps.load(bar(page, "_save"))
    steps.load(section(page, "audience"))
    for number in range(2):
        steps.act(page.locator("[name=sdgs]").nth(number))
    steps.load(bar(page, "_save"))
    initiative = Initiative.objects.get()
    assert (getattr(initiative, f"title_{language}"), initiative.city) == ("Lire", town)
    assert initiative.cover.city == town
    assert [figure.value for figure in initiative.figures.all()] == [120]
    assert initiative.sdgs.count() == 2
    assert steps.count <= 14


def test_what_it_is_is_said_in_arabic_and_what_else_lacks_arabic_is_found(steps, language, town, editor, sit_down):
    initiative = factories.make_initiative(town, slug="lire", title_fr="Lire", title_ar="القراءة")
    factories.make_initiative(town, slug="jouer", title_fr="Jouer ensemble")
    page = sit_down(editor)
    steps.load(page.locator(".home-gaps a[href*='translations'][href*='language=ar']"))
    row = page.locator("#result_list tr", has_text="القراءة" if language == "ar" else "Lire")
    steps.load(row.locator(".missing a").first)
    page.fill("[name=summary_ar]", "نقرأ معا.")
    steps.load(bar(page, "_save"))
    steps.goto(page, "/admin/")
    expect(page.locator(".home-gaps a[href*='translations'][href*='language=ar']")).to_be_visible()
    assert Change.objects.mine(initiative, editor).patch["summary_ar"] == ["", "نقرأ معا."]
    assert steps.count <= 5


def test_publication_is_asked_for_tomorrow_at_nine_until_next_year_and_agreed(
    steps, language, town, editor, coordinator, sit_down
):
    nine = (localtime(moment()) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    end = nine.replace(year=nine.year + 1, month=1, day=1)
    page = sit_down(editor, form(town))
    write_summary(steps, page, town, MENDED[language])
    steps.begin()
    steps.load(bar(page, "_send"))
    steps.act(page.locator("[name=when][value=from]"))
    page.fill("[name=due]", f"{nine:%Y-%m-%dT%H:%M}")
    page.fill("[name=until]", f"{end:%Y-%m-%dT%H:%M}")
    steps.load(page.locator(".desk-bar [type=submit]"))
    change = Change.objects.get(state="review")
    assert change.wanted_at == nine

    review = sit_down(coordinator, link_of_message(coordinator))
    steps.load(review.locator(".desk-bar > [value=apply]"))
    expect(review.locator(".will-see")).to_contain_text(str(end.year))
    steps.load(review.locator(".desk-bar > [value=apply]"))
    change.refresh_from_db()
    assert (change.state, change.due_at, change.ends_at) == ("scheduled", nine, end)
    assert getattr(live(town), f"summary_{language}") == SUMMARIES[language]
    assert steps.count <= 6


def test_a_page_is_saved_while_a_colleague_has_changed_it(steps, language, town, editor, coordinator, sit_down):
    page = sit_down(editor, form(town, "brief"))
    page.fill(f"[name=summary_{language}]", MENDED[language])
    Change.propose(live(town), coordinator, {f"summary_{language}": [SUMMARIES[language], OTHER[language]]}).apply(
        coordinator
    )
    steps.begin()
    steps.load(bar(page, "_save"))
    expect(page.locator(".versions", has_text=OTHER[language])).to_be_visible()
    expect(page.locator(".versions", has_text=MENDED[language])).to_be_visible()
    steps.act(page.locator("[name^=_choice][value=mine]"))
    steps.load(page.locator("[value=decide]"))
    draft = Change.objects.mine(town, editor)
    assert draft.patch[f"summary_{language}"] == [OTHER[language], MENDED[language]]
    assert getattr(live(town), f"summary_{language}") == OTHER[language]
    assert steps.count <= 4


def test_what_was_deleted_is_got_back_by_an_editor_and_a_coordinator(
    steps, language, town, editor, coordinator, sit_down
):
    initiative = factories.make_initiative(town, slug="lire", title_fr="Lire", title_ar="القراءة")
    initiative.move_to_bin()
    page = sit_down(editor)
    steps.type_and_enter(page.locator("header [type=search]"), "Lire" if language == "fr" else "القراءة")
    steps.load(page.locator(f"main a[href*='/initiative/{initiative.pk}/']").first)
    steps.load(page.locator("[value=ask_out]"))
    expect(page.locator("[role=status] strong")).to_be_visible()
    assert live(initiative).binned_at, "an editor asks, and a coordinator takes it out"

    review = sit_down(coordinator, link_of_message(coordinator))
    steps.load(review.locator("main [value=restore]").first)
    assert not live(initiative).binned_at
    assert steps.count <= 6


def test_an_earlier_wording_of_one_field_is_put_back(steps, language, town, editor, coordinator, sit_down):
    patch = {f"summary_{language}": [SUMMARIES[language], OTHER[language]], "also_known_as": ["", "Nom"]}
    Change.propose(town, coordinator, patch).apply(coordinator)
    page = sit_down(editor)
    steps.load(page.locator(".home-city h3 a"))
    steps.load(page.locator(".tabs a[href*='/happened/']"))
    steps.load(page.locator(".words", has=page.locator("del")).locator(".take"))
    [draft] = Change.objects.unfinished()
    assert draft.patch == {f"summary_{language}": [OTHER[language], SUMMARIES[language]]}
    assert steps.count <= 4


def test_three_end_dates_come_by_spreadsheet_and_one_is_wrong(steps, language, town, editor, sit_down, tmp_path):
    for number in range(3):
        factories.make_initiative(town, slug=f"lire-{number}", title_fr=f"Lire {number}")
    page = sit_down(editor, "/admin/initiatives/initiative/")
    steps.act(page.locator(".object-tools summary"))
    steps.load(page.locator(".object-tools a[href$='/import/']"))
    file = Edited(exported(logged_in(editor), "/admin/initiatives/initiative/"))
    for number, end in enumerate(["2026-06-30", "bientôt", "2026-12"]):
        row = file.row_of("initiatives.initiative", "title_fr", f"Lire {number}")
        file.put("initiatives.initiative", row, end=end)
    path = tmp_path / "initiatives.xlsx"
    path.write_bytes(file.content)
    steps.choose(page.locator("main [type=file]"), path)
    steps.load(page.locator("main form [type=submit]").first)
    expect(page.locator(".errors-of-file tbody tr")).to_have_count(1)
    steps.load(page.locator("[name=make]"))
    assert Change.objects.unfinished().count() == 2
    assert steps.count <= 6


def test_the_towns_website_is_changed_and_whether_other_links_work_is_learnt(steps, language, town, editor, sit_down):
    page = sit_down(editor)
    steps.load(page.locator(".home-city h3 a"))
    steps.load(section(page, "contact"))
    page.fill("[name=website]", "https://www.ville.example/")
    steps.load(bar(page, "_save"))
    steps.load(page.locator("#branding a").first)
    expect(page.locator(".home-cities a[href*='/care/link/']")).to_be_visible()
    assert Change.objects.mine(town, editor).patch["website"][1] == "https://www.ville.example/"
    assert Link.objects.seen_by(editor).in_words()
    assert steps.count <= 5
