"""Street surfaces derived from centre lines: never overlapping, never under buildings, within the street."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from geodata.corridor import Axis, Derived, corridors, derive
from geodata.widths import SIDES, default, profile, table

STREET = LineString([(0, 0), (120, 0)])
HOUSES = [box(-10, 9, 130, 20), box(-10, -20, 130, -9)]


def axis(way_id: int = 1, line: LineString = STREET, highway: str = "residential", **tags: str) -> Axis:
    keys = {key.replace("__", ":"): value for key, value in tags.items()}
    nodes = tuple(way_id * 1000 + at for at in range(len(line.coords)))
    return Axis(way_id, highway, {"highway": highway, **keys}, line, nodes)


def crossing_axes() -> list[Axis]:
    """Two streets that cross in one shared point."""
    east = Axis(
        1, "residential", {"parking:both": "lane"}, LineString([(0, 0), (60, 0), (120, 0)]), (1, 2, 3)
    )
    north = Axis(2, "residential", {}, LineString([(60, -60), (60, 0), (60, 60)]), (4, 2, 5))
    return [east, north]


def by_kind(found: list[Derived]) -> dict[str, list[Derived]]:
    groups = defaultdict(list)
    for item in found:
        groups[item.kind].append(item)
    return groups


def buildings(*shapes: shapely.Geometry) -> list[tuple[str, shapely.Geometry]]:
    return [("building", shape) for shape in shapes]


def test_a_street_has_a_carriageway_and_pavement_up_to_both_facades() -> None:
    found = by_kind(derive([axis()], buildings(*HOUSES)))
    (road,) = found["carriageway"]
    assert road.geometry.area == pytest.approx(120 * 2 * default("lane_residential"), rel=0.01)
    pavements = {item.attributes["side"]: item for item in found["pavement"]}
    for side in SIDES:
        assert pavements[side].geometry.area == pytest.approx(
            120 * (9 - default("lane_residential")), rel=0.02
        )
        assert pavements[side].certainty == "estimated"
    assert pavements["left"].geometry.centroid.y > 0 > pavements["right"].geometry.centroid.y


def test_the_axis_knows_how_wide_the_street_is() -> None:
    (line,) = by_kind(derive([axis()], buildings(*HOUSES)))["street_axis"]
    assert line.attributes["facade_to_facade_m"] == pytest.approx(18)
    assert line.certainty == "measured"
    assert line.source_id == "way/1"


def test_without_facades_a_pavement_has_its_default_width() -> None:
    pavement = by_kind(derive([axis()], []))["pavement"]
    assert len(pavement) == 2
    for item in pavement:
        assert item.geometry.area == pytest.approx(120 * default("pavement"), rel=0.01)


def test_parking_is_cut_into_bays_of_six_metres() -> None:
    bays = by_kind(derive([axis(parking__left="lane", parking__left__orientation="parallel")], []))["parking"]
    assert len(bays) == 120 // 6
    assert {bay.attributes["side"] for bay in bays} == {"left"}
    for bay in bays:
        assert bay.geometry.area == pytest.approx(6.0 * 2.0, abs=0.01)
        assert bay.geometry.centroid.y > 0
    assert bays[2].source_id == "corridor/1/parking/left/3"


def test_the_older_parking_tags_mean_the_same() -> None:
    new = derive([axis(parking__both="street_side", parking__both__orientation="perpendicular")], [])
    old = derive([axis(parking__lane__both="perpendicular")], [])
    assert [item.geometry for item in new] == [item.geometry for item in old]
    assert by_kind(new)["parking"][0].geometry.area == pytest.approx(5.0 * 2.5, abs=0.01)


def test_no_bay_lies_within_five_metres_of_a_junction() -> None:
    found = by_kind(derive(crossing_axes(), []))
    side_street = next(item for item in found["carriageway"] if item.source_id == "corridor/2/carriageway")
    assert found["parking"]
    for bay in found["parking"]:
        assert bay.geometry.distance(side_street.geometry) >= default("junction_clear") - 0.01


def test_no_bay_lies_within_five_metres_of_a_crossing() -> None:
    spot = Point(60, 0)
    found = by_kind(derive([axis(parking__both="lane")], [("crossing", spot)]))
    assert found["parking"]
    for bay in found["parking"]:
        assert abs(bay.geometry.centroid.x - 60) >= default("crossing_clear")


def test_removing_one_bay_leaves_the_names_of_the_others() -> None:
    free = {item.source_id: item.geometry for item in derive([axis(parking__left="lane")], [])}
    blocked = {
        item.source_id: item.geometry
        for item in derive([axis(parking__left="lane")], buildings(box(50, 2, 56, 8)))
    }
    bays = {name for name in free if "/parking/" in name}
    left = {name for name in blocked if "/parking/" in name}
    assert left < bays
    assert all(free[name].equals(blocked[name]) for name in left)


def test_no_sidewalk_means_no_pavement() -> None:
    assert not by_kind(derive([axis(sidewalk="no")], buildings(*HOUSES)))["pavement"]
    (only,) = by_kind(derive([axis(sidewalk="left")], buildings(*HOUSES)))["pavement"]
    assert only.attributes["side"] == "left"


def test_a_narrow_street_gets_a_narrower_carriageway_when_its_width_is_a_guess() -> None:
    walls = buildings(box(-10, 3, 130, 9), box(-10, -9, 130, -3))
    guessed = by_kind(derive([axis()], walls))["street_axis"][0].attributes["carriageway_width_m"]
    tagged = by_kind(derive([axis(width="5.5")], walls))["street_axis"][0].attributes["carriageway_width_m"]
    assert guessed == pytest.approx(2 * (3 - default("pavement_min")))
    assert tagged == 5.5


def test_a_cycle_track_lies_between_the_kerb_and_the_pavement() -> None:
    """From axis to façade, 9 m: 2.75 carriageway (half of two lanes), 2.0 track, 4.25 pavement; 120 long."""
    found = by_kind(derive([axis(cycleway="track")], buildings(*HOUSES)))
    tracks = {item.attributes["side"]: item for item in found["cycle_path"]}
    assert set(tracks) == {"left", "right"}
    assert tracks["left"].geometry.bounds == pytest.approx((0, 2.75, 120, 4.75), abs=0.01)
    assert tracks["right"].geometry.bounds == pytest.approx((0, -4.75, 120, -2.75), abs=0.01)
    for track in tracks.values():
        assert track.geometry.area == pytest.approx(240, abs=0.1)
        assert (track.certainty, track.attributes["width_m"]) == ("estimated", 2.0)
    pavements = {item.attributes["side"]: item for item in found["pavement"]}
    assert pavements["left"].geometry.bounds == pytest.approx((0, 4.75, 120, 9), abs=0.01)
    assert pavements["left"].attributes["width_m"] == pytest.approx(4.25)
    assert pavements["left"].geometry.area == pytest.approx(120 * 4.25, abs=0.1)


def test_parked_cars_stand_between_the_carriageway_and_the_track() -> None:
    """2.75 carriageway, 2.0 bay, 2.0 track: from 4.75 to 6.75, also where no car can stand."""
    east, north = crossing_axes()
    tags = {"parking:left": "lane", "parking:left:orientation": "parallel", "cycleway:left": "track"}
    found = by_kind(derive([Axis(1, "residential", tags, east.line, east.nodes), north], buildings(*HOUSES)))
    (track,) = found["cycle_path"]
    west, south, _east, top = track.geometry.bounds
    assert (west, south, top) == pytest.approx((0, 4.75, 6.75), abs=0.01)
    # The street that crosses is 5.5 m wide: 114.5 m of track are left.
    assert track.geometry.area == pytest.approx(114.5 * 2, abs=0.2)
    assert all(bay.geometry.bounds[3] <= 4.76 for bay in found["parking"])


@pytest.mark.parametrize(
    ("tags", "left_m", "right_m"),
    [
        ({"cycleway": "track"}, 2.0, 2.0),
        ({"cycleway:both": "track"}, 2.0, 2.0),
        ({"cycleway:right": "track"}, 0.0, 2.0),
        ({"cycleway:left": "track", "cycleway:left:oneway": "no"}, 3.0, 0.0),
        ({"cycleway:both": "track", "cycleway:both:width": "2.4", "cycleway:left:width": "1,8"}, 1.8, 2.4),
        ({"cycleway": "track", "cycleway:left": "no"}, 0.0, 2.0),
        ({"cycleway": "track", "oneway": "yes"}, 0.0, 2.0),
        ({"cycleway": "track", "oneway": "-1"}, 2.0, 0.0),
        ({"cycleway": "track", "oneway": "yes", "oneway:bicycle": "no"}, 2.0, 2.0),
        ({"cycleway": "lane"}, 0.0, 0.0),
        ({"cycleway:both": "separate"}, 0.0, 0.0),
        ({"cycleway": "track", "cycleway:width": "90"}, 2.0, 2.0),
    ],
)
def test_a_cycle_track_is_where_and_as_wide_as_its_tags_say(
    tags: dict[str, str], left_m: float, right_m: float
) -> None:
    assert profile("residential", tags).cycle_m == {"left": left_m, "right": right_m}


def test_a_narrow_street_with_a_track_gets_a_narrower_carriageway() -> None:
    """5.5 m to the wall, a track of 2.0 and 0.9 pavement: 2.6 m is left of half a carriageway of 2.75."""
    walls = buildings(box(-10, 5.5, 130, 9), box(-10, -9, 130, -5.5))
    (line,) = by_kind(derive([axis(cycleway="track")], walls))["street_axis"]
    assert line.attributes["carriageway_width_m"] == pytest.approx(5.2)


@pytest.mark.parametrize(
    ("highway", "tags", "width_m"),
    [
        ("residential", {}, 5.5),
        ("residential", {"oneway": "yes"}, 3.5),
        ("primary", {"lanes": "3"}, 9.0),
        ("residential", {"width": "7,5"}, 7.5),
        ("residential", {"width": "8", "parking:left": "lane"}, 6.0),
        ("service", {}, 3.0),
        ("residential", {"lanes": "many", "width": "wide"}, 5.5),
    ],
)
def test_the_carriageway_follows_width_lanes_and_kind(
    highway: str, tags: dict[str, str], width_m: float
) -> None:
    assert profile(highway, tags).carriageway_m == pytest.approx(width_m)


def test_every_default_width_says_where_it_is_from() -> None:
    for width in table().values():
        assert width.value > 0
        assert width.status in ("S", "U", "D")
        assert bool(width.source) == (width.status != "U")
        assert width.note


def test_a_line_without_length_or_streets_without_anything_around_is_no_problem() -> None:
    assert derive([], []) == []
    assert derive([axis(line=LineString([(0, 0), (0.1, 0)]), parking__both="lane")], [])


def test_a_street_that_ends_where_it_begins_has_pavement_inside_and_outside() -> None:
    ring = LineString([(0, 0), (60, 0), (60, 60), (0, 60), (0, 0)])
    loop = Axis(1, "residential", {"parking:both": "lane"}, ring, (1, 2, 3, 4, 1))
    found = by_kind(derive([loop], []))
    half = default("lane_residential")
    assert found["carriageway"][0].geometry.area == pytest.approx(240 * 2 * half, rel=0.02)
    inside = shapely.Polygon(ring)
    pavements = {item.attributes["side"]: item.geometry for item in found["pavement"]}
    assert inside.contains(pavements["left"])
    assert not inside.intersects(pavements["right"])
    for item in pavements.values():
        assert item.area == pytest.approx(240 * default("pavement"), rel=0.2)


# Whatever the streets look like

coordinate = st.integers(0, 150)
corner = st.tuples(coordinate, coordinate)
lines = st.lists(corner, min_size=2, max_size=5).filter(lambda points: len(set(points)) > 1).map(LineString)
highways = st.sampled_from(
    ["residential", "primary", "service", "footway", "cycleway", "pedestrian", "living_street"]
)
tag_sets = st.fixed_dictionaries(
    {},
    optional={
        "parking:both": st.sampled_from(["lane", "no", "street_side"]),
        "parking:lane:left": st.sampled_from(["parallel", "perpendicular", "diagonal"]),
        "sidewalk": st.sampled_from(["both", "left", "right", "no"]),
        "width": st.sampled_from(["2", "6", "12"]),
        "oneway": st.just("yes"),
        "cycleway": st.sampled_from(["track", "lane"]),
        "cycleway:left": st.sampled_from(["track", "no"]),
    },
)
axes_of = st.lists(st.tuples(lines, highways, tag_sets), min_size=1, max_size=5).map(
    lambda items: [
        Axis(at, highway, tags, line, tuple(int(x) * 1000 + int(y) for x, y in line.coords))
        for at, (line, highway, tags) in enumerate(items, 1)
    ]
)
houses = st.lists(
    st.tuples(coordinate, coordinate, st.integers(4, 40), st.integers(4, 40)).map(
        lambda item: box(item[0], item[1], item[0] + item[2], item[1] + item[3])
    ),
    max_size=4,
)


def shared_m2(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """What two shapes share, in square metres. Corners are rounded to a millimetre, which along a street of a
    hundred metres is a sliver; only what is wider than that is shared."""
    return float(shapely.area(shapely.buffer(shapely.intersection(one, other), -0.002)))


@settings(max_examples=50, deadline=None)
@given(axes=axes_of, blocks=houses)
def test_surfaces_never_overlap_and_stay_within_the_street(
    axes: list[Axis], blocks: list[shapely.Geometry]
) -> None:
    found = derive(axes, buildings(*blocks))
    surfaces = [item for item in found if item.kind != "street_axis"]
    assert len({item.source_id for item in found}) == len(found)
    for one, other in combinations(surfaces, 2):
        assert shared_m2(one.geometry, other.geometry) < 0.05, (one.source_id, other.source_id)
    for item in surfaces:
        assert item.geometry.is_valid
        assert all(shared_m2(item.geometry, block) < 0.05 for block in blocks), item.source_id
    streets = corridors(axes, blocks)
    for item in surfaces:
        way = int(item.source_id.split("/")[1])
        if way in streets:
            assert streets[way].buffer(0.05).covers(item.geometry), item.source_id
