"""Two people take a step with the same page at the same moment: each is answered, and no word is lost.

With two connections to PostgreSQL. Each of the two waits, once it has its first lock, until the other one has its own
as well: two locks taken in two orders would be a deadlock each time.
"""

from contextlib import suppress
from itertools import combinations_with_replacement
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime, timedelta

from cities.models import City
from learningcities.people.models import User
from learningcities.publishing.models import Batch, Change, Comment
from learningcities.publishing.rights.page_lock import PageLock
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import page_of, section_at

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: these are about locks of PostgreSQL"
)

#: For how long the first of two waits for the other one to have a lock too; with one order, it never gets one.
TOGETHER = 0.15
BEFORE, SENT, SAVED = "Avant", "Envoyé", "Enregistré en même temps"


@pytest.fixture(scope="module")
def committed(django_db_setup, django_db_blocker, vocabularies_after):
    """Rows that both connections see."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
        ContentType.objects.clear_cache()
        connection.close()


@pytest.fixture(scope="module")
def people(committed):
    names = {"coordinator": User.Role.COORDINATOR, "other": User.Role.COORDINATOR}
    made = {name: make_person(name, names.get(name, User.Role.EDITOR)) for name in ("coordinator", "other", "receiver")}
    clients = {name: logged_in(person) for name, person in made.items()}
    return made | {"region": factories.make_region(), "clients": clients}


class Case:
    """A public page with an editor's change that waits for review, alone in its batch."""

    number = 0

    def __init__(self, people, steps):
        Case.number += 1
        self.people, name = people, f"case-{Case.number}"
        self.editor = User.objects.create(username=f"editor-{Case.number}", is_staff=True)
        self.city = factories.make_city(name, name_fr=name, summary_fr=BEFORE, region=people["region"])
        self.city.editors.add(self.editor, people["receiver"])
        self.city.also_known_as = "Nom"
        self.city.save()
        kind = ContentType.objects.get_for_model(City)
        self.batch = Batch.objects.create(author=self.editor, name=name, content_type=kind)
        self.change = Change.propose(self.city, self.editor, {"summary_fr": [BEFORE, SENT]})
        Change.objects.filter(pk=self.change.pk).update(batch=self.batch)
        self.batch_version = self.batch.version
        self.old = Change.objects.of(self.city).happened().first()
        self.clients = people["clients"] | {"editor": logged_in(self.editor)}
        if {"save", "autosave"} & set(steps):
            self.form, self.typed = section_at(self.clients["editor"], self.city, "brief")
            self.typed |= {"summary_fr": SAVED}
        if "visit" in steps:
            due = Change.save_draft(self.city, people["other"], {"also_known_as": ["Nom", "À son heure"]})
            due.schedule(timezone.now() + timedelta(hours=1), people["coordinator"])
            Change.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(minutes=1))

    def post(self, who, address, **data):
        response = self.clients[who].post(address, data)
        assert response.status_code in (200, 302, 403), response

    def decide(self, who, step, **data):
        address = reverse("admin:publishing_change_change", args=[self.change.pk])
        self.post(who, address, step=step, seen=self.change.version, **data)

    def take(self, who, step, **data):
        address = reverse("admin:publishing_batch_change", args=[self.batch.pk])
        self.post(who, address, step=step, seen=self.batch_version, **data)

    def act(self, who, action):
        self.post(who, reverse("admin:cities_city_changelist"), action=action, _selected_action=self.city.pk)

    def beside(self, who, **data):
        self.post(who, reverse("admin:cities_city_happened", args=[self.city.pk]), **data)

    def go_back(self, who, step, change):
        newest = Change.objects.of(self.city).happened().first().pk
        self.post(who, reverse("admin:cities_city_back", args=[self.city.pk, change.pk]), step=step, seen=newest)


def in_an_hour():
    return localtime(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


STEPS = {
    "save": lambda case: case.post("editor", case.form, **case.typed),
    "autosave": lambda case: case.post("editor", f"{case.form}autosave/", **case.typed),
    "decide": lambda case: case.post(
        "editor", page_of(case.city, "steps"), step="decide", **{"_choice summary_fr": "mine"}
    ),
    "keep": lambda case: Change.save_draft(case.city, case.people["coordinator"], {"summary_ar": ["", "ملخص"]}),
    "propose": lambda case: Change.propose(case.city, case.people["other"], {"summary_en": ["", "Summary"]}),
    "apply": lambda case: case.decide("coordinator", "apply"),
    "schedule": lambda case: case.decide("coordinator", "schedule", due=in_an_hour()),
    "return": lambda case: case.decide("other", "return", comment="Non"),
    "discard": lambda case: case.decide("other", "discard"),
    "batch apply": lambda case: case.take("coordinator", "apply"),
    "batch return": lambda case: case.take("coordinator", "return", comment="Non"),
    "batch discard": lambda case: case.take("other", "discard"),
    "hand over": lambda case: case.post(
        "coordinator",
        reverse("admin:people_user_hand_over", args=[case.editor.pk]),
        receiver=case.people["receiver"].pk,
    ),
    "undo": lambda case: case.go_back("coordinator", "undo", Change.objects.of(case.city).happened().first()),
    "restore": lambda case: case.go_back("other", "restore", case.old),
    "publish": lambda case: case.act("coordinator", "publish_selected"),
    "withdraw": lambda case: case.act("other", "withdraw_selected"),
    "bin": lambda case: case.act("coordinator", "bin_selected"),
    "take out of the bin": lambda case: case.act("other", "restore_selected"),
    "hold": lambda case: case.beside("coordinator", lock="acquire", reason=""),
    "let go": lambda case: case.beside("coordinator", lock="release"),
    "comment": lambda case: case.beside("other", text="À revoir"),
    "visit": lambda case: Change.objects.apply_due(),
}
PAIRS = list(combinations_with_replacement(STEPS, 2))


def at_once(case, steps):
    """Both in connections of their own, and what they were stopped by."""
    barrier, stopped = Barrier(2), []

    def take(step):
        waits = True

        def wait(execute, sql, *rest):
            nonlocal waits
            answer = execute(sql, *rest)
            is_lock = "FOR UPDATE" in sql or sql.startswith(("UPDATE", "INSERT", "DELETE"))
            if waits and is_lock and ("publishing_change" in sql or "publishing_clock" in sql or "_hold" in sql):
                waits = False
                with suppress(BrokenBarrierError):
                    barrier.wait(TOGETHER)
            return answer

        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '8s'")
            with connection.execute_wrapper(wait):
                STEPS[step](case)
        except Exception as error:
            stopped.append((step, error))
        finally:
            connection.close()

    threads = [Thread(target=take, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return stopped


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[" + ".join(pair) for pair in PAIRS])
def test_two_steps_at_once_are_both_answered_and_lose_no_word(people, one, other):
    case = Case(people, (one, other))
    stopped = at_once(case, (one, other))
    assert all(isinstance(error, ValidationError) for _step, error in stopped), stopped
    changes = Change.objects.of(case.city)
    for change in changes.prefetch_related("trail"):
        if change.trail.exists():
            assert change.trail.last().state == change.state, "the last step is the state"
        assert (change.sequence is None) == (change.state != "applied")
    if "save" in (one, other):
        said = changes.filter(author__in=[case.editor, people["receiver"]], state__in=[*Change.UNFINISHED, "applied"])
        refused = one == "hold" or other == "hold" or "hand over" in (one, other)
        assert refused or any(SAVED in change.patch.get("summary_fr", ()) for change in said), "the words are kept"
    acts = list(changes.happened().values_list("sequence", "happened_at"))
    assert acts == sorted(acts, reverse=True)
    PageLock.objects.all().delete()
    Comment.objects.all().delete()
