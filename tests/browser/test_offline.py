"""Without a network: what was visited opens, for the rest a sentence says why not, and nothing else is kept."""

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from tests.conftest import thorough

from .helpers import wait_until

pytestmark = pytest.mark.usefixtures("served")

#: The addresses of all that the device holds.
HELD = """async () => {
  const held = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return held.flat().map((request) => new URL(request.url).pathname + new URL(request.url).search);
}"""


@thorough
def test_pages_once_visited_open_without_a_network(open_page, served):
    page = open_page("/fr/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(page, "Boolean(navigator.serviceWorker.controller)")
    for path in ("/fr/villes/laayoune/", "/fr/initiatives/?theme=literacy", "/fr/signaler/", "/admin/login/"):
        page.goto(path)
    page.goto("/fr/villes/laayoune/")
    title = page.locator("h1").inner_text()
    wait_until(page, f"({HELD})().then((held) => held.includes('/fr/initiatives/?theme=literacy'))")
    held = page.evaluate(HELD)
    assert {"/fr/villes/laayoune/", "/fr/offline/", "/ar/offline/", "/en/offline/"} <= set(held)
    assert not [path for path in held if path.startswith(("/admin/", "/fr/signaler/", "/api/", "/preview/"))]

    page.context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == title
    expect(page.locator("[data-offline]")).to_be_visible()
    page.goto("/ar/initiatives/")
    with override("ar"):
        assert page.locator("h1").inner_text() == gettext("You are offline")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.goto("/fr/initiatives/?theme=literacy")
    assert page.locator(".entries li").count()

    page.context.set_offline(False)
    page.goto("/fr/villes/laayoune/")
    expect(page.locator("[data-offline]")).not_to_be_visible()
