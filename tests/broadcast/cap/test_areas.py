"""Which villages an area holds: never a wrong one."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcast.cap.areas import Area, area_of, circle_of, crosses_itself, ring_of
from broadcast.cap.matching import Place, match, ten_digits
from broadcast.cap.refused import Refused

from .alerts import AROUND, SEOUL

SQUARE = "35.1,128.1 35.1,128.2 35.2,128.2 35.2,128.1 35.1,128.1"
HERE = Place(1, 35.157, 128.182, "4817025000", "4817025021")
TOWN = Place(2, 35.18094, 128.08084, "4817051500", "4817010100")
NO_LEGAL = Place(3, 35.12, 128.11, "4817032000")
ALL = [HERE, TOWN, NO_LEGAL]


@pytest.mark.parametrize(
    "polygon",
    [
        "",
        "35.1,128.1",
        "35.1,128.1 35.1,128.2 35.1,128.1",
        "35.1,128.1 35.1,128.2 35.2,128.2",  # three points, not closed
        "35.1,128.1 35.1,128.2 35.2,128.2 35.2,128.1",  # not closed
        "35.1,128.1 35.2,128.2 35.1,128.2 35.2,128.1 35.1,128.1",  # a bow tie
        "35.1,128.1 35.1,128.3 35.2,128.3 35.2,128.2 35.1,128.2 35.0,128.2 35.1,128.1",  # touches a side
        "35.1,128.1 35.1,128.2 35.1,128.3 35.1,128.1",  # a line
        "35.1,128.1 35.1,128.2 35.1,128.1 35.1,128.1",
        "35.1,128.1 35.1,128.3 35.1,128.2 35.2,128.2 35.1,128.1",  # goes back over itself
        "35.1,128.1 35.1,128.2 35.2,128.2 35.1,128.1 35.0,128.0 35.0,128.1 35.1,128.1",  # an eight
        "128.1,35.1 128.2,35.1 128.2,35.2 128.1,35.2 128.1,35.1",  # exchanged
        "35.1,181 35.1,182 35.2,182 35.2,181 35.1,181",
        "35.1,179 35.1,-179 35.2,-179 35.2,179 35.1,179",
        "nan,nan nan,nan nan,nan nan,nan",
        "inf,1 1,1 1,2 inf,1",
        "1e1,1 1,1 1,2 1e1,1",
        "35.1 128.1 35.1 128.2 35.2 128.2 35.1 128.1",
        "35.1, 128.1 35.1, 128.2 35.2, 128.2 35.1, 128.1",
        "３５.1,128.1 35.1,128.2 35.2,128.2 ３５.1,128.1",
        "35.1,128.1;35.1,128.2;35.2,128.2;35.1,128.1",
        " ".join(f"35.{n:04},128.1" for n in range(1001)),
    ],
)
def test_polygons_that_could_mean_anything(polygon: str) -> None:
    with pytest.raises(Refused) as caught:
        ring_of(polygon)
    assert caught.value.code == "wrong_area"


@pytest.mark.parametrize(
    "circle",
    [
        "",
        "35,128",
        "35,128 -1",
        "128,35 1",
        "35,128 nan",
        "35 128 1",
        "35,128 1 1",
        "35,128 1000000",
        "35,128,1",
    ],
)
def test_circles_that_are_none(circle: str) -> None:
    with pytest.raises(Refused):
        circle_of(circle)


def test_exchanged_latitude_and_longitude_are_named() -> None:
    with pytest.raises(Refused, match="바뀐 것 같습니다"):
        ring_of("128.1,35.1 128.2,35.1 128.2,35.2 128.1,35.1")


@pytest.mark.parametrize(
    ("area", "villages"),
    [
        (area_of("", [AROUND], [], []), {1}),
        (area_of("", [SQUARE], [], []), {1, 3}),
        (area_of("", [" ".join(reversed(SQUARE.split()))], [], []), {1, 3}),  # either way around
        (area_of("", [f"\n{SQUARE}\t"], [], []), {1, 3}),
        (area_of("", [SEOUL], [], []), set()),
        (area_of("", [], ["35.157,128.182 0"], []), {1}),
        (area_of("", [], ["35.157,128.182 0.5"], []), {1}),
        (area_of("", [], ["37.5,127 500"], []), {1, 2, 3}),
        (area_of("", [], ["37.5,127 200"], []), set()),
        (area_of("", [SEOUL], ["35.157,128.182 1"], []), {1}),
        (area_of("", [], [], [("행정동코드", "4817025000")]), {1}),
        (area_of("", [], [], [("HJDONG", "48170515")]), {2}),
        (area_of("", [], [], [("행정동 코드", "4817025021")]), set()),
        (area_of("", [], [], [("법정동코드", "4817025021")]), {1}),
        (area_of("", [], [], [("법정동코드", "4817025022")]), set()),
        (area_of("", [], [], [("법정동코드", "4817025000")]), {1}),
        (area_of("", [], [], [("법정동코드", "4817010100")]), {2}),
        (area_of("", [], [], [("법정동코드", "4817032000")]), {3}),  # 면: known though its 리 is not
        (area_of("", [], [], [("법정동코드", "4817032021")]), set()),
        (area_of("", [], [], [("행정구역코드", "4817000000")]), {1, 2, 3}),
        (area_of("", [], [], [("행정구역코드", "48170")]), {1, 2, 3}),
        (area_of("", [], [], [("행정구역코드", "4800000000")]), {1, 2, 3}),
        (area_of("", [], [], [("행정구역코드", "4817051500")]), {2}),
        (area_of("", [], [], [("행정구역코드", "4817010100")]), {2}),
        (area_of("", [], [], [("행정구역코드", "1100000000")]), set()),
        (area_of("", [], [], [("행정구역코드", "4812000000")]), set()),
        (area_of("", [], [], [("행정구역코드", "0000000000")]), set()),
        (area_of("", [], [], [("FIPS6", "48170")]), set()),
        (area_of("", [], [], [("KMA", "4817000000")]), set()),
    ],
)
def test_villages_of_an_area(area: Area, villages: set[int]) -> None:
    assert match([area], ALL).villages == villages


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("48", "4800000000"),
        ("48170", "4817000000"),
        ("48170250", "4817025000"),
        (" 4817025021 ", "4817025021"),
        ("4817", ""),
        ("48170250211", ""),
        ("4817O25021", ""),
        ("४८", ""),
        ("", ""),
    ],
)
def test_codes(value: str, code: str) -> None:
    assert ten_digits(value) == code


def test_a_small_fire_beside_a_village_is_near_and_never_inside() -> None:
    found = match([area_of("", [], ["35.170,128.182 0.3"], [])], ALL)  # 1.4 km north
    assert (found.villages, found.near) == (frozenset(), {1})
    found = match(
        [area_of("", ["35.17,128.18 35.17,128.184 35.172,128.184 35.172,128.18 35.17,128.18"], [], [])], ALL
    )
    assert (found.villages, found.near) == (frozenset(), {1})
    assert match([area_of("", [], ["35.2,128.182 0.3"], [])], ALL).near == frozenset()


def test_codes_that_mean_nothing_are_named() -> None:
    found = match([area_of("", [AROUND], [], [("FIPS6", "1"), ("행정동코드", "abc")])], ALL)
    assert found.villages == {1}
    assert found.unread == ("FIPS6", "행정동코드")


# Whatever is drawn: compared with exact arithmetic that knows nothing of the code.
grid = st.tuples(st.integers(0, 12), st.integers(0, 12))


def exactly_inside(points: list[tuple[int, int]], y: Fraction, x: Fraction) -> bool:
    """By the winding number, in fractions."""
    turns = 0
    for (y1, x1), (y2, x2) in pairwise(points):
        side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        if y1 <= y < y2 and side > 0:
            turns += 1
        elif y2 <= y < y1 and side < 0:
            turns -= 1
    return turns != 0


def exactly_crossing(points: list[tuple[int, int]]) -> bool:
    """Whether two sides share a point that is not the common corner of neighbours: by solving each pair."""
    sides = list(pairwise(points))
    for i, (a, b) in enumerate(sides):
        for j in range(i + 1, len(sides)):
            c, d = sides[j]
            shared = _shared(a, b, c, d)
            corners = ({b} if j == i + 1 else set()) | ({a} if (i, j) == (0, len(sides) - 1) else set())
            if shared == "line" or (shared is not None and shared not in corners):
                return True
    return False


def _shared(a, b, c, d):  # type: ignore[no-untyped-def]
    """None, the one common point, or "line" where they share more than a point."""
    r, s = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    cross = r[0] * s[1] - r[1] * s[0]
    q = (c[0] - a[0], c[1] - a[1])
    if cross:
        t, u = Fraction(q[0] * s[1] - q[1] * s[0], cross), Fraction(q[0] * r[1] - q[1] * r[0], cross)
        return (a[0] + t * r[0], a[1] + t * r[1]) if 0 <= t <= 1 and 0 <= u <= 1 else None
    if q[0] * r[1] - q[1] * r[0]:
        return None
    axis = 0 if r[0] else 1
    low = max(min(a[axis], b[axis]), min(c[axis], d[axis]))
    high = min(max(a[axis], b[axis]), max(c[axis], d[axis]))
    if low > high:
        return None
    return "line" if low < high else next(p for p in (a, b) if p[axis] == low)


@settings(max_examples=150, deadline=None)
@given(st.lists(grid, min_size=3, max_size=8, unique=True), st.lists(grid, min_size=1, max_size=20))
def test_a_polygon_holds_what_it_holds_or_is_refused(
    corners: list[tuple[int, int]], spots: list[tuple[int, int]]
) -> None:
    points = [*corners, corners[0]]
    crossing = exactly_crossing(points)
    text = " ".join(f"{35 + y / 100:.2f},{128 + x / 100:.2f}" for y, x in points)
    assert crosses_itself(points) == crossing
    if crossing:
        with pytest.raises(Refused):
            ring_of(text)
        return
    area = Area("", (ring_of(text),))
    # Between the lines of the grid, off every corner.
    found = [area.holds(35 + (y + 0.37) / 100, 128 + (x + 0.41) / 100) for y, x in spots]
    assert found == [exactly_inside(points, y + Fraction(37, 100), x + Fraction(41, 100)) for y, x in spots]


@settings(max_examples=100, deadline=None)
@given(st.floats(34, 36), st.floats(127, 129), st.floats(0, 200), st.floats(34, 36), st.floats(127, 129))
def test_a_circle_holds_what_is_that_near(lat: float, lon: float, km: float, y: float, x: float) -> None:
    circle = circle_of(f"{lat:.6f},{lon:.6f} {km:.6f}")
    one, other = (
        (
            math.cos(math.radians(a)) * math.cos(math.radians(b)),
            math.cos(math.radians(a)) * math.sin(math.radians(b)),
            math.sin(math.radians(a)),
        )
        for a, b in ((circle.lat, circle.lon), (y, x))
    )
    far = 2 * 6371.0 * math.asin(min(1, math.dist(one, other) / 2))
    if abs(far - circle.km) > 0.001:
        assert circle.holds(y, x) == (far < circle.km)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_at_all_is_a_shape_or_refused(text: str) -> None:
    for read in (ring_of, circle_of):
        try:
            read(text)
        except Refused as refused:
            assert refused.code == "wrong_area"
