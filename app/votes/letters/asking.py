"""Reading a code that somebody typed, and how often they may try."""

from __future__ import annotations

import uuid

from flask import request
from flask_babel import gettext as _

from app.accounts import limits
from app.accounts.access import limit_key
from app.errors import Invalid, Problem
from app.votes.letters import service
from app.votes.letters.domain import normalised
from app.votes.letters.models import LetterCode

PERSON, NETWORK = "RATE_LIMIT_CODES", "RATE_LIMIT_CODES_NETWORK"
# On the request: a page may ask more than once whose code this is.
_WRONG = "stoepkrijt.wrong_codes"


def letter_of(purpose: str, subject_id: uuid.UUID, typed: str, *, at: str = "/code") -> LetterCode:
    """The letter of a code. Raises `Invalid` at `at` for a wrong one and `TooMany` after too many wrong ones.

    A typing error that the check character finds costs nothing; a code that could be one and is not counts
    against the person and against the network address. Whoever has used up either gets no answer at all.
    However often one request asks about the same code, it is one guess.
    """
    if not typed.strip():
        raise Invalid.of([Problem(at, _("Vul de code uit de brief in."))])
    code = normalised(typed)
    if code is None:
        raise Invalid.of(
            [Problem(at, _("Dit is geen code uit een brief. Kijk of alle 12 tekens er precies zo staan."))]
        )
    known_wrong: set[tuple[str, uuid.UUID, str]] = request.environ.setdefault(_WRONG, set())
    guess = (purpose, subject_id, code)
    if guess not in known_wrong:
        limits.check(PERSON, limit_key())
        limits.check(NETWORK, limits.network())
        letter = service.find(purpose, subject_id, typed)
        if letter is not None:
            return letter
        known_wrong.add(guess)
        limits.spend(PERSON, limit_key())
        limits.spend(NETWORK, limits.network())
    raise Invalid.of([Problem(at, _("Deze code kennen we niet. Kijk of hij bij deze brief hoort."))])
