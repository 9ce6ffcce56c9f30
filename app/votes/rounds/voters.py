"""Pseudonyms and receipts: what is kept instead of who voted.

A pseudonym is HMAC-SHA-256 over the electorate and the identity, under a key made of `SECRET_KEY` and the
round's own random `voter_key`. The same person has another one in every round; with the database alone nobody
can compute one; and counting takes the round's half of the key away, so that afterwards nobody can at all.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid

from app.core import keyed
from app.votes.rounds.domain import Electorate

# Crockford's base32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 16
_GROUP = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_key() -> bytes:
    """A round's half of the key, 32 random bytes."""
    return secrets.token_bytes(32)


def pseudonym(round_id: uuid.UUID, voter_key: bytes, electorate: str, identity: str) -> bytes:
    """The 32 bytes that stand for an identity in one round.

    `identity`: the person's id (guest), the e-mail address in lower case (email, area), the seat of a letter
    (letter), `iss|sub` (oidc), or `paper:` and a serial number.
    """
    key = hmac.digest(keyed.key(f"voters:{round_id}"), voter_key, "sha256")
    return hmac.digest(key, f"{Electorate(electorate)}:{identity}".encode("utf-8", "surrogatepass"), "sha256")


def new_receipt() -> str:
    """80 random bits as four groups of four, such as `7H2K-9QRD-4M0W-XC5T`."""
    number = secrets.randbits(5 * RECEIPT_LENGTH)
    letters = "".join([ALPHABET[number >> 5 * place & 31] for place in range(RECEIPT_LENGTH)])
    return "-".join(letters[at : at + _GROUP] for at in range(0, RECEIPT_LENGTH, _GROUP))


def receipt_hash(typed: str) -> bytes | None:
    """What is stored of a receipt (SHA-256, 32 bytes), however it was typed; None for what cannot be one."""
    letters = "".join(letter for letter in typed[:64].upper() if letter not in " -–—\t").translate(_READ_AS)
    if len(letters) != RECEIPT_LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return hashlib.sha256(letters.encode()).digest()
