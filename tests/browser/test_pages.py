"""Public pages in a real browser: nothing for axe to say, nothing sideways, and a path without JavaScript."""

import os

from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "home": {"fr": "/fr/", "ar": "/ar/", "en": "/en/"},
    "cities": {"fr": "/fr/villes/", "ar": "/ar/cities/", "en": "/en/cities/"},
    "city": {"fr": "/fr/villes/benguerir/", "ar": "/ar/cities/chefchaouen/", "en": "/en/cities/laayoune/"},
    "initiatives": {"fr": "/fr/initiatives/?theme=literacy", "ar": "/ar/initiatives/", "en": "/en/initiatives/?q=zz"},
    "initiative": {code: f"/{code}/initiatives/shared-electric-motorcycles/" for code in ("fr", "ar", "en")},
    "page": {"fr": "/fr/about/", "ar": "/ar/legal-notice/", "en": "/en/privacy/"},
    "design": {"fr": "/fr/design/", "ar": "/ar/design/"},
}


def test_axe_finds_nothing_on_any_page_type_in_light_and_dark(served, open_page):
    found, walked = [], 0
    for shape, addresses in PAGES.items():
        # Every language where time is no matter; here and now, one after the other.
        languages = list(addresses) if os.environ.get("CI") else [list(addresses)[walked % len(addresses)]]
        for language in languages:
            path = addresses[language]
            scheme = "dark" if walked % 2 else "light"
            width = 390 if walked % 3 else 1280
            page = open_page(path, color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900})
            violations = Axe().run(page).response["violations"]
            found += [(shape, language, scheme, one["id"], one["nodes"][0]["target"]) for one in violations]
            page.close()
            walked += 1
    assert walked >= len(PAGES)
    assert not found


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
    assert "q=bibliotheque" in page.locator("a", has_text="Retour").last.get_attribute("href")
    page.click("header >> text=العربية")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert "q=bibliotheque" in page.url


def test_back_brings_the_same_filtered_list(served, open_page):
    page = open_page("/fr/initiatives/?city=laayoune&theme=literacy")
    found = page.locator(".entries a").all_inner_texts()
    assert found
    page.click(".entries a >> nth=0")
    page.wait_for_url("**/initiatives/*/**")
    page.go_back()
    assert page.url.endswith("?city=laayoune&theme=literacy")
    assert page.locator(".entries a").all_inner_texts() == found
