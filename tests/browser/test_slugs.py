"""What a form fills in as a short name is what the server would make of the title."""

from learningcities.text.slugs import slug_of
from tests.conftest import make_person, thorough
from tests.text.helpers import READABLE, titles


@thorough
def test_a_form_fills_in_the_short_name_that_the_server_would_give(site, open_page):
    page = open_page("/admin/initiatives/theme/add/", make_person("coordinator", "coordinator"))
    page.fill("#id_name_fr", "Cœur de مدرسة")
    page.press("#id_name_fr", "End")
    assert page.input_value("#id_slug") == "coeur-de-madrasa"
    page.fill("#id_slug", "coeur")
    page.fill("#id_name_fr", "Cœur")
    assert page.input_value("#id_slug") == "coeur", "what someone has written is theirs"
    page.goto(page.url)
    page.check('[name="_content_language"][value="ar"]')
    page.fill("#id_name_ar", "مدرسة")
    assert page.input_value("#id_slug") == "madrasa"
    names = [*READABLE, *titles()]
    filled = page.evaluate("(names) => names.map((name) => window.slugOf(name, 60))", names)
    assert dict(zip(names, filled, strict=True)) == {name: slug_of(name, 60) for name in names}
