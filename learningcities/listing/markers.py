"""A drawn map with the places of some rows on it, each a link to its page."""

from math import ceil
from typing import NamedTuple

from django.utils.text import Truncator

from .map import Frame, frame

#: Degrees between two lines of the net.
NET = 5
#: In units of the viewBox: from a star to its name, the height of a name, the width of one of its letters.
GAP, LINE, LETTER = 34, 40, 17
#: In letters, a name on the map.
LONGEST = 28


class Marker(NamedTuple):
    """A row on the map; its name is only written where no other stands in the way."""

    row: object
    x: float
    y: float
    has_label: bool

    @property
    def name(self):
        return Truncator(self.row.name).chars(LONGEST)

    @property
    def is_turned(self):
        return turned(self.x, self.row.name)

    @property
    def label_x(self):
        return self.x - GAP if self.is_turned else self.x + GAP

    @property
    def label_y(self):
        return self.y + 12


class Map(NamedTuple):
    frame: Frame
    markers: list

    @property
    def meridians(self):
        start = ceil(self.frame.west / NET) * NET
        return [self.frame.x_y(degree, 0)[0] for degree in range(start, ceil(self.frame.east), NET)]

    @property
    def parallels(self):
        start = ceil(self.frame.south / NET) * NET
        return [self.frame.x_y(self.frame.west, degree)[1] for degree in range(start, ceil(self.frame.north), NET)]


def map_of(rows, **framing):
    """The map around the rows whose coordinates are known, or None."""
    located = [(row, float(row.longitude), float(row.latitude)) for row in rows if row.is_located]
    if not located:
        return None
    window = frame([(longitude, latitude) for _row, longitude, latitude in located], **framing)
    return Map(window, list(placed((row, *window.x_y(longitude, latitude)) for row, longitude, latitude in located)))


def placed(points):
    """Markers, the first of which have the better claim to a label."""
    taken = []
    for row, x, y in points:
        width = reach(row.name)
        left, right = (x - width, x) if turned(x, row.name) else (x, x + width)
        free = all(right < start or left > end or abs(y - level) > LINE for start, end, level in taken)
        if free:
            taken.append((left, right, y))
        yield Marker(row, x, y, free)


def turned(x, name):
    """Whether a name would run out of the map, and stands on the left of its star instead."""
    return x + reach(name) > Frame.width


def reach(name):
    return GAP + LETTER * min(len(name), LONGEST)
