"""The drawn map: coasts and places, and no border of any state. `prepare_land.py` makes the land that it takes."""

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import asinh, atan, degrees, log2, radians, sinh, tan
from pathlib import Path
from typing import ClassVar

#: The land is prepared at so many scales: for a map of the whole world, of half of it, of a quarter ...
SCALES = 7
#: Where the map of the whole world is cut: in the Bering Strait, between the two continents.
WORLD_WEST = -170
HIGHEST_LATITUDE = 75


def prepared(scale):
    """The file of the land at this scale."""
    return Path(__file__).with_name("land") / f"{scale}.json"


def units(scale):
    """Units of the land in one degree of longitude: 2000 across a map of the width that the scale is for."""
    return 2000 / 360 * 2**scale


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
        return round((mercator(self.north) - mercator(self.south)) * self.scale)

    def x_y(self, longitude, latitude):
        """Where a place is in the viewBox, or outside it on the side that is nearer."""
        middle = (self.west + self.east) / 2
        east_of_middle = (longitude - middle + 180) % 360 - 180
        y = (mercator(self.north) - mercator(latitude)) * self.scale
        return round(self.width / 2 + east_of_middle * self.scale, 1), round(y, 1)

    def contains(self, longitude, latitude):
        """Whether a place is inside."""
        x, y = self.x_y(longitude, latitude)
        return 0 <= x <= self.width and 0 <= y <= self.height

    @property
    def land_scale(self):
        return min(SCALES - 1, round(log2(360 / self.span)))

    @property
    def land_box(self):
        """Left, top, width and height of the frame in units of the land."""
        unit = units(self.land_scale)
        width, height = self.span * unit, self.height / self.scale * unit
        return round(self.west * unit, 2), round(-mercator(self.north) * unit, 2), round(width, 2), round(height, 2)

    @property
    def land(self):
        """Path data of all pieces of land that reach into the frame."""
        left, top, width, height = self.land_box
        world = round(360 * units(self.land_scale))
        return "".join(
            f"M{west + turn} {north}{path}"
            for west, north, east, south, path in _pieces(self.land_scale)
            if north < top + height and south > top
            for turn in (-world, 0, world)
            if west + turn < left + width and east + turn > left
        )


def frame(points, pad=0.25, minimum_span_degrees=6, ratio=None):
    """The frame around (longitude, latitude) points, with a margin of `pad` times their larger span on each side.

    `ratio` is width by height; the frame grows to it where the world is large enough. No points: the whole world.
    """
    points = list(points) or [(-120, -56), (0, 0), (120, 72)]
    across = _span(_side_by_side([longitude for longitude, _ in points]))
    up = _span([mercator(_limited(latitude, HIGHEST_LATITUDE)) for _, latitude in points])
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
    top = mercator(HIGHEST_LATITUDE)
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


def mercator(latitude):
    """The height on the map of a latitude, in degrees of the equator."""
    return degrees(asinh(tan(radians(latitude))))


def _latitude(height):
    return degrees(atan(sinh(radians(height))))


def _side_by_side(longitudes):
    """The same longitudes without the leap at 180° if they all lie on one half of the globe."""
    ordered = sorted(longitude % 360 for longitude in longitudes)
    gap, first = max((east - west, east) for west, east in pairwise([*ordered, ordered[0] + 360]))
    return [first + (longitude - first) % 360 for longitude in longitudes] if gap > 180 else longitudes


@lru_cache
def _pieces(scale):
    """The land at one scale: of each piece the box (west, north, east, south) and the path from its corner."""
    return json.loads(prepared(scale).read_text())
