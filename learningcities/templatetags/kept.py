"""Pieces of pages that are rendered once for each reading of the Clock and language: never cleared, never stale.

A piece may have holes for what differs from page to page: it is kept as a text that `% {hole: text}` fills in.
"""

from html import escape

from django import template
from django.template.base import token_kwargs
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from learningcities.publishing.clock import Recent, kept

from .learningcities import written

register = template.Library()

#: What stands for a hole while a piece is rendered: no text of the site has these characters.
OPENING, CLOSING = "\ue000", "\ue001"
#: How much is kept of each kind of piece in each language.
LETTERS = 1_500_000
CARD_HOLES, OPTION_HOLES, CHOICE_HOLES = ("kept",), ("query", "count"), ("first", "more", "whole_query")


def pieces_of(name):
    """The pieces of one kind rendered so far, by what they depend on."""
    return kept(("pieces", name, get_language()), lambda moment: Recent(LETTERS, len))


def marks(holes):
    return {hole: mark_safe(f"{OPENING}{hole}{CLOSING}") for hole in holes}


def with_holes(html):
    return html.replace("%", "%%").replace(OPENING, "%(").replace(CLOSING, ")s")


def stencil(name, context, holes):
    return with_holes(get_template(name).render(context | marks(holes)))


class KeptNode(template.Node):
    def __init__(self, nodelist, name, values, holes):
        self.nodelist, self.name, self.values, self.holes = nodelist, name, values, holes

    def render(self, context):
        pieces, key = pieces_of(self.name), tuple(value.resolve(context) for value in self.values)
        if (piece := pieces.get(key)) is None:
            with context.push(**marks(self.holes)):
                piece = pieces.keep(key, with_holes(self.nodelist.render(context)))
        return piece % {hole: conditional_escape(value.resolve(context)) for hole, value in self.holes.items()}


@register.tag("kept")
def kept_tag(parser, token):
    """{% kept "name" value … with hole=value … %}…{% endkept %}: a part of a template that depends on nothing but the
    content and the values behind its name; the holes are written out in it and nothing else."""
    _tag, name, *bits = token.split_contents()
    place = bits.index("with") if "with" in bits else len(bits)
    values, holes = bits[:place], token_kwargs(bits[place + 1 :], parser)
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return KeptNode(nodelist, name, [parser.compile_filter(value) for value in values], holes)


@register.simple_tag
def cards(name, rows, heading, kept="", query=None, **options):
    """Rows as a list shows them. `kept` is the query string that their links carry, `query` what was looked for."""
    address = escape(f"?{kept}") if kept else ""
    pieces = pieces_of(name)

    def card(row):
        context = {row._meta.model_name: row, "heading": heading, **options}
        if query:  # The words are marked in it.
            return get_template(name).render(context | {"kept": address, "query": query})
        key = row.pk, heading, *options.items()
        piece = pieces.get(key) or pieces.keep(key, stencil(name, context, CARD_HOLES))
        return piece % {"kept": address}

    return mark_safe("".join(map(card, rows)))


@register.simple_tag
def options(choice):
    """The options of a question: the first ones, and the rest folded."""
    name = "components/options.html"
    first, more, whole_query = choice.first_options, choice.more_options, choice.whole_query
    key = choice.name, str(choice.label), len(more), choice.is_whole, bool(whole_query) and len(choice.promising)
    pieces = pieces_of(name)
    if (piece := pieces.get(key)) is None:
        context = {"choice": choice, "number": len(more), "is_whole": choice.is_whole, "all": key[-1]}
        piece = pieces.keep(key, stencil(name, context, CHOICE_HOLES))
    filled = {"first": listed(choice.name, first), "more": listed(choice.name, more)}
    return mark_safe(piece % {**filled, "whole_query": escape(whole_query or "")})


def listed(name, found):
    """Options, each with its link and its count."""
    template_name, filled, language = "components/option.html", [], get_language()
    pieces = pieces_of(template_name)
    for row, count, is_chosen, query in found:
        key = name, row.slug, is_chosen
        if (piece := pieces.get(key)) is None:
            context = {"name": name, "row": row, "is_chosen": is_chosen}
            piece = pieces.keep(key, stencil(template_name, context, OPTION_HOLES))
        filled.append(piece % {"query": escape(query), "count": written(count, language)})
    return "".join(filled)
