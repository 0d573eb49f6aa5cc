"""The picture that goes with a shared link: the item's zellige in a doorway, and its name."""

import hashlib
import io
from typing import NamedTuple

from django.core.cache import cache
from PIL import Image, ImageDraw

from learningcities.text.translation import direction

from .palette import palette
from .share_tilework import doorway, tiles
from .text_layout import LEADING, fitted, visual

WIDTH, HEIGHT = 1200, 630
#: Everything is drawn this many times larger and then made smaller, which smooths its edges.
FINE = 2
#: Part of every version, so that pictures are drawn anew when this module draws them differently.
DRAWING = "1"

MARGIN, DOOR, TOP, FRAME = 76, 400, 66, 9
WORDS = WIDTH - 3 * MARGIN - DOOR
#: The eight-pointed star of the site, its corners around the middle.
KHATAM = ((0, -12), (3.5, -8.5), (8.5, -8.5), (8.5, -3.5), (12, 0), (8.5, 3.5), (8.5, 8.5), (3.5, 8.5))
KHATAM += tuple((-x, -y) for x, y in KHATAM)


class Card(NamedTuple):
    """What a share image shows: a title, a line above it, tiles from a seed in the colour of a city."""

    title: str
    above: str = ""
    colour: str = ""
    seed: str = ""


class ShareImage:
    """The picture of a card in the reader's language, drawn once for each version of what it shows."""

    type = "image/png"
    width, height = WIDTH, HEIGHT

    def __init__(self, card, site_name, language):
        self.card, self.site_name, self.language = card, site_name, language
        shown = [DRAWING, language, site_name, *card, self.language_of(card.title), self.language_of(card.above)]
        self.version = hashlib.sha256("\n".join(map(str, shown)).encode()).hexdigest()[:12]

    def language_of(self, text):
        return getattr(text, "language", self.language)

    @property
    def is_rtl(self):
        return direction(self.language) == "rtl"

    def png(self):
        return cache.get_or_set(f"share:{self.version}", self.drawn, timeout=30 * 24 * 3600)

    def drawn(self):
        colours = palette(self.card.colour)
        sheet = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), colours["paper"])
        self.draw_door(sheet, colours)
        self.draw_words(ImageDraw.Draw(sheet), colours)
        small = sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()

    def draw_door(self, sheet, colours):
        left = MARGIN if self.is_rtl else WIDTH - MARGIN - DOOR
        frame = doorway(left - FRAME, TOP - FRAME, DOOR + 2 * FRAME, HEIGHT)
        ImageDraw.Draw(sheet).polygon(scaled(frame), fill=colours["city-deep"])
        mask = Image.new("L", sheet.size)
        ImageDraw.Draw(mask).polygon(scaled(doorway(left, TOP, DOOR, HEIGHT)), fill=255)
        middle = left + DOOR / 2, TOP + (HEIGHT - TOP) * 0.45
        sheet.paste(tiles(self.card.seed, colours, sheet.size, middle, FINE), (0, 0), mask)

    def draw_words(self, draw, colours):
        start = WIDTH - MARGIN if self.is_rtl else MARGIN
        anchor = "rs" if self.is_rtl else "ls"

        def write(text, language, face, y, colour):
            draw.text((start * FINE, y * FINE), visual(text, language), colours[colour], face, anchor)

        above, title = self.card.above, self.card.title
        sizes = [FINE * size for size in (112, 98, 84, 76, 68, 60, 54, 48, 43, 38)]
        face, lines = fitted(title, self.language_of(title), WORDS * FINE, 330 * FINE, sizes, "Bold")
        step = face.size / FINE * LEADING
        y = HEIGHT / 2 - 20 - (len(lines) - 1) * step / 2 + face.size / FINE * 0.3
        if above:
            small, (words, *_) = fitted(above, self.language_of(above), WORDS * FINE, 60 * FINE, [34 * FINE])
            write(words, self.language_of(above), small, y - step - 8, "city-ink")
        for number, line in enumerate(lines):
            write(line, self.language_of(title), face, y + number * step, "ink")
        self.sign(draw, colours)

    def sign(self, draw, colours):
        """The star and the name of the site, at the foot."""
        middle = WIDTH - MARGIN - 20 if self.is_rtl else MARGIN + 20
        for size, colour in ((1.6, "city-ink"), (0.8, "city-accent")):
            draw.polygon(scaled((middle + x * size, 548 + y * size) for x, y in KHATAM), fill=colours[colour])
        room = (WORDS - 60) * FINE
        language = self.language_of(self.site_name)
        face, (words, *_) = fitted(self.site_name, language, room, 60 * FINE, [32 * FINE])
        x, anchor = (middle - 36, "rs") if self.is_rtl else (middle + 36, "ls")
        draw.text((x * FINE, 559 * FINE), visual(words, language), colours["ink-soft"], face, anchor)


def scaled(points):
    return [(x * FINE, y * FINE) for x, y in points]
