"""What several tests do in a browser."""

import shutil
import time

#: The one without a window comes first: it is the same browser and takes less time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def wait_until(page, condition, seconds=10):
    """Ask again and again; Playwright's own waiting evaluates in the page, which its policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def log_in(page, name):
    page.fill("[name=username]", name)
    page.fill("[name=password]", "secret")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


class Steps:
    """What someone does: documents that load, and clicks, taps, keys and files that act. Typing is apart.

    A click that loads a document is one step, the document's.
    """

    def __init__(self, language, width):
        self.language, self.width, self.count = language, width, 0

    def begin(self):
        """What came before is no part of the task."""
        self.count = 0

    def add(self, _page=None):
        self.count += 1

    def follow(self, page):
        """Count what loads in a page from now on, and what it shows already."""
        self.add()
        page.on("domcontentloaded", self.add)
        self.look(page)
        return page

    def goto(self, page, address):
        page.goto(address)
        self.look(page)

    def load(self, place):
        """Follow a link or press a button, whereupon another document loads."""
        with place.page.expect_event("load"):
            place.click()
        self.look(place.page)

    def type_and_enter(self, place, words):
        place.fill(words)
        with place.page.expect_event("load"):
            place.press("Enter")
        self.look(place.page)

    def act(self, place, **options):
        """Click or tap on something of the document that is there."""
        self.add()
        place.click(**options)

    def choose(self, place, files):
        """Give files to a field, which may load a document of its own."""
        self.add()
        place.set_input_files(files)

    def look(self, page):
        """Whoever works here reads the page in their language, and never scrolls it sideways."""
        assert page.evaluate("document.documentElement.lang") == self.language, page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= self.width, page.url
