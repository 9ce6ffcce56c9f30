"""The mailbox behind an address: what tells that two accounts may be one person's."""

from __future__ import annotations

import pytest

from app.accounts.domain import letterbox_of, mailbox_of


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


@pytest.mark.parametrize("other", ["KIM+1@Example.org", " kim+a+b@example.org "])
def test_a_tag_does_not_make_another_mailbox(other: str) -> None:
    assert letterbox_of(other) == letterbox_of("kim@example.org") == "kim@example.org"


def test_dots_are_left_out_only_where_they_are_known_not_to_count() -> None:
    assert letterbox_of("k.i.m+x@googlemail.com") == letterbox_of("kim@gmail.com") == "kim@gmail.com"
    # Two people at a provider of their own: the one must never undo the vote of the other.
    assert letterbox_of("jan.s@example.org") != letterbox_of("jans@example.org")
    assert letterbox_of("+tag@example.org") == "+tag@example.org"
    assert letterbox_of("...@gmail.com") != letterbox_of("+tag@gmail.com")
