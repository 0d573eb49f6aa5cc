"""The results of a list on a map: what has a marker, and the entries beside it that say the same in words.

A spot has both: the marker leads to the entry and the entry to the marker.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .drawing import frame
from .markers import Map, drawn, position

#: In degrees, the least span of a map: of all, of one spot, of one with its parts; and up to which one sees the parts.
ALL, ONE, PARTS, NEAR = 6, 3, 0.08, 1
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
    window = window_of(zoomed, ONE) if zoomed else window_of(spots, ALL)
    opened = zoomed or (spots if window.span <= NEAR else [])
    for spot in spots:
        spot.parts = spot.parts if spot in opened else []
    located = [*zoomed, *(spot for spot in spots if spot.located and spot not in zoomed)]
    shown = [spot for spot in located if any(window.holds(*position(one)) for one in spot.located)]
    return ListMap(
        drawn([one for spot in shown for one in spot.located], window) if shown else None,
        shown,
        [spot for spot in located if spot not in shown],
        [spot for spot in spots if not spot.located],
        bool(zoomed),
    )


def window_of(spots, least):
    """The frame around the spots, with their parts if that is near enough."""
    every = [one for spot in spots for one in spot.located]
    if any(one.kind for one in every):
        window = around(every, PARTS)
        if window.span <= NEAR:
            return window
    return around([spot for spot in spots if spot.is_located] or every, least)


def around(spots, least):
    return frame(map(position, spots), minimum_span_degrees=least, ratio=RATIO)
