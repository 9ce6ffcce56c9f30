"""Pseudonyms and receipts: what is kept instead of who voted.

A pseudonym is HMAC-SHA-256 over the electorate and the identity, under a key made of `SECRET_KEY` and the
round's own random `voter_key`. The same person has another one in every round; with the database alone nobody
can compute one; and counting takes the round's half of the key away, so that afterwards nobody can at all.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import uuid

from flask_babel import gettext as _

from app.core import keyed
from app.errors import Unavailable
from app.votes.rounds.domain import Electorate

# Crockford's base32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 16
_GROUP = 4
_KEY_BYTES = 32
log = logging.getLogger(__name__)
_LETTERS = frozenset(ALPHABET)
# As people read and type a receipt: letters that look like digits, and what stands between the groups.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -–—\t"))


def new_key(round_id: uuid.UUID) -> bytes:
    """A round's half of the key: 32 random bytes, and 16 that tell whether `SECRET_KEY` is still the same."""
    chance = secrets.token_bytes(_KEY_BYTES)
    return chance + _mark(round_id, chance)


def fits(round_id: uuid.UUID, voter_key: bytes) -> bool:
    """Whether `SECRET_KEY` is the one with which the round was frozen."""
    return hmac.compare_digest(voter_key[_KEY_BYTES:], _mark(round_id, voter_key[:_KEY_BYTES]))


def _mark(round_id: uuid.UUID, chance: bytes) -> bytes:
    return hmac.digest(keyed.key(f"voters-mark:{round_id}"), chance, "sha256")[:16]


def pseudonym(round_id: uuid.UUID, voter_key: bytes, electorate: str, identity: str) -> bytes:
    """The 32 bytes that stand for an identity in one round, as `name`. Raises as `names_key`."""
    return name(names_key(round_id, voter_key), electorate, identity)


def names_key(round_id: uuid.UUID, voter_key: bytes) -> bytes:
    """The key under which identities become names in one round: as secret as the round's half of it.

    Raises `Unavailable` when `SECRET_KEY` has changed since the round was frozen: everybody would have
    another name, and could vote again.
    """
    if not fits(round_id, voter_key):
        log.error("SECRET_KEY is not the one with which round %s was frozen; nobody can vote", round_id)
        raise Unavailable(
            _(
                "Stemmen kan even niet: de site is anders ingesteld dan bij het begin."
                " Je stem is niet geteld."
            ),
            headers={"Retry-After": "300"},
        )
    return hmac.digest(keyed.key(f"voters:{round_id}"), voter_key, "sha256")


def name(key: bytes, electorate: str, identity: str) -> bytes:
    """The 32 bytes that stand for an identity, under the key of a round (`names_key`).

    `identity`: the person's id (guest), the mailbox of the e-mail address (email, area), the seat of a letter
    (letter), the keyed hash of a provider's `iss|sub` (oidc), or `paper:` and a serial number.
    """
    return hmac.digest(key, f"{Electorate(electorate)}:{identity}".encode("utf-8", "surrogatepass"), "sha256")


def new_receipt() -> str:
    """80 random bits as four groups of four, such as `7H2K-9QRD-4M0W-XC5T`."""
    number = secrets.randbits(5 * RECEIPT_LENGTH)
    letters = "".join([ALPHABET[number >> 5 * place & 31] for place in range(RECEIPT_LENGTH)])
    return "-".join(letters[at : at + _GROUP] for at in range(0, RECEIPT_LENGTH, _GROUP))


def receipt_hash(typed: str) -> bytes | None:
    """What is stored of a receipt (SHA-256, 32 bytes), however it was typed; None for what cannot be one."""
    letters = typed[:64].upper().translate(_READ_AS)
    if len(letters) != RECEIPT_LENGTH or not _LETTERS.issuperset(letters):
        return None
    return hashlib.sha256(letters.encode()).digest()
