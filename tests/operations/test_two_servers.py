"""Two servers on one database show the same at any moment, without a word between them."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import thorough

from .helpers import Desk, Server

pytestmark = [thorough, pytest.mark.django_db]

SEEN = ["/fr/", "/fr/initiatives/", "/fr/initiatives/?theme=literacy", "/sitemap.xml", "/fr/initiatives/?format=atom"]
SEEN += ["/fr/recherche/?q=alpaga", "/api/v1/initiatives/", "/fr/initiatives/troupeau/"]
LIST = "/admin/initiatives/initiative/"

MAKE = """
from cities.models import City
from initiatives.models import Initiative, Theme
from learningcities.publishing.history.tracking import track_changes
new = Initiative(city=City.objects.get(slug='benguerir'), slug='troupeau', title_fr='Alpagas pour tous',
    summary_fr='Un troupeau qui apprend.', status_on='2024')
with track_changes(new):
    new.save()
    new.themes.set(Theme.objects.filter(slug='literacy'))
print(new.pk)
"""


SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from initiatives.models import Initiative
from learningcities.people.models import User
from learningcities.publishing.models import Change
chief, other = User.objects.get(username='coordinator'), Initiative.objects.published().order_by('pk').first()
due = (timezone.now() + timedelta(seconds=75)).replace(second=0, microsecond=0)
Initiative.objects.get(slug='troupeau').publish(due)
Change.propose(other, chief, {'title_fr': [other.title_fr, 'Le troupeau voisin']}).schedule(due, chief)
print(due.timestamp(), other.get_absolute_url())
"""


@pytest.fixture
def two(live):
    with Server(live, workers=1) as one, Server(live, workers=2) as other:
        yield one, other


def shown(server):
    """What a visitor sees of the initiative and of the lists that hold it, once everything is warm."""
    answers = {path: server.get(path) for path in SEEN}
    number = int(re.search(r'"count":\s*(\d+)', answers["/api/v1/initiatives/"][2])[1])
    holding = {path for path, (status, _, text) in answers.items() if status == 200 and "troupeau" in text}
    return holding, number


def on_both(two):
    first, second = (shown(server) for server in two)
    assert first == second
    return first


def test_what_is_published_on_one_is_on_the_other_at_once_and_so_is_what_is_withdrawn(live, two):
    pk, desk = live.run(MAKE), Desk(live)
    before, number = on_both(two)
    assert "/fr/initiatives/troupeau/" not in before
    for server, action, is_public in ((two[0], "publish_selected", 1), (two[1], "withdraw_selected", 0)):
        assert desk.send(server, LIST, {"action": action, "_selected_action": pk})[0] == 302
        after = on_both(two)
        assert after[1] == number + is_public
        assert ("/fr/initiatives/troupeau/" in after[0]) == bool(is_public)


def test_a_real_minute_passes_and_everything_changes_on_both(live, two):
    live.run(MAKE)
    due, neighbour = live.run(SCHEDULE).split()
    due = float(due)
    for _ in range(2):
        holding, number = on_both(two)
    assert holding == {"/fr/recherche/?q=alpaga"} or not holding
    assert time.time() < due, "the pages took longer than a minute"
    assert not any("Le troupeau voisin" in server.get(neighbour)[2] for server in two)
    time.sleep(due - time.time() + 0.05)
    with ThreadPoolExecutor() as pool:
        pages = list(pool.map(lambda server: server.get(neighbour)[2], two * 3))
    assert all("Le troupeau voisin" in page for page in pages)
    holding, later = on_both(two)
    assert holding == set(SEEN)
    assert later == number + 1


def test_editors_save_while_visitors_read_and_no_database_is_locked(live):
    desk, pks = Desk(live), live.run(MAKE)
    with Server(live, workers=2) as server, ThreadPoolExecutor(8) as pool:
        reads = [pool.submit(server.get, SEEN[number % len(SEEN)]) for number in range(150)]
        actions = ["publish_selected", "withdraw_selected"] * 10
        fields = [{"action": action, "_selected_action": pks} for action in actions]
        writes = [pool.submit(desk.send, server, LIST, one) for one in fields]
        assert {write.result()[0] for write in writes} == {302}
        assert {read.result()[0] for read in reads} <= {200, 404, 410}
    assert "locked" not in (live.folder / "server.log").read_text()
