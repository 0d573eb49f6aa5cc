"""Photos in a real browser: dropped, described, given their focal point, and picked for a cover or a gallery."""

import base64
import re

import pytest
from playwright.sync_api import expect

from cities.models import Photo
from learningcities.people.models import User
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import make_person, thorough
from tests.document_files import jpeg

from .conftest import complaints
from .helpers import log_in, wait_until

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
    page.wait_for_selector(".upload__onward:not([hidden])")
    assert page.locator(".outcomes [data-photo]").count() == 3
    assert "c.jpg" in page.inner_text('.outcomes [data-photo=""]')
    page.keyboard.press("Enter")
    page.wait_for_selector(".describe")
    page.fill("[name=all-credit]", "Nadia")
    page.fill("[name=form-0-alternative_fr]", "Une place")
    page.fill("[name=form-1-alternative_ar]", "ساحة")
    page.press("[name=all-credit]", "Enter")
    page.wait_for_selector("#result_list")
    thumbnails = page.locator("#result_list img")
    assert thumbnails.count() == 2
    wait_until(page, "[...document.querySelectorAll('#result_list img')].every((img) => img.naturalWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("link", name="Une place").first.click()
    page.locator("#section-picture .edit").click()
    point = page.locator(".focus-point")
    point.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert "52" in point.get_attribute("aria-label")
    with page.expect_navigation():
        page.click("[name=_save]")
    photo = Photo.objects.get(alternative_fr="Une place")
    assert (photo.focus_x, photo.focus_y, photo.credit, photo.city) == (52, 40, "Nadia", town)


class Steps:
    """What someone does on a page: documents that load, and clicks, taps, keys and files that act. Typing is apart."""

    def __init__(self, page):
        self.page, self.count = page, 0
        page.on("domcontentloaded", lambda _page: self.add())

    def add(self):
        self.count += 1

    def tap(self, place, **options):
        self.add()
        self.page.locator(place).first.click(**options)

    def choose(self, place, files):
        self.add()
        self.page.set_input_files(place, files)


def files(number):
    photos = [jpeg(place, f"{place}.jpg", size=(600, 400)) for place in range(number)]
    return [{"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read()} for photo in photos]


@pytest.mark.parametrize(("locale", "width"), [("fr-FR", 1280), ("ar", 390)])
def test_six_photos_with_alternative_texts_in_two_languages_and_a_focal_point_take_nine_steps(
    town, open_page, locale, width
):
    page = open_page(
        "/admin/login/?next=/admin/password_change/", locale=locale, viewport={"width": width, "height": 800}
    )
    log_in(page, "editor")
    steps = Steps(page)
    page.goto("/admin/")
    assert page.evaluate("document.documentElement.lang") == locale[:2]
    steps.tap("details:has(a[href='/admin/cities/photo/add/']) > summary")
    steps.tap("a[href='/admin/cities/photo/add/']")
    page.wait_for_selector("form.upload.is-quick")
    assert not complaints(page)
    steps.choose("form.upload [type=file]", files(6))
    page.wait_for_selector(".describe")
    page.fill("[name=all-credit]", "Nadia")
    page.fill("[name=all-licence]", "CC BY 4.0")
    for place in range(6):
        page.fill(f"[name=form-{place}-alternative_fr]", f"Vue {place}")
        page.fill(f"[name=form-{place}-alternative_ar]", f"منظر {place}")
    picture = page.locator(".focus-picker img").nth(2)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    steps.tap(".focus-picker >> nth=2", position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints(page)
    with page.expect_navigation():
        steps.tap(".desk-bar [type=submit]")
    assert steps.count <= 9
    photos = list(Photo.objects.order_by("pk"))
    assert [(photo.alternative_fr, photo.alternative_ar) for photo in photos] == [
        (f"Vue {place}", f"منظر {place}") for place in range(6)
    ]
    assert {photo.credit for photo in photos} == {"Nadia"}
    assert (photos[2].focus_x, photos[2].focus_y) == (25, 75)
    assert (photos[1].focus_x, photos[1].focus_y) == (50, 50)


def picker(item, key):
    return f"/admin/photos/pick/?item={item._meta.label_lower}.{item.pk}&key={key}"


@pytest.mark.parametrize(("locale", "width"), [("fr-FR", 1280), ("ar", 390)])
def test_a_cover_is_picked_and_its_crop_follows_the_circle_that_is_dragged(town, open_page, locale, width):
    photo = factories.make_photo(town, public=False, file=jpeg(1, size=(900, 600)))
    factories.make_photo(town, alternative_fr="Autre")
    initiative = factories.make_initiative(town, public=False)
    editor = User.objects.get(username="editor")
    page = open_page(picker(initiative, "cover"), editor, locale=locale, viewport={"width": width, "height": 800})
    page.get_by_role("link", name="Une cour d’école").click()
    point = page.locator(".focus-point")
    point.scroll_into_view_if_needed()
    assert not page.locator(".focus-numbers").is_visible()
    at, box = point.bounding_box(), page.locator(".focus-picker img").bounding_box()
    page.mouse.move(at["x"] + 22, at["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    expect(page.locator(".crop-square img")).to_have_css("object-position", re.compile("^100%"))
    page.keyboard.press("Tab")
    point.focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints(page)
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    initiative.refresh_from_db()
    photo.refresh_from_db()
    assert initiative.cover == photo
    assert photo.focus_x == 80


def test_new_photos_are_sent_from_the_gallery_and_described_there(town, open_page):
    page = open_page(picker(town, "gallery"), User.objects.get(username="editor"))
    assert not complaints(page)
    page.set_input_files("form.upload [type=file]", files(2))
    page.wait_for_selector("#chosen")
    assert page.locator(".use").count() == 2
    page.locator("[name$=alternative_fr]").first.fill("Une place")
    page.locator("[name$=caption_ar]").first.fill("يوم السوق")
    assert not complaints(page)
    with page.expect_navigation():
        page.click(".desk-bar [type=submit]")
    [change] = Change.objects.unfinished()
    rows = [sides[1] for sides in change.patch.values()]
    assert {(row["photo"], row["caption_ar"]) for row in rows} == {
        (photo.pk, "يوم السوق" if photo.alternative_fr else "") for photo in Photo.objects.all()
    }


@pytest.mark.parametrize("key", ["cover", "gallery"])
def test_a_photo_is_picked_without_javascript(town, open_page, key):
    factories.make_photo(town, alternative_fr="Le souk")
    editor = User.objects.get(username="editor")
    page = open_page(picker(town, key), editor, java_script_enabled=False)
    if key == "cover":
        page.get_by_role("link", name="Le souk").click()
    else:
        page.get_by_label("Le souk").check()
        page.click("[form=choice][type=submit]")
    page.fill("[name$=focus_x]", "30")
    page.click("[form=chosen][type=submit]")
    assert {change.content_type.model for change in Change.objects.unfinished()} == {"city", "photo"}
    page.goto(picker(town, key))
    page.set_input_files("form.upload [type=file]", files(1))
    page.click("form.upload [type=submit]")
    page.wait_for_selector("#chosen")
    assert Photo.objects.count() == 2
