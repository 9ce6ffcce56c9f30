"""Query strings: what is understood, and what is refused with every problem at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import parameters
from app.api.crs import CRS84, EPSG_4326, MERCATOR, RD
from app.api.parameters import MAX_LIMIT, Refused
from app.api.registry import COLLECTIONS

CHANGES = COLLECTIONS["changes"]
OBJECTS = COLLECTIONS["street-objects"]


def read(collection=CHANGES, **given_: str):
    return parameters.items_query(
        [(name.replace("_crs", "-crs"), value) for name, value in given_.items()], collection
    )


def reasons(pairs: list[tuple[str, str]], collection=CHANGES) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        parameters.items_query(pairs, collection)
    return {fault.parameter: fault.reason for fault in refused.value.faults}


def test_nothing_asked_means_a_hundred_features_in_longitude_and_latitude() -> None:
    query = read()
    assert (query.limit, query.bbox, query.crs, query.filters) == (100, None, CRS84, ())


def test_a_limit_above_the_maximum_means_the_maximum() -> None:
    assert read(limit="10001").limit == MAX_LIMIT
    assert read(limit="9" * 900).limit == MAX_LIMIT
    assert read(limit="7").limit == 7


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "ten", "", "1e3", "nan", "٣x", "0x10"])
def test_a_limit_that_is_no_positive_whole_number_is_refused(limit: str) -> None:
    assert reasons([("limit", limit)]) == {"limit": "limit"}


def test_a_box_may_have_heights_which_are_ignored() -> None:
    assert read(bbox="4,52,-1,5,53,99").bbox == (4, 52, 5, 53)


def test_a_box_in_epsg_4326_has_latitude_first() -> None:
    assert read(bbox="52,4,53,5", bbox_crs=EPSG_4326.uri).bbox == (4, 52, 5, 53)


def test_a_box_in_rd_is_in_metres() -> None:
    query = read(bbox="84000,447000,84100,447020", bbox_crs="EPSG:28992")
    assert query.bbox_crs is RD and query.bbox == (84000, 447000, 84100, 447020)


def test_a_box_is_clamped_to_where_its_system_is_valid() -> None:
    assert read(bbox="-1e300,-1e300,1e300,1e300", bbox_crs=MERCATOR.uri).bbox == MERCATOR.limits


def test_a_box_may_cross_the_antimeridian_but_not_stand_upside_down() -> None:
    assert read(bbox="170,-10,-170,10").bbox == (170, -10, -170, 10)
    assert reasons([("bbox", "4,53,5,52")]) == {"bbox": "bbox-order"}
    assert reasons([("bbox", "5,1,4,2"), ("bbox-crs", "EPSG:28992")]) == {"bbox": "bbox-order"}


@pytest.mark.parametrize(
    "box",
    [
        "nan,1,2,3",
        "inf,1,2,3",
        "1,2,3,Infinity",
        "1,2,3",
        "1,2,3,4,5",
        "",
        "a,b,c,d",
        "1e400,1,2,3",
        "1,2,3," + "9" * 900,
        "1,2,3,0x1",
        "1,2,3,1_0",
    ],
)
def test_a_box_that_is_not_four_or_six_finite_numbers_is_refused(box: str) -> None:
    assert list(reasons([("bbox", box)])) == ["bbox"]


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
@pytest.mark.parametrize("system", ["EPSG:4258", "http://www.opengis.net/def/crs/EPSG/0/99999", "", "rd"])
def test_an_unknown_coordinate_system_is_refused(name: str, system: str) -> None:
    assert reasons([(name, system)]) == {name: "crs"}


def test_moments_and_intervals_are_read_with_their_offset() -> None:
    interval = read(datetime="2026-05-01T12:00:00+02:00/..").interval
    assert interval is not None
    assert interval.start == datetime(2026, 5, 1, 10, tzinfo=UTC) and interval.end is None
    day = read(datetime="2026-05-01").interval
    assert day is not None and day.start == datetime(2026, 5, 1, tzinfo=UTC)
    assert day.end == datetime(2026, 5, 1, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment",
    [
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-05-01T12:00:00",
        "..",
        "",
        "a/b",
        "2026-05-01/2026-05-02/2026-05-03",
        "0001-01-01T00:00:00+23:59",
        "9" * 500,
    ],
)
def test_a_moment_that_cannot_be_read_is_refused(moment: str) -> None:
    assert reasons([("datetime", moment)]) == {"datetime": "datetime"}


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    assert reasons([("datetime", "2026-05-02/2026-05-01")]) == {"datetime": "datetime-order"}


def test_every_published_property_filters() -> None:
    for collection in COLLECTIONS.values():
        examples = {
            "string": "x",
            "integer": "1",
            "number": "1.5",
            "boolean": "true",
            "uuid": str(uuid4()),
            "date-time": "2026-05-01T12:00:00Z",
        }
        pairs = [(prop.name, examples[prop.type]) for prop in collection.properties]
        assert len(parameters.items_query(pairs, collection).filters) == len(collection.properties)


def test_a_coded_property_takes_several_values_and_free_text_keeps_its_commas() -> None:
    ((_kind, values),) = read(OBJECTS, kind="tree,bench").filters
    assert values == ("tree", "bench")
    ((_name, values),) = read(OBJECTS, name="Kade, de").filters
    assert values == ("Kade, de",)


def test_all_problems_are_reported_at_once() -> None:
    pairs = [
        ("limit", "0"),
        ("bbox", "nan,1,2,3"),
        ("object", "9" * 30),
        ("foo", "1"),
        ("design", "x"),
        ("limit", "2"),
    ]
    assert reasons(pairs) == {
        "limit": "limit",
        "bbox": "number",
        "object": "integer",
        "foo": "unknown",
        "design": "uuid",
    }


def test_characters_that_postgresql_cannot_store_are_refused() -> None:
    assert reasons([("kind", "tr\x00ee")]) == {"kind": "characters"}
    assert reasons([("kind", "\ud800")]) == {"kind": "characters"}


def test_a_cursor_leads_back_to_its_key_and_a_made_up_one_is_refused() -> None:
    key = uuid4()
    assert read(cursor=parameters.cursor_after(key)).after == key
    assert read(OBJECTS, cursor=parameters.cursor_after(7)).after == 7
    for made_up in ("x", "é", "AAAA", "", "MQ=="):
        assert reasons([("cursor", made_up)]) == {"cursor": "cursor"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "limit",
                    "bbox",
                    "bbox-crs",
                    "crs",
                    "datetime",
                    "cursor",
                    "kind",
                    "object",
                    "design",
                    "width_m",
                    "zzz",
                ]
            ),
            st.text(),
        ),
        max_size=6,
    )
)
def test_no_query_string_does_anything_but_pass_or_be_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        query = parameters.items_query(pairs, CHANGES)
    except Refused as refused:
        json.dumps([fault.parameter for fault in refused.faults]).encode()
    else:
        assert 1 <= query.limit <= MAX_LIMIT
