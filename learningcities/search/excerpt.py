"""Where a text says what was looked for: the words marked in it, the passage around the first of them."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from learningcities.translation import Text, fallback

from .sound import sound
from .spelling import WORD, fold, without_front

#: How many letters of a passage stand before the first match, and in all.
BEFORE, LENGTH = 60, 220


def matches(text, query):
    """The places of the words that were looked for, in whatever spelling, as (start, end).

    A word that only sounds alike is meant where none is spelled alike and it is a name, which Latin letters show.
    """
    words = [(found.span(), found[0], fold(found[0])) for found in WORD.finditer(text)]
    spelled = [span for span, _word, folded in words if is_spelled(folded, query)]
    heard = {needle.strip(" ~") for needle in query.needles if "~" in needle}
    return spelled or [span for span, word, folded in words if not word[0].islower() and sound(folded) in heard]


def is_spelled(folded, query):
    forms = {folded, without_front(folded)}
    for needle in query.needles:
        said = needle.strip()
        if needle.endswith(" "):
            if said in forms:
                return True
        elif any(form.startswith(one) for form in forms for one in said.split()):
            return True
    return False


def marked(text, query):
    """The text as HTML, with the words that were looked for marked."""
    if not query or not text:
        return text
    parts, last = [], 0
    for start, end in matches(text, query):
        parts += [text[last:start], format_html("<mark>{}</mark>", text[start:end])]
        last = end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[last:]]))


def excerpt(row, query):
    """What a result says in brief: its summary or, where that doesn't say what was looked for, a passage that does."""
    summary = row.summary_shown
    if not query or matches(summary, query):
        return summary
    for language, text in row.texts(fallback(get_language())):
        if found := matches(text, query):
            return Text(passage(text, *found[0]), language)
    return summary


def passage(text, start, end):
    """The part of a text around a word, cut between words."""
    start = text.rfind(" ", 0, max(start - BEFORE, 0)) + 1 if start > BEFORE else 0
    stop = text.rfind(" ", end, start + LENGTH) if start + LENGTH < len(text) else len(text)
    stop = max(stop, end)
    return f"{'… ' if start else ''}{text[start:stop].strip()}{' …' if stop < len(text) else ''}"
