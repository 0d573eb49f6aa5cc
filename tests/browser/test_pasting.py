"""What is pasted into the text editor, under the site's real policy for styles, and what is stored of it."""

import pytest
from playwright.sync_api import expect

from cities.models import City
from tests import factories
from tests.conftest import make_person, thorough

GOOGLE = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
    '<p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;font-style:normal">a </span>'
    '<span style="font-weight:700;font-style:normal">b</span>'
    '<span style="font-weight:400;font-style:italic"> c</span></p><br /><p dir="ltr"><span>d</span></p></b>'
)
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--
 p.MsoNormal {margin:0; font-family:"Calibri",sans-serif;} span.Fort {mso-style-name:Fort; font-weight:bold;}
--></style></head><body><!--StartFragment-->
<p class=MsoNormal>Voici <span class=Fort>trois</span> points&nbsp;:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>un<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><!--[endif]--><b>deux</b><o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span>trois<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Fin</p><!--EndFragment--></body></html>"""
WORD_ON_THE_WEB = "".join(
    f'<div class="ListContainerWrapper SCXW1"><{name} class="BulletListStyle1"><li data-listid="{listid}"'
    f' data-aria-posinset="{place}" data-aria-level="{level}" class="OutlineElement"><p class="Paragraph">'
    f'<span class="TextRun" style="font-weight:{weight}"><span class="NormalTextRun">{words}</span></span>'
    f'<span class="EOP">&nbsp;</span></p></li></{name}></div>'
    for name, listid, place, level, weight, words in [
        ("ul", 1, 1, 1, "normal", "un"),
        ("ul", 1, 1, 2, "bold", "deux"),
        ("ul", 1, 2, 1, "normal", "trois"),
        ("ol", 2, 3, 1, "normal", "quatre"),
    ]
)
OUTLOOK = (
    '<div class="elementToProof" style="font-family:Aptos">a <span style="font-weight:bold">b</span></div>'
    '<div class="elementToProof"><i style="font-style:normal">c</i></div>'
)
PAGES = """<style>span.s1 {font: bold 12px Helvetica} span.s2 {font-style: italic}</style>
<p class="p1">a <span class="s1">b</span> <span class="s2">c</span></p>"""
TABLE = (
    "<table><tbody><tr><td><p>Écoles</p></td><td><p>45</p></td><td><p>120</p></td></tr>"
    "<tr><td></td><td><p>1</p><p>2</p></td><td>3</td></tr></tbody></table>"
)
BLOCKS = "<h1>T</h1><h4><b>U</b></h4><pre>a\nb</pre><div>c</div><div>d<br>e</div><dl><dt>f</dt><dd>g</dd></dl>"
ITALICS = '<p><i>a</i> <span style="font-style: italic">b</span> <b><span style="font-weight: normal">c</span></b></p>'

WORD_READ = (
    '<p>Voici <strong>trois</strong> points&nbsp;:</p><ul><li><p>un</p><ol data-type="decimal"><li><p><strong>deux'
    "</strong></p></li></ol></li><li><p>trois</p></li></ul><p>Fin</p>"
)
WEB_READ = (
    "<ul><li><p>un</p><ul><li><p><strong>deux</strong></p></li></ul></li><li><p>trois</p></li></ul>"
    '<ol data-type="decimal" start="3"><li><p>quatre</p></li></ol>'
)

CASES = {
    "Google Docs": (GOOGLE, "<p>a <strong>b</strong><em> c</em></p><p>d</p>"),
    "Word": (WORD, WORD_READ),
    "Word on the web": (WORD_ON_THE_WEB, WEB_READ),
    "Outlook": (OUTLOOK, "<p>a <strong>b</strong></p><p>c</p>"),
    "Pages": (PAGES, "<p>a <strong>b</strong> <em>c</em></p>"),
    "a table": (TABLE, "<p>Écoles | 45 | 120</p><p>– | 1<br>2 | 3</p>"),
    "blocks": (BLOCKS, "<h2>T</h2><h3>U</h3><p>a<br>b</p><p>c</p><p>d<br>e</p><p>f</p><p>g</p>"),
    "italics": (ITALICS, "<p><em>a</em> <em>b</em> c</p>"),
    "a line of a page": ("a <b>b</b> c", "<p>a <strong>b</strong> c</p>"),
}
CASES["raised figures"] = (
    "<p>10<sup>3</sup> m<span style='vertical-align:super'>2</span>, CO<sub>2</sub>, XX<sup>e</sup></p>",
    "<p>10³ m², CO₂, XXe</p>",
)
PASTE = """(box, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def form(site, open_page):
    city = factories.make_city(slug="own-city", name_fr="Ville à soi")
    city.editors.add(make_person("editor"))
    page = open_page(f"/admin/cities/city/{city.pk}/sections/body/", make_person("coordinator", "coordinator"))
    page.locator(".field[data-of=fr] [contenteditable]").wait_for()
    return page


def test_what_word_processors_say_by_style_and_by_tables_stays_in_what_is_pasted(form):
    box = form.locator(".field[data-of=fr] [contenteditable]")
    text = form.locator("[name=body_fr]")
    found = {}
    for name, (html, _expected) in CASES.items():
        box.click()
        form.keyboard.press("Control+a")
        form.keyboard.press("Delete")
        box.evaluate(PASTE, html)
        found[name] = text.input_value().replace("&nbsp;</p>", "</p>").replace("\u00a0", "&nbsp;")
    assert found == {name: expected for name, (_html, expected) in CASES.items()}


@thorough
def test_what_was_pasted_is_stored_as_it_is_seen(form):
    form.locator(".field[data-of=fr] [contenteditable]").evaluate(PASTE, GOOGLE)
    with form.expect_navigation():
        form.click("[name=_save]")
    expect(form.locator("[name=body_fr]")).to_have_value("<p>a <strong>b</strong><em> c</em></p><p>d</p>")
    assert City.objects.count() == 1
