"""The rules that everything about publishing rests on, each by one claim that holds with it and fails without it."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from learningcities.publishing.items.item import ItemQuerySet
from learningcities.publishing.models import Batch, Change
from learningcities.publishing.rights import patch_rights
from learningcities.publishing.rights.page_lock import PageLock, PageLockQuerySet
from learningcities.publishing.workflow import change, editing, way_back
from learningcities.spreadsheets import import_check
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import edit, live, section_at
from tests.spreadsheets.helpers import Edited, exported, tried

from .helpers import go_back, page_of, take, way_back_of

LIST = "/admin/cities/city/"


@pytest.fixture
def site(as_editor, as_coordinator, city, editor, coordinator, client):
    return SimpleNamespace(**locals())


def waiting(site, text="Envoyé"):
    edit(site.as_editor, site.city, {"summary_fr": text}, "_send")
    return Change.objects.waiting().get()


# The claims


def a_form_that_is_older_than_a_colleagues_save_changes_only_what_was_typed_into_it(site):
    address, data = section_at(site.as_editor, site.city, "brief")
    edit(site.as_coordinator, site.city, {"summary_fr": "Leur résumé"})
    site.as_editor.post(address, data | {"summary_ar": "ملخصي"})
    assert set(Change.objects.unfinished().get(author=site.editor).patch) == {"summary_ar"}


def two_who_change_the_same_text_at_once_overwrite_nothing(site):
    note = factories.make_initiative(site.city, public=False, title_fr="Atelier")
    address, data = section_at(site.as_editor, note, "names")
    edit(site.as_coordinator, note, {"title_fr": "Le leur"}, "_draft")
    site.as_editor.post(address, data | {"title_fr": "Le mien"})
    note.refresh_from_db()
    assert note.title_fr == "Le leur"


def a_change_of_a_text_that_was_changed_since_is_not_applied(site):
    sent = waiting(site)
    edit(site.as_coordinator, site.city, {"summary_fr": "Leur résumé"})
    site.as_coordinator.post(page_of(sent), {"step": "apply"})
    assert live(site.city).summary_fr == "Leur résumé"


def a_cell_whose_text_was_changed_since_the_export_is_refused(site):
    sheet = Edited(exported(site.as_editor, LIST)).put("cities.city", 0, summary_fr="Le mien")
    edit(site.as_coordinator, site.city, {"summary_fr": "Leur résumé"})
    found = tried(site.as_editor, LIST, sheet.content)
    assert (len(found.right), len(found.wrong)) == (0, 1)


def a_translator_brings_back_no_text_of_another_language(site):
    edit(site.as_coordinator, site.city, {"summary_fr": "Leur résumé", "summary_ar": "ملخص"})
    translator = make_person("translator", languages=["ar"])
    site.city.editors.add(translator)
    last = Change.objects.of(site.city).happened().first()
    go_back(logged_in(translator), "undo", last)
    assert set(Change.objects.unfinished().get().patch) == {"summary_ar"}


def an_editors_save_leaves_the_live_page(site):
    before = live(site.city).summary_fr
    edit(site.as_editor, site.city, {"summary_fr": "Brouillon"})
    assert live(site.city).summary_fr == before


def what_could_not_be_public_is_not_sent(site):
    edit(site.as_editor, site.city, {"summary_fr": ""}, "_send")
    assert not Change.objects.waiting().exists()


def what_is_off_the_site_is_seen_by_nobody(site):
    path = site.city.get_absolute_url()
    assert site.client.get(path).status_code == 200
    site.city.withdraw()
    assert site.client.get(path).status_code == 410
    assert site.city.name_fr not in site.client.get("/fr/villes/").text


def a_page_that_another_holds_stays(site):
    before = live(site.city).summary_fr
    PageLock.acquire(site.city, make_person("holder"))
    edit(site.as_coordinator, site.city, {"summary_fr": "Malgré tout"})
    assert live(site.city).summary_fr == before


def a_step_on_words_that_were_not_seen_changes_nothing_and_says_so(site):
    sent = waiting(site)
    seen = site.as_coordinator.get(page_of(sent)).context["change"].version
    edit(site.as_editor, site.city, {"summary_fr": "Plus récent"}, "_send")
    for step in ("apply", "discard", "return"):
        answer = site.as_coordinator.post(page_of(sent), {"step": step, "seen": seen, "comment": "Non"}, follow=True)
        assert str(change.STALE) in map(str, answer.context["messages"])
    sent.refresh_from_db()
    assert (sent.state, sent.patch["summary_fr"][1]) == ("review", "Plus récent")


def nor_does_a_step_with_a_batch(site):
    sent = waiting(site)
    batch = Batch.objects.create(author=site.editor, name="Lot", content_type=sent.content_type)
    Change.objects.update(batch=batch)
    address = reverse("admin:publishing_batch_change", args=[batch.pk])
    seen = site.as_coordinator.get(address).context["batch"].version
    edit(site.as_editor, site.city, {"summary_fr": "Plus récent"}, "_send")
    for step in ("apply", "discard", "return"):
        site.as_coordinator.post(address, {"step": step, "seen": seen, "comment": "Non"})
    sent.refresh_from_db()
    assert sent.state == "review"
    assert live(site.city).summary_fr != "Plus récent"


def a_wording_that_is_taken_up_touches_nothing_else_of_the_draft(site):
    edit(site.as_coordinator, site.city, {"also_known_as": "Leur"})
    last = Change.objects.of(site.city).happened().first()
    Change.save_draft(site.city, site.editor, {"summary_ar": [live(site.city).summary_ar, "ملخص"]})
    take(site.as_editor, last, "also_known_as")
    assert set(Change.objects.unfinished().get().patch) == {"summary_ar", "also_known_as"}


def what_others_add_after_one_has_looked_is_not_lost_unseen(site):
    edit(site.as_coordinator, site.city, {"also_known_as": "Leur"})
    last = Change.objects.of(site.city).happened().first()
    seen = site.as_editor.get(way_back_of(last)).context["seen"]
    edit(site.as_coordinator, site.city, {"summary_fr": "Plus récent"})
    site.as_editor.post(way_back_of(last), {"step": "restore", "seen": seen})
    assert not Change.objects.unfinished().exists()


# How each rule is switched off


def nothing(*args, **kwargs):
    return []


UNREAD = (editing.Editing, "read", lambda self, key, token: (self.shown, self.known))
RULES = [
    (
        a_form_that_is_older_than_a_colleagues_save_changes_only_what_was_typed_into_it,
        (editing.Editing, "read", lambda self, key, token: (self.shown, self.known)),
    ),
    (two_who_change_the_same_text_at_once_overwrite_nothing, (editing, "conflicts", nothing)),
    (a_change_of_a_text_that_was_changed_since_is_not_applied, (change, "conflicts", nothing)),
    (a_cell_whose_text_was_changed_since_the_export_is_refused, (import_check, "conflicts", nothing)),
    (a_translator_brings_back_no_text_of_another_language, (patch_rights, "forbidden_keys", nothing)),
    (an_editors_save_leaves_the_live_page, (editing.Editing, "is_direct", True)),
    (what_could_not_be_public_is_not_sent, (Change, "check_fits", nothing)),
    (what_is_off_the_site_is_seen_by_nobody, (ItemQuerySet, "published", lambda rows, moment=None: rows.all())),
    (a_page_that_another_holds_stays, (PageLockQuerySet, "against", lambda locks, person: locks.none())),
    (a_step_on_words_that_were_not_seen_changes_nothing_and_says_so, (Change, "version", "the same")),
    (nor_does_a_step_with_a_batch, (Change, "version", "the same")),
    (
        a_wording_that_is_taken_up_touches_nothing_else_of_the_draft,
        (change, "composed", lambda patch, live, key, value, lost=None: {key: [live[key], value]}),
    ),
    (
        what_others_add_after_one_has_looked_is_not_lost_unseen,
        (way_back.WayBack, "newest", property(lambda way: way.since[-1])),
    ),
]
NAMES = [claim.__name__ for claim, _switch in RULES]


@pytest.mark.parametrize("claim", [claim for claim, _switch in RULES], ids=NAMES)
def test_with_its_rule_the_claim_holds(site, claim):
    claim(site)


@pytest.mark.parametrize(("claim", "switch"), RULES, ids=NAMES)
def test_without_its_rule_it_does_not(site, claim, switch, monkeypatch):
    monkeypatch.setattr(*switch)
    with pytest.raises(AssertionError):
        claim(site)
