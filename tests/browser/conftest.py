"""A real Chromium, where there is one; the tests say so where they are skipped."""

import os
import shutil
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connections
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


@pytest.fixture
def site(transactional_db, live_server):
    """The address of a running site. Such a test empties every table, so the vocabularies come back first."""
    for app, name in (("cities", "0003_starting_vocabularies"), ("initiatives", "0002_starting_vocabularies")):
        import_module(f"{app}.migrations.{name}").Migration.operations[0].code(apps, None)
    return live_server.url


@pytest.fixture
def open_page(chromium, site):
    """Open pages of the site; at the end the console must have been silent and no other host asked."""
    contexts, complaints = [], []

    def open_(path, **options):
        context = chromium.new_context(base_url=site, **({"locale": "fr-FR"} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith((site, "data:")) or complaints.append(request.url))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints
