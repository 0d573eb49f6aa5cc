"""The media library in a real browser: photos are dropped, described, and given their focal point by keyboard."""

import base64

import pytest

from cities.models import Photo
from tests import factories
from tests.conftest import make_person, thorough
from tests.document_files import jpeg

from .helpers import log_in

DROP = """([area, photos]) => {
  const data = new DataTransfer();
  for (const [name, content] of photos) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: "image/jpeg" }));
  }
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def town(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = factories.make_city(slug="own-city", name_fr="Ville à soi")
    city.editors.add(make_person("editor"))
    return city


@thorough
def test_two_photos_are_dropped_described_seen_and_given_a_focal_point_by_keyboard(town, open_page):
    page = open_page("/admin/login/?next=/admin/cities/photo/add/", viewport={"width": 390, "height": 800})
    log_in(page, "editor")
    contents = [("a.jpg", jpeg(1).read()), ("b.jpg", jpeg(4).read()), ("c.jpg", b"<svg/>")]
    photos = [(name, base64.b64encode(content).decode()) for name, content in contents]
    page.evaluate(DROP, [page.query_selector(".drop-area"), photos])
    page.fill("[name=credit]", "Nadia")
    page.click(".submit-row [type=submit]")
    page.wait_for_selector(".submit-row a:not([hidden])")
    assert page.locator(".outcomes [data-photo]").count() == 3
    assert "c.jpg" in page.inner_text('.outcomes [data-photo=""]')
    page.keyboard.press("Enter")
    page.wait_for_selector(".describe")
    page.fill("[name=form-0-alternative_fr]", "Une place")
    page.fill("[name=form-1-alternative_ar]", "ساحة")
    page.press("[name=form-1-alternative_ar]", "Enter")
    page.wait_for_selector("#result_list")
    thumbnails = page.locator("#result_list img")
    assert thumbnails.count() == 2
    page.wait_for_function("[...document.querySelectorAll('#result_list img')].every((img) => img.naturalWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("link", name="Une place").first.click()
    point = page.locator(".focus-point")
    point.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert "52" in point.get_attribute("aria-label")
    with page.expect_navigation():
        page.click("[name=_save]")
    photo = Photo.objects.get(alternative_fr="Une place")
    assert (photo.focus_x, photo.focus_y, photo.credit, photo.city) == (52, 40, "Nadia", town)
