"""A busy minute: visitors read, the content changes, editors save, changes fall due, chores run. Nobody waits long.

`SOAK=60 python -m pytest -q -n 0 tests/operations/test_soak.py` lasts for so many seconds; without SOAK it is left out.
"""

import os
import threading
import time
from html.parser import HTMLParser
from http.client import HTTPException

import pytest

from .helpers import Desk, Server

SECONDS = int(os.environ.get("SOAK", 0))
pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db,
    pytest.mark.skipif(not SECONDS, reason="the busy minute: SOAK=60 and the name of the file run it"),
]

VISITORS = 16
#: Nobody who comes waits longer, in seconds.
LONGEST = 5
PAGES = ["/fr/", "/fr/villes/", "/fr/villes/benguerir/", "/fr/initiatives/", "/fr/initiatives/?theme=literacy"]
PAGES += ["/ar/initiatives/?q=ecole", "/en/cities/?view=map", "/fr/initiatives/?format=csv", "/api/v1/initiatives/"]
PAGES += ["/fr/recherche/?q=lecture", "/sitemap.xml", "/fr/initiatives/?format=atom", "/ar/", "/fr/initiatives/?page=2"]
#: Nobody reads as much as this visitor, who has one address.
LIMITS = dict.fromkeys(("EXPORTS_A_MINUTE", "SEARCHES_A_MINUTE", "API_REQUESTS_A_MINUTE"), "1000000")
ANSWERS = {200, 302, 304, 404, 410}

#: Another process changes the content seven times a second; a change falls due every few seconds.
CHANGES = """
import time
from datetime import timedelta
from initiatives.models import Initiative
from learningcities.people.models import User
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.models import Change
chief = User.objects.get(username='coordinator')
end, number = time.monotonic() + {seconds}, 0
first, second, *_rest = Initiative.objects.published().order_by('-pk')
while time.monotonic() < end:
    number += 1
    first.refresh_from_db()
    first.title_fr = f'Titre {{number}}'
    first.save()
    if number % 20 == 1 and not Change.objects.mine(second, chief):
        second.refresh_from_db()
        change = Change.propose(second, chief, {{'title_fr': [second.title_fr, f'Due {{number}}']}})
        change.schedule(moment() + timedelta(days=1), chief)
        Change.objects.filter(pk=change.pk).update(due_at=moment() + timedelta(seconds=1))
    time.sleep(0.14)
print(Change.objects.filter(due_at__isnull=False, state='applied').count(), number)
"""
ONE = "from initiatives.models import Initiative; print(Initiative.objects.order_by('pk')[{place}].pk)"


class Form(HTMLParser):
    """What a browser would send of the form of an item that nobody has touched."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.area, self.choice, self.is_inside = {}, None, None, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        name, value = values.get("name"), values.get("value") or ""
        if tag == "form":
            self.is_inside = (values.get("id") or "").endswith("_form")
        elif not self.is_inside:
            return
        elif tag == "input" and name and values.get("type") not in ("submit", "file", "button"):
            if values.get("type") not in ("checkbox", "radio") or "checked" in values:
                self.fields[name] = value
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and "selected" in values and self.choice:
            self.fields[self.choice] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data.removeprefix("\n") if not self.fields[self.area] else data


class Minute:
    """Everybody at once, until the time is over; `late` and `odd` are the answers that should not have been."""

    def __init__(self, site, server):
        self.site, self.server, self.end = site, server, time.monotonic() + SECONDS
        self.times, self.late, self.odd, self.saved = [], [], [], 0

    def go_on(self):
        while time.monotonic() < self.end:
            yield len(self.times)

    def timed(self, what, ask):
        begun = time.monotonic()
        try:
            status, _headers, page = ask()
        except (OSError, HTTPException) as error:
            status, page = repr(error), ""
        took = time.monotonic() - begun
        self.times.append((took, what))
        if took > LONGEST:
            self.late.append((what, round(took, 1), status))
        elif status not in ANSWERS:
            self.odd.append((what, status))
        return status, page

    def read(self):
        for number in self.go_on():
            path = PAGES[number % len(PAGES)]
            self.timed(path, lambda path=path: self.server.get(path))

    def publish(self):
        desk, pk = Desk(self.site), self.site.run(ONE.format(place=0))
        for number in self.go_on():
            action = ("withdraw_selected", "publish_selected")[number % 2]
            fields = {"action": action, "_selected_action": pk}
            self.timed(action, lambda fields=fields: desk.send(self.server, "/admin/initiatives/initiative/", fields))
            time.sleep(0.5)

    def save(self):
        desk = Desk(self.site, "coordinator")
        address = f"/admin/initiatives/initiative/{self.site.run(ONE.format(place=1))}/change/"
        for number in self.go_on():
            _status, page = self.timed("form", lambda: desk.get(self.server, address))
            fields = Form(page).fields
            fields |= {"summary_fr": f"Ce que l'on apprend {number}.", "_save": "1"}
            fields.pop("csrfmiddlewaretoken", None)
            self.saved += self.timed("save", lambda fields=fields: desk.send(self.server, address, fields))[0] == 302
            time.sleep(0.5)

    def tidy(self):
        for _number in self.go_on():
            self.site.manage("tidy")
            time.sleep(1)

    def change(self):
        left = self.end - time.monotonic()
        self.applied, self.changed = map(int, self.site.run(CHANGES.format(seconds=left)).split())

    def pass_by(self):
        acts = [self.change, self.publish, self.save, self.tidy, *[self.read] * VISITORS]
        threads = [threading.Thread(target=act, daemon=True) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0, self.end + 60 - time.monotonic()))


def test_in_a_busy_minute_nobody_waits_longer_than_five_seconds_and_everything_is_done(live, record_property):
    with Server(live, workers=2, **LIMITS) as server:
        for _ in range(4):  # each worker has to begin
            for path in PAGES:
                server.get(path)
        server.patience = LONGEST + 1
        minute = Minute(live, server)
        minute.pass_by()
        server.patience = 60
        after = server.get("/fr/")[0]
    slowest, what = max(minute.times)
    summary = f"{len(minute.times)} answers, the slowest after {slowest:.2f} s ({what}); after it: {after}"
    record_property("the busy minute", summary)
    assert minute.late == [], summary
    assert minute.odd == []
    assert minute.saved
    assert minute.applied
    assert minute.changed > 10
    assert "locked" not in (live.folder / "server.log").read_text()
