import re

import pytest

from learningcities.listing.map import prepare_land
from learningcities.listing.map.drawing import Frame, frame, prepared

BENGUERIR, CHEFCHAOUEN, LAAYOUNE = (-7.95397, 32.24088), (-5.26360, 35.16878), (-13.18797, 27.14180)
MOROCCO = [BENGUERIR, CHEFCHAOUEN, LAAYOUNE]
WORLD = [(-157.8, 21.3), (-68.3, -54.8), (18.9, 69.6), (139.7, 35.7), (174.8, -36.9), (31.2, 30)]
FIJI, TONGA, SAMOA = (178.4, -18.1), (-175.2, -21.1), (-171.8, -13.8)


def outlines(window):
    """The closed outlines of the land as they are drawn in the frame, as lists of (x, y)."""
    left, top, width, _height = window.land_box
    zoom = window.width / width
    for piece in window.land.split("M")[1:]:
        start, *texts = piece.rstrip("z").split("m")
        x, y = map(int, start.split())
        for text in texts:
            numbers = [int(number) for number in re.findall(r"-?\d+", text)]
            points = []
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + dx, y + dy
                points.append((x, y))
            yield [((x - left) * zoom, (y - top) * zoom) for x, y in points]
            x, y = points[0]


def is_land(window, longitude, latitude):
    """Whether a place is filled, by the rule nonzero: pieces overlap, and a lake is an outline the other way round."""
    x, y = window.x_y(longitude, latitude)
    return sum(turns(points, x, y) for points in outlines(window)) != 0


def turns(points, x, y):
    edges = zip(points, points[1:] + points[:1], strict=True)
    return sum(
        (y1 > y) - (y0 > y) for (x0, y0), (x1, y1) in edges if y0 != y1 and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    )


def is_inside(window, longitude, latitude):
    x, y = window.x_y(longitude, latitude)
    return 0 <= x <= window.width and 0 <= y <= window.height


@pytest.mark.parametrize("ratio", [None, 1, 16 / 9])
@pytest.mark.parametrize("points", [MOROCCO, [BENGUERIR], WORLD, [FIJI, TONGA, SAMOA]])
def test_a_frame_contains_its_points(points, ratio):
    window = frame(points, ratio=ratio)
    assert all(is_inside(window, *point) for point in points)


def test_north_is_up_and_east_is_right():
    window = frame(MOROCCO)
    assert window.x_y(*CHEFCHAOUEN)[0] > window.x_y(*BENGUERIR)[0] > window.x_y(*LAAYOUNE)[0]
    assert window.x_y(*CHEFCHAOUEN)[1] < window.x_y(*BENGUERIR)[1] < window.x_y(*LAAYOUNE)[1]


def test_one_place_gets_the_minimum_span_around_it():
    window = frame([BENGUERIR])
    assert window.east - window.west == pytest.approx(6)
    assert window.x_y(*BENGUERIR) == pytest.approx((500, window.height / 2), abs=1)


@pytest.mark.parametrize("ratio", [0.75, 1, 16 / 9, 3])
def test_a_frame_grows_to_the_ratio_asked_for(ratio):
    assert frame(MOROCCO, ratio=ratio).height == pytest.approx(1000 / ratio, abs=2)


def test_the_atlas_is_land_and_the_atlantic_is_not():
    window = frame(MOROCCO)
    assert is_land(window, -6.9, 31.6)
    assert not is_land(window, -12.5, 32.5)
    assert is_land(window, -14, 28.4), "Fuerteventura"
    assert not is_land(window, -4, 35.8), "the Alboran Sea"


def test_the_world_has_its_continents_and_seas_where_they_belong():
    window = frame(WORLD)
    for place in [(-100, 40), (-60, -10), (20, 0), (10, 50), (100, 60), (135, -25), (-42, 70), (-175, 66.5)]:
        assert is_land(window, *place), place
    for place in [(-40, 30), (-140, 0), (80, -20), (51, 42), (5, 40), (160, 30)]:
        assert not is_land(window, *place), place


def test_the_world_ends_at_75_degrees():
    window = frame([(-179, -89), (0, 0), (179, 89)])
    assert (window.south, window.north) == (-75, 75)
    assert window.east - window.west == 360


def test_no_points_give_the_world():
    assert frame([]).east - frame([]).west == 360


def test_points_on_both_sides_of_the_antimeridian_are_neighbours():
    window = frame([FIJI, TONGA, SAMOA])
    assert window.east - window.west < 20
    assert window.x_y(*FIJI)[0] < window.x_y(*TONGA)[0] < window.x_y(*SAMOA)[0]
    assert is_land(window, 178, -17.8), "Viti Levu"


def test_no_line_is_drawn_across_the_antimeridian():
    window = frame([(170, 66), (-165, 65)])
    meridian = window.x_y(180, 67)[0]
    for points in outlines(window):
        for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
            assert not (abs(x0 - meridian) < 2 and abs(x1 - meridian) < 2 and abs(y0 - y1) > 50)
    assert is_land(window, 179.5, 67)
    assert is_land(window, -179.5, 67)


def test_where_land_is_cut_the_next_piece_covers_the_line():
    def is_filled(outlines, x, y):
        return sum(turns(points, x, y) for points in outlines) != 0

    coasts = [points for points in prepare_land.outlines(0) if len(points) > 50]
    pieces = list(prepare_land.pieces(coasts))
    cuts = 0
    for piece in pieces:
        others = [points for other in pieces if other is not piece for points in other]
        west, north, east, south = prepare_land.box(piece)
        for x, y, dx, dy in [(west, (2 * north + south) / 3, 1, 0), ((2 * east + west) / 3, south, 0, -1)]:
            beyond, within = (x - 1.3 * dx, y - 1.3 * dy), (x + 3.3 * dx, y + 3.3 * dy)
            assert is_filled(others, *beyond) == is_filled(coasts, *beyond)
            if is_filled(coasts, *beyond) and is_filled(piece, *within):
                cuts += 1
                assert is_filled(others, *within)
    assert cuts > 10


def test_the_land_reaches_over_the_whole_frame_and_little_beyond():
    assert all(
        is_land(frame([(5, 25)]), *corner) for corner in [(2.01, 22.1), (7.99, 22.1), (2.01, 27.8), (7.99, 27.8)]
    )
    assert len(list(outlines(frame([(5, 25)])))) < 10


def test_paths_are_small():
    assert len(frame(MOROCCO).land) <= 6_000
    assert len(frame(WORLD).land) <= 25_000
    assert all(prepared(scale).stat().st_size <= 350_000 for scale in range(prepare_land.SCALES))


def test_the_prepared_land_is_up_to_date():
    assert prepared(0).read_text() == prepare_land.text(0)


def test_frames_are_values():
    assert frame(MOROCCO) == frame(reversed(MOROCCO))
    assert isinstance(hash(Frame(-10, 20, 0, 30)), int)


def test_open_sea_has_no_land():
    assert frame([(-30, 0)]).land == ""
