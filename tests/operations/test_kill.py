"""The server is killed while it saves, at random and at the bad moments: what it confirmed is there, nothing is half.

`make kill-test SAVES=500` does it for longer.
"""

import os
import random
import threading
import time
from http.client import HTTPException

import pytest

from tests.conftest import thorough

from .helpers import Desk, Server, losses, save

pytestmark = [thorough, pytest.mark.django_db]

SAVES = int(os.environ.get("KILL_SAVES", 40))
#: Between file and row, between row and commit, after the first commit, between commit and answer.
MOMENTS = ("file", "before-commit", "commit", "answer")


SCHEDULE = """
from datetime import timedelta
from initiatives.models import Initiative
from learningcities.people.models import User
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.models import Change
chief, item = User.objects.get(username='coordinator'), Initiative.objects.order_by('pk').first()
change = Change.propose(item, chief, {'title_fr': [item.title_fr, 'Titre de demain']})
change.schedule(moment() + timedelta(days=1), chief)
Change.objects.filter(pk=change.pk).update(due_at=moment())
"""
STATES = """
from learningcities.publishing.models import Change
print([change.state for change in Change.objects.filter(due_at__isnull=False)])
"""


#: What is added to the number of a photo that is saved once more.
AGAIN = 1000


def test_a_kill_at_the_bad_moments_of_a_save_loses_nothing_and_leaves_nothing_half_written(live):
    desk, confirmed = Desk(live), []
    with Server(live, "tests.operations.inside.deadly") as server:
        for number, moment in enumerate(MOMENTS * max(1, SAVES // 40)):
            assert not save(desk, server, number, X_Die=moment)
            server.wait()
            assert save(desk, server, AGAIN + number)
            confirmed.append(f"photo {AGAIN + number}")
    assert losses(live, confirmed) == []


def test_a_kill_of_all_processes_at_random_loses_nothing_and_leaves_nothing_half_written(live, record_property):
    desk, dice, confirmed, kills = Desk(live), random.Random(), [], 0
    numbers, is_up = iter(range(SAVES)), threading.Event()
    server = Server(live, workers=2).start()
    is_up.set()

    def edit():
        for number in numbers:
            is_up.wait()
            if save(desk, server, number):
                confirmed.append(f"photo {number}")

    editors = [threading.Thread(target=edit) for _ in range(2)]
    for editor in editors:
        editor.start()
    while any(editor.is_alive() for editor in editors):
        enough = len(confirmed) + dice.randint(1, 6)
        while len(confirmed) < enough and any(editor.is_alive() for editor in editors):
            time.sleep(dice.uniform(0, 0.2))
        is_up.clear()
        server.kill()
        kills += 1
        server.start()
        is_up.set()
    server.kill()
    record_property("killed at random", f"{kills} times during {SAVES} saves, {len(confirmed)} of them confirmed")
    assert confirmed
    assert losses(live, confirmed) == []


def test_a_kill_inside_a_scheduled_publication_leaves_it_to_the_next_visitor_and_applies_it_once(live):
    live.run(SCHEDULE)
    with Server(live, "tests.operations.inside.deadly") as server:
        for moment in ("applied", "before-commit", "applied"):
            with pytest.raises((OSError, HTTPException)):
                server.get("/fr/initiatives/", X_Die=moment)
            server.wait()
        assert "Titre de demain" in server.get("/fr/initiatives/?q=demain")[2]
    assert live.run(STATES) == "['applied']"
    assert losses(live, []) == []
