"""Rules about what hangs over the street: crowns, and parts whose height above the ground is known."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from app.designs.checks.measure import ground_in, middle, overlap, tree_after
from app.designs.checks.model import N_, TOLERANCE, Case, Finding
from app.designs.checks.registry import rule
from app.designs.checks.street import WALKABLE, Proposal

# Attribute: metres between the ground and the lowest branch or part.
CLEAR = "clear_height_m"


def _hangs(proposal: Proposal) -> bool:
    thing = proposal.thing
    return proposal.places and thing is not None and (thing.kind == "tree" or thing.number(CLEAR) is not None)


def _shadow(case: Case) -> BaseGeometry:
    """The ground below what hangs: a tree's crown in year 20, else the footprint."""
    thing = case.thing
    if thing.kind == "tree":
        return middle(thing).buffer(tree_after(thing).crown_radius_m)
    return thing.footprint


def _clear_height(case: Case) -> float:
    """As measured, else as high as the branches of a tree can be kept in the end."""
    return case.thing.number(CLEAR) or tree_after(case.thing).height_m * case.limit("stem_share")


@rule("R04", about=_hangs)
def headroom_path(case: Case) -> Iterator[Finding]:
    """Over ground where people walk: the full height, for one single thing somewhat less."""
    shadow = _shadow(case)
    over = overlap(shadow, ground_in(case.after, shadow, *WALKABLE))
    if over is None:
        yield case.fits()
        return
    clear = _clear_height(case)
    uncertain = case.after.is_estimated(over, *WALKABLE)
    message = N_(
        "Dit hangt op %(w)s boven de stoep, nodig is %(t)s. Snoei hoger op of zet het ergens anders."
    )
    if _is_alone(case):
        yield case.at_least("incidental_m", clear, message, place=over, uncertain=uncertain)
    else:
        yield case.at_least("min_m", clear, message, place=over, uncertain=uncertain, advice=True)


def _is_alone(case: Case) -> bool:
    """Whether no other tree stands near, so that one does not stoop twice."""
    if case.thing.kind != "tree" or _clear_height(case) < case.limit("incidental_m"):
        return True
    stem, apart = middle(case.thing), case.limit("row_m")
    return all(
        tree.id == case.thing.id or stem.distance(middle(tree)) > apart
        for tree in case.after.near(stem, apart, "tree")
    )


@rule("R07", about=_hangs)
def emergency_clear_height(case: Case) -> Iterator[Finding]:
    """Over the carriageway a fire engine fits below.

    Where the height was not measured, a tree fits when its branches can be kept that high in the end. One
    that stays too low may have a narrow crown instead; where even that hangs over, it does not fit.
    """
    shadow = _shadow(case)
    road = ground_in(case.after, shadow, "carriageway")
    over = overlap(shadow, road)
    if over is None:
        yield case.fits()
        return
    clear = _clear_height(case)
    measured = case.thing.number(CLEAR) is not None
    narrow = not measured and shapely.distance(middle(case.thing), road) >= case.limit("narrow_m") - TOLERANCE
    yield case.at_least(
        "min_m",
        clear,
        N_(
            "De takken komen boven de rijbaan, en deze boom wordt daar te laag: er blijft %(w)s vrij, nodig "
            "is %(t)s. Kies een smalle boom (zuilvorm) of een grotere, of zet hem verder van de rijbaan."
        )
        if narrow
        else N_(
            "Boven de rijbaan blijft %(w)s vrij, nodig is %(t)s. De brandweer moet eronderdoor. "
            "Zet dit verder van de rijbaan."
        ),
        place=over,
        uncertain=case.after.is_estimated(over, "carriageway"),
        advice=narrow or None,
    )
