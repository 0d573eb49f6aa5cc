"""Latin and Arabic words for drawing, the same on every machine: no library of the system shapes or orders them.

Arabic letters are joined here (arabic-reshaper) and put in the order of the eye (python-bidi), so that what is
drawn is a plain row of glyphs, from left to right.
"""

import re
from functools import lru_cache

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display  # its older half: the newer one mirrors no brackets
from fontpkg_amiri import ROOT
from PIL import ImageFont

from learningcities.text.translation import direction

JOIN = ArabicReshaper({"delete_harakat": False}).reshape
#: Vowel signs need an engine that stacks them, and titles do without; the shadda falls in place by itself.
VOWELS = re.compile("[\u064b-\u0650\u0652-\u065f\u0670]")
#: Brackets and quotation marks that look the other way in Arabic, the opening and the closing ones.
PAIRS = re.compile(r"([(\[{«‹])|([)\]}»›])")
#: What leaves room for a line in Arabic, with marks above and tails below, as a part of the letters' size.
LEADING = 1.3


@lru_cache(maxsize=64)
def font(size, weight="Regular"):
    return ImageFont.truetype(ROOT / "files" / f"Amiri-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def visual(text, language):
    """A line as glyphs from left to right: Arabic letters in their joined forms, then everything in order.

    Brackets stand as the line runs: a mark without width keeps words of the other direction from turning one of a pair.
    """
    base, mark = ("R", "\u200f") if direction(language) == "rtl" else ("L", "\u200e")
    joined = PAIRS.sub(lambda found: mark + found[0] if found[1] else found[0] + mark, JOIN(VOWELS.sub("", text)))
    return get_display(joined, base_dir=base).replace(mark, "")


def wrapped(text, language, face, width):
    """The text in lines that are no wider than that, unless one word is."""
    lines = []
    # A non-breaking space isn't a place to break.
    for word in re.split(r"[ \t\n]+", text.strip()):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(visual(longer, language)) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitted(text, language, width, height, sizes, weight="Regular"):
    """The largest face of some sizes in which the text fits a box, and its lines; cut short if none is small enough."""
    for size in sizes:
        face = font(size, weight)
        lines = wrapped(text, language, face, width)
        if len(lines) * size * LEADING <= height and widest(lines, language, face) <= width:
            return face, balanced(lines, language, face)
    room = int(height / size / LEADING)
    shown = lines[:room]
    if len(lines) > room:
        shown[-1] += "…"
    return face, [shortened(line, language, face, width) for line in shown]


def widest(lines, language, face):
    return max(face.getlength(visual(line, language)) for line in lines)


def balanced(lines, language, face):
    """The same words in as many lines, as equal in width as they can be."""
    while len(lines) > 1:
        narrower = wrapped(" ".join(lines), language, face, widest(lines, language, face) - 1)
        if len(narrower) > len(lines) or widest(narrower, language, face) >= widest(lines, language, face):
            break
        lines = narrower
    return lines


def shortened(line, language, face, width):
    """The line, or as much of it as fits."""
    while widest([line], language, face) > width:
        line = line.removesuffix("…")[:-1].rstrip() + "…"
    return line
