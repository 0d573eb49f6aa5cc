import hashlib
import random
import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from learningcities.media.zellige import SCHEMES, TILINGS, faces_between, svg, zellige
from tests.conftest import thorough

SEEDS = [f"city-{number}" for number in range(200)]
TONES = {"ground", "star", "petal", "accent", "light"}
SVG = "{http://www.w3.org/2000/svg}"


def area(points):
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True))) / 2


def cut(points, axis, limit, inwards):
    """What of a polygon lies on one side of a line along an axis."""
    kept = []
    for a, b in zip(points[-1:] + points[:-1], points, strict=True):
        if (a[axis] - limit) * (b[axis] - limit) < 0:
            share = (limit - a[axis]) / (b[axis] - a[axis])
            kept.append(tuple(p + share * (q - p) for p, q in zip(a, b, strict=True)))
        if (b[axis] - limit) * inwards >= 0:
            kept.append(b)
    return kept


def area_within_the_period(pattern, points):
    for axis, limit, inwards in ((0, 0, 1), (0, pattern.width, -1), (1, 0, 1), (1, pattern.height, -1)):
        points = cut(list(points), axis, limit, inwards)
    return area(points)


def covers(points, x, y):
    """The even-odd rule."""
    edges = zip(points, points[1:] + points[:1], strict=True)
    return sum((y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in edges) % 2


def test_the_same_seed_gives_the_same_bytes_for_ever():
    assert svg("benguerir") == svg.__wrapped__("benguerir")
    assert hashlib.sha256(svg("benguerir").encode()).hexdigest()[:16] == "2793ecf85e4ee34b"


def test_two_hundred_seeds_give_at_least_a_hundred_patterns():
    assert len({zellige(seed).shapes for seed in SEEDS}) >= 100


def test_every_scheme_occurs():
    assert {zellige(seed).backdrop for seed in SEEDS} == {scheme[0] for scheme in SCHEMES}


@pytest.mark.parametrize("seed", SEEDS[:3])
@pytest.mark.parametrize("tiling", [tiling._replace(angles=(angle,)) for tiling in TILINGS for angle in tiling.angles])
def test_the_shapes_cover_one_period_without_holes(monkeypatch, tiling, seed):
    monkeypatch.setattr("learningcities.media.zellige.TILINGS", (tiling,))
    pattern = zellige.__wrapped__(seed)
    covered = sum(area_within_the_period(pattern, points) for _, points in pattern.shapes)
    assert covered == pytest.approx(pattern.width * pattern.height, rel=0.001)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_no_two_shapes_overlap(seed):
    pattern, places = zellige(seed), random.Random(seed)
    for _ in range(50):
        x, y = places.uniform(0, pattern.width), places.uniform(0, pattern.height)
        assert sum(covers(points, x, y) for _, points in pattern.shapes) == 1


def test_every_shape_lies_within_one_period_of_the_tile():
    for seed in SEEDS:
        pattern = zellige(seed)
        for tone, points in pattern.shapes:
            assert tone in TONES
            assert all(-pattern.width <= x <= 2 * pattern.width for x, _ in points)
            assert all(-pattern.height <= y <= 2 * pattern.height for _, y in points)


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_a_pattern_is_its_own_mirror_image_both_ways(seed):
    pattern = zellige(seed)

    def drawn(mirror):
        return Counter(
            (tone, frozenset(tuple(round(number) + 0 for number in mirror(x, y)) for x, y in points))
            for tone, points in pattern.shapes
        )

    as_it_is = drawn(lambda x, y: (x - pattern.width / 2, y - pattern.height / 2))
    assert drawn(lambda x, y: (pattern.width / 2 - x, y - pattern.height / 2)) == as_it_is
    assert drawn(lambda x, y: (x - pattern.width / 2, pattern.height / 2 - y)) == as_it_is


def test_pieces_of_the_backdrop_share_no_edge():
    for seed in SEEDS[:60]:
        pattern = zellige(seed)
        edges = Counter()
        for points in {points for tone, points in pattern.shapes if tone == pattern.backdrop}:
            corners = [(round(x), round(y)) for x, y in points]
            edges.update(map(frozenset, zip(corners, corners[1:] + corners[:1], strict=True)))
        assert max(edges.values()) == 1


def test_a_star_that_meets_itself_across_the_period_leaves_one_face_free():
    star = [(0.5, 0), (0.8, 0.2), (1, 0.5), (0.8, 0.8), (0.5, 1), (0.2, 0.8), (0, 0.5), (0.2, 0.2)]
    (face,) = faces_between([[complex(*point) for point in star]], 1, 1)
    assert area([(point.real, point.imag) for point in face]) == pytest.approx(1 - area(star))


@thorough
def test_an_svg_is_small_and_has_one_path_for_each_tone():
    sizes = []
    for seed in SEEDS:
        tree = ET.fromstring(svg(seed))  # noqa: S314
        classes = [path.get("class") for path in tree.iter(f"{SVG}path")]
        assert len(classes) == len(set(classes))
        assert set(classes) <= {f"z-{tone}" for tone in TONES}
        sizes.append(len(svg(seed)))
    assert sorted(sizes)[len(sizes) // 2] <= 1650
    assert max(sizes) <= 2500


def test_an_svg_has_no_style_and_no_colour_of_its_own():
    for seed in SEEDS:
        assert not re.search(r"style|#[0-9a-f]{3}[\"' ;]|stroke|opacity", svg(seed))


def test_an_svg_fills_any_box_around_its_middle_and_hides_from_screen_readers():
    root = ET.fromstring(svg("taza", 1280, 420))  # noqa: S314
    assert root.get("viewBox") == "0 0 1280 420"
    assert root.get("preserveAspectRatio") == "xMidYMid slice"
    assert (root.get("class"), root.get("aria-hidden"), root.get("focusable")) == ("zellige", "true", "false")


def test_the_same_seed_can_stand_twice_on_a_page():
    def ids(text):
        return set(re.findall(r' id="([^"]+)"', text))

    one, other = svg("fes"), svg("fes", id_prefix="hero-")
    assert not ids(one) & ids(other)
    for text in (one, other):
        assert set(re.findall(r"#([\w-]+)", text)) == ids(text)


def test_a_seed_is_never_written_out():
    assert "<b>" not in svg("<b>&\"'")
    ET.fromstring(svg("العيون <&"))  # noqa: S314
