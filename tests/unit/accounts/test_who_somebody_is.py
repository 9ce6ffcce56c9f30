from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.accounts.domain import (
    SESSION_LIFE,
    VISITOR,
    Actor,
    LinkState,
    Role,
    hash_of,
    link_state,
    new_token,
    role_after_invitation,
    safe_next,
    session_works,
)
from app.accounts.permissions import can_invite

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_visitor_takes_no_part_and_has_no_id() -> None:
    assert VISITOR.is_visitor
    assert not VISITOR.takes_part
    assert not VISITOR.is_signed_in
    with pytest.raises(ValueError, match="not a person"):
        _ = VISITOR.person_id


def test_a_guest_takes_part_but_is_not_signed_in() -> None:
    guest = Actor(uuid4(), Role.GUEST)
    assert guest.takes_part
    assert guest.is_guest
    assert not guest.is_signed_in


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.PLANNER, Role.MODERATOR])
def test_everybody_with_an_address_is_signed_in(role: Role) -> None:
    assert Actor(uuid4(), role, "a@voorbeeld.nl").is_signed_in


def test_only_a_planner_invites_and_only_to_trusted_roles() -> None:
    assert can_invite(Actor(uuid4(), Role.PLANNER, "p@gemeente.nl"), Role.MODERATOR)
    assert not can_invite(Actor(uuid4(), Role.PLANNER, "p@gemeente.nl"), Role.RESIDENT)
    assert not can_invite(Actor(uuid4(), Role.MODERATOR, "m@gemeente.nl"), Role.PLANNER)
    assert not can_invite(VISITOR, Role.PLANNER)


def test_tokens_differ_and_their_hash_does_not_show_them() -> None:
    first, second = new_token(), new_token()
    assert first != second
    assert len(first) >= 43
    assert len(hash_of(first)) == 64
    assert first not in hash_of(first)


def test_any_text_can_be_hashed_even_broken_unicode() -> None:
    assert len(hash_of("\ud800")) == 64


def test_a_link_works_until_its_last_moment_and_once() -> None:
    until = NOW + timedelta(minutes=30)
    assert (
        link_state(used_at=None, expires_at=until, now=until - timedelta(microseconds=1)) is LinkState.VALID
    )
    assert link_state(used_at=None, expires_at=until, now=until) is LinkState.EXPIRED
    assert link_state(used_at=NOW, expires_at=until, now=NOW) is LinkState.USED


def test_a_session_ends_when_told_or_when_long_unused() -> None:
    assert session_works(ended_at=None, last_seen_at=NOW, now=NOW)
    assert not session_works(ended_at=NOW, last_seen_at=NOW, now=NOW)
    assert not session_works(ended_at=None, last_seen_at=NOW - SESSION_LIFE, now=NOW)


@pytest.mark.parametrize(
    ("present", "invited", "after"),
    [
        (Role.GUEST, None, Role.RESIDENT),
        (Role.RESIDENT, None, Role.RESIDENT),
        (Role.PLANNER, None, Role.PLANNER),
        (Role.GUEST, Role.PLANNER, Role.PLANNER),
        (Role.RESIDENT, Role.MODERATOR, Role.MODERATOR),
    ],
)
def test_an_invitation_sets_the_role_and_signing_in_keeps_it(
    present: Role, invited: Role | None, after: Role
) -> None:
    assert role_after_invitation(present, invited) is after


@pytest.mark.parametrize("path", ["/me", "/en/me?a=1", "/assignments/kade#kaart"])
def test_pages_of_this_site_may_follow_signing_in(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "me",
        "//elders.nl",
        "/\\elders.nl",
        "/a\\b",
        "https://elders.nl",
        "/\telders",
        "/a\nb",
        "/" + "a" * 500,
        "/ b",
    ],
)
def test_no_other_site_may_follow_signing_in(path: str | None) -> None:
    assert safe_next(path) is None
