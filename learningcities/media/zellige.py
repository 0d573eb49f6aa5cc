"""The drawn zellige: the cover of whatever has no photo. A seed gives the same tilework for ever.

Stars stand in the polygons of a tiling and meet at their tips, as Hankin drew them: from each meeting point two lines
leave at the contact angle, and where they cut those of the next meeting point they make a star. What the stars leave
free is traced and becomes the pieces between them; large stars are cut further, into petals, almonds and a heart.
"""

import hashlib
from cmath import rect
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, floor, pi, radians, tan
from typing import NamedTuple

#: Pattern units in one unit of the SVG's viewBox, so that whole numbers are fine enough.
FINENESS = 4


@dataclass(frozen=True)
class Pattern:
    """One seamless rectangular period around a star, its own mirror image both ways.

    Shapes are (tone, ((x, y), ...)); one that crosses an edge appears again on the other side. The pieces
    between the stars have the `backdrop` tone and share no edge with each other. `turn` is in degrees, for display.
    """

    width: float
    height: float
    turn: int
    backdrop: str
    shapes: tuple


class Tiling(NamedTuple):
    """A lattice, the distance of its points in viewBox units, contact angles in degrees to choose from, and
    stars: (on which places of the lattice, how many tips, radius in steps of the lattice)."""

    lattice: str
    step: int
    angles: tuple
    stars: tuple


def _polygons(length, **tips):
    """The stars in the regular polygons of a tiling whose edges have that length in lattice steps."""
    return tuple((place, count, length / 2 / tan(pi / count)) for place, count in tips.items())


R2, R3 = 2**0.5, 3**0.5
SMALL, MIDDLE, THIRD = (R2 - 1) / 2, R2 / 4, R3 / 2 / (1 + R3)
TILINGS = (
    Tiling("square", 150, (45, 52, 60), (("point", 8, 0.5),)),  # 4.4.4.4: the star and the cross
    Tiling("square", 175, (45, 56, 67.5), _polygons(R2 - 1, point=8, gap=4)),  # 4.8.8, and four kin of it
    Tiling("square", 200, (45, 52, 60), (("point", 8, 0.5), ("gap", 8, SMALL))),
    Tiling("square", 240, (50, 56.25, 60), (("point", 16, 0.5), ("gap", 8, SMALL))),
    Tiling("square", 250, (45, 56.25), (("point", 16, MIDDLE), ("gap", 8, MIDDLE), ("edge", 4, 0.5 - MIDDLE))),
    Tiling("square", 260, (56.25, 60), (("point", 16, MIDDLE), ("gap", 16, MIDDLE), ("edge", 4, 0.5 - MIDDLE))),
    Tiling("triangular", 135, (45, 52, 60), _polygons(1 / R3, point=6)),  # 6.6.6
    Tiling("triangular", 190, (50, 60), (("point", 12, 0.5),)),
    Tiling("triangular", 200, (45, 52, 60), _polygons(2 - R3, point=12, gap=3)),  # 3.12.12
    Tiling("triangular", 230, (45, 52, 60), _polygons(1 / (3 + R3), point=12, edge=4, gap=6)),  # 4.6.12
    Tiling("triangular", 180, (45, 52, 60), _polygons(1 / (1 + R3), point=6, edge=4, nook=3)),  # 3.4.6.4
    Tiling("triangular", 230, (50, 60, 66), (("point", 12, THIRD), ("edge", 8, 0.5 - THIRD), ("nook", 3, THIRD / 3))),
)
#: Tones: between the stars, of petals in turn, of the rings inside them in turn, of hearts, and of small stars.
SCHEMES = (
    ("ground", ("star", "petal"), ("light", "star"), "accent", "light"),
    ("ground", ("petal",), ("light", "star"), "accent", "light"),
    ("ground", ("light",), ("star", "light"), "accent", "petal"),
    ("ground", ("accent", "light"), ("star", "light"), "petal", "accent"),
    ("light", ("star", "ground"), ("petal", "ground"), "accent", "star"),
    ("light", ("ground",), ("light", "star"), "accent", "petal"),
    ("star", ("light", "petal"), ("ground", "petal"), "accent", "light"),
    ("petal", ("star", "ground"), ("light", "star"), "accent", "ground"),
)
#: For large stars, by their tips, the radii, in parts of the star's, of corners inside: two give bent petals.
CUTS = {
    6: ((0.35, 0.2), (0.4,)),
    8: ((0.35, 0.18), (0.35,), (0.6, 0.4, 0.25)),
    12: ((0.38, 0.22), (0.42, 0.26), (0.6, 0.4, 0.25)),
    16: ((0.4, 0.26), (0.38, 0.22), (0.66, 0.55, 0.35, 0.22)),
}


@lru_cache(maxsize=32)
def zellige(seed: str) -> Pattern:
    digest = iter(hashlib.sha256(seed.encode()).digest())

    def choose(options):
        return options[next(digest) % len(options)]

    tiling, (between, *tones) = choose(TILINGS), choose(SCHEMES)
    angle, step = radians(choose(tiling.angles)), tiling.step * choose((FINENESS, FINENESS * 1.2))
    turns, ratio = ((0, 45), 1) if tiling.lattice == "square" else ((0, 90), R3)
    outlines, pieces = [], []
    for place, tips, radius in tiling.stars:
        notch = cos(angle) / cos(pi / tips - angle)
        radii = [step * radius * part for part in (1, notch, *_inner_radii(tips, radius, choose))]
        parts = list(_parts(tips, radii, _tones(place, tips, len(radii) - 2, *tones)))
        for centre, direction in _places(tiling.lattice)[place]:
            placed = _placer(centre * step, direction, tips)
            outlines.append(placed(_zigzag(tips, *radii[:2])))
            pieces += [(tone, placed(corners)) for tone, corners in parts]
    pieces += [(between, face) for face in faces_between(outlines, step, step * ratio)]
    return Pattern(step, step * ratio, choose(turns), between, tuple(_repeated(pieces, step, step * ratio)))


def _inner_radii(tips, radius, choose):
    small = () if tips < 6 else (0.4,)
    return choose(CUTS[tips]) if small and radius > 0.2 else small


def _places(lattice):
    """For each kind of place, where it is in one period, as a complex number, and in which direction it has a tip.

    A gap lies between points; its tips are towards them. A nook is the same place with its tips towards the edges.
    """
    if lattice == "square":
        return {"point": [(0.5 + 0.5j, 0)], "gap": [(0j, pi / 4)], "edge": [(0.5j, 0), (0.5 + 0j, pi / 2)]}
    points = 0.5 + 0.5j * R3, 0j
    gaps = [(point + rect(1 / R3, angle), angle) for point in points for angle in (pi / 2, -pi / 2)]
    edges = [(point + rect(0.5, angle), angle) for point in points for angle in (0, pi / 3, -pi / 3)]
    back = [(centre, -angle) for centre, angle in gaps]
    return {"point": [(point, 0) for point in points], "edge": edges, "gap": back, "nook": gaps}


def _placer(centre, direction, tips):
    """What turns corners, each a radius and a number of half steps from tip to tip, into points."""
    return lambda corners: [centre + rect(radius, direction + turn * pi / tips) for radius, turn in corners]


def _tones(place, tips, rings, petals, inner, heart, small):
    """A tuple of tones for each ring of pieces, then that of what is left in the middle."""
    if not rings:
        return [(small,)]
    if place != "point":
        petals, inner = (small,), inner[::-1]
    if tips % 4:
        petals = petals[:1]  # two in turn would not be their own mirror image
    return [petals, *((tone,) for tone in (inner * 2)[: rings - 1]), (heart,)]


def _parts(tips, radii, tones):
    """The pieces of a star, ring by ring and then its middle, as (tone, corners)."""
    rings = _bent_rings(*radii) if len(radii) == 4 else map(_kite, radii, radii[1:], radii[2:])
    for ring, (corners, colours) in enumerate(zip(rings, tones, strict=False)):
        for number in range(tips):
            turned = [(radius, turn + ring + 2 * number) for radius, turn in corners]
            yield colours[number % len(colours)], turned
    yield tones[-1][0], _zigzag(tips, *radii[-2:], first=len(radii) - 2)


def _kite(far, side, near):
    return (far, 0), (side, 1), (near, 0), (side, -1)


def _bent_rings(tip, notch, waist, heart):
    """Petals with shoulders, and the almonds that fill what the petals leave between them."""
    bend, wide, thin = (notch + waist) / 2, 0.8, 0.2
    yield (tip, 0), (notch, 1), (bend, wide), (waist, 0), (bend, -wide), (notch, -1)
    yield (notch, 0), (bend, thin), (waist, 1), (heart, 0), (waist, -1), (bend, -thin)


def _zigzag(tips, outer, inner, first=0):
    return [((outer, inner)[number % 2], first + number) for number in range(2 * tips)]


def faces_between(stars, width, height):
    """The faces left free by stars that touch each other, across the period too, only at tips."""
    across = _meetings(stars, width, height)
    corners = [(number, corner) for number, star in enumerate(stars) for corner in range(len(star))]
    left = set(corners)
    return [list(_trace(start, stars, across, left)) for start in corners if start in left]


def _meetings(stars, width, height):
    """For each tip that meets another, that other one, both as (number of the star, corner)."""
    met = defaultdict(list)
    for number, star in enumerate(stars):
        for corner, tip in list(enumerate(star))[::2]:
            met[round(tip.real / width * 2000) % 2000, round(tip.imag / height * 2000) % 2000].append((number, corner))
    return {edge: facing for pair in met.values() if len(pair) == 2 for edge, facing in (pair, pair[::-1])}


def _trace(start, stars, across, left):
    """Walk backwards along the outlines, changing the star wherever two meet."""
    number, corner = start
    point = stars[number][corner]
    while (number, corner) in left:
        left.remove((number, corner))
        yield point
        star = stars[number]
        point += star[corner - 1] - star[corner]
        reached = number, (corner - 1) % len(star)
        number, corner = across.get(reached, reached)


def _repeated(shapes, width, height):
    for tone, corners in shapes:
        xs, ys = [point.real for point in corners], [point.imag for point in corners]
        for dx in _shifts(xs, width):
            for dy in _shifts(ys, height):
                yield tone, tuple((x + dx, y + dy) for x, y in zip(xs, ys, strict=True))


def _shifts(values, period, trace=0.5):
    """The multiples of the period that bring a shape into it by more than a trace."""
    first, last = (trace - max(values)) / period, (period - trace - min(values)) / period
    return [number * period for number in range(ceil(first), floor(last) + 1)]


@lru_cache(maxsize=512)
def svg(seed: str, width: int = 800, height: int = 500, id_prefix: str = "") -> str:
    """The cover as one element; its colours and its grout come from the stylesheet."""
    pattern = zellige(seed)
    name = f"{id_prefix}z{hashlib.sha256(seed.encode()).hexdigest()[:6]}"
    w, h, x, y = (f"{side / by:.1f}".removesuffix(".0") for by in (1, 2) for side in (pattern.width, pattern.height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="zellige" viewBox="0 0 {width} {height}"'
        ' preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false"><defs>'
        f'<pattern id="{name}" width="{w}" height="{h}" patternUnits="userSpaceOnUse" patternTransform="'
        f'translate({width / 2:g} {height / 2:g})rotate({pattern.turn})scale({1 / FINENESS})translate(-{x} -{y})">'
        f'<path class="z-{pattern.backdrop}" d="M0 0h{w}v{h}H0z"/><g class="z-grout" transform="translate({x} {y})">'
        f'<g id="{name}b"><g id="{name}a">{_quarter(pattern)}</g><use href="#{name}a" transform="scale(-1 1)"/></g>'
        f'<use href="#{name}b" transform="scale(1 -1)"/></g></pattern></defs>'
        f'<rect width="{width}" height="{height}" fill="url(#{name})"/></svg>'
    )


def _quarter(pattern):
    """One path for each tone, of the shapes that reach to the right of the centre and below it."""
    shapes = defaultdict(list)
    for tone, corners in pattern.shapes:
        points = [(round(x - pattern.width / 2), round(y - pattern.height / 2)) for x, y in corners]
        if tone != pattern.backdrop and all(max(axis) > 1 for axis in zip(*points, strict=True)):
            shapes[tone].append(points)
    return "".join(f'<path class="z-{tone}" d="{_path(polygons)}"/>' for tone, polygons in shapes.items())


def _path(polygons):
    """Relative path data; the coordinates are whole numbers already, so that no error adds up."""
    text, x, y = "", 0, 0
    for polygon in polygons:
        text += "m"
        for a, b in polygon:
            text, x, y = text + f"{a - x} {b - y} ", a, b
        text, x, y = text + "z", *polygon[0]
    return text.replace(" -", "-").replace(" z", "z")
