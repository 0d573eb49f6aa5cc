"""Pieces of pages that are rendered once for each version of the content and language: never cleared, never stale.

A piece is the same wherever it stands; what differs from page to page is rendered outside of it.
"""

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from learningcities import bounds
from learningcities.publishing.version.version_cache import BoundedCache, cached

from .learningcities import written

register = template.Library()


#: An option: its box and the words of its link are the same everywhere; where it leads to and how many there are, not.
BOX, LINK = "components/option.html", "components/option_link.html"
OPTION = '<li>{}<a href="?{}" rel="nofollow"{}>{} {}</a></li>'
CURRENT = mark_safe(' aria-current="true"')


def pieces_of(name):
    """The pieces of one kind rendered so far, by what they depend on."""
    return cached(("pieces", name, get_language()), lambda moment: BoundedCache(bounds.CACHED_PIECE_LETTERS, len))


class CachedNode(template.Node):
    def __init__(self, nodelist, name, values):
        self.nodelist, self.name, self.values = nodelist, name, values

    def render(self, context):
        pieces, key = pieces_of(self.name), tuple(value.resolve(context) for value in self.values)
        if (piece := pieces.get(key)) is None:
            piece = pieces.store(key, self.nodelist.render(context))
        return piece


@register.tag("cached")
def cached_tag(parser, token):
    """{% cached "name" value … %}…{% endcached %}: a part of a template that depends on nothing but the content and the
    values behind its name."""
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(["endcached"])
    parser.delete_first_token()
    return CachedNode(nodelist, name, [parser.compile_filter(value) for value in values])


def piece(pieces, name, key, context):
    """A template as a piece; `key` names all that it says of its context."""
    return pieces.get(key) or pieces.store(key, get_template(name).render(context))


@register.simple_tag
def cards(name, rows, heading, query=None, **options):
    """Rows as a list shows them. `query` is what was looked for: its words are marked."""
    pieces = pieces_of(name)

    def card(row):
        context = {row._meta.model_name: row, "heading": heading, **options}
        if query:
            return get_template(name).render(context | {"query": query})
        return piece(pieces, name, (row.pk, heading, *options.items()), context)

    return mark_safe("".join(map(card, rows)))


@register.simple_tag
def options(name, choices):
    """The options of a question, each with a box for the form, and with how many rows it would give as a link to just
    that."""
    language, boxes, links = get_language(), pieces_of(BOX), pieces_of(LINK)

    def option(row, count, is_chosen, query):
        key, context = (name, row.slug, is_chosen), {"name": name, "row": row, "is_chosen": is_chosen}
        box, words = piece(boxes, BOX, key, context), piece(links, LINK, key, context)
        return format_html(OPTION, box, query, CURRENT if is_chosen else "", words, written(count, language))

    return mark_safe("".join(option(*choice) for choice in choices))
