"""Turnout as it stands in a result: from ballots and letters to tables that give nobody away."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.votes.results.domain import Cast, in_order, place_of, turnout


def cast(times: int, where: str | tuple[str, str] | None, *named: str) -> list[Cast]:
    band, name = where if isinstance(where, tuple) else (where, None)
    return [Cast(named, band, name)] * times


def test_bands_are_read_and_ordered_by_distance() -> None:
    assert place_of("0-50", None) == ("0-50", "") and place_of(None, None) == ("", "")
    assert place_of("1000-", "Wippolder") == ("1000-", "Wippolder")
    assert in_order(["1000-", "", "100-250", "0-50", "50-100"]) == ["0-50", "50-100", "100-250", "1000-", ""]


def test_by_neighbourhood_where_it_is_known() -> None:
    north, south, far = ("0-50", "Noord"), ("0-50", "Zuid"), ("50-100", "Zuid")
    ballots = [*cast(20, north, "A"), *cast(15, south, "B"), *cast(12, far, "B")]
    found = turnout(ballots, {north: 40, south: 20, far: 60}, ["A", "B"], 10)
    assert found is not None
    assert [(row["places"], row["voted"]) for row in found["by_distance"]] == [
        (["0-50"], 35),
        (["50-100"], 12),
    ]  # type: ignore[index,union-attr]
    # Zuid less the far ones is 15, near less Noord is 15: nothing under 10 can be worked out.
    assert [(row["places"], row["voted"]) for row in found["by_neighbourhood"]] == [
        (["Zuid"], 27),
        (["Noord"], 20),
    ]  # type: ignore[index,union-attr]
    assert found["could_vote"] == 120


def test_ballots_without_an_address_have_no_share_and_do_not_count_in_the_average() -> None:
    ballots = [*cast(30, "0-50", "A"), *cast(20, "50-100", "A"), *cast(12, None, "B")]
    found = turnout(ballots, {("0-50", None): 60, ("50-100", None): 40}, ["A", "B"], 10)
    assert found is not None
    near, far, unknown = found["by_distance"]  # type: ignore[misc]
    assert found["voted"] == 62 and found["could_vote"] == 100
    # 50 of 100 is the average, so 30 of 60 and 20 of 40 lie on it.
    assert near["gap_points"][0] < 0 < near["gap_points"][1]  # type: ignore[index,call-overload]
    assert far["could_vote"] == 40  # type: ignore[index,call-overload]
    assert unknown["places"] == [""] and unknown["could_vote"] is None and "gap_points" not in unknown  # type: ignore[index,call-overload]


def test_without_letters_there_are_votes_by_distance_and_no_gaps() -> None:
    found = turnout([*cast(12, "0-50", "A"), *cast(11, "50-100", "B")], {}, ["A", "B"], 10)
    assert found is not None and found["could_vote"] is None
    assert all(row["could_vote"] is None and "gap_points" not in row for row in found["by_distance"])  # type: ignore[union-attr,operator,index]


def test_a_letter_taken_back_after_voting_does_not_make_more_voters_than_addresses() -> None:
    found = turnout(
        [*cast(12, "0-50", "A"), *cast(11, "50-100", "A")],
        {("0-50", None): 10, ("50-100", None): 30},
        ["A"],
        10,
    )
    assert found is not None
    assert found["by_distance"][0]["could_vote"] == 12  # type: ignore[index,call-overload]


def test_no_place_no_table() -> None:
    assert turnout(cast(50, None, "A"), {}, ["A"], 10) is None


places = st.sampled_from(["0-50", "50-100", "100-250", "1000-", None]).flatmap(
    lambda band: st.tuples(st.just(band), st.sampled_from(["Noord", "Zuid", None]) if band else st.none())
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(places, st.sets(st.sampled_from("ABC"))), max_size=80),
    st.dictionaries(places.filter(lambda place: place[0] is not None), st.integers(1, 60)),
)
def test_tables_add_up_and_no_group_is_small(
    ballots: list[tuple[tuple[str | None, str | None], set[str]]],
    letters: dict[tuple[str | None, str | None], int],
) -> None:
    found = turnout([Cast(sorted(named), *place) for place, named in ballots], letters, "ABC", 10)
    if found is None:
        return
    for rows in (found["by_distance"], found["by_neighbourhood"]):
        assert isinstance(rows, list)
        assert all(row["voted"] >= 10 for row in rows)  # type: ignore[index,call-overload,operator]
        if rows:
            assert sum(row["voted"] for row in rows) == len(ballots)  # type: ignore[index,call-overload,misc]
            for code in "ABC":
                told = sum(row["votes"][code] for row in rows)  # type: ignore[index,call-overload,misc]
                assert told == sum(code in named for _place, named in ballots)
