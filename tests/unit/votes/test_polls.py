"""What a poll tells, and what it does not: counted by hand, and held against every answer that can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.votes.polls.domain import (
    LEAST_ANSWERS,
    Answer,
    Given,
    Kind,
    Relation,
    Status,
    Window,
    is_answer,
    results,
    so_far,
    status,
)

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("own", "ended_at", "phase", "expected"),
    [
        (Window(NOON), None, None, Status.OPEN),
        (Window(NOON + timedelta(microseconds=1)), None, None, Status.COMING),
        (Window(NOON - DAY, NOON), None, None, Status.CLOSED),
        (Window(NOON - DAY, NOON + timedelta(microseconds=1)), None, None, Status.OPEN),
        (Window(NOON - DAY), NOON - timedelta(hours=1), None, Status.CLOSED),
        (Window(NOON - DAY), None, Window(NOON + DAY), Status.COMING),
        (Window(NOON - DAY), None, Window(NOON - DAY, NOON), Status.CLOSED),
        (Window(NOON - DAY), None, Window(NOON - DAY, NOON + DAY), Status.OPEN),
        (Window(NOON + DAY), None, Window(NOON - DAY, NOON), Status.CLOSED),
    ],
)
def test_open_in_its_own_days_and_in_its_phase(
    own: Window, ended_at: datetime | None, phase: Window | None, expected: Status
) -> None:
    assert status(own, ended_at, phase, NOON) is expected


@pytest.mark.parametrize(
    ("kind", "choices", "most", "chosen", "good"),
    [
        (Kind.ONE, 3, 1, (3,), True),
        (Kind.ONE, 3, 1, (4,), False),
        (Kind.ONE, 3, 1, (0,), False),
        (Kind.ONE, 3, 1, (), False),
        (Kind.ONE, 3, 1, (1, 2), False),
        (Kind.SEVERAL, 4, 2, (1, 4), True),
        (Kind.SEVERAL, 4, 2, (1, 2, 3), False),
        (Kind.SEVERAL, 4, 2, (2, 2), False),
        (Kind.SCALE, 0, 1, (5,), True),
        (Kind.SCALE, 0, 1, (6,), False),
    ],
)
def test_what_an_answer_is(kind: Kind, choices: int, most: int, chosen: tuple[int, ...], good: bool) -> None:
    assert is_answer(kind, choices, most, chosen) is good


def test_seven_people_choose_of_three() -> None:
    found = results(Kind.ONE, 3, [Answer((n,)) for n in (1, 1, 1, 1, 2, 2, 3)])
    assert [(bar.number, bar.people) for bar in found.bars] == [(1, 4), (2, 2), (3, 1)]
    assert found.bars[0].share == pytest.approx(4 / 7)
    assert found.people == 7
    assert found.middle is None


def test_who_chooses_several_counts_once_among_the_people() -> None:
    found = results(Kind.SEVERAL, 2, [Answer((1, 2))] * 4 + [Answer((2,))])
    assert found.people == 5
    assert [bar.share for bar in found.bars] == [0.8, 1.0]


def test_the_middle_of_a_scale_is_the_lower_median() -> None:
    assert results(Kind.SCALE, 0, [Answer((n,)) for n in (1, 2, 4, 5, 5)]).middle == 4
    assert results(Kind.SCALE, 0, [Answer((n,)) for n in (1, 2, 2, 5, 5, 5)]).middle == 2


def test_four_answers_tell_nothing_but_their_number() -> None:
    found = results(Kind.ONE, 2, [Answer((1,), Relation.HERE)] * 4, asks_relation=True)
    assert (found.people, found.bars, found.groups, found.enough) == (4, (), (), False)


def of(relation: Relation | None, people: int, chosen: int = 1) -> list[Answer]:
    return [Answer((chosen,), relation)] * people


START = datetime(2026, 11, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def arrived(answers: Sequence[Answer]) -> list[Given]:
    """Answers that came a minute apart, the first at noon, and were never changed."""
    return [Given(one, START + n * MINUTE, START + n * MINUTE) for n, one in enumerate(answers)]


def changed(came: list[Given], index: int, answer: Answer, moment: datetime) -> list[Given]:
    """The same with one of them changed at a moment."""
    return [replace(g, answer=answer, changed_at=moment) if n == index else g for n, g in enumerate(came)]


@given(st.lists(st.builds(Answer, st.integers(1, 3).map(lambda n: (n,))), max_size=30))
def test_while_it_runs_answers_are_told_five_at_a_time_and_the_last_five_wait(answers: list[Answer]) -> None:
    told = so_far(arrived(answers))
    assert told == answers[: len(told)]
    assert len(told) % 5 == 0
    # The end tells all: what it adds is five people too.
    assert 5 <= len(answers) - len(told) < 10 or len(answers) < 5


def test_what_the_end_adds_is_not_the_last_answer() -> None:
    """Of eleven answers ten were told, and at the end all: who looked twice knew the eleventh."""
    answers = of(None, 10, 1) + of(None, 1, 2)
    before = results(Kind.ONE, 2, so_far(arrived(answers)))
    after = results(Kind.ONE, 2, answers)
    assert [bar.people for bar in before.bars] == [5, 0]
    assert [bar.people for bar in after.bars] == [10, 1]


def test_a_change_of_what_was_told_waits_for_the_next_five() -> None:
    came = arrived(of(None, 15, 1))
    assert so_far(came[:12]) == of(None, 5, 1)
    # After the twelfth, and before the thirteenth came, the third thought again.
    came = changed(came, 2, Answer((2,)), START + 11.5 * MINUTE)
    assert so_far(came[:12]) == so_far(came[:14]) == []
    # With the fifteenth ten are told: the change, and five who were not told before.
    assert so_far(came) == [*of(None, 2, 1), Answer((2,)), *of(None, 7, 1)]


def test_a_change_of_what_was_not_told_yet_hides_nothing() -> None:
    came = changed(arrived(of(None, 12, 1)), 7, Answer((2,)), START + 11.5 * MINUTE)
    assert so_far(came) == of(None, 5, 1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 99), st.integers(1, 3)), max_size=40))
def test_what_is_told_at_two_moments_differs_in_nobody_or_in_five_people(
    events: list[tuple[bool, int, int]],
) -> None:
    """Answers come and are changed, one a minute; somebody looks after each of them, and at the end."""
    came: list[Given] = []
    looks: list[dict[int, Answer]] = []
    for minute, (is_new, who, chosen) in enumerate(events):
        moment = START + minute * MINUTE
        if is_new or not came:
            came = [*came, Given(Answer((chosen,)), moment, moment)]
        else:
            came = changed(came, who % len(came), Answer((chosen,)), moment)
        if told := so_far(came):
            looks.append(dict(enumerate(told)))
    looks.append({number: one.answer for number, one in enumerate(came)})
    for one, other in combinations(looks, 2):
        differ = [number for number in one.keys() | other.keys() if one.get(number) != other.get(number)]
        assert not differ or len(differ) >= 5


def test_groups_below_five_are_told_together() -> None:
    answers = (
        of(Relation.HERE, 6, 1)
        + of(Relation.NEAR, 3, 2)
        + of(Relation.OFTEN, 2, 1)
        + of(Relation.OTHER, 5, 2)
    )
    found = results(Kind.ONE, 2, answers, asks_relation=True)
    assert [(group.relations, group.people, group.counts) for group in found.groups] == [
        ((Relation.HERE,), 6, (6, 0)),
        ((Relation.OTHER,), 5, (0, 5)),
        ((Relation.NEAR, Relation.OFTEN), 5, (2, 3)),
    ]


def test_one_person_who_would_be_left_over_takes_the_smallest_group_along() -> None:
    """Else the total less the other groups would be that person's answer."""
    answers = of(Relation.HERE, 8) + of(Relation.NEAR, 5) + of(Relation.OTHER, 1, 2)
    found = results(Kind.ONE, 2, answers, asks_relation=True)
    assert [(group.relations, group.people) for group in found.groups] == [
        ((Relation.HERE,), 8),
        ((Relation.NEAR, Relation.OTHER), 6),
    ]


def test_one_group_is_no_breakdown() -> None:
    answers = of(Relation.HERE, 5) + of(None, 2)
    assert results(Kind.ONE, 2, answers, asks_relation=True).groups == ()


@given(
    st.lists(
        st.builds(
            Answer,
            st.integers(1, 3).map(lambda n: (n,)),
            st.one_of(st.none(), st.sampled_from(list(Relation))),
        ),
        max_size=40,
    )
)
def test_no_group_is_small_and_all_together_are_everybody(answers: list[Answer]) -> None:
    found = results(Kind.ONE, 3, answers, asks_relation=True)
    assert found.people == len(answers)
    if len(answers) < LEAST_ANSWERS:
        assert found.bars == found.groups == ()
        return
    assert sum(bar.people for bar in found.bars) == len(answers)
    if found.groups:
        assert all(group.people >= LEAST_ANSWERS for group in found.groups)
        assert sum(group.people for group in found.groups) == len(answers)
        for number, bar in enumerate(found.bars):
            assert sum(group.counts[number] for group in found.groups) == bar.people
        named = [one for group in found.groups for one in group.relations]
        assert len(named) == len(set(named)) == len({answer.relation for answer in answers})


@given(st.permutations([Answer((n % 3 + 1,), list(Relation)[n % 4]) for n in range(23)]))
def test_the_order_of_answers_does_not_matter(answers: list[Answer]) -> None:
    by_hand = results(
        Kind.ONE, 3, [Answer((n % 3 + 1,), list(Relation)[n % 4]) for n in range(23)], asks_relation=True
    )
    assert results(Kind.ONE, 3, answers, asks_relation=True) == by_hand
