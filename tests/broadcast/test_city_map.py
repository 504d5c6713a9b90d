"""The map: right places, right sizes, names that cover nothing, and the duty to name the sources."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from broadcast import city_map
from broadcast.city_map import Mark, drawing
from broadcast.city_map.signs import SIGN_OF, SIGNS
from broadcast.demo import demo_villages
from broadcast.states import State
from people import places
from people.city_map.frame import frame_around, path
from people.city_map.land import CITY, DISTRICT
from people.city_map.names import around, box_of, overlap
from people.geometry import border_m, distance_m, inside, outside_m
from people.models import District

DISTRICTS = [District(**row) for row in places.districts()]
MUNSAN = "4817025000"
SQUARE = [[128.0, 35.0], [128.1, 35.0], [128.1, 35.1], [128.0, 35.1], [128.0, 35.0]]


def marks(district: str | None = None, state: str = State.PLAYED, url: str | None = None) -> list[Mark]:
    chosen = [v for v in demo_villages() if district in (None, v.district)]
    return [Mark(v.lat, v.lon, v.name, state, url) for v in chosen]


def svg(map_: city_map.Drawing) -> str:
    return render_to_string("broadcast/_map.html", {"map": map_})


def test_geometry() -> None:
    assert inside(SQUARE, 35.05, 128.05)
    assert not inside(SQUARE, 35.05, 128.15)
    assert outside_m(SQUARE, 35.05, 128.05) == 0
    assert outside_m(SQUARE, 35.11, 128.05) == pytest.approx(1112, rel=0.01)
    assert border_m(SQUARE, 35.09, 128.05) == pytest.approx(1112, rel=0.01)
    assert distance_m(35.0, 128.0, 35.0, 128.1) == pytest.approx(9109, rel=0.01)


def test_a_kilometre_is_as_long_northward_as_eastward() -> None:
    frame = frame_around([d.boundary for d in DISTRICTS], 0.02)
    x, y = frame.point(35.2, 128.1)
    east, north = frame.point(35.2, 128.1 + 0.011)[0] - x, y - frame.point(35.2 + 0.009, 128.1)[1]
    assert east / distance_m(35.2, 128.1, 35.2, 128.111) == pytest.approx(
        north / distance_m(35.2, 128.1, 35.209, 128.1), rel=0.002
    )


def test_a_path_comes_back_to_its_points() -> None:
    assert path([(1, 2), (3.04, 2), (3.04, 2), (0.5, 7.26), (1, 2)]) == "M1 2l2 0-2.5 5.3 0.5-5.3z"


@pytest.mark.parametrize("only", [None, *(d.code for d in DISTRICTS)])
def test_what_belongs_in_it_lies_in_it(only: str | None) -> None:
    map_ = drawing(DISTRICTS, marks(only), only)
    assert map_.width == 1000
    assert 400 < map_.height <= 1000
    assert all(0 < float(s.x) < map_.width and 0 < float(s.y) < map_.height for s in map_.spots)
    kinds = [shape.kind for shape in map_.shapes]
    if only:
        assert kinds.count("here") == 1
        assert set(kinds) <= {"here", "around"}
    else:
        assert (kinds.count("here"), kinds.count("empty")) == (21, 9)


@pytest.mark.parametrize("only", sorted({v.district for v in demo_villages()}))
def test_names_of_villages_cover_nothing(only: str) -> None:
    map_ = drawing(DISTRICTS, marks(only), only)
    for screen, sizes in DISTRICT.items():
        names = map_.names[screen]
        boxes = [box_of(name, sizes.letters) for name in names]
        signs = [around((float(s.x), float(s.y)), sizes.reach - 0.1) for s in map_.spots]
        assert len(names) >= len(map_.spots) * (0.9 if screen == "wide" else 0.5)
        for i, box in enumerate(boxes):
            assert not any(overlap(box, other) for other in (*boxes[:i], *signs))


def test_every_larger_district_has_its_name() -> None:
    map_ = drawing(DISTRICTS, marks())
    assert set(map_.names) == set(CITY)
    named = {name.text for name in map_.names["wide"]}
    assert named == {d.name for d in DISTRICTS if d.kind != "동" or d.area_km2 >= 5}
    for screen, sizes in CITY.items():
        boxes = [box_of(name, sizes.letters) for name in map_.names[screen]]
        assert not any(overlap(a, b) for a, b in combinations(boxes, 2))


def test_every_state_has_a_sign_and_every_sign_its_own_shape() -> None:
    assert {*State.values, "silent", "online", ""} == set(SIGN_OF)
    assert len({sign.path for sign in SIGNS}) == len(SIGNS)


def test_legend_counts_and_trouble_lies_on_top() -> None:
    mixed = [
        Mark(35.2, 128.1, "가", State.FAILED),
        Mark(35.2, 128.1, "나", State.PLAYED),
        Mark(35.2, 128.1, "다", State.UNREACHED),
    ]
    map_ = drawing(DISTRICTS, mixed)
    assert [(sign.key, count) for sign, count in map_.legend] == [("trouble", 2), ("played", 1)]
    assert [s.sign for s in map_.spots] == ["played", "trouble", "trouble"]
    assert map_.spots[0].title == "나: 방송 끝"


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(KeyError):
        drawing(DISTRICTS, [Mark(35.2, 128.1, "가", "asleep")])
    with pytest.raises(ValueError):
        drawing(DISTRICTS, [], "4817099999")


def test_the_drawing_in_html() -> None:
    html = svg(drawing(DISTRICTS, marks(url="/broadcast/")))
    assert len(html.encode()) < 120_000
    tree = ElementTree.fromstring(re.sub(r"&(?!amp|lt|gt|quot|#)", "&amp;", html))
    assert len(tree.findall(".//use")) == 358
    assert city_map.ATTRIBUTION in html
    assert "SGIS" in html
    assert "공공누리 제1유형" in html
    assert "CC BY 4.0" in html
    assert "358곳" in html
    assert " style=" not in html
    assert "<script" not in html
    # A mouse may follow a sign; a keyboard uses the table, instead of 358 stops.
    assert all(link.get("tabindex") == "-1" for link in tree.findall(".//a"))
    assert tree.find("svg").get("aria-hidden") == "true"


def test_a_name_is_text_and_never_markup() -> None:
    html = svg(drawing(DISTRICTS, [Mark(35.157, 128.182, "<b>&", State.WAITING, '/x"y')], MUNSAN))
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;" in html
    assert 'href="/x&quot;y"' in html


def test_the_name_of_the_district_is_not_repeated_in_it() -> None:
    map_ = drawing(DISTRICTS, [Mark(35.157, 128.182, "문산읍 상이마을")], MUNSAN)
    assert [name.text for name in map_.names["wide"]] == ["상이마을"]
    assert map_.spots[0].title == "문산읍 상이마을: 마을"
