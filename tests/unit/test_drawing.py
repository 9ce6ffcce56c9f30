"""Maps as pictures: what lies where, and that nothing in the data becomes markup."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shapely
from lxml import etree
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.maps.drawing import MapChange, MapMark, MapObject, View, svg_map, symbols, view_of

LON, LAT = 4.36, 52.01
SVG = {"s": "http://www.w3.org/2000/svg"}


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Degrees of a point so many metres from the middle of the street."""
    return LON + east_m / 111_320 / math.cos(math.radians(LAT)), LAT + north_m / 111_320


def strip(angle_deg: float, length_m: float = 200, width_m: float = 20) -> Polygon:
    """A street of this length and width at this angle."""
    angle = math.radians(angle_deg)
    corners = [(-length_m, -width_m), (length_m, -width_m), (length_m, width_m), (-length_m, width_m)]
    return Polygon(
        [
            at(
                (x * math.cos(angle) - y * math.sin(angle)) / 2,
                (x * math.sin(angle) + y * math.cos(angle)) / 2,
            )
            for x, y in corners
        ]
    )


def picture(
    *changes: MapChange, objects: tuple[MapObject, ...] = (), view: View | None = None, title: str = "Kaart"
) -> etree._Element:
    """The picture as a tree."""
    drawn = view or view_of([change.geometry for change in changes] or [strip(0)], (560, 300))
    return etree.fromstring(svg_map(drawn, objects, changes, title=title).encode())


@pytest.mark.parametrize("angle", [-80, -37, 0, 12, 45, 89, 90, 135, 180])
def test_a_long_street_lies_level_and_fits(angle: float) -> None:
    street = strip(angle)
    view = view_of([street], (560, 300), level=street)
    west, north, east, south = shapely.transform(street, view.to_pixels).bounds
    assert east - west > 400
    assert south - north == pytest.approx((east - west) / 10, rel=0.05)
    assert (west >= 0, north >= 0, east <= 560, south <= 300) == (True,) * 4


@pytest.mark.parametrize("angle", [-80, -37, 0, 12, 45, 89, 90, 135, 180])
def test_a_long_street_stands_on_end_in_a_picture_that_is_higher_than_wide(angle: float) -> None:
    street = strip(angle)
    view = view_of([street], (390, 640), level=street, upright=True)
    west, north, east, south = shapely.transform(street, view.to_pixels).bounds
    # 640 pixels for the street and a third more.
    assert south - north == pytest.approx(640 / 1.35, rel=0.05)
    assert east - west == pytest.approx((south - north) / 10, rel=0.05)
    assert (west >= 0, north >= 0, east <= 390, south <= 640) == (True,) * 4


def test_house_numbers_do_not_lie_on_each_other() -> None:
    """Eight flats with a door each within six metres: at five pixels a metre there is room for some."""
    doors = [box(*at(0.75 * n, 0), *at(0.75 * n + 0.7, 5)) for n in range(8)]
    objects = tuple(
        MapObject("building", door, f"21{letter}") for door, letter in zip(doors, "ABCDEFGH", strict=True)
    )
    view = view_of([strip(0, 90, 20)], (560, 300), level=strip(0, 90, 20))
    tree = picture(objects=objects, view=view)
    at_x = sorted(float(one.get("x")) for one in tree.xpath("//s:text[starts-with(., '21')]", namespaces=SVG))
    assert 2 <= len(at_x) < 8
    # Three characters of at least six pixels each.
    assert min(b - a for a, b in pairwise(at_x)) >= 18


@pytest.mark.parametrize("angle", [0, 30, 60])
def test_a_square_is_not_turned(angle: float) -> None:
    view = view_of([strip(angle, 100, 100)], (560, 300), level=strip(angle, 100, 100))
    assert view.rotation == 0


def test_one_bench_stands_in_a_recognisable_piece_of_street() -> None:
    view = view_of([Point(at(0, 0))], (560, 300))
    assert 560 / view.scale == pytest.approx(64)
    assert shapely.transform(Point(at(0, 0)), view.to_pixels).coords[0] == pytest.approx((280, 150))


def test_north_is_up_in_a_view_that_is_not_turned() -> None:
    view = view_of([strip(0)], (560, 300))
    north = shapely.transform(Point(at(0, 10)), view.to_pixels)
    assert (round(north.x), north.y < 150) == (280, True)


def test_the_bounding_box_holds_every_corner_of_a_turned_picture() -> None:
    view = view_of([strip(45)], (560, 300), level=strip(45))
    west, south, east, north = view.bbox()
    for geometry in (strip(45), Point(at(0, 0))):
        assert box(west, south, east, north).covers(geometry)


def test_what_exists_lies_under_what_is_proposed() -> None:
    tree = picture(
        MapChange("add", Point(at(0, 0)), "i-bank"),
        objects=(MapObject("carriageway", strip(0)), MapObject("tree", Point(at(10, 0)))),
    )
    order = [element.tag.rsplit("}", 1)[1] for element in tree]
    assert order[-1] == "g"
    assert order.index("path") < order.index("circle") < len(order) - 1


@pytest.mark.parametrize(
    ("action", "fill"), [("add", "#17292e"), ("move", "#17292e"), ("remove", "#8c2f6b"), ("keep", "#fff")]
)
def test_a_tile_tells_what_happens(action: str, fill: str) -> None:
    tree = picture(MapChange(action, Point(at(0, 0)), "i-bank"))
    assert tree.xpath("//s:g/s:rect/@fill", namespaces=SVG) == [fill]


def test_tiles_that_would_cover_each_other_become_one_with_a_count() -> None:
    changes = [MapChange("add", Point(at(x / 10, 0)), "i-boom") for x in range(5)]
    far = MapChange("add", Point(at(60, 0)), "i-bank")
    tree = picture(*changes, far)
    assert len(tree.xpath("//s:use", namespaces=SVG)) == 2
    assert tree.xpath("//s:circle/following-sibling::s:text/text()", namespaces=SVG) == ["5"]


def test_proposed_areas_and_lines_are_hatched_and_dashed() -> None:
    for geometry in (box(*at(0, 0), *at(6, 2)), LineString([at(0, 0), at(12, 0)])):
        tree = picture(MapChange("add", geometry, "i-wadi", "water"))
        assert tree.xpath("//s:path[@fill='url(#h-water)']/@stroke-dasharray", namespaces=SVG)


def test_a_street_has_its_name_once() -> None:
    axes = tuple(
        MapObject("street_axis", LineString([at(x, 0), at(x + 60, 0)]), "Kade") for x in (-80, -20, 40)
    )
    tree = picture(objects=axes)
    assert tree.xpath("//s:text/text()", namespaces=SVG) == ["Kade"]


def test_names_from_the_data_are_text() -> None:
    tree = picture(
        objects=(MapObject("street_axis", LineString([at(-90, 0), at(90, 0)]), "<b>&Kade"),),
        title="<script>alert(1)</script>",
    )
    assert tree.xpath("//s:text/text()", namespaces=SVG) == ["<b>&Kade"]
    assert tree.xpath("//s:script | //s:b", namespaces=SVG) == []


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.MultiPolygon([box(*at(0, 0), *at(5, 5)), box(*at(10, 0), *at(15, 5))]),
        shapely.MultiLineString([[at(0, 0), at(5, 0)], [at(9, 0), at(12, 3)]]),
        shapely.MultiPoint([at(0, 0), at(1, 1)]),
        Polygon(box(*at(-9, -9), *at(9, 9)).exterior, [box(*at(-3, -3), *at(3, 3)).exterior]),
    ],
    ids=lambda geometry: geometry.geom_type,
)
def test_every_kind_of_geometry_can_be_drawn(geometry: BaseGeometry) -> None:
    tree = picture(
        MapChange("remove", geometry, "i-parkeren"),
        objects=tuple(MapObject(kind, geometry) for kind in ("building", "tree", "street_axis", "barrier")),
    )
    assert "nan" not in etree.tostring(tree).decode().lower()


def test_every_icon_is_there() -> None:
    assert {"i-boom", "i-bank", "i-parkeren", "v-open"} <= symbols().keys()


def test_marks_carry_their_words_as_text_and_stay_in_the_picture() -> None:
    view = View(4.36, 52.01, 0.0, 5.0, 400, 300)
    marks = [
        MapMark(Point(4.36, 52.01), "1"),
        MapMark(Point(4.3, 52.01), "<b>ver naar het westen</b>", "plain"),
        MapMark(Point(4.36, 52.01), "7", "off"),
    ]
    svg = svg_map(view, [], marks=marks, title="Adressen")
    tree = etree.fromstring(svg)
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["1", "<b>ver naar het westen</b>", "7"]
    for box_ in tree.findall("{http://www.w3.org/2000/svg}rect[@rx]"):
        assert float(box_.get("x", 0)) >= 0
        assert float(box_.get("x", 0)) + float(box_.get("width", 0)) <= view.width
    assert svg.count('stroke-width="3"') == 1  # only what is off is struck through


def test_a_marked_area_is_outlined() -> None:
    view = View(4.36, 52.01, 0.0, 5.0, 400, 300)
    area = box(4.3599, 52.0099, 4.3601, 52.0101)
    with_area = svg_map(view, [], marks=[MapMark(area, "1")], title="t")
    with_point = svg_map(view, [], marks=[MapMark(area.centroid, "1")], title="t")
    assert with_area.count("<path") == with_point.count("<path") + 2
