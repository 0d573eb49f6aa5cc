"""Take the pictures of the manual, static/help/, on a site with the starting content: `make pictures`."""

import io
import shutil
import sys
import tempfile

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.helpers import ARGUMENTS, CHROMIUM
from tests.operations.helpers import TOP, Desk, Server, Site

PICTURES = TOP / "static" / "help"
LANGUAGES = ["fr", "ar", "en"]
#: The window, the width of the pictures, and the most bytes of one.
WINDOW, WIDTH, MOST_BYTES = {"width": 1120, "height": 700}, 900, 40_000
EDITOR, COORDINATOR = "editor-chefchaouen", "coordinator"

#: What waits on the site: a change to read, and a city of its editor.
BEGIN = """
from django.contrib.auth import get_user_model
from cities.models import City
from learningcities.publishing.models import Change
city = City.objects.get(slug="chefchaouen")
person = get_user_model().objects.get(username="editor-chefchaouen")
words = {
    f"summary_{language}": [text, text.replace("2010", "2009")]
    for language in ("fr", "ar", "en")
    if (text := getattr(city, f"summary_{language}"))
}
print(city.pk, Change.propose(city, person, words).pk)
"""
#: {name: (who looks, address, what stands in the middle of the picture)}.
SCREENS = {
    "desk": (EDITOR, "/admin/", None),
    "search": (EDITOR, "/admin/search/?q=patrimoine", None),
    "new": (EDITOR, "/admin/initiatives/initiative/add/", None),
    "page": (EDITOR, "/admin/cities/city/{city}/change/", None),
    "section": (EDITOR, "/admin/cities/city/{city}/sections/axes/", "#section-axes"),
    "happened": (EDITOR, "/admin/cities/city/{city}/happened/", "textarea"),
    "translations": (EDITOR, "/admin/publishing/translations/", None),
    "review": (COORDINATOR, "/admin/publishing/change/{change}/change/", "#section-brief"),
}


def take(folder):
    site = Site(folder, MODE="demo").begin()
    site.manage("collectstatic", "--noinput", "-v0")
    city, change = site.run(BEGIN).split()
    with Server(site) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for person in (EDITOR, COORDINATOR):
            cookies = dict(pair.split("=", 1) for pair in Desk(site, person).cookie.split("; "))
            for language in LANGUAGES:
                host = f"http://127.0.0.1:{server.port}"
                context = browser.new_context(base_url=host, locale=language, viewport=WINDOW, reduced_motion="reduce")
                context.add_cookies([{"name": name, "value": text, "url": host} for name, text in cookies.items()])
                page = context.new_page()
                for name, (who, address, place) in SCREENS.items():
                    if who == person:
                        page.goto(address.format(city=city, change=change), wait_until="networkidle")
                        show(page, place)
                        keep(f"{name}-{language}", page.screenshot())
                context.close()
        browser.close()


def show(page, place):
    """Put a part of the page in the middle of the window."""
    if place:
        page.locator(place).first.evaluate("part => part.scrollIntoView({ block: 'center', behavior: 'instant' })")


def keep(name, png):
    """A small file of it: as good as it can be within its bounds."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    for quality in range(85, 0, -5):
        small = io.BytesIO()
        picture.save(small, "WEBP", quality=quality, method=6)
        if small.tell() <= MOST_BYTES:
            break
    (PICTURES / f"{name}.webp").write_bytes(small.getvalue())


if __name__ == "__main__":
    if not CHROMIUM:
        sys.exit("Chromium was not found: install it to take the pictures.")
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with tempfile.TemporaryDirectory() as made:
        take(made)
