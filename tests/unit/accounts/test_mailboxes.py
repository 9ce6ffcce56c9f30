"""The mailbox behind an address: what tells that two accounts may be one person's."""

from __future__ import annotations

import pytest

from app.accounts.domain import mailbox_of


@pytest.mark.parametrize(
    "other",
    [
        "jan.devries@delft.example",
        "JanDeVries@Delft.Example",
        "jandevries+planner@delft.example",
        " j.a.n.devries+a+b@delft.example ",
    ],
)
def test_ways_to_write_one_mailbox(other: str) -> None:
    assert mailbox_of(other) == mailbox_of("jandevries@delft.example")


@pytest.mark.parametrize(
    "other",
    [
        "jandevries2@delft.example",
        "jan-devries@delft.example",
        "jandevries@rotterdam.example",
        "@delft.example",
    ],
)
def test_other_mailboxes(other: str) -> None:
    assert mailbox_of(other) != mailbox_of("jandevries@delft.example")


def test_one_provider_with_two_names() -> None:
    assert mailbox_of("jan.d@googlemail.com") == mailbox_of("jand@gmail.com")


def test_what_is_hardly_an_address_still_has_an_answer() -> None:
    assert mailbox_of("+tag@delft.example") == "+tag@delft.example"
    assert mailbox_of("...@delft.example") != mailbox_of("+tag@delft.example")
    assert mailbox_of("") == "@"
