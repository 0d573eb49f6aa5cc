"""A drawn map with the places of some rows on it, each a link."""

from math import ceil, cos, floor, log10, radians, sqrt
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from learningcities.text.translation import direction

from .drawing import HIGHEST_LATITUDE, Frame, frame

#: Kilometres in a degree of the equator.
DEGREE = 111.3
#: In units of the viewBox: the radius of a star, from it to its name, the height of a name, the width of a letter.
STAR, GAP, LINE, LETTER = 12, 10, 40, 21
#: In letters, a name on the map.
LONGEST = 28
#: From so many markers on no name covers a star. The scale of a star, less on a full map, and what is added to it
#: where most of the results are.
CROWD, LARGEST, SMALLEST, MOST = 40, 1.8, 0.55, 0.4


class Marker(NamedTuple):
    """A row on the map; its name is only written where no other stands in the way."""

    row: object
    x: float
    y: float
    scale: float
    has_label: bool = False

    @property
    def name(self):
        return Truncator(self.row.name).chars(LONGEST)

    @property
    def is_turned(self):
        """Whether a name would run out of the map, and stands on the left of its star instead."""
        return self.x + self.gap + self.reach > Frame.width - GAP

    @property
    def direction(self):
        return direction(self.row.name.language)

    @property
    def anchor(self):
        """Which end of the name is at label_x: the one at the star, in the direction of its script."""
        return "end" if self.is_turned == (self.direction == "ltr") else "start"

    @property
    def gap(self):
        return STAR * self.scale + GAP

    @property
    def number(self):
        """How many of the results are here, where the rows say so."""
        return getattr(self.row, "number", 0)

    @property
    def reach(self):
        return LETTER * len(f"{self.name} {self.number or ''}".strip())

    @property
    def label_x(self):
        return round(self.x - self.gap if self.is_turned else self.x + self.gap, 1)

    @property
    def label_box(self):
        """From where to where its name goes, and at which height."""
        left = self.label_x - self.reach if self.is_turned else self.label_x
        return left, left + self.reach, self.y

    @property
    def star_box(self):
        return self.x - STAR * self.scale, self.x + STAR * self.scale, self.y

    @property
    def label_y(self):
        return self.y + 12


class Ruler(NamedTuple):
    """A round length on the ground, in units of the viewBox and in words."""

    units: int
    length: str


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
        step = rounded(self.frame.span / 4)
        return [step * number for number in range(ceil(start / step), ceil(end / step))]

    @property
    def ruler(self):
        """About a fifth of the map's width, or None where the map is too large for one length to be true everywhere."""
        if self.frame.span > 40:
            return None
        middle = radians((self.frame.south + self.frame.north) / 2)
        unit = DEGREE * cos(middle) / self.frame.scale
        length = rounded(self.frame.width * unit / 5)
        words = _("%(number)s km") if length >= 1 else _("%(number)s m")
        return Ruler(round(length / unit), words % {"number": round(length if length >= 1 else 1000 * length)})


def rounded(number):
    """The largest of 1, 2, 5, 10, 20, 50, ... (or .1, .2, .5) that is not larger."""
    power = 10.0 ** floor(log10(number))
    return max(step * power for step in (1, 2, 5) if step * power <= number)


def map_of(rows, **framing):
    """The map around the rows whose coordinates are known, or None."""
    rows = [row for row in rows if row.is_located]
    return drawn(rows, frame([position(row) for row in rows], **framing)) if rows else None


def drawn(rows, window):
    """The located rows in the frame, each star as large as its number asks for, if it has one."""
    base = round(min(LARGEST, max(SMALLEST, 6 / sqrt(len(rows) or 1))), 2)
    markers = [Marker(row, *window.x_y(*position(row)), base) for row in rows]
    most = max([marker.number for marker in markers], default=0)
    if most:
        markers = [
            marker._replace(scale=round(base * (1 + MOST * sqrt(marker.number / most)), 2)) for marker in markers
        ]
    return Map(window, list(labelled(markers)))


def position(row):
    """Where its marker is: beyond the highest latitude of any map, at the map's edge."""
    return float(row.longitude), max(-HIGHEST_LATITUDE, min(HIGHEST_LATITUDE, float(row.latitude)))


def labelled(markers):
    """The first have the better claim to a label; it covers no other and, on a crowded map, no star either."""
    taken = [marker.star_box for marker in markers] if len(markers) > CROWD else []
    for marker in markers:
        left, right, level = marker.label_box
        free = all(right < start or left > end or abs(level - y) > LINE for start, end, y in taken)
        if free:
            taken.append((left, right, level))
        yield marker._replace(has_label=free)
