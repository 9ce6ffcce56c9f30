"""Who may vote in a round, and by what one voter is told from another. Decided anew for every ballot."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import gettext as _

from app.accounts.domain import Actor, letterbox_of
from app.errors import Forbidden, Invalid, Problem
from app.votes.letters import asking
from app.votes.letters.domain import band_of
from app.votes.letters.queries import address_in
from app.votes.letters.service import crowds_in
from app.votes.rounds.domain import Electorate
from app.votes.rounds.queries import Place


class Given(NamedTuple):
    """What came with a ballot beside its choices: the code of a letter as it was typed, and the id of the
    imported address that somebody lives at."""

    code: str = ""
    address: int | None = None


class Voter(NamedTuple):
    """By what somebody is known in this round, and the band and the neighbourhood that are kept with the
    ballot (None: unknown, or too few addresses to tell apart from).

    The identity goes into a pseudonym (`voters.pseudonym`) and nowhere else.
    """

    identity: str
    band: str | None = None
    neighbourhood: str | None = None


def identify(place: Place, actor: Actor, given: Given, *, casting: bool = True) -> Voter:
    """As whom this person votes here. `casting` False: to look at one's own ballot, which needs no address.

    Raises `Forbidden` for who may not vote here (it says what is needed), `Invalid` for a wrong or missing
    code or address, `TooMany` after too many wrong codes.
    """
    return _WAYS[Electorate(place.electorate)](place, actor, given, casting)


def _guest(place: Place, actor: Actor, given: Given, casting: bool) -> Voter:
    return Voter(str(actor.person_id))


def _email(place: Place, actor: Actor, given: Given, casting: bool) -> Voter:
    if actor.is_guest or not actor.email:
        raise Forbidden(_("In deze stemronde stem je als je bent ingelogd met je e-mailadres."))
    # Whoever reads one mailbox under many addresses (`kim+1@`) is one voter.
    return Voter(letterbox_of(actor.email))


def _letter(place: Place, actor: Actor, given: Given, casting: bool) -> Voter:
    letter = asking.letter_of("round", place.id, given.code)
    return Voter(str(letter.seat), letter.band, letter.neighbourhood)


def _area(place: Place, actor: Actor, given: Given, casting: bool) -> Voter:
    voter = _email(place, actor, given, casting)
    if not casting:
        return voter
    if given.address is None:
        raise Invalid.of([Problem("/address", _("Kies het adres waar je woont."))])
    area = place.electorate_parameters["area"]
    found = address_in(place.assignment_id, area, given.address)
    if found is None:
        raise Forbidden(_("Dit adres ligt niet in het gebied waar deze stemronde voor is."))
    band, name = band_of(found.distance_m), found.neighbourhood
    return Voter(voter.identity, band, name if (band, name) in crowds_in(place.assignment_id, area) else None)


def _oidc(place: Place, actor: Actor, given: Given, casting: bool) -> Voter:
    if not actor.identity:
        raise Forbidden(_("In deze stemronde stem je als je bent ingelogd bij de gemeente."))
    return Voter(actor.identity)


_WAYS: dict[Electorate, Callable[[Place, Actor, Given, bool], Voter]] = {
    Electorate.GUEST: _guest,
    Electorate.EMAIL: _email,
    Electorate.LETTER: _letter,
    Electorate.AREA: _area,
    Electorate.OIDC: _oidc,
}
