"""A town hall imports a spreadsheet, is told what is wrong, corrects the same file and imports it again."""

import os

import pytest
from playwright.sync_api import expect

from cities.models import City
from learningcities.people.models import User
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.spreadsheets.helpers import Edited, exported

from .conftest import complaints

CITIES, CITY = "/admin/cities/city/", "cities.city"
WIDE = {"viewport": {"width": 1200, "height": 900}, "bypass_csp": True}


@thorough  # test_dry_run holds the rules; this one that they can be seen and pressed
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_corrected_file_is_imported_again(site, open_page, tmp_path, language):
    person = make_person("coordinator", User.Role.COORDINATOR, language=language)
    factories.make_city("benguerir", name_fr="Benguerir", name_ar="بن جرير")
    file = Edited(exported(logged_in(person), CITIES))
    file.put(CITY, 1, name_fr="Safi", region="Région").put(
        CITY, 2, name_fr="Benguerir", region="Région", summary_fr="B"
    )
    file.put(CITY, 3, name_fr="Fès", region="Région", summary_fr="Une ville.")
    path = tmp_path / "villes.xlsx"

    def import_file():
        path.write_bytes(file.content)
        page.goto(f"{CITIES}import/")
        page.set_input_files("input[type=file]", path)
        page.click("form.change-steps button[type=submit]")
        page.locator(".file-counts").wait_for()
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/trial-{language}-{import_file.count}.png", full_page=True)
            import_file.count += 1
        assert not complaints(page)

    import_file.count = 0
    page = open_page("/admin/", person, **WIDE)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    import_file()
    expect(page.locator(".errors-of-file tbody tr")).to_have_count(1)
    expect(page.locator("[name=further]")).to_have_count(1)
    page.click("button[name=make]")
    expect(page.locator(".waiting li")).to_have_count(1)
    file.put(CITY, 1, summary_fr="Une ville.").put(CITY, 3, summary_fr="Une autre ville.")
    import_file()
    expect(page.locator(".errors-of-file")).to_have_count(0)
    page.click("button[name=make]")
    expect(page.locator(".waiting li")).to_have_count(2)
    page.click("button[value=apply]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    for name in ("safi", "fes"):
        city = City.objects.get(slug=name)
        assert page.goto(city.get_absolute_url()).status == 200
    assert City.objects.get(slug="fes").summary_fr == "Une autre ville."
    assert City.objects.count() == 3
