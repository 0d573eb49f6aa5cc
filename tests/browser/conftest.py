"""A real Chromium, where there is one; the tests say so where they are skipped."""

import os
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test.utils import modify_settings
from playwright.sync_api import Error, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cities.models import City
from tests.conftest import bring_vocabularies_back, logged_in

from .helpers import ARGUMENTS, CHROMIUM

expect.set_options(timeout=20_000)  # a busy machine is no fault of a page


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    if not CHROMIUM:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("Chromium was not found")
        pytest.skip("Chromium was not found: install it to run the browser tests")
    # Playwright's own loop runs in this thread, and Django would take our queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
        # Beside Playwright's loop Django keeps connections of its own, and PostgreSQL drops no database in use.
        connections.close_all()


@pytest.fixture(scope="module", autouse=True)
def _vocabularies(vocabularies_after):
    """Tests that write empty every table, and other modules may follow."""


def let_threads_end_late():
    """A browser lets go of its connections after the server has stopped; the threads behind them close ours then."""
    for connection in connections.all():
        connection.inc_thread_sharing()


@pytest.fixture(scope="session")
def live_server(live_server):
    let_threads_end_late()
    return live_server


@pytest.fixture
def site(transactional_db, live_server):
    """The address of a running site with empty tables, for tests that write."""
    if City.objects.exists():  # what tests that only read still have
        call_command("flush", interactive=False, verbosity=0)
    bring_vocabularies_back()
    return live_server.url


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    """The address of a running site with the starting content, made once for all tests of a module: they only read."""
    with django_db_blocker.unblock():
        bring_vocabularies_back()
        call_command("load_demo", verbosity=0)
        server = LiveServer("localhost")
        let_threads_end_late()
        with modify_settings(ALLOWED_HOSTS={"append": server.thread.host}):
            yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
        bring_vocabularies_back()


def is_complaint(line):
    """That there is no network is no fault of a page."""
    return line.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in line.text


def complaints(page, in_the_dark=True):
    """What axe says of a page in light, and of its colours in the dark."""
    found, schemes = [], [("light", None), ("dark", {"runOnly": ["color-contrast"]})]
    for scheme, options in schemes if in_the_dark else schemes[:1]:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
        found += Axe().run(page, options=options).response["violations"]
    return [(page.url, one["id"], one["nodes"][0]["target"]) for one in found]


def let_requests_end(context):
    """The tables are emptied next: a request that still reads, such as that of a frame, would be in the way."""
    for page in context.pages:
        with suppress(Error):
            page.wait_for_load_state("networkidle", timeout=10_000)


@pytest.fixture
def open_page(request, chromium):
    """Open pages of the site, as a visitor or a person; in the end the console was silent and no other host asked."""
    site = request.getfixturevalue("served" if "served" in request.fixturenames else "site")
    contexts, complaints = [], []

    def open_(path, person=None, **options):
        context = chromium.new_context(base_url=site, **({"locale": "fr-FR"} | options))
        contexts.append(context)
        if person:
            key = logged_in(person).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": f"{site}/admin/"}])
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith((site, "data:")) or complaints.append(request.url))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        let_requests_end(context)
        context.close()
    assert not complaints
