"""Rich text is clean whichever way it is saved."""

import pytest

from learningcities.pages.models import Page
from learningcities.richtext import readable

DIRTY = (
    '<h2 style="color:red">Titre</h2><p onclick="x()">Un <strong>mot</strong><script>alert(1)</script></p>'
    '<p><a href="javascript:alert(1)">a</a><a href="https://example.org/">b</a></p><img src=x onerror=x()>'
)


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["save", "update"])
def test_a_program_cannot_store_what_the_editor_would_not(way):
    page = Page.objects.create(title_fr="Page", slug="a-page", body_fr=DIRTY if way == "save" else "")
    if way == "update":
        Page.objects.update(body_fr=DIRTY)
    page.refresh_from_db()
    body = page.body_fr
    for forbidden in ("script", "onclick", "style", "javascript", "<img", "onerror"):
        assert forbidden not in body
    for kept in ("<h2>Titre</h2>", "<strong>mot</strong>", 'href="https://example.org/"'):
        assert kept in body


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        ("", ""),
        ("<h2>Titre</h2>\n\n<p>Un <strong>mot</strong> &amp; l&#x27;autre</p>", "Titre\nUn mot & l'autre"),
        ("<ul><li><p>un</p></li><li><p>deux</p></li></ul>", "un\ndeux"),
        ("<p>une<br>deux</p>", "une\ndeux"),
        (
            '<p>Voir <a rel="x" href="https://example.org/?a=1&amp;b=2">là</a>.</p>',
            "Voir là (https://example.org/?a=1&b=2).",
        ),
        ("<p>1 &lt; 2</p>", "1 < 2"),
    ],
)
def test_rich_text_as_plain_text_keeps_its_lines_and_its_links(rich, text):
    assert readable(rich) == text
