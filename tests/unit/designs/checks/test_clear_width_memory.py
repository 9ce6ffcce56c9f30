"""What is remembered of a look is what a new look would find."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from app.designs.checks.clear_width import look, memory

# A pavement of 2 m between a wall and a kerb, and a pole in it that leaves 2 - y - 0.1 m on one side.
PAVEMENT = box(0, 0, 30, 2)
HERE = box(14, 0.5, 16, 1)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    memory.forget()


def _remembered(y: float) -> float:
    return memory.remembered_look(PAVEMENT, [Point(15, y).buffer(0.1)], HERE, 6.0, 3.0).width_m


def test_the_same_place_is_looked_at_once() -> None:
    pole = Point(15, 0.5).buffer(0.1)
    first = memory.remembered_look(PAVEMENT, [pole], HERE, 6.0, 3.0)
    assert memory.remembered_look(box(0, 0, 30, 2), [Point(15, 0.5).buffer(0.1)], HERE, 6.0, 3.0) is first


def test_a_pole_that_moved_a_centimetre_is_looked_at_anew() -> None:
    assert _remembered(0.5) == pytest.approx(1.4, abs=0.01)
    assert _remembered(0.51) == pytest.approx(1.39, abs=0.01)
    assert _remembered(0.5) == pytest.approx(1.4, abs=0.01)


@pytest.mark.parametrize(("reach", "up_to"), [(6.0, 1.0), (4.0, 3.0)])
def test_another_reach_or_limit_is_another_look(reach: float, up_to: float) -> None:
    pole = [Point(15, 0.5).buffer(0.1)]
    first = memory.remembered_look(PAVEMENT, pole, HERE, 6.0, 3.0)
    assert memory.remembered_look(PAVEMENT, pole, HERE, reach, up_to) is not first


@given(st.lists(st.integers(0, 20), max_size=8))
def test_in_any_order_it_answers_as_a_new_look(places: list[int]) -> None:
    for place in places:
        pole = [Point(15, place / 10).buffer(0.1)]
        new = look([PAVEMENT], pole, HERE, up_to_m=3.0)
        old = memory.remembered_look(PAVEMENT, pole, HERE, 6.0, 3.0)
        assert (old.width_m, len(old.narrowings(1.5))) == (new.width_m, len(new.narrowings(1.5)))


def test_it_does_not_grow_beyond_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "KEPT", 3)
    first = memory.remembered_look(PAVEMENT, [], HERE, 6.0, 3.0)
    for place in range(3):
        _remembered(0.5 + place / 10)
    assert memory.remembered_look(PAVEMENT, [], HERE, 6.0, 3.0) is not first


def test_many_threads_at_one_look_hear_the_same() -> None:
    seen = memory.remembered_look(PAVEMENT, [Point(15, 0.5).buffer(0.1)], HERE, 6.0, 3.0)
    with ThreadPoolExecutor(8) as threads:
        widths = set(threads.map(lambda _: (seen.width_m, len(seen.narrowings(1.5))), range(64)))
    assert len(widths) == 1
