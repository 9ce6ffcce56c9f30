"""Rules of consent: what the practices of two cities make of answers, by hand, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.votes.consent.domain import (
    HAARLEM,
    LEAST_ON_A_SIDE,
    NIJMEGEN,
    Asked,
    Reply,
    Rule,
    Side,
    State,
    Status,
    can_be_guessed,
    can_ever_be_met,
    count,
    state,
    status,
    told,
)

YES, NO, OBJECTION = Reply.YES, Reply.NO, Reply.OBJECTION
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# From worst to best, while the term runs and after it.
ORDER = [State.BLOCKED, State.POSSIBLE, State.ON_COURSE]
END_ORDER = [State.NOT_MET, State.MET]


def street(front: list[Reply | None], others: list[Reply | None]) -> list[Asked]:
    """Addresses in front, and others: five to the left, five to the right, the rest opposite."""
    sides = [Side.LEFT] * 5 + [Side.RIGHT] * 5 + [Side.OPPOSITE] * 90
    return [Asked(Side.FRONT, reply) for reply in front] + [
        Asked(side, reply) for side, reply in zip(sides, others, strict=False)
    ]


def states(rule: Rule, asked: list[Asked]) -> tuple[State, State]:
    return state(rule, asked, over=False), state(rule, asked, over=True)


def test_haarlem_wants_everybody_in_front_and_twenty_more() -> None:
    assert states(HAARLEM, street([YES, YES], [YES] * 20)) == (State.ON_COURSE, State.MET)
    assert states(HAARLEM, street([YES, None], [YES] * 20)) == (State.POSSIBLE, State.NOT_MET)
    assert states(HAARLEM, street([YES, NO], [YES] * 20)) == (State.BLOCKED, State.NOT_MET)
    assert states(HAARLEM, street([YES, YES], [YES] * 19 + [None])) == (State.POSSIBLE, State.NOT_MET)
    assert states(HAARLEM, street([YES, YES], [YES] * 19 + [NO])) == (State.BLOCKED, State.NOT_MET)
    # A yes in front is none of the twenty.
    assert states(HAARLEM, street([YES] * 5, [YES] * 19 + [OBJECTION]))[1] is State.NOT_MET


def test_twenty_of_more_than_twenty_leave_room_for_a_no() -> None:
    assert states(HAARLEM, street([YES], [YES] * 20 + [NO, None])) == (State.ON_COURSE, State.MET)


def test_nijmegen_wants_no_objection_and_silence_is_none() -> None:
    assert states(NIJMEGEN, street([None], [None, None])) == (State.ON_COURSE, State.MET)
    assert states(NIJMEGEN, street([None], [YES, NO])) == (State.ON_COURSE, State.MET)
    assert states(NIJMEGEN, street([None], [YES, OBJECTION])) == (State.BLOCKED, State.NOT_MET)
    assert states(NIJMEGEN, street([OBJECTION], [YES, YES])) == (State.BLOCKED, State.NOT_MET)


def test_own_numbers_take_the_parts_together() -> None:
    own = Rule(2, 2, 2, front_all=True, yes_needed=3, objections_allowed=1)
    assert state(own, street([YES], [YES, YES, YES, OBJECTION]), over=True) is State.MET
    assert state(own, street([YES], [YES, YES, YES, OBJECTION, OBJECTION]), over=True) is State.NOT_MET
    assert state(own, street([YES], [YES, YES, NO, None]), over=False) is State.POSSIBLE
    assert state(own, street([YES], [YES, YES, NO, NO]), over=False) is State.BLOCKED


def test_nobody_in_front_is_nobody_who_must_say_yes() -> None:
    assert state(HAARLEM, street([], [YES] * 20), over=True) is State.MET


def test_too_few_addresses_for_a_rule_are_seen_beforehand() -> None:
    assert can_ever_be_met(HAARLEM, street([None], [None] * 20))
    assert not can_ever_be_met(HAARLEM, street([None], [None] * 18))
    assert can_ever_be_met(NIJMEGEN, street([None], [OBJECTION]))


def test_the_count() -> None:
    found = count(street([YES, None], [YES, NO, OBJECTION, None]))
    assert (found.asked, found.answered, found.front, found.front_yes, found.others_yes) == (6, 4, 2, 1, 1)
    assert (found.yes, found.objections) == (2, 1)


replies = st.sampled_from([None, YES, NO, OBJECTION])
asked_lists = st.lists(st.builds(Asked, st.sampled_from(list(Side)), replies), max_size=24)
rules = st.builds(
    Rule,
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
    st.integers(0, 12),
    st.one_of(st.none(), st.integers(0, 4)),
)


@given(rules, asked_lists, st.data())
def test_one_more_yes_never_makes_it_worse(rule: Rule, asked: list[Asked], data: st.DataObject) -> None:
    assume(asked)
    at = data.draw(st.integers(0, len(asked) - 1))
    better = [replace(one, reply=YES) if index == at else one for index, one in enumerate(asked)]
    for over, order in ((False, ORDER), (True, END_ORDER)):
        assert order.index(state(rule, better, over=over)) >= order.index(state(rule, asked, over=over))


@given(rules, asked_lists, st.data())
def test_one_more_objection_never_makes_it_better(
    rule: Rule, asked: list[Asked], data: st.DataObject
) -> None:
    assume(asked)
    at = data.draw(st.integers(0, len(asked) - 1))
    worse = [replace(one, reply=OBJECTION) if index == at else one for index, one in enumerate(asked)]
    for over, order in ((False, ORDER), (True, END_ORDER)):
        assert order.index(state(rule, worse, over=over)) <= order.index(state(rule, asked, over=over))


@given(rules, asked_lists, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(rule: Rule, asked: list[Asked], chance: object) -> None:
    shuffled = list(asked)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for over in (False, True):
        assert state(rule, shuffled, over=over) is state(rule, asked, over=over)
        assert told(rule, shuffled, over=over) == told(rule, asked, over=over)


@given(rules, asked_lists)
def test_what_is_possible_and_what_is_not(rule: Rule, asked: list[Asked]) -> None:
    """`possible` means that some way to fill the silence meets the rule, `blocked` that none does."""
    present = state(rule, asked, over=False)
    silent = [index for index, one in enumerate(asked) if one.reply is None]
    filled = [replace(one, reply=YES) if index in silent else one for index, one in enumerate(asked)]
    reached = state(rule, filled, over=True) is State.MET
    assert reached == (present is not State.BLOCKED)
    assert (state(rule, asked, over=True) is State.MET) == (present is State.ON_COURSE)


@given(rules)
def test_a_rule_survives_being_stored(rule: Rule) -> None:
    assert Rule.read(rule.document()) == rule


# --- What the public is told -------------------------------------------------------------------------------


@given(rules, asked_lists)
def test_while_it_runs_nobody_is_told_what_anybody_said(rule: Rule, asked: list[Asked]) -> None:
    running = told(rule, asked, over=False)
    silent = [replace(one, reply=one.reply and NO) for one in asked]
    assert running == told(rule, silent, over=False)
    assert running.state is None
    assert running.yes is None


@given(rules, asked_lists)
def test_numbers_are_told_only_where_several_say_yes_and_several_do_not(
    rule: Rule, asked: list[Asked]
) -> None:
    end = told(rule, asked, over=True)
    assert end.state in END_ORDER
    if end.yes is not None:
        assert end.asked >= 10
        assert LEAST_ON_A_SIDE <= end.yes <= end.asked - LEAST_ON_A_SIDE
    if end.asked < 5:
        assert end.answered is None


def test_two_addresses_are_told_the_outcome_and_warned_of_it() -> None:
    asked = [Asked(Side.LEFT, YES), Asked(Side.RIGHT, OBJECTION)]
    end = told(NIJMEGEN, asked, over=True)
    assert (end.asked, end.answered, end.yes, end.state) == (2, None, None, State.NOT_MET)
    assert can_be_guessed(NIJMEGEN, asked)


def test_twenty_two_addresses_of_which_three_do_not_say_yes() -> None:
    asked = street([YES, YES], [YES] * 17 + [NO, OBJECTION, None])
    end = told(replace(HAARLEM, yes_needed=15), asked, over=True)
    assert (end.asked, end.answered, end.yes, end.state) == (22, 21, 19, State.MET)
    one_less = street([YES, YES], [YES] * 18 + [NO, OBJECTION])
    assert told(replace(HAARLEM, yes_needed=15), one_less, over=True).yes is None


def test_when_a_letter_warns() -> None:
    many = street([None] * 5, [None] * 20)
    assert can_be_guessed(HAARLEM, many)  # all of twenty must say yes
    assert not can_be_guessed(replace(HAARLEM, yes_needed=17), many)
    assert can_be_guessed(replace(HAARLEM, yes_needed=15), street([None] * 2, [None] * 20))  # two in front
    assert not can_be_guessed(replace(HAARLEM, yes_needed=15, front_all=False), street([None], [None] * 20))


# --- When ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "withdrawn", "opens", "closes", "expected"),
    [
        (None, None, NOON - HOUR, NOON + HOUR, Status.DRAFT),
        (NOON - HOUR, None, NOON, NOON + HOUR, Status.OPEN),
        (NOON - HOUR, None, NOON + timedelta(microseconds=1), NOON + HOUR, Status.COMING),
        (NOON - HOUR, None, NOON - HOUR, NOON, Status.OVER),
        (NOON - HOUR, None, NOON - HOUR, NOON + timedelta(microseconds=1), Status.OPEN),
        (NOON - HOUR, NOON, NOON - HOUR, NOON + HOUR, Status.WITHDRAWN),
    ],
)
def test_open_from_its_first_moment_to_just_before_its_last(
    sent: datetime | None, withdrawn: datetime | None, opens: datetime, closes: datetime, expected: Status
) -> None:
    assert status(sent, withdrawn, opens, closes, NOON) is expected
