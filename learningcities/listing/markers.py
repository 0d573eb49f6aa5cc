"""A drawn map with the places of some rows on it, each a link."""

from math import ceil, cos, floor, log10, radians
from typing import NamedTuple

from django.utils.text import Truncator

from .map import Frame, frame

#: Kilometres in a degree of the equator.
DEGREE = 111.3
#: In units of the viewBox: from a star to its name, the height of a name, the width of one of its letters.
GAP, LINE, LETTER = 34, 40, 17
#: In letters, a name on the map.
LONGEST = 28
#: From so many markers on they are drawn small; the share by which the one with the highest number is larger.
CROWD, LARGER = 40, 0.7


class Marker(NamedTuple):
    """A row on the map; its name is only written where no other stands in the way."""

    row: object
    x: float
    y: float
    has_label: bool
    scale: float

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


class Ruler(NamedTuple):
    """A round length; in kilometres only from one on."""

    units: int
    kilometres: int
    metres: int


class Map(NamedTuple):
    frame: Frame
    markers: list

    @property
    def meridians(self):
        return [self.frame.x_y(degree, 0)[0] for degree in self.net(self.frame.west, self.frame.east)]

    @property
    def parallels(self):
        return [self.frame.x_y(self.frame.west, degree)[1] for degree in self.net(self.frame.south, self.frame.north)]

    def net(self, start, end):
        """Round degrees, a few of them in each direction."""
        step = rounded((self.frame.east - self.frame.west) / 3)
        return [step * number for number in range(ceil(start / step), ceil(end / step))]

    @property
    def ruler(self):
        """About a fifth of the map's width, or None where the map is too large for one length to be true everywhere."""
        if self.frame.east - self.frame.west > 40:
            return None
        middle = radians((self.frame.south + self.frame.north) / 2)
        unit = DEGREE * cos(middle) / self.frame.scale
        length = rounded(self.frame.width * unit / 5)
        return Ruler(round(length / unit), int(length), round(1000 * length))


def rounded(number):
    """The largest of 1, 2, 5, 10, 20, 50, ... (or .1, .2, .5) that is not larger."""
    power = 10.0 ** floor(log10(number))
    return max(step * power for step in (1, 2, 5) if step * power <= number)


def map_of(rows, **framing):
    """The map around the rows whose coordinates are known, or None."""
    rows = [row for row in rows if row.is_located]
    return drawn(rows, frame([position(row) for row in rows], **framing)) if rows else None


def drawn(rows, window):
    """The located rows in the frame, each as large as its number, if it has one, compared to the others'."""
    numbers = [getattr(row, "number", 0) for row in rows]
    base, most = (1 if len(rows) > CROWD else 1.9), max(numbers, default=0)
    scales = [round(base * (1 + LARGER * (number / most) ** 0.5 if most else 1), 2) for number in numbers]
    points = [(row, *window.x_y(*position(row)), scale) for row, scale in zip(rows, scales, strict=True)]
    return Map(window, list(placed(points)))


def position(row):
    return float(row.longitude), float(row.latitude)


def placed(points):
    """Markers, the first of which have the better claim to a label; on a crowded map no label covers a star."""
    taken = [(x - 12 * scale, x + 12 * scale, y) for _row, x, y, scale in points] if len(points) > CROWD else []
    for row, x, y, scale in points:
        start, end = x + 13 * scale, x + reach(row.name)
        left, right = (x - end + x, x - start + x) if turned(x, row.name) else (start, end)
        free = all(right < start or left > end or abs(y - level) > LINE for start, end, level in taken)
        if free:
            taken.append((left, right, y))
        yield Marker(row, x, y, free, scale)


def turned(x, name):
    """Whether a name would run out of the map, and stands on the left of its star instead."""
    return x + reach(name) > Frame.width


def reach(name):
    return GAP + LETTER * min(len(name), LONGEST)
