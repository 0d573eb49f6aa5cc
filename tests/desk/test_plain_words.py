"""What hesitating readers of the desk need to be told: what waits elsewhere, what is missing and where it is mended."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from learningcities.care.models import Mention
from learningcities.publishing.models import Change
from learningcities.text.translation import listed
from tests import factories
from tests.forms import form_at, page_of

pytestmark = pytest.mark.django_db
BOARD = reverse("admin:publishing_translations_changelist")


def html(response):
    return response.content.decode()


def test_who_publishes_a_page_is_led_to_the_change_of_it_that_waits_unread(city, editor, as_editor, as_coordinator):
    panel = page_of(city, "send")
    sent = Change.propose(city, editor, {"summary_fr": [city.summary_fr, "Autrement"]})
    read = reverse("admin:publishing_change_change", args=[sent.pk])
    assert as_coordinator.get(panel).context["waiting"] == [sent]
    assert f'href="{read}"' in html(as_coordinator.get(panel))
    assert as_editor.get(panel).context["waiting"] == [], "who decides nothing isn't told"
    sent.discard(editor)
    assert as_coordinator.get(panel).context["waiting"] == []


def test_what_a_photo_lacks_leads_to_the_field_of_the_photo(city, as_editor):
    photo = factories.make_photo(city, public=False, credit="", licence="")
    initiative = factories.make_initiative(city, public=False, cover=photo)
    page = as_editor.get(page_of(initiative, "send"))
    addresses = [address for address, _words, _sentence in page.context["lacks"]]
    assert addresses == [admin.site.field_address(photo, name) for name in ("credit", "licence")]
    assert escape(addresses[0]) in html(page)
    photo.credit, photo.licence = "Salma", "CC BY 4.0"
    photo.save()
    assert not as_editor.get(page_of(initiative, "send")).context["lacks"]


def test_a_list_of_what_is_missing_leads_to_what_is_behind_and_back(city, as_editor):
    factories.make_initiative(city, title_ar="مبادرة")
    board = as_editor.get(BOARD, {"state": "stale", "language": "ar"})
    _sentence, address = board.context_data["left_out"]
    assert "state=missing" in address
    assert "language=ar" in address
    assert escape(address) in html(board)
    assert as_editor.get(BOARD, {"language": "ar"}).context_data["left_out"] is None, "nothing is left out"
    assert as_editor.get(BOARD, {"state": "missing", "language": "ar"}).context_data["left_out"] is None, "none behind"


def test_links_of_the_sites_own_pages_are_told_to_nobody_as_links_of_their_cities(city, as_editor, as_coordinator):
    page = factories.make_page(body_fr='<p><a href="https://example.org/">Ailleurs</a></p>')
    Mention.objects.collect()
    assert Mention.objects.filter(object_id=page.pk).exists()
    words = [str(client.get("/admin/").context["links"]) for client in (as_editor, as_coordinator)]
    assert words[0] == words[1]


def test_a_page_in_the_bin_is_looked_at_and_not_continued(city, editor, as_editor):
    initiative = factories.make_initiative(city)
    Change.save_draft(initiative, editor, {"summary_fr": [initiative.summary_fr, "Autrement"]})
    (work,) = as_editor.get("/admin/").context["works"]
    assert (work.verb, work.address != work.form) == ("Continuer", True)
    initiative.move_to_bin()
    (work,) = as_editor.get("/admin/").context["works"]
    assert work.verb != "Continuer"
    assert work.address == work.form


def test_one_goes_on_at_a_text_and_not_at_the_number_changed_after_it(city, editor, as_editor):
    Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Autrement"], "vision_year": [None, 2030]})
    (work,) = as_editor.get("/admin/").context["works"]
    assert work.key == "summary_fr"


def test_a_closed_section_says_what_its_dates_are_dates_of(city, as_editor):
    initiative = factories.make_initiative(city, start="2020-09", end="2023")
    outline = as_editor.get(page_of(initiative, "change")).context["outline"]
    (time,) = (card for card in outline.cards if card.section.name == "time")
    assert "Début : septembre 2020" in [words.replace("\xa0", " ") for words in map(str, time.words)]


def test_the_box_of_a_language_opens_its_section_in_that_language(city, as_editor):
    address = page_of(city, "section", "brief")
    assert f'href="{address}?language=ar#section-brief"' in html(as_editor.get(page_of(city, "change")))
    assert as_editor.get(address, {"language": "ar"}).context["language"] == "ar"
    assert as_editor.get(address).context["language"] == "fr", "without a link, the reader's own"


def test_a_page_without_a_photo_says_so_in_words(city, as_editor):
    form = form_at(as_editor, page_of(city, "section", "brief")).context_data["form"]
    assert form.fields["cover"].empty_label == "Aucune photo"


def test_the_pill_of_a_page_is_the_same_on_the_desk_and_on_the_page(city, editor, as_editor):
    Change.save_draft(city, editor, {"summary_fr": [city.summary_fr, "Autrement"]})
    (work,) = as_editor.get("/admin/").context["works"]
    for name in ("change", "happened"):
        assert as_editor.get(page_of(city, name)).context["pill"] == work.pill


def test_names_are_joined_by_the_comma_of_their_reader():
    with override("ar"):
        assert listed(["أ", "ب"]) == "أ، ب"
    with override("fr"):
        assert listed(["a", "b"]) == "a, b"
