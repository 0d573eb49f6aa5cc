"""Write the land that maps are drawn with, at a few scales: `python -m learningcities.listing.map.prepare_land`.

`land/coastlines.json` holds the coastlines of Natural Earth 4.1.0 (public domain), converted once from the TopoJSON of
the npm package world-atlas 2.0.2. It is land-10m, because in land-50m the Moroccan coast is a few straight lines, with
less detail the farther from Morocco: corners smaller than 0.009° squared near it and 0.043° squared far away were
dropped (Visvalingam), and islands under about 90 km² (7 near Morocco). Rings that cross 180° were unwrapped and the tip
of Asia, cut off there, was sewn on, so that some longitudes lie beyond it; Antarctica is closed below the map's edge.
A ring is a flat list of hundredths of a degree, longitude before latitude: its first point, then the step to each next.

A map takes the pieces that reach into its frame, as they are. Pieces overlap, so that the fill of one covers the cut of
its neighbour; the stroke is painted before the fill (`paint-order`) and remains along the coasts only.
"""

import json
from heapq import heapify, heappop, heappush
from itertools import accumulate, chain, pairwise

from .drawing import HIGHEST_LATITUDE, SCALES, mercator, prepared, units

SOURCE = prepared("coastlines")
#: In square units, the smallest corner of a coast and the smallest island worth drawing.
SMALLEST_CORNER, SMALLEST_ISLAND = 9, 12
#: In units, how far a piece reaches beyond its cut: more than half of a stroke.
OVERLAP = 4
#: In points. Larger pieces are fewer bytes in all, smaller ones fewer bytes beyond a frame.
LARGEST_PIECE = 100


def main():
    for scale in range(SCALES):
        prepared(scale).write_text(text(scale))


def text(scale):
    """One line of JSON for each piece."""
    edge = round(mercator(HIGHEST_LATITUDE) * units(scale))
    land = half(half(list(outlines(scale)), 1, 1, edge), 1, -1, -edge)
    return "[\n" + ",\n".join(json.dumps(described(piece)) for piece in pieces(land)) + "\n]\n"


def outlines(scale):
    """Each coastline as points on the map, in whole units, with no more detail than can be seen."""
    unit = units(scale)
    for steps in json.loads(SOURCE.read_text())["rings"]:
        degrees = zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True)
        points = simplified([complex(x / 100, -mercator(y / 100)) * unit for x, y in degrees])
        if abs(area(points)) > SMALLEST_ISLAND:
            yield [(round(point.real), round(point.imag)) for point in points]


def simplified(points):
    """Visvalingam and Whyatt: of a closed outline, drop the smallest corner, again and again, up to a size."""
    before, after = ([(number + step) % len(points) for number in range(len(points))] for step in (-1, 1))

    def size(number):
        point = points[number]
        return abs(((points[before[number]] - point).conjugate() * (points[after[number]] - point)).imag) / 2

    sizes = [size(number) for number in range(len(points))]
    queue = [(corner, number) for number, corner in enumerate(sizes)]
    heapify(queue)
    left = len(points)
    while left > 3 and queue[0][0] < SMALLEST_CORNER:
        corner, number = heappop(queue)
        if corner != sizes[number]:
            continue  # it is gone or has changed since
        previous, following = before[number], after[number]
        after[previous], before[following], sizes[number] = following, previous, None
        for neighbour in (previous, following):
            sizes[neighbour] = max(corner, size(neighbour))  # or a coast would be eaten away from one end
            heappush(queue, (sizes[neighbour], neighbour))
        left -= 1
    return [point for point, corner in zip(points, sizes, strict=True) if corner is not None]


def area(points):
    return sum((before.conjugate() * here).imag for before, here in pairwise([points[-1], *points])) / 2


def pieces(land):
    """The outlines, cut in two and again until each piece has few points."""
    if sum(map(len, land)) <= LARGEST_PIECE:
        yield land
        return
    west, north, east, south = box(land)
    axis, middle = (0, (west + east) // 2) if east - west > south - north else (1, (north + south) // 2)
    for side in (1, -1):
        yield from pieces(half(land, axis, side, middle))


def half(land, axis, side, middle):
    """What lies on one side of a line (1: the smaller numbers) and a little beyond it, closed along the cut."""
    limit = middle + side * (OVERLAP + 0.5)  # no point is on it
    whole, parts = [], []
    for outline in land:
        inside = [side * point[axis] < side * limit for point in outline]
        if all(inside):
            whole.append(outline)
            continue
        start = inside.index(False)
        steps = zip(outline[start:] + outline[: start + 1], inside[start:] + inside[: start + 1], strict=True)
        for (before, was_inside), (here, is_inside) in pairwise(steps):
            if was_inside != is_inside:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                crossing = tuple(round(a + share * (b - a)) for a, b in zip(before, here, strict=True))
                parts += [[]] if is_inside else []
                parts[-1].append(crossing)
            if is_inside:
                parts[-1].append(here)
    # Each stretch of land along the line has the end of one part and the start of one, in the order of both.
    numbers = range(len(parts))
    ends, starts = (sorted(numbers, key=lambda number: parts[number][end][1 - axis]) for end in (-1, 0))
    following = dict(zip(ends, starts, strict=True))
    while following:
        number, outline = next(iter(following)), []
        while number in following:
            outline += parts[number]
            number = following.pop(number)
        whole.append(outline)
    return whole


def box(land):
    xs, ys = zip(*chain(*land), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def described(piece):
    """The box, and the path from its north-western corner, which a map may also put a turn of the globe away."""
    x, y, *_rest = box(piece)
    path = ""
    for outline in piece:
        path += "m"
        for a, b in outline:
            path, x, y = path + f"{a - x} {b - y} ", a, b
        path, x, y = path + "z", *outline[0]
    return *box(piece), path.replace(" -", "-").replace(" z", "z")


if __name__ == "__main__":
    main()
