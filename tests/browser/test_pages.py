"""Public pages in a real browser: nothing for axe to say, nothing sideways, and a path without JavaScript."""

from tests.conftest import thorough

from .conftest import complaints

PHONE = {"width": 390, "height": 844}
#: What a reader may set, and lose nothing by it (WCAG 2.2, 1.4.12).
TEXT_SPACING = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }
"""
PAGES = {
    "home": {"fr": "/fr/", "ar": "/ar/", "en": "/en/"},
    "cities": {"fr": "/fr/villes/", "ar": "/ar/cities/", "en": "/en/cities/"},
    "city": {"fr": "/fr/villes/benguerir/", "ar": "/ar/cities/chefchaouen/", "en": "/en/cities/laayoune/"},
    "initiatives": {"fr": "/fr/initiatives/?theme=literacy", "ar": "/ar/initiatives/", "en": "/en/initiatives/?q=zz"},
    "initiative": {code: f"/{code}/initiatives/shared-electric-motorcycles/" for code in ("fr", "ar", "en")},
    "page": {"fr": "/fr/about/", "ar": "/ar/legal-notice/", "en": "/en/privacy/"},
    "design": {"fr": "/fr/design/", "ar": "/ar/design/"},
}


@thorough
def test_axe_finds_nothing_on_any_page_type(served, open_page):
    page, found, walked = open_page("/fr/", bypass_csp=True), [], 0
    for shape in PAGES.values():
        for language in shape:
            page.set_viewport_size({"width": 390 if walked % 3 else 1280, "height": 900})
            page.goto(shape[language])
            found += complaints(page, in_the_dark=language == "fr")  # colours are those of all languages
            walked += 1
    assert walked == 20
    assert not found


@thorough
def test_nothing_scrolls_sideways_at_320_pixels(served, open_page):
    page = open_page("/fr/", viewport={"width": 320, "height": 800})
    walked = 0
    for addresses in PAGES.values():
        for path in addresses.values():
            page.goto(path)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 1, path
            walked += 1
    assert walked == 20


@thorough
def test_nothing_scrolls_sideways_at_320_pixels_with_wider_text(served, open_page):
    page = open_page("/fr/", viewport={"width": 320, "height": 800}, bypass_csp=True)
    paths = [path for addresses in PAGES.values() for path in addresses.values()]
    others = ("/fr/recherche/?q=ville", "/fr/donnees/", "/fr/api/v1/", "/fr/initiatives/?view=map")
    for path in (*paths, *others):
        page.goto(path)
        page.add_style_tag(content=TEXT_SPACING)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, path


def test_on_a_phone_the_header_is_one_row_and_the_first_result_is_near(served, open_page):
    page = open_page("/fr/", viewport=PHONE)
    for path in ("/fr/villes/", "/ar/cities/", "/fr/initiatives/", "/ar/initiatives/"):
        page.goto(path)
        assert page.locator(".site-header").bounding_box()["height"] == 56, path
        assert page.locator(":is(.entries, .city-cards) > li").first.bounding_box()["y"] < 450, path
        assert min(page.locator(part).bounding_box()["width"] for part in ("#q", "#sort")) > 150, path
        for row in ("#q, #sort", ".question > summary"):
            assert len({part.bounding_box()["y"] for part in page.locator(row).all()}) == 1, path


@thorough
def test_the_header_is_reached_by_keyboard_in_the_order_in_which_it_is_seen(served, open_page):
    page = open_page("/fr/", viewport=PHONE)
    for language, width in (("fr", 390), ("ar", 390), ("fr", 800), ("fr", 1280), ("ar", 1280)):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/{language}/")
        if width < 1200:
            page.locator(".menu-switch summary").click()
        places = []
        for part in page.locator(".site-header :is(a, input, button, summary)").all():
            if (box := part.bounding_box()) and box["width"] > 1:
                middle, start = box["y"] + box["height"] / 2, box["x"]
                places.append((middle // 30, -start if language == "ar" else start))
        assert len(places) > 8
        assert places == sorted(places), (language, width)


@thorough
def test_between_a_phone_and_a_wide_screen_the_search_stays_in_the_header(served, open_page):
    page = open_page("/fr/", viewport=PHONE)
    for width, is_link in ((390, True), (768, False), (991, False), (1280, False)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".search-link").is_visible() == is_link
        assert page.locator("#site-q").is_visible() != is_link


def colours(place):
    return place.evaluate("(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]")


@thorough
def test_forced_colours_still_tell_what_is_current_selected_and_marked(served, open_page):
    page = open_page("/fr/initiatives/?q=ville", forced_colors="active")
    current, other = page.locator(".views a[aria-current]"), page.locator(".views a:not([aria-current])")
    assert colours(current) != colours(other)
    assert colours(page.locator(".entries mark").first) != colours(page.locator(".entries .summary").first)
    assert "underline" in page.locator(".menu [aria-current]").evaluate("(one) => getComputedStyle(one).textDecoration")
    page.locator("#site-q").press_sequentially("bibl")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    selected, other = page.locator("[role=option]").first, page.locator("[role=option]").last
    assert colours(selected) != colours(other)
    # The words that were typed are seen on what is selected, too.
    assert colours(selected)[1] == colours(selected.locator("mark").first)[1] != colours(selected)[0]


@thorough
def test_paper_has_neither_search_nor_menu(served, open_page):
    page = open_page("/fr/", viewport=PHONE)
    page.emulate_media(media="print")
    for part in (".search-link", ".search-box", ".menu-switch", ".menu", ".languages"):
        assert not any(place.is_visible() for place in page.locator(part).all()), part


def test_the_main_path_works_without_javascript(served, open_page):
    page = open_page("/fr/", java_script_enabled=False)
    page.click("header >> text=Initiatives")
    page.fill("#q", "bibliotheque")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bibliotheque**")
    page.click(".entries a >> nth=0")
    page.wait_for_url("**/initiatives/**/**")
    assert page.locator("a", has_text="Retour").last.get_attribute("href") == "/fr/initiatives/"
    page.set_viewport_size(PHONE)
    assert not page.locator("header >> text=العربية").is_visible()
    page.click("header >> text=Menu")
    page.click("header >> text=العربية")
    assert page.locator("html").get_attribute("dir") == "rtl"


@thorough
def test_back_brings_the_same_filtered_list(served, open_page):
    page = open_page("/fr/initiatives/?city=laayoune&theme=literacy")
    found = page.locator(".entries a").all_inner_texts()
    assert found
    page.click(".entries a >> nth=0")
    page.wait_for_url("**/initiatives/*/**")
    page.go_back()
    assert page.url.endswith("?city=laayoune&theme=literacy")
    assert page.locator(".entries a").all_inner_texts() == found
