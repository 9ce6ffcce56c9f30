"""Making letters with codes, and reading a code. Nothing here commits.

A code is readable once: in what `make_batch` and `replace` answer. Stored is its HMAC under a key made of
`SECRET_KEY`, so that a copy of the database opens nothing.
"""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from flask_babel import gettext as _

from app.accounts.domain import Actor
from app.core import keyed
from app.core.geometry import from_wkb, to_wkb
from app.core.problems import Problems
from app.errors import Forbidden, NotFound, TooLarge
from app.extensions import db
from app.votes.letters import permissions, queries
from app.votes.letters.domain import (
    LONGEST_ADDRESS,
    MOST_LETTERS,
    PURPOSES,
    Addressed,
    Crowd,
    Doors,
    band_of,
    crowds,
    in_a_crowd,
    new_code,
    normalised,
)
from app.votes.letters.models import LetterBatch, LetterCode

_KEY = "letter-codes"
MOST_SUGGESTED = 1_500
LABELS_KEPT_S = 600.0


def make_batch(
    actor: Actor, purpose: str, subject_id: uuid.UUID, addresses: Iterable[Addressed], now: datetime
) -> list[tuple[str, Addressed]]:
    """One new code for each address, in the order given; nobody can read the codes again.

    Two homes at one address are told apart by their text (`Kade 1-2`). Raises `Forbidden`, `TooLarge`, and
    `Invalid` with a pointer `/addresses/…` for each address that is empty, too long, there twice, or has a
    valid letter already: a second letter would be a second vote. Only letters of a round keep a
    neighbourhood, and only where enough addresses share it: turnout is all that it is for.
    """
    _require(actor)
    if purpose not in PURPOSES:
        raise ValueError(f"letters have no purpose {purpose!r}")
    wanted = list(addresses)
    if len(wanted) > MOST_LETTERS:
        raise TooLarge(_("Dit zijn te veel brieven in een keer. Er kunnen er %(max)d.", max=MOST_LETTERS))
    queries.lock_subject(subject_id)
    _check_addresses(subject_id, wanted)
    batch = _batch(actor, purpose, subject_id, now)
    if purpose == "round":
        wanted = in_a_crowd(wanted)
    else:
        wanted = [dataclasses.replace(one, neighbourhood=None) for one in wanted]
    letters = [(new_code(), addressed) for addressed in wanted]
    db.session.add_all(_letter(batch, code, addressed, uuid.uuid4()) for code, addressed in letters)
    db.session.flush()
    return letters


def replace(
    actor: Actor, purpose: str, subject_id: uuid.UUID, letter_id: int, now: datetime
) -> tuple[str, Addressed]:
    """A new code for an address whose letter got lost; the old one works no more, and both are one vote.

    Raises `Forbidden` and `NotFound`.
    """
    _require(actor)
    queries.lock_subject(subject_id)
    old = queries.letter_by_id(subject_id, letter_id)
    if old is None or old.revoked_at is not None:
        raise NotFound(_("Deze brief is er niet (meer)."))
    old.revoked_at = now
    db.session.flush()
    point = None if old.point is None else from_wkb(old.point)
    addressed = Addressed(old.address, old.address_ref, point, old.band, old.neighbourhood)  # type: ignore[arg-type]
    code = new_code()
    db.session.add(_letter(_batch(actor, purpose, subject_id, now), code, addressed, old.seat))
    db.session.flush()
    return code, addressed


def find(purpose: str, subject_id: uuid.UUID, typed: str) -> LetterCode | None:
    """The letter of a code, however it was typed; None for a code that is wrong, of something else or taken
    back. `asking.letter_of` also limits how often somebody may try."""
    code = normalised(typed)
    return None if code is None else queries.code_by_hash(purpose, subject_id, hash_of(code))


def without_letter(subject_id: uuid.UUID, addresses: Iterable[Addressed]) -> list[Addressed]:
    """Those of the addresses that have no valid letter yet."""
    present = Doors(queries.addresses_with_letter(subject_id))
    return [one for one in addresses if one.text not in present]


def forget(purpose: str, subject_id: uuid.UUID) -> None:
    """Delete all letters of a round or question that will not be: their codes work no more."""
    queries.delete_letters(purpose, subject_id)


def hash_of(code: str) -> bytes:
    """What is stored of a code (32 bytes)."""
    return keyed.digest(_KEY, code)


def addresses_around(
    assignment_id: uuid.UUID, *, within: str | None = None, reach_m: float | None = None
) -> list[Addressed]:
    """The imported addresses in a polygon (GeoJSON in EPSG:4326) or within so many metres of the assignment's
    area, each with its band and neighbourhood. Homes with the same label are one address here."""
    from shapely import Point

    found: dict[str, Addressed] = {}
    for one in queries.addresses_near(assignment_id, within=within, reach_m=reach_m):
        found.setdefault(
            one.label,
            Addressed(
                one.label, one.ref, Point(one.lon, one.lat), band_of(one.distance_m), one.neighbourhood
            ),
        )
    return list(found.values())


@lru_cache(maxsize=64)
def crowds_in(assignment_id: uuid.UUID, within: str) -> frozenset[Crowd]:
    """The pairs of band and neighbourhood with enough imported addresses in a polygon (GeoJSON in EPSG:4326).

    Kept in memory: the polygon of a frozen round never changes, and it is asked for with every ballot.
    """
    near = queries.addresses_near(assignment_id, within=within)
    return crowds((band_of(one.distance_m), one.neighbourhood) for one in near)


def labels_in(assignment_id: uuid.UUID, within: str) -> list[str]:
    """The addresses that people can pick from in a polygon (GeoJSON in EPSG:4326), in order; empty where
    there are more than `MOST_SUGGESTED`: such a list is no help while typing.

    Kept in memory for `LABELS_KEPT_S`: an import may add to them, and every page of a round asks.
    """
    return list(_labels_in(assignment_id, within, int(time.monotonic() // LABELS_KEPT_S)))


@lru_cache(maxsize=64)
def _labels_in(assignment_id: uuid.UUID, within: str, _turn: int) -> tuple[str, ...]:
    found = queries.labels_in(assignment_id, within, MOST_SUGGESTED + 1)
    return tuple(sorted(found)) if len(found) <= MOST_SUGGESTED else ()


def _require(actor: Actor) -> None:
    if not permissions.can_make_letters(actor):
        raise Forbidden(_("Alleen planners maken brieven."))


def _batch(actor: Actor, purpose: str, subject_id: uuid.UUID, now: datetime) -> LetterBatch:
    batch = LetterBatch(
        purpose=purpose, subject_id=subject_id, made_by=actor.id, made_at=now, exported_at=now
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def _letter(batch: LetterBatch, code: str, addressed: Addressed, seat: uuid.UUID) -> LetterCode:
    return LetterCode(
        batch_id=batch.id,
        subject_id=batch.subject_id,
        seat=seat,
        code_hash=hash_of(code),
        address=addressed.text,
        address_ref=addressed.ref,
        point=None if addressed.point is None else to_wkb(addressed.point),
        band=addressed.band,
        neighbourhood=addressed.neighbourhood,
    )


def _check_addresses(subject_id: uuid.UUID, wanted: list[Addressed]) -> None:
    problems = Problems()
    present, here = Doors(queries.addresses_with_letter(subject_id)), Doors()
    if not wanted:
        problems.add("/addresses", _("Er is geen adres om een brief voor te maken."))
    for index, addressed in enumerate(wanted):
        at = f"/addresses/{index}"
        if not addressed.text.strip() or len(addressed.text) > LONGEST_ADDRESS:
            problems.add(at, _("Dit is geen adres."))
        elif addressed.text in here:
            problems.add(at, _("%(address)s staat er twee keer.", address=addressed.text))
        elif addressed.text in present:
            problems.add(at, _("%(address)s heeft al een brief.", address=addressed.text))
        here.add(addressed.text)
    problems.raise_if_any()
