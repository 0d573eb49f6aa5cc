"""The manual of the desk and what is new there, in the reader's language: docs/editing*.md, and CHANGELOG.md."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markdown_it import MarkdownIt
from PIL import Image

from learningcities.people.models import User

from .home.screens import screen_of

MANUALS = {"fr": "editing.fr.md", "ar": "editing.ar.md", "en": "editing.md"}
#: The headings in the changelog under which a release tells the staff what is new for them.
NEWS = {"fr": "Pour celles et ceux qui écrivent", "ar": "لمن يكتب", "en": "For those who write"}
#: The part of the manual about a screen of no model, and about a screen of any.
SCREENS = {
    "index": "your-desk",
    "search": "finding-a-page",
    "care": "keeping-pages-good",
    "overview": "keeping-pages-good",
    "password_change": "your-account",
}
STEPS = {
    "happened": "what-happened",
    "preview": "looking-at-a-page-before-visitors-do",
    "delete": "taking-off-and-bringing-back",
    "add": "adding-an-initiative",
    "export": "many-pages-at-once-in-a-spreadsheet",
    "import": "many-pages-at-once-in-a-spreadsheet",
    "dryrun": "many-pages-at-once-in-a-spreadsheet",
}
#: Of any other screen of an item.
ITEM_PART = "changing-a-page-that-visitors-see"


@dataclass(frozen=True)
class Part:
    """A part of the manual: the name by which it is linked to, which is that of the English one, and its words."""

    anchor: str
    title: str
    body: SafeString


def markdown():
    """What makes HTML of our own pages: markup in them is text, and a link leads to the web or nowhere."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("image", picture)
    return made


def picture(renderer, tokens, place, options, env):
    """A picture of ours, which a page of docs/ finds from where it stands; its size keeps its place on the page."""
    token = tokens[place]
    name = token.attrs["src"].removeprefix("../static/")
    with Image.open(finders.find(name)) as image:
        width, height = image.size
    attributes = static(name), renderer.renderInlineAsText(token.children, options, env), width, height
    return format_html('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', *attributes)


@cache
def manual(language):
    """The parts of the manual, in their order, which is the same in each language."""
    anchors = [slugify(title) for title, _text in sections(read("docs", MANUALS["en"]))]
    parts = sections(read("docs", MANUALS[language]))
    return [
        Part(anchor, title, mark_safe(markdown().render(text)))
        for anchor, (title, text) in zip(anchors, parts, strict=False)  # a test counts them
    ]


@cache
def news(language):
    """What the newest release tells the staff, as HTML; nothing where it has nothing for them."""
    for _release, text in sections(read("CHANGELOG.md")):
        parts = dict(sections(text, level="###"))
        if NEWS[language] in parts:
            return mark_safe(markdown().render(parts[NEWS[language]]))
    return ""


def news_digest():
    return sha256(news("en").encode()).hexdigest()[:16]


def has_news(user):
    """Whether there is something new that they haven't read."""
    return bool(news("en")) and user.news_read != news_digest()


def read(*path):
    return settings.BASE_DIR.joinpath(*path).read_text(encoding="utf-8")


def sections(text, level="##"):
    """The titles of a text and what stands below each; what comes before the first is left out."""
    _before, *parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)
    return list(zip(parts[::2], parts[1::2], strict=True))


def help_part(site, request):
    """The part of the manual about the screen that is being shown."""
    name = getattr(request.resolver_match, "url_name", "") or ""
    if name in SCREENS:
        return SCREENS[name]
    row_admin, step = screen_of(site, name)
    own = getattr(row_admin, "help_part", "")
    if step == "add" and own:
        return own
    return STEPS.get(step, own or ITEM_PART) if row_admin else ""


@require_safe
def help_view(request):
    context = {**admin.site.each_context(request), "title": _("Help"), "parts": manual(get_language())}
    return render(request, "admin/help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def news_view(request):
    """Whoever says that they have read it isn't told again."""
    if request.method == "POST":
        User.objects.filter(pk=request.user.pk).update(news_read=news_digest())
        return redirect("admin:index")
    context = {"title": _("What’s new"), "news": news(get_language()), "is_new": has_news(request.user)}
    return render(request, "admin/news.html", {**admin.site.each_context(request), **context})
