"""Rich text that is clean whichever way it is saved, and what is read out of it."""

import re
from html import escape, unescape

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField, create_sanitizer

from learningcities import bounds

from .links import mended, with_telephones
from .plain_text import says_nothing, tidied

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "History": True,
    "Pasted": True,
}
TOO_LONG = _("This text is too long. Make two pages of it, or put a part of it into a document.")

allowed = create_sanitizer(EXTENSIONS)

#: What stands on lines of its own, and becomes paragraphs unless it has a name below.
BLOCKS = frozenset(
    """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr
    ul
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotes
)
#: The blocks that stay what they are; the headings become one of the two levels there are.
HEADINGS = {"h1": "h2", "h2": "h2"} | dict.fromkeys(["h3", "h4", "h5", "h6"], "h3")
LISTS, MARKS = ("ul", "ol"), {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
INLINE = frozenset(["a", "br", "span", "font", "u", "s", "sub", "sup", "code", "small", "big", "q", "cite", *MARKS])
#: What is no text, although there are letters in it.
NO_TEXT = {"script", "style", "title", "template", "noscript", "svg", "math", "select", "textarea", "iframe", "object"}
NO_TEXT |= {"audio", "video", "canvas", "del"}

#: Raised and lowered figures are letters of their own: 10<sup>3</sup> must never read 103.
SCRIPTS = {
    "sup": str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
SCRIPT_STYLE = re.compile(r"vertical-align\s*:\s*(sup|sub)", re.IGNORECASE)

#: An element, as it is written by those who know the rules.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
#: An element as anyone may write it, and those that are closed by what follows them.
ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
ANY_MARK = re.compile(r"<[^<>]*>")
CLOSED_BY_OTHERS = frozenset("p li dt dd tr td th tbody thead tfoot br hr img input meta link col option wbr".split())  # noqa: SIM905
HREF = re.compile(r"""(<a\s[^<>]*?\bhref\s*=\s*)("[^"<>]*"|'[^'<>]*')""", re.IGNORECASE)
#: Each of these in another dress is begun anew in every paragraph that follows, which takes the square of their number.
DRESSED = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])([^>]*)>", re.IGNORECASE)
PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|[1-4]00)|font-style\s*:\s*normal", re.IGNORECASE)
BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font\s*:[^;]*\bbold\b", re.IGNORECASE)
SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)|font\s*:[^;]*\bitalic\b", re.IGNORECASE)

LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|h2|h3|li)>|<br ?/?>")

balanced = nh3.Cleaner(
    tags=BLOCKS | INLINE,
    attributes={"a": {"href", "rel", "title"}, "ol": {"start", "type", "data-type"}, "*": {"style"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    clean_content_tags=NO_TEXT,
)


def clean(html, is_strict=False):
    """The text in the few elements that there are, its words apart as they were, its links as they were meant.

    A link that leads nowhere is refused by the strict, and left out otherwise.
    """
    html = tidied(html)
    if is_too_much(html):
        if is_strict:
            raise ValidationError(TOO_LONG, code="invalid")
        return allowed(
            bare(html)
            if depth(html) <= bounds.RICH_TEXT_DEPTH
            else f"<p>{escape(unescape(ANY_MARK.sub(' ', html)))}</p>"
        )
    # Before the parser looks at the addresses: it drops what it doesn't know for one, such as ville.ma:8080.
    meant = HREF.sub(lambda match: f'{match[1]}"{escape(address_of(match[2][1:-1], is_strict))}"', html)
    # Entities have become characters by then.
    tree = tree_of(tidied(balanced.clean(bare(meant))))
    return "" if says_nothing(words_of(tree)) else allowed("".join(Writer(is_strict).blocks(tree, ())))


def address_of(href, is_strict):
    """The address that was meant by what is written in an attribute; none where it leads nowhere."""
    address = unescape(href)
    try:
        return mended(address) if address.strip() else ""
    except ValidationError:
        if is_strict:
            raise
        return ""


def is_too_much(html):
    return len(html) > bounds.RICH_TEXT_CHARACTERS or depth(html) > bounds.RICH_TEXT_DEPTH


def depth(html):
    """How many elements are open inside one another at most, by a count that takes one look at each."""
    still_open, number, most = {}, 0, 0
    for closing, name in ANY_TAG.findall(html):
        name = name.lower()
        if name in CLOSED_BY_OTHERS:
            continue
        if not closing:
            still_open[name] = still_open.get(name, 0) + 1
            number += 1
            most = max(most, number)
        elif still_open.get(name):
            still_open[name] -= 1
            number -= 1
    return most


def bare(html):
    """Without the attributes of bold and slanted letters, which at most say that they are neither."""
    html, end, rest = html.rpartition(">")
    undressed = DRESSED.sub(lambda tag: "<span>" if PLAIN_STYLE.search(tag[2]) else f"<{tag[1]}>", html + end)
    return undressed + rest


def tree_of(html):
    """The elements as [name, attributes, children], the texts between them as they are written."""
    root = ["", {}, []]
    still_open, last = [root], 0
    for tag in TAG.finditer(html):
        if tag.start() > last:
            still_open[-1][2].append(html[last : tag.start()])
        last = tag.end()
        closing, name, attributes = tag.groups()
        if closing:
            if len(still_open) > 1:
                still_open.pop()
            continue
        element = [name, dict(ATTRIBUTE.findall(attributes)), []]
        still_open[-1][2].append(element)
        if name not in ("br", "hr"):
            still_open.append(element)
    if last < len(html):
        still_open[-1][2].append(html[last:])
    return root[2]


def words_of(tree):
    return "".join(unescape(node) if isinstance(node, str) else words_of(node[2]) for node in tree)


def holds_block(node):
    return not isinstance(node, str) and any(is_block(child) or holds_block(child) for child in node[2])


def is_block(node):
    return not isinstance(node, str) and node[0] in BLOCKS


class Writer:
    """Writes a tree in the elements that there are."""

    def __init__(self, is_strict):
        self.is_strict = is_strict

    def blocks(self, tree, marks, wrap="p"):
        """The pieces of HTML for a row of nodes; words that stand in no block get one."""
        run = []
        for node in [*tree, None]:
            if node is not None and not is_block(node) and not holds_block(node):
                run.append(node)
                continue
            yield from self.run(run, marks, wrap)
            run = []
            if node is not None:
                yield from self.block(node, marks)

    def run(self, run, marks, wrap):
        if all(isinstance(node, str) and not node.strip() for node in run):
            yield from run
        elif any(words_of([node]).strip() for node in run):
            yield f"<{wrap}>{self.inline(run, marks).strip()}</{wrap}>"

    def block(self, node, marks):
        name, attributes, children = node
        if name not in BLOCKS:
            # A mark or a link around paragraphs becomes one inside each of them.
            yield from self.blocks(children, (*marks, *self.marks_of(name, attributes)))
        elif name == "table":
            yield from self.table(node, marks)
        elif name in LISTS:
            start = "".join(f' {key}="{attributes[key]}"' for key in attributes if name == "ol" and key != "style")
            yield f"<{name}{start}>{''.join(self.points(children, marks))}</{name}>"
        elif name == "blockquote":
            yield f"<blockquote>{self.content(children, marks)}</blockquote>"
        elif name == "pre":
            yield from (f"<p>{line}</p>" for line in [self.lines(children, marks)] if line)
        elif any(is_block(child) or holds_block(child) for child in children):
            yield from self.blocks(children, marks, HEADINGS.get(name, "p"))
        elif name == "p" or name in HEADINGS:
            wrap = HEADINGS.get(name, "p")
            own = self.own_marks(name, attributes)
            yield f"<{wrap}>{self.inline(children, (*marks, *own))}</{wrap}>"
        else:
            yield from self.run(children, (*marks, *self.own_marks(name, attributes)), "p")

    def content(self, children, marks):
        """What stands in a point of a list or in a quotation: words alone need no paragraph."""
        if any(is_block(child) or holds_block(child) for child in children):
            return "".join(self.blocks(children, marks))
        return self.inline(children, marks)

    def points(self, children, marks):
        """The points of a list; a list that stands between them belongs to the point before it."""
        points = []
        for node in children:
            if isinstance(node, list) and node[0] == "li":
                points.append([*node[:2], list(node[2])])
            elif isinstance(node, str) and not node.strip():
                points.append(node)
            else:
                last = next((point for point in reversed(points) if isinstance(point, list)), None)
                if last is None or not is_block(node):
                    points.append(last := ["li", {}, []])
                last[2].append(node)
        for point in points:
            is_point = isinstance(point, list)
            own = self.own_marks("li", point[1]) if is_point else ()
            yield f"<li>{self.content(point[2], (*marks, *own))}</li>" if is_point else point

    def table(self, node, marks):
        """A paragraph for each row, with a stroke between its cells; a table of one column is there for its looks."""
        rows = list(rows_in(node))
        if all(len(cells) < 2 for _name, cells in rows):
            for _name, cells in rows:
                for cell in cells:
                    yield from self.blocks(cell[2], marks)
            return
        for _name, cells in rows:
            texts = [self.lines(cell[2], marks) or "–" for cell in cells]
            if any(line != "–" for line in texts):
                yield f"<p>{' | '.join(texts)}</p>"

    def lines(self, children, marks):
        """All of it in one paragraph, with a new line where there was a new block."""
        pieces, run = [], []
        for node in [*children, None]:
            if node is not None and not is_block(node) and not holds_block(node):
                run.append(node)
                continue
            pieces.append(self.inline(run, marks).strip())
            run = []
            if node is not None:
                pieces.append(self.lines(node[2], (*marks, *self.marks_of(node[0], node[1]))))
        return "<br>".join("<br>".join(filter(None, pieces)).strip("\n").split("\n"))

    def inline(self, children, marks):
        html = "".join(self.piece(node) for node in children)
        for opening, name in reversed(marks):
            html = f"<{opening}>{html}</{name}>" if html.strip() else html
        return html

    def piece(self, node):
        if isinstance(node, str):
            return node
        name, attributes, children = node
        if name == "br":
            return "<br>"
        html = self.inline(children, self.marks_of(name, attributes))
        styled = SCRIPT_STYLE.search(attributes.get("style", ""))
        letters = SCRIPTS.get(styled[1].lower() if styled else name, {})
        return html.translate(letters) if {*map(ord, html)} <= letters.keys() else html

    def marks_of(self, name, attributes):
        """What an element within a line says of its words, as (opening, name)."""
        marks = [(MARKS[name], MARKS[name])] if name in MARKS else self.own_marks(name, attributes)
        if name == "a" and (href := escape(address_of(attributes.get("href", ""), self.is_strict))):
            others = "".join(f' {key}="{attributes[key]}"' for key in ("rel", "title") if key in attributes)
            marks = [*marks, (f'a href="{href}"{others}', "a")]
        return marks

    def own_marks(self, name, attributes):
        """What an element says by its style; a heading is bold by itself."""
        style = unescape(attributes.get("style", ""))
        is_bold = name not in HEADINGS and BOLD.search(style)
        return [("strong", "strong")] * bool(is_bold) + [("em", "em")] * bool(SLANTED.search(style))


def rows_in(node):
    """The rows of a table with their cells; whatever else stands in it counts as a row."""
    for child in node[2]:
        if isinstance(child, str):
            if child.strip():
                yield "", [["td", {}, [child]]]
        elif child[0] in ("tbody", "thead", "tfoot"):
            yield from rows_in(child)
        elif child[0] == "tr":
            cells = [cell for cell in child[2] if isinstance(cell, list) and cell[0] in ("td", "th")]
            yield "tr", cells
        else:
            yield child[0], [["td", {}, [child]]]


def callable_in(html, country=""):
    """A rich text in which telephone numbers can be called; what is a link already stays one."""
    pieces = re.split(r"(<a .*?</a>|<[^>]*>)", html, flags=re.DOTALL)
    pieces[::2] = [with_telephones(piece, country) for piece in pieces[::2]]
    return "".join(pieces)


def plain(html):
    """The words of a rich text, without its markup."""
    return unescape(TAG.sub(" ", html)).strip()


def readable(html):
    """A rich text to be read without markup: a line for each paragraph or point, a link's address in brackets."""
    return lines(LINK.sub(r"\2 (\1)", html)) if html else ""


def lines(html):
    """The words as they are seen: a line for each paragraph or point."""
    text = unescape(TAG.sub("", BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


class RichTextFormField(ProseEditorFormField):
    """A link that leads nowhere is refused here, where someone can mend it."""

    def to_python(self, value):
        return clean(super().to_python(value), is_strict=True)


class RichTextField(ProseEditorField):
    """Paragraphs, two levels of headings, lists, quotes, emphasis and links; nothing else survives."""

    def __init__(self, *args, **kwargs):
        kwargs.update(extensions=EXTENSIONS, sanitize=clean)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("sanitize", None)
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})

    def to_python(self, value):
        return self.cleaned(super().to_python(value))

    def pre_save(self, row, add):
        value = self.cleaned(super().pre_save(row, add))
        setattr(row, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        """The editor cleans a form; this cleans the import, the shell, the program and the bulk update."""
        return super().get_db_prep_save(self.cleaned(value), connection)

    def cleaned(self, value):
        return clean(value) if value and isinstance(value, str) else value
