"""A doorway full of tilework, drawn in pixels: what the style sheet and the SVG cover show of it together."""

from math import ceil, cos, hypot, radians, sin

from PIL import Image, ImageDraw

from .zellige import FINENESS, zellige

#: The doorway of the style sheet: a point, then curves (two controls and an end) from the left foot over the top.
OUTLINE = ((6, 70), ((2, 64), (0, 57), (0, 50)), ((0, 22), (31, 14), (50, 0)), ((69, 14), (100, 22), (100, 50)))
OUTLINE += (((100, 57), (98, 64), (94, 70)),)
#: The colours of the tones, as base.css gives them to the drawn covers.
FILLS = {"ground": "city-deep", "star": "city", "petal": "city-soft", "accent": "city-accent", "light": "tile"}
GROUT = 5
ZOOM = 1.15


def doorway(left, top, width, bottom):
    """Its corners; its feet stand below the bottom."""
    part = width / 100
    points = [OUTLINE[0]]
    for curve in OUTLINE[1:]:
        start = points[-1]
        points += [bezier(start, *curve, number / 24) for number in range(1, 25)]
    foot = (bottom - top) / part + 10
    return [(left + x * part, top + y * part) for x, y in [(6, foot), *points, (94, foot)]]


def bezier(start, first, second, end, along):
    left = 1 - along
    weights = left**3, 3 * left**2 * along, 3 * left * along**2, along**3
    return tuple(sum(w * p[axis] for w, p in zip(weights, (start, first, second, end), strict=True)) for axis in (0, 1))


def tiles(seed, colours, size, middle, fine):
    """A sheet with the tilework of a seed around a star in the middle; what a doorway doesn't show stays bare."""
    pattern, zoom = zellige(seed), ZOOM * fine / FINENESS
    sheet = Image.new("RGB", size, colours[FILLS[pattern.backdrop]])
    draw = ImageDraw.Draw(sheet)
    turn = radians(pattern.turn)
    across, down = zoom * cos(turn), zoom * sin(turn)
    x0, y0 = (place * fine for place in middle)
    for dx, dy in periods(pattern, hypot(size[0] / 6, size[1] / 2) / zoom):
        for tone, corners in pattern.shapes:
            if tone != pattern.backdrop:
                from_star = [(x + dx, y + dy) for x, y in corners]
                points = [(x0 + x * across - y * down, y0 + x * down + y * across) for x, y in from_star]
                draw.polygon(points, fill=colours[FILLS[tone]])
                draw.line([*points, points[0]], fill=colours["grout"], width=round(GROUT * zoom), joint="curve")
    return sheet


def periods(pattern, reach):
    """How far the periods around the middle of a star are away from it, up to some distance."""
    columns, rows = ceil(reach / pattern.width + 0.5), ceil(reach / pattern.height + 0.5)
    for column in range(-columns, columns + 1):
        for row in range(-rows, rows + 1):
            yield (column - 0.5) * pattern.width, (row - 0.5) * pattern.height
