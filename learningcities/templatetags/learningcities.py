"""What templates say of texts, numbers, dates and drawings. A builtin of every template."""

import json
import re
from functools import lru_cache

from django import template
from django.template.defaultfilters import capfirst
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from learningcities.media import zellige as tiles
from learningcities.search.excerpt import excerpt, marked
from learningcities.text import dates
from learningcities.text.links import dialled, with_telephones
from learningcities.text.richtext import callable_in
from learningcities.text.translation import language_attributes
from learningcities.web.page_urls import PageUrls

register = template.Library()

#: The escapes with which Django's own json_script keeps markup out of data.
NO_MARKUP = {character: f"\\u{ord(character):04X}" for character in "<>&"}

register.filter("lang", language_attributes)
register.filter("partial_date", dates.display)


register.simple_tag(marked)
register.simple_tag(excerpt)


@register.filter
def rich(text, country=None):
    """Rich text, which was sanitised when it was saved; the country is the one whose telephone numbers it may say."""
    return mark_safe(callable_in(text, country.code if country else ""))


@register.filter
def telephone(text, country=None):
    """What was written as a telephone number, to be called."""
    words = with_telephones(conditional_escape(text), country.code if country else "")
    is_number = "<a " not in words and re.fullmatch(r"\+?[\d\s().-]{3,20}", text)
    return mark_safe(f'<a href="tel:{dialled(text)}">{words}</a>' if is_number else words)


@register.filter
def number(value):
    """A number as the reader writes it: 114 872 or 114,872; 12,5 without idle zeros."""
    return written(value, get_language())


@lru_cache(maxsize=1024)
def written(value, language):
    places = 0 if value == int(value) else 2
    return number_format(value, places, force_grouping=True)


@register.filter
def if_public(item):
    """The item, such as a cover photo, if visitors may see it."""
    return item if item and item.state == item.State.PUBLIC else None


@register.filter
def focus(photo):
    """The classes that keep a photo's focal point in sight, in tenths."""
    return f"focus-x-{round(photo.focus_x / 10)} focus-y-{round(photo.focus_y / 10)}"


@register.filter
def sources(file, ratio):
    """The renditions of a photo in a shape: (kind, addresses with their widths)."""
    return file.sources(ratio or None)


@register.filter
def shape(file, ratio):
    """The width and height of a photo in a shape."""
    return file.shape(ratio or None)


@register.simple_tag
def zellige(seed, width, height, part):
    """The drawn tilework of a seed; `part` tells drawings of one seed on a page apart."""
    return mark_safe(tiles.svg(seed, width, height, part))


@register.simple_tag(takes_context=True)
def addresses(context):
    """Where this page is in every language: as its view says, or else simply here."""
    return context.get("addresses") or PageUrls(context["request"])


@register.filter
def under(cells, headers):
    """The cells of a row of a list in the desk: a card shows the name of each one's column, and no empty ones."""
    for cell, header in zip(cells, headers, strict=False):
        attributes = format_html('data-column="{}"', capfirst(strip_tags(str(header["text"]))))
        if strip_tags(cell) in ("", "-"):
            attributes = format_html("{} data-empty", attributes)
        yield mark_safe(cell.replace("<td", f"<td {attributes}", 1)) if cell.startswith("<td") else cell


@register.filter
def json_ld(document):
    """A document of linked data, as text that can't end the script element it stands in."""
    text = json.dumps(document, ensure_ascii=False)
    for character, escape in NO_MARKUP.items():
        text = text.replace(character, escape)
    return mark_safe(text)
