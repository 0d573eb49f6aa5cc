import re

import pytest

from learningcities.listing.map.drawing import DATA, MARGIN, Frame, frame

BENGUERIR, CHEFCHAOUEN, LAAYOUNE = (-7.95397, 32.24088), (-5.26360, 35.16878), (-13.18797, 27.14180)
MOROCCO = [BENGUERIR, CHEFCHAOUEN, LAAYOUNE]
WORLD = [(-157.8, 21.3), (-68.3, -54.8), (18.9, 69.6), (139.7, 35.7), (174.8, -36.9), (31.2, 30)]
FIJI, TONGA, SAMOA = (178.4, -18.1), (-175.2, -21.1), (-171.8, -13.8)


def outlines(path):
    """The closed outlines of relative path data, as lists of (x, y)."""
    x = y = 0
    for text in path.rstrip("z").split("z"):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]
        points = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        yield points
        x, y = points[0]


def is_land(window, longitude, latitude):
    x, y = window.x_y(longitude, latitude)
    return sum(covers(points, x, y) for points in outlines(window.land())) % 2 == 1


def covers(points, x, y):
    edges = zip(points, points[1:] + points[:1], strict=True)
    return sum((y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in edges) % 2


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
    for points in outlines(window.land()):
        for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
            assert not (abs(x0 - meridian) < 2 and abs(x1 - meridian) < 2 and abs(y0 - y1) > 50)
    assert is_land(window, 179.5, 67)
    assert is_land(window, -179.5, 67)


@pytest.mark.parametrize("points", [MOROCCO, [BENGUERIR], WORLD, [FIJI, TONGA, SAMOA]])
def test_the_land_is_cut_outside_the_frame(points):
    window = frame(points)
    for outline in outlines(window.land()):
        for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
            assert -MARGIN - 0.2 <= x0 <= window.width + MARGIN + 0.2
            assert -MARGIN - 0.2 <= y0 <= window.height + MARGIN + 0.2
            along_the_edge = x0 == x1 in (0, window.width) or y0 == y1 in (0, window.height)
            assert not along_the_edge


def test_paths_are_small():
    assert len(frame(MOROCCO).land()) <= 6_000
    assert len(frame(WORLD).land()) <= 25_000
    assert DATA.stat().st_size <= 300_000


def test_frames_are_values_and_their_land_is_kept():
    assert frame(MOROCCO) == frame(reversed(MOROCCO))
    assert frame(MOROCCO).land() is frame(MOROCCO).land()
    assert isinstance(hash(Frame(-10, 20, 0, 30)), int)


def test_open_sea_has_no_land():
    assert frame([(-30, 0)]).land() == ""
