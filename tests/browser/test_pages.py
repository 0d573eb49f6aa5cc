"""Public pages in a real browser: nothing for axe to say, nothing sideways, and a path without JavaScript."""

from tests.conftest import thorough

from .conftest import complaints

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


def test_the_main_path_works_without_javascript(served, open_page):
    page = open_page("/fr/", java_script_enabled=False)
    page.click("header >> text=Initiatives")
    page.fill("#q", "bibliotheque")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bibliotheque**")
    page.click(".entries a >> nth=0")
    page.wait_for_url("**/initiatives/**/**")
    assert page.locator("a", has_text="Retour").last.get_attribute("href") == "/fr/initiatives/"
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
