"""One door gets one letter, however its address is written."""

from __future__ import annotations

import pytest

from app.votes.letters.domain import Doors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kade 1", "kade  1"),
        ("Kade 1", "Kade 1, 2611 AB Delft"),
        ("Kade 1, 2611AB Delft", "Kade 1, 2611 ab DELFT"),
        ("Kade 1, 2611 AB", "Kade 1, 2611 AB Delft"),
        ("Kade 1, Delft", "Kade 1, 2611 AB Delft"),
        ("Kade 1 A", "Kade 1a"),
        ("Kade 1 - 2", "Kade 1-2"),
        ("Cafe\u0301straat 1", "Caféstraat 1"),
    ],
)
def test_written_otherwise_it_is_the_same_door(one: str, other: str) -> None:
    assert one in Doors([other])
    assert other in Doors([one])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kade 1", "Kade 2"),
        ("Kade 1-2", "Kade 12"),
        ("Kade 1-2", "Kade 1-3"),
        ("Kade 1a", "Kade 1b"),
        ("Kade 1, boven", "Kade 1, onder"),
        ("Kade 1, 2611 AB Delft", "Kade 1, 2624 GG Den Hoorn"),
        ("Kade 1", "Kader 1"),
        ("Laan 1", "Laan 1-A"),
    ],
)
def test_another_door_is_another(one: str, other: str) -> None:
    assert one not in Doors([other])
    assert other not in Doors([one])
