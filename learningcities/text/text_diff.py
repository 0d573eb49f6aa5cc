"""Two texts as one, with what was taken away and what was put in its place marked word by word."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz.distance import Indel

from learningcities import bounds

#: With less in common, a text counts as replaced.
LEAST_ALIKE = 0.4


def marked(before, after):
    """A word keeps the space that follows it, so that words alone are compared."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    pieces = []
    for what, start, end, first, last in steps(old, new):
        if what == "equal":
            pieces.append("".join(new[first:last]))
        else:
            pieces += [deleted("".join(old[start:end])), inserted("".join(new[first:last]))]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def beside(text, other):
    """Two texts side by side, each with the words marked that the other hasn't."""
    return sides(text, other, mark, mark)


def before_and_after(before, after):
    """Two texts one below the other: what went is marked in the first, what came in the second."""
    return sides(before, after, deleted, inserted)


def sides(text, other, mark_text, mark_other):
    ours, theirs = (re.findall(r"\S+\s*", side) for side in (text, other))
    left, right = [], []
    for what, start, end, first, last in steps(ours, theirs):
        words, others = "".join(ours[start:end]), "".join(theirs[first:last])
        left.append(words if what == "equal" else mark_text(words))
        right.append(others if what == "equal" else mark_other(others))
    return tuple(format_html_join("", "{}", ((piece,) for piece in side)) for side in (left, right))


def mark(text):
    return text and format_html("<mark>{}</mark>", text)


def steps(old, new):
    """What leads from one list of words to another; a text that has little in common is replaced as a whole."""
    words = [[word.strip() for word in words] for words in (old, new)]
    # The time of Indel grows with the product of both lengths, whatever the words are; that of difflib with a cube.
    if len(old) + len(new) <= bounds.COMPARED_WORDS and Indel.normalized_similarity(*words) >= LEAST_ALIKE:
        return joined(Indel.opcodes(*words))
    return [("replace", 0, len(old), 0, len(new))]


def joined(steps):
    """The steps, with what is taken away and put in at one place as one of them."""
    joined_steps = []
    for what, *place in (tuple(step) for step in steps):
        if joined_steps and "equal" not in (what, joined_steps[-1][0]):
            _what, start, _end, first, _last = joined_steps.pop()
            place, what = [start, place[1], first, place[3]], "replace"
        joined_steps.append((what, *place))
    return joined_steps


def deleted(text):
    return text and format_html("<del>{}{}</del> ", aside(_("Removed:")), text)


def inserted(text):
    return text and format_html("<ins>{}{}</ins> ", aside(_("Added:")), text)


def aside(words):
    """A word of the interface in the midst of a text that may be in another language."""
    return format_html('<span class="visually-hidden" lang="{}">{}</span>', get_language(), words)
