"""The drawn map: coasts and places, and no border of any state.

`land.json` holds the coastlines of Natural Earth 4.1.0 (public domain), converted once from the TopoJSON of the npm
package world-atlas 2.0.2. It is land-10m, because in land-50m the Moroccan coast is a few straight lines, with less
detail the farther from Morocco: corners smaller than 0.009° squared near it and 0.043° squared far away were dropped
(Visvalingam), and islands under about 90 km² (7 near Morocco). Rings that cross 180° were unwrapped and the tip of
Asia, cut off there, was sewn on, so that some longitudes lie beyond it; Antarctica is closed below the map's edge.
A ring is a flat list of hundredths of a degree, longitude before latitude: its first point, then the step to each next.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise
from math import asinh, atan, degrees, radians, sinh, tan
from pathlib import Path
from typing import ClassVar

DATA = Path(__file__).with_name("land.json")
#: Where the map of the whole world is cut: in the Bering Strait, between the two continents.
WORLD_WEST = -170
HIGHEST_LATITUDE = 75
#: In units of the viewBox, how far the land reaches beyond the frame, so that the cut is never seen; in square units,
#: the smallest corner of a coast and the smallest island worth drawing.
MARGIN, SMALLEST_CORNER, SMALLEST_ISLAND = 20, 2.2, 3


@dataclass(frozen=True)
class Frame:
    """A window on the Mercator map, in degrees; `east` may lie beyond 180. Units of its viewBox: 0 0 width height."""

    west: float
    south: float
    east: float
    north: float
    width: ClassVar[int] = 1000

    @property
    def span(self):
        """In degrees of longitude."""
        return self.east - self.west

    @property
    def scale(self):
        """Units of the viewBox in one degree of longitude."""
        return self.width / self.span

    @property
    def height(self):
        return round((_mercator(self.north) - _mercator(self.south)) * self.scale)

    def x_y(self, longitude, latitude):
        """Where a place is in the viewBox, or outside it on the side that is nearer."""
        middle = (self.west + self.east) / 2
        east_of_middle = (longitude - middle + 180) % 360 - 180
        y = (_mercator(self.north) - _mercator(latitude)) * self.scale
        return round(self.width / 2 + east_of_middle * self.scale, 1), round(y, 1)

    def holds(self, longitude, latitude):
        """Whether a place is inside."""
        x, y = self.x_y(longitude, latitude)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def land(self):
        """Path data of the land in the frame, reaching a little beyond it on all sides."""
        return _land(self)


def frame(points, pad=0.25, minimum_span_degrees=6, ratio=None):
    """The frame around (longitude, latitude) points, with a margin of `pad` times their larger span on each side.

    `ratio` is width by height; the frame grows to it where the world is large enough. No points: the whole world.
    """
    points = list(points) or [(-120, -56), (0, 0), (120, 72)]
    across = _span(_side_by_side([longitude for longitude, _ in points]))
    up = _span([_mercator(_limited(latitude, HIGHEST_LATITUDE)) for _, latitude in points])
    margin = pad * max(across[1], up[1])
    middle, half = across[0], max(across[1], minimum_span_degrees) / 2 + margin
    level, half_height = up[0], max(up[1], minimum_span_degrees) / 2 + margin
    if ratio:
        half, half_height = max(half, half_height * ratio), max(half_height, half / ratio)
    if half > 150:
        middle, half = WORLD_WEST + 180, 180
        half_height = 180 / ratio if ratio else up[1] * (0.5 + pad)
    return _framed(middle, half, level, half_height)


def _framed(middle, half, level, half_height):
    """The frame of a box in Mercator degrees, moved or cut to stay below the highest latitudes."""
    top = _mercator(HIGHEST_LATITUDE)
    half_height = min(half_height, top)
    level = _limited(level, top - half_height)
    west = (middle + 180) % 360 - 180 - half
    south, north = _latitude(level - half_height), _latitude(level + half_height)
    return Frame(round(west, 2), round(south, 2), round(west + 2 * half, 2), round(north, 2))


def _span(values):
    """The middle and the length of a range."""
    return (min(values) + max(values)) / 2, max(values) - min(values)


def _limited(value, limit):
    return max(-limit, min(limit, value))


def _mercator(latitude):
    """The height on the map of a latitude, in degrees of the equator."""
    return degrees(asinh(tan(radians(latitude))))


def _latitude(height):
    return degrees(atan(sinh(radians(height))))


def _side_by_side(longitudes):
    """The same longitudes without the leap at 180° if they all lie on one half of the globe."""
    ordered = sorted(longitude % 360 for longitude in longitudes)
    gap, first = max((east - west, east) for west, east in pairwise([*ordered, ordered[0] + 360]))
    return [first + (longitude - first) % 360 for longitude in longitudes] if gap > 180 else longitudes


@lru_cache(maxsize=1)
def _rings():
    """Every coastline as (longitude, height on the map) points, in front of it the ranges of both."""
    rings = [list(_ring(steps)) for steps in json.loads(DATA.read_text())["rings"]]
    return [([(min(axis), max(axis)) for axis in zip(*ring, strict=True)], ring) for ring in rings]


def _ring(steps):
    for longitude, latitude in zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True):
        yield longitude / 100, _mercator(latitude / 100)


@lru_cache(maxsize=64)
def _land(window):
    outlines = map(_simplified, _visible(window))
    return _path(outline for outline in outlines if abs(_area(outline)) > SMALLEST_ISLAND)


def _visible(window):
    """The land in the frame and its margin, in units of the viewBox, one outline after the other."""
    scale, top = window.scale, _mercator(window.north)
    right, bottom = window.width + MARGIN, window.height + MARGIN
    for ((west, east), (low, high)), ring in _rings():
        for turn in (-360, 0, 360):
            start = window.west - turn
            xs, ys = ((west - start) * scale, (east - start) * scale), ((top - high) * scale, (top - low) * scale)
            if xs[0] < right and xs[1] > -MARGIN and ys[0] < bottom and ys[1] > -MARGIN:
                yield _clipped([((x - start) * scale, (top - y) * scale) for x, y in ring], right, bottom)


def _clipped(points, right, bottom):
    """Sutherland and Hodgman: cut away what lies beyond one side of the box after the other."""
    for axis, limit, inwards in ((0, -MARGIN, 1), (0, right, -1), (1, -MARGIN, 1), (1, bottom, -1)):
        points = list(_cut(points, axis, limit, inwards))
    return points


def _cut(points, axis, limit, inwards):
    for before, here in zip(points[-1:] + points[:-1], points, strict=True):
        if (before[axis] >= limit) != (here[axis] >= limit):
            share = (limit - before[axis]) / (here[axis] - before[axis])
            yield tuple(start + share * (end - start) for start, end in zip(before, here, strict=True))
        if (here[axis] - limit) * inwards >= 0:
            yield here


def _simplified(points):
    """Visvalingam and Whyatt: of a closed outline, drop the smallest corner, again and again, up to a size."""
    points = [complex(*point) for point in points]
    before, after = ([(number + step) % len(points) for number in range(len(points))] for step in (-1, 1))

    def size(number):
        point = points[number]
        return abs(((points[before[number]] - point).conjugate() * (points[after[number]] - point)).imag) / 2

    sizes = [size(number) for number in range(len(points))]
    queue = [(area, number) for number, area in enumerate(sizes)]
    heapify(queue)
    left = len(points)
    while left > 3 and queue[0][0] < SMALLEST_CORNER:
        area, number = heappop(queue)
        if area != sizes[number]:
            continue  # the corner is gone or has changed since
        one, other = before[number], after[number]
        after[one], before[other], sizes[number] = other, one, None
        for neighbour in (one, other):
            sizes[neighbour] = max(area, size(neighbour))  # or a coast would be eaten away from one end
            heappush(queue, (sizes[neighbour], neighbour))
        left -= 1
    return [point for point, area in zip(points, sizes, strict=True) if area is not None]


def _area(points):
    pairs = zip(points[-1:] + points[:-1], points, strict=True)
    return sum((before.conjugate() * here).imag for before, here in pairs) / 2


def _path(outlines):
    """Relative path data in tenths, rounded before the differences so that no error adds up."""
    text, x, y = "", 0, 0
    for outline in outlines:
        points = [(round(10 * point.real), round(10 * point.imag)) for point in outline]
        text += "m"
        for a, b in points:
            text, x, y = text + f"{_short(a - x)} {_short(b - y)} ", a, b
        text, x, y = text + "z", *points[0]
    return text.replace(" -", "-").replace(" z", "z")


def _short(tenths):
    text = f"{tenths / 10:g}"
    return text.replace("0.", ".") if abs(tenths) < 10 else text
