"""When what is open, at every edge; and what may still change while people can see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.projects import phase_types, phases
from app.projects.phases import Degree, Mistake, PhaseDraft, PhaseType, Wrong

phase_types.register()
MICRO = timedelta(microseconds=1)
DRAW = {"designs.draw", "designs.support", "comments.place", "polls.answer"}
CHOOSE = {"designs.support", "rounds.vote", "polls.answer"}
TALK = {"comments.place", "polls.answer"}


def day(number: int, hour: int = 0, minute: int = 0) -> datetime:
    """A day in May 2027."""
    return datetime(2027, 5, number, hour, minute, tzinfo=UTC)


def draft(kind: str, start: datetime, end: datetime | None, id_: UUID | None = None) -> PhaseDraft:
    return PhaseDraft(kind, start, end, id_)


# What is open


@pytest.mark.parametrize(
    ("moment", "open_actions"),
    [
        (day(3) - MICRO, set()),
        (day(3), DRAW),
        (day(3) + MICRO, DRAW),
        (day(10) - MICRO, DRAW),
        (day(10), set()),
        (day(10) + MICRO, set()),
    ],
)
def test_a_phase_is_open_from_its_start_until_just_before_its_end(
    moment: datetime, open_actions: set[str]
) -> None:
    assert phases.open_actions([draft("draw", day(3), day(10))], moment) == open_actions


@pytest.mark.parametrize(
    ("moment", "open_actions"),
    [
        (day(10) - MICRO, DRAW),
        # In the gap between the tenth and the twelfth nothing is open.
        (day(10), set()),
        (day(12) - MICRO, set()),
        (day(12), CHOOSE),
        (day(20) - MICRO, CHOOSE),
        (day(20), set()),
    ],
)
def test_in_a_gap_between_phases_nothing_is_open(moment: datetime, open_actions: set[str]) -> None:
    two = [draft("draw", day(3), day(10)), draft("choose", day(12), day(20))]
    assert phases.open_actions(two, moment) == open_actions


@pytest.mark.parametrize(
    ("moment", "open_actions"),
    [
        (day(8) - MICRO, DRAW),
        (day(8), DRAW | CHOOSE),
        (day(10) - MICRO, DRAW | CHOOSE),
        (day(10), CHOOSE),
    ],
)
def test_what_phases_open_that_run_together_adds_up(moment: datetime, open_actions: set[str]) -> None:
    two = [draft("draw", day(3), day(10)), draft("choose", day(8), day(20))]
    assert phases.open_actions(two, moment) == open_actions


def test_where_one_phase_ends_the_next_begins_without_a_moment_between_or_shared() -> None:
    two = [draft("talk", day(3), day(10)), draft("choose", day(10), day(20))]
    assert phases.open_actions(two, day(10) - MICRO) == TALK
    assert phases.open_actions(two, day(10)) == CHOOSE


def test_a_phase_without_an_end_goes_on() -> None:
    assert phases.open_actions([draft("talk", day(3), None)], day(3) + timedelta(days=36_500)) == TALK


def test_looking_opens_nothing_and_neither_does_a_type_that_nobody_knows() -> None:
    assert phases.open_actions([draft("look", day(3), None), draft("gone", day(3), None)], day(4)) == set()


def test_taking_part_ends_with_the_last_phase_that_opens_something() -> None:
    three = [draft("talk", day(1), day(3)), draft("choose", day(3), day(10)), draft("look", day(10), day(20))]
    assert phases.part_ends(three, "advise") == day(10)
    # Who is only consulted talks, and does not choose.
    assert phases.part_ends(three[:1] + three[2:], "consult") == day(3)
    assert phases.part_ends([*three, draft("draw", day(20), None)], "advise") is None
    assert phases.part_ends(three, "inform") is None


def test_the_whole_of_phases_is_from_the_first_start_to_the_last_end() -> None:
    two = [draft("choose", day(12), day(20)), draft("draw", day(3), day(10))]
    assert phases.whole(two) == (day(3), day(20))
    assert phases.whole([*two, draft("look", day(5), None)]) == (day(3), None)


def test_the_next_and_the_last_opening_of_an_action() -> None:
    three = [
        draft("draw", day(3), day(10)),
        draft("choose", day(12), day(14)),
        draft("choose", day(16), day(20)),
    ]
    assert phases.next_opening(three, "rounds.vote", day(5)) == three[1]
    assert phases.next_opening(three, "rounds.vote", day(12)) == three[2]
    assert phases.next_opening(three, "designs.draw", day(3)) is None
    assert phases.last_opening(three, "rounds.vote", day(14)) == three[1]
    assert phases.last_opening(three, "rounds.vote", day(14) - MICRO) is None
    assert phases.last_opening(three, "designs.draw", day(18)) == three[0]


# Degrees


@pytest.mark.parametrize(
    ("degree", "action", "allowed"),
    [
        ("inform", "comments.place", False),
        ("inform", "rounds.vote", False),
        ("consult", "comments.place", True),
        ("consult", "polls.answer", True),
        ("consult", "designs.draw", False),
        ("consult", "designs.support", False),
        ("consult", "rounds.vote", False),
        ("advise", "rounds.vote", True),
        ("co-produce", "designs.draw", True),
        ("decide", "consent.answer", True),
    ],
)
def test_a_degree_caps_what_people_are_asked(degree: str, action: str, allowed: bool) -> None:
    assert phases.degree_allows(degree, action) is allowed
    assert (degree in phases.degrees_for(action)) is allowed


def test_every_degree_has_words() -> None:
    assert set(phase_types.DEGREES) == set(Degree)


# Registering


def test_a_feature_registers_a_phase_of_its_own() -> None:
    own = PhaseType("only-here", "Zaaien", "Je zaait.", frozenset({"only.here"}))
    try:
        phases.register(own)
        phases.register(own)
        assert phases.opening("only.here") == ["only-here"]
        assert phases.open_actions([draft("only-here", day(3), None)], day(3)) == {"only.here"}
        with pytest.raises(ValueError, match="only-here already"):
            phases.register(PhaseType("only-here", "Anders", "Anders.", frozenset()))
    finally:
        del phases._types["only-here"]


@pytest.mark.parametrize(
    ("name", "action"), [("Plant", "a.b"), ("", "a.b"), ("plant", "plant"), ("plant", "a.b; x")]
)
def test_ids_and_actions_are_plain_words(name: str, action: str) -> None:
    with pytest.raises(ValueError, match="phase type needs an id"):
        phases.register(PhaseType(name, "t", "a", frozenset({action})))


# What phases cannot be


@pytest.mark.parametrize(
    ("drafts", "found"),
    [
        ([], [Mistake(None, "", Wrong.NONE)]),
        ([draft("look", day(1), None)] * 21, [Mistake(None, "", Wrong.TOO_MANY)]),
        ([draft("party", day(1), day(2))], [Mistake(0, "type", Wrong.UNKNOWN_TYPE)]),
        ([draft("draw", day(2), day(2))], [Mistake(0, "ends_at", Wrong.ENDS_BEFORE_START)]),
        ([draft("draw", day(2), day(1))], [Mistake(0, "ends_at", Wrong.ENDS_BEFORE_START)]),
        # Where one ends the next of its type may begin; a microsecond earlier is an overlap.
        ([draft("draw", day(1), day(3)), draft("draw", day(3), day(5))], []),
        (
            [draft("draw", day(1), day(3)), draft("draw", day(3) - MICRO, day(5))],
            [Mistake(1, "starts_at", Wrong.OVERLAP)],
        ),
        (
            [draft("draw", day(1), None), draft("draw", day(3), day(5))],
            [Mistake(1, "starts_at", Wrong.OVERLAP)],
        ),
        (
            [draft("draw", day(1), day(9)), draft("draw", day(3), day(5))],
            [Mistake(1, "starts_at", Wrong.OVERLAP)],
        ),
        ([draft("draw", day(1), day(9)), draft("choose", day(3), day(5))], []),
    ],
)
def test_what_phases_cannot_be(drafts: list[PhaseDraft], found: list[Mistake]) -> None:
    assert phases.mistakes(drafts) == found


# While it runs. It is the tenth of May, half past nine and some seconds.

NOW = datetime(2027, 5, 10, 9, 30, 42, tzinfo=UTC)
MINUTE = datetime(2027, 5, 10, 9, 30, tzinfo=UTC)
PAST, RUNNING, COMING = uuid4(), uuid4(), uuid4()
OLD = {
    PAST: draft("talk", day(1), day(5), PAST),
    RUNNING: draft("draw", day(5), day(20), RUNNING),
    COMING: draft("choose", day(20), day(30), COMING),
}


def change(which: UUID, **fields: Any) -> list[PhaseDraft]:
    """The phases as they are, with one of them changed."""
    from dataclasses import replace

    return [replace(one, **fields) if one.id == which else one for one in OLD.values()]


@pytest.mark.parametrize(
    ("drafts", "wrong"),
    [
        (list(OLD.values()), []),
        # What is over stays as it was.
        (change(PAST, ends_at=day(6)), [Mistake(0, "ends_at", Wrong.HAS_ENDED)]),
        (change(PAST, ends_at=None), [Mistake(0, "ends_at", Wrong.HAS_ENDED)]),
        (change(PAST, starts_at=day(2)), [Mistake(0, "ends_at", Wrong.HAS_ENDED)]),
        # What runs keeps its start and type; its end is any moment from the present minute on.
        (change(RUNNING, starts_at=day(6)), [Mistake(1, "starts_at", Wrong.HAS_BEGUN)]),
        (change(RUNNING, type="look"), [Mistake(1, "type", Wrong.TYPE_FIXED)]),
        (change(RUNNING, ends_at=MINUTE), []),
        (change(RUNNING, ends_at=MINUTE - MICRO), [Mistake(1, "ends_at", Wrong.IN_THE_PAST)]),
        (change(RUNNING, ends_at=day(25)), []),
        (change(RUNNING, ends_at=None), []),
        # What is to come moves freely, from now on.
        (change(COMING, starts_at=MINUTE, ends_at=day(12)), []),
        (change(COMING, starts_at=MINUTE - MICRO), [Mistake(2, "starts_at", Wrong.IN_THE_PAST)]),
        (change(COMING, type="answer"), []),
        (list(OLD.values())[:2], []),
        # What began cannot be taken away.
        ([OLD[PAST], OLD[COMING]], [Mistake(None, "", Wrong.CANNOT_GO)]),
        ([OLD[RUNNING]], [Mistake(None, "", Wrong.CANNOT_GO)]),
        # A new one starts now or later.
        ([*OLD.values(), draft("answer", MINUTE, None)], []),
        (
            [*OLD.values(), draft("answer", MINUTE - MICRO, None)],
            [Mistake(3, "starts_at", Wrong.IN_THE_PAST)],
        ),
        ([*OLD.values(), draft("answer", day(12), None, uuid4())], [Mistake(3, "type", Wrong.UNKNOWN_PHASE)]),
    ],
)
def test_what_may_change_while_it_runs(drafts: list[PhaseDraft], wrong: list[Mistake]) -> None:
    assert phases.mistakes_while_running(OLD, drafts, NOW) == wrong


# Properties

MOMENTS = st.integers(0, 40).map(lambda hours: day(1) + timedelta(hours=hours))
TYPES = st.sampled_from(["look", "talk", "draw", "choose", "answer"])


@st.composite
def spans(drawing: st.DrawFn) -> PhaseDraft:
    start = drawing(MOMENTS)
    length = drawing(st.one_of(st.none(), st.integers(1, 20)))
    return draft(drawing(TYPES), start, None if length is None else start + timedelta(hours=length))


@given(st.lists(spans(), min_size=1, max_size=6), MOMENTS)
def test_open_is_what_the_types_that_run_open_together(drafts: list[PhaseDraft], moment: datetime) -> None:
    """By counting the hours of each phase one by one."""
    expected: set[str] = set()
    for one in drafts:
        hours = 60 if one.ends_at is None else round((one.ends_at - one.starts_at) / timedelta(hours=1))
        if moment in [one.starts_at + timedelta(hours=hour) for hour in range(hours)]:
            expected |= {"look": set(), "talk": TALK, "draw": DRAW, "choose": CHOOSE}.get(
                one.type, {"adoption.pledge", "consent.answer", "polls.answer"}
            )
    assert phases.open_actions(drafts, moment) == expected


@given(st.lists(spans(), min_size=2, max_size=6))
def test_phases_without_mistakes_never_have_two_of_a_type_at_once(drafts: list[PhaseDraft]) -> None:
    shared = any(
        sum(phases.runs(one, day(1) + timedelta(hours=hour)) for one in drafts if one.type == kind) > 1
        for hour in range(62)
        for kind in ("look", "talk", "draw", "choose", "answer")
    )
    assert bool(phases.mistakes(drafts)) is shared
