"""The results of a list on a map: what has a marker, and the entries beside it that say the same in words.

A spot has both: the marker leads to the entry and the entry to the marker.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .map import frame
from .markers import Map, drawn, position

#: In degrees: the span of a map that is near enough to tell the parts of one spot from each other, and the least one.
NEAR, NEAREST, LEAST = 1, 0.08, 6
#: Width by height.
RATIO = 1.25


class Link(NamedTuple):
    href: str
    text: str


@dataclass(eq=False)
class Spot:
    """A row on the map and in the list beside it; its `parts` are spots that show up when one comes near."""

    row: object
    href: str
    about: str = ""
    colour: str = ""
    number: int = 0
    links: list = field(default_factory=list)
    more: Link | None = None
    parts: list = field(default_factory=list)
    #: Tells the anchors of different kinds of row apart.
    kind: str = ""

    def __post_init__(self):
        self.name, self.slug = self.row.name, self.row.slug
        self.latitude, self.longitude, self.is_located = self.row.latitude, self.row.longitude, self.row.is_located

    @property
    def key(self):
        return f"{self.kind}{self.slug}"

    def get_absolute_url(self):
        """Where its marker leads to."""
        return f"#at-{self.key}"

    @property
    def located(self):
        """Itself and its parts, as far as their coordinates are known."""
        return [spot for spot in (self, *self.parts) if spot.is_located]


class ListMap(NamedTuple):
    """The drawing, and the entries: on it, outside it, and without coordinates."""

    drawing: Map | None
    shown: list
    outside: list
    unlocated: list
    is_zoomed: bool = False

    @property
    def spots(self):
        return [*self.shown, *self.outside, *self.unlocated]


def list_map(spots, at=""):
    """The map of all spots, or of one; near enough, and only then, it shows their parts."""
    zoomed = [spot for spot in spots if spot.slug == at and spot.located]
    window = around([one for spot in zoomed or spots for one in spot.located], NEAREST)
    if not zoomed and window.east - window.west > NEAR:
        window = around([spot for spot in spots if spot.is_located], LEAST)
    for spot in spots:
        if window.east - window.west > NEAR or zoomed and spot not in zoomed:
            spot.parts = []
    located = [*zoomed, *(spot for spot in spots if spot.located and spot not in zoomed)]
    shown = [spot for spot in located if any(window.holds(*position(one)) for one in spot.located)]
    return ListMap(
        drawn([one for spot in shown for one in spot.located], window) if shown else None,
        shown,
        [spot for spot in located if spot not in shown],
        [spot for spot in spots if not spot.located],
        bool(zoomed),
    )


def around(spots, least):
    return frame(map(position, spots), minimum_span_degrees=least, ratio=RATIO)
