"""An item leads only to rows that its author may choose, by whichever way a patch comes in."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from initiatives.models import Initiative, Theme
from learningcities.people.models import User
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.models import Batch, Change, ContentVersion
from tests import factories
from tests.conftest import make_person
from tests.forms import edit, section_at
from tests.forms import page_of as screen_of
from tests.spreadsheets.helpers import Edited, errors, exported, tried

from .helpers import go_back


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def own(city):
    """A document of the editor's city."""
    return factories.make_document(city, title_fr="Le nôtre")


@pytest.fixture
def theirs(other_city):
    """A document of another city."""
    return factories.make_document(other_city, title_fr="Le leur")


@pytest.fixture
def moved(city, other_city, theirs):
    """An initiative that came from the other city, and has left its document, axis, place and photo there."""
    initiative = factories.make_initiative(other_city, summary_fr="Comme avant.")
    initiative.documents.add(theirs)
    initiative.axes.add(other_city.axes.create(title_fr="Leur axe"))
    initiative.places.add(factories.make_place(other_city))
    initiative.figures.create(label_fr="Lecteurs", value=5, year=2024, source_fr="HCP", document=theirs)
    initiative.gallery.create(photo=factories.make_photo(other_city))
    initiative.cover = factories.make_photo(other_city)
    initiative.save()
    initiative.apply_patch(
        {
            **{name: [None, []] for name in ("documents", "axes", "places")},
            **{f"gallery:{photo.pk}": [{}, None] for photo in initiative.gallery.all()},
            **{f"figures:{figure.pk}": [{}, None] for figure in initiative.figures.all()},
            "cover": [None, None],
            "city": [None, city.pk],
            "summary_fr": [None, "Autrement."],
        }
    )
    return initiative


@pytest.fixture
def draft(editor, moved, theirs):
    """A change as it could be kept before relations were looked at."""
    patch = {"documents": [[], [theirs.pk]]}
    return Change.objects.create(item=moved, author=editor, state="review", patch=patch, title="x")


def said_in(response):
    return " ".join(str(message) for message in response.context["messages"])


def restore(client, item, change, step="restore"):
    return client.get(go_back(client, step, change)["Location"])


def wished(item):
    return Change.objects.of(item).unfinished().get().patch


def foreign(patch):
    """The relations of a patch that lead to the other city."""
    found = {key.partition(":")[0] for key in patch}
    return found & {"city", "cover", "documents", "axes", "places", "gallery"}


def documents(item):
    return [document.title_fr for document in Initiative.objects.get(pk=item.pk).documents.order_by("title_fr")]


@pytest.mark.parametrize("step", ["restore", "undo"])
def test_an_earlier_version_brings_no_row_of_another_city(as_editor, moved, step):
    happened = list(Change.objects.of(moved).happened())
    said = said_in(restore(as_editor, moved, happened[0], step))
    patch = wished(moved)
    assert patch["summary_fr"][1] == "Comme avant."
    assert not foreign(patch)
    assert [row[1]["document"] for key, row in patch.items() if key.startswith("figures:")] == [None]
    assert "axes de la ville" in said.lower()
    assert "Le leur" not in said


def test_an_earlier_version_brings_all_of_it_for_whoever_works_with_both_cities(as_editor, editor, moved, other_city):
    other_city.editors.add(editor)
    restore(as_editor, moved, Change.objects.of(moved).happened().first())
    patch = wished(moved)
    assert foreign(patch) == {"city", "cover", "documents", "axes", "places", "gallery"}
    assert all(row[1]["document"] for key, row in patch.items() if key.startswith("figures:"))


def test_what_was_never_public_gets_no_row_of_another_city_back(as_editor, city, theirs, own):
    initiative = factories.make_initiative(city, public=False)
    initiative.documents.set([theirs, own])
    initiative.documents.clear()
    said = said_in(restore(as_editor, initiative, Change.objects.of(initiative).happened().first(), "undo"))
    assert documents(initiative) == ["Le nôtre"]
    assert "editor" in said


def test_what_is_related_already_stays_whoever_chose_it(as_editor, city, own, theirs):
    initiative = factories.make_initiative(city)
    initiative.documents.add(theirs)
    edit(as_editor, initiative, {"documents": [theirs.pk, own.pk], "summary_fr": "Neuf"}, "_draft")
    assert wished(initiative)["documents"][1] == sorted([own.pk, theirs.pk])


@pytest.mark.parametrize("way", ["form", "autosave"])
def test_a_forged_form_relates_to_no_row_of_another_city(as_editor, city, own, theirs, way):
    initiative = factories.make_initiative(city)
    if way == "form":
        edit(as_editor, initiative, {"documents": [theirs.pk]}, "_draft")
    else:
        address, data = section_at(as_editor, initiative, "documents")
        as_editor.post(f"{address}autosave/", data | {"documents": [theirs.pk]})
    assert not any("documents" in change.patch for change in Change.objects.of(initiative).unfinished())
    edit(as_editor, initiative, {"documents": [own.pk]}, "_draft")
    assert wished(initiative)["documents"][1] == [own.pk]


def test_a_draft_from_before_loses_what_its_author_may_not_choose_when_it_is_opened(as_editor, moved, draft):
    page = as_editor.get(screen_of(moved, "change"))
    assert "editor" in page.context["left_out"]
    assert f"<p>{escape(page.context['left_out'])}</p>" in page.text
    edit(as_editor, moved, {"summary_ar": "جديد"}, "_draft")
    draft.refresh_from_db()
    assert draft.patch.keys() == {"summary_ar"}


def test_nobody_applies_what_its_author_may_not_choose(as_coordinator, moved, draft, editor, other_city):
    page = reverse("admin:publishing_change_change", args=[draft.pk])
    assert "editor" in said_in(as_coordinator.post(page, {"step": "apply"}, follow=True))
    assert documents(moved) == []
    other_city.editors.add(editor)
    as_coordinator.post(page, {"step": "apply"})
    assert documents(moved) == ["Le leur"]


def test_at_its_time_no_row_of_another_city_comes(moved, draft, coordinator):
    Change.objects.filter(pk=draft.pk).update(state="scheduled", due_at=timezone.now(), decided_by=coordinator)
    ContentVersion.bump()
    Change.objects.apply_due()
    draft.refresh_from_db()
    assert draft.state == "returned"
    assert documents(moved) == []


def test_what_someone_has_asked_for_who_has_left_is_applied(city, own):
    left = make_person("left", User.Role.COORDINATOR)
    initiative = factories.make_initiative(city)
    change = Change.save_draft(initiative, left, {"documents": [[], [own.pk]]})
    left.is_active = False
    left.save()
    Change.objects.get(pk=change.pk).apply(by=make_person("other", User.Role.COORDINATOR))
    assert documents(initiative) == ["Le nôtre"]


def test_a_batch_is_undone_without_rows_of_another_city(editor, coordinator, city, theirs, own):
    initiative = factories.make_initiative(city)
    initiative.documents.set([theirs, own])
    batch = Batch.objects.create(author=editor, name="x", content_type=Change(item=initiative).content_type)
    change = Change.save_draft(initiative, editor, {"documents": [sorted([theirs.pk, own.pk]), []]}, batch=batch)
    change.apply(by=coordinator)
    undoing, whys = batch.undo(editor, may=lambda item: True)
    assert undoing.changes.get().patch["documents"][1] == [own.pk]
    assert len(whys) == 1


def test_a_draft_is_handed_over_only_to_whom_may_choose_all_of_it(as_coordinator, editor, moved, other_city, theirs):
    other_city.editors.add(editor)
    change = Change.save_draft(moved, editor, {"documents": [[], [theirs.pk]]})
    one, both = make_person("one"), make_person("both")
    moved.city.editors.add(one, both)
    other_city.editors.add(both)
    for receiver, author in ((one, editor), (both, both)):
        page = reverse("admin:people_user_hand_over", args=[editor.pk])
        as_coordinator.post(page, {"receiver": receiver.pk}, follow=True)
        change.refresh_from_db()
        assert change.author == author


def test_a_file_relates_to_no_row_of_another_city(as_editor, city, other_city):
    initiative = factories.make_initiative(city)
    theirs, mine = other_city.axes.create(title_fr="Leur axe"), city.axes.create(title_fr="Notre axe")
    address = reverse("admin:initiatives_initiative_changelist")
    file = Edited(exported(as_editor, address))
    trial = tried(as_editor, address, file.put("initiatives.initiative", 0, axes="Leur axe").content)
    assert (len(errors(trial)), trial.right) == (1, [])
    trial = tried(as_editor, address, file.put("initiatives.initiative", 0, axes="Notre axe").content)
    assert trial.right[0].patch["axes"][1] == [str(mine.pk)]
    # What the file knew, and the initiative relates to no more, is no choice either.
    initiative.axes.add(theirs)
    file = Edited(exported(as_editor, address))
    initiative.axes.clear()
    trial = tried(as_editor, address, file.put("initiatives.initiative", 0, axes="Leur axe | Notre axe").content)
    assert "editor" in errors(trial)[0][1]


def test_a_copy_leaves_out_what_its_maker_may_not_choose(as_editor, as_coordinator, city, theirs, own):
    initiative = factories.make_initiative(city)
    initiative.documents.set([theirs, own])
    address = reverse("admin:initiatives_initiative_duplicate", args=[initiative.pk])
    for client, expected in ((as_editor, ["Le nôtre"]), (as_coordinator, ["Le leur", "Le nôtre"])):
        client.post(address, follow=True)
        assert documents(Initiative.objects.latest("pk")) == expected


def test_no_code_writes_for_an_author_what_they_may_not_choose(editor, city, theirs, own):
    initiative = factories.make_initiative(city)
    with pytest.raises(PermissionDenied):
        Change.save_draft(initiative, editor, {"documents": [[], [theirs.pk]]})
    with acting(editor):
        initiative.documents.add(own)
        with pytest.raises(PermissionDenied), transaction.atomic():
            initiative.documents.add(theirs)
    assert documents(initiative) == ["Le nôtre"]


def test_what_belongs_to_the_network_is_for_every_city_to_choose(as_editor, city):
    network, theme = factories.make_document(title_fr="Du réseau"), Theme.objects.first()
    initiative = factories.make_initiative(city)
    edit(as_editor, initiative, {"documents": [network.pk], "themes": [theme.pk]}, "_draft")
    patch = wished(initiative)
    assert (patch["documents"][1], patch["themes"][1]) == ([network.pk], [theme.pk])
