"""The results of a list on a map: what has a marker, and the entries beside it that say the same in words.

A place has both: the marker leads to the entry and the entry to the marker.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .drawing import frame
from .markers import Map, drawn, position

#: In degrees, the least span of a map: of all, of one place, of one with its parts; and up to which one sees the parts.
ALL, ONE, PARTS, NEAR = 6, 3, 0.08, 1
#: Width by height.
RATIO = 1.25


class Link(NamedTuple):
    href: str
    text: str


@dataclass(eq=False)
class MapPlace:
    """A row on the map and in the list beside it; its `parts` are places that show up when one comes near."""

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
        return [place for place in (self, *self.parts) if place.is_located]


class ListMap(NamedTuple):
    """The drawing, and the entries: on it, outside it, and without coordinates."""

    drawing: Map | None
    shown: list
    outside: list
    unlocated: list
    is_zoomed: bool = False

    @property
    def places(self):
        return [*self.shown, *self.outside, *self.unlocated]


def list_map(places, at=""):
    """The map of all places, or of one; near enough, and only then, it shows their parts."""
    zoomed = [place for place in places if place.slug == at and place.located]
    window = window_of(zoomed, ONE) if zoomed else window_of(places, ALL)
    opened = zoomed or (places if window.span <= NEAR else [])
    for place in places:
        place.parts = place.parts if place in opened else []
    located = [*zoomed, *(place for place in places if place.located and place not in zoomed)]
    shown = [place for place in located if any(window.contains(*position(part)) for part in place.located)]
    return ListMap(
        drawn([part for place in shown for part in place.located], window) if shown else None,
        shown,
        [place for place in located if place not in shown],
        [place for place in places if not place.located],
        bool(zoomed),
    )


def window_of(places, least):
    """The frame around the places, with their parts if that is near enough."""
    every = [part for place in places for part in place.located]
    if any(part.kind for part in every):
        window = around(every, PARTS)
        if window.span <= NEAR:
            return window
    return around([place for place in places if place.is_located] or every, least)


def around(places, least):
    return frame(map(position, places), minimum_span_degrees=least, ratio=RATIO)
